"""How often search finds what people mean, over the reference catalogue.

`queries.csv` holds what people would type, written by somebody who had seen the names of
the matters but not their keywords: `expected` are all codes that would satisfy the person.
Set a was used for tuning. Set b was not looked at until the search was done.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import fmean

import pytest

from registry.exchange.reference import reference_holdings
from registry.search import SearchIndex
from registry.snapshot import Snapshot

QUERIES = Path(__file__).with_name("queries.csv")
FIRST = 5
MEAN_RECIPROCAL_RANK = 0.85
AMONG_THE_FIRST = 0.95


@cache
def index() -> SearchIndex:
    """The search over the reference catalogue, as the server builds it."""
    return Snapshot(reference_holdings(), 1, None).matter_search


def ranks(wanted: str) -> Iterator[float]:
    """For each query of a set the rank of the first expected matter; infinite if there is none."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["set"] == wanted:
                expected = row["expected"].split(";")
                found = (rank for rank, hit in enumerate(index().search(row["query"]), 1) if hit.code in expected)
                yield next(found, float("inf"))


@pytest.mark.parametrize("wanted", ["a", "b"])
def test_what_is_meant_comes_first_or_nearly(wanted: str) -> None:
    assert fmean(1 / rank for rank in ranks(wanted)) >= MEAN_RECIPROCAL_RANK


@pytest.mark.parametrize("wanted", ["a", "b"])
def test_what_is_meant_is_among_the_first_five(wanted: str) -> None:
    assert fmean(rank <= FIRST for rank in ranks(wanted)) >= AMONG_THE_FIRST
