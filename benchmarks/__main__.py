"""`make bench`: everything, or what is named: `python -m benchmarks starting`."""

import importlib
import sys

ALL = ("starting", "answers", "routes", "snapshots", "impact", "editing", "rates", "imports")


def main() -> None:
    """Run the benchmarks named, or all."""
    for name in sys.argv[1:] or ALL:
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
