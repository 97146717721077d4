"""Rates: what they are (`definitions`), and what they come to (`reckon`), in plain Python.

A rate is data. Engines for large data compile the same definitions and are held to
what is reckoned here. Values are exact fractions until they leave the house.
"""
