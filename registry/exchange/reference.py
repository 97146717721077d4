"""The reference catalogue that travels with the package: 1017 matters and 41 bundles, illustrative."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.holdings import Holdings


@contextmanager
def reference_folder() -> Iterator[Path]:
    """The folder its files are in."""
    with as_file(files("registry").joinpath("catalogue")) as folder:
        yield folder


def reference_holdings() -> Holdings:
    """The reference catalogue as an empty registry would hold it."""
    with reference_folder() as folder:
        return plan_load(Holdings(), read_files([folder])).target
