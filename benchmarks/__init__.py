"""Benchmarks: each prints ratios against a named rival or limit, taken in one run."""
