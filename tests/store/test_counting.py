"""Counting all at once gives what counting volume by volume gives, whatever the volumes and the question."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.lake.engines.choosing import TooCoarse
from registry.lake.engines.told import Told
from registry.rates.question import Question
from registry.rates.reckon import reckon
from registry.rates.volumes import Origin, Volume
from tests.domain.rates_strategies import volume_lists
from tests.store.test_engines import BY, CITY, EVERY_RATE, QUESTIONS, SCOPES, _a_year, answered

GROUPS = pa.schema([
    ("matter", pa.string()), ("channel", pa.string()), ("assisted", pa.bool_()), ("district", pa.string()),
    ("bundle", pa.string()), ("period", pa.int64()), ("count", pa.int64()), ("first", pa.date32()), ("last", pa.date32()),
])  # fmt: skip


def one_by_one(volumes: Iterable[Volume]) -> Told:
    return Told(GROUPS.empty_table(), volumes)


def by_month(volumes: Iterable[Volume]) -> Told:
    """Cases summed up by month, reports as they are."""
    counts: Counter[tuple] = Counter()
    days: dict[tuple, set[date]] = {}
    volumes = list(volumes)
    for each in volumes:
        if each.origin is Origin.DERIVED:
            key = (
                each.matter,
                each.channel and each.channel.name,
                each.assisted,
                each.district,
                each.bundle,
                each.start.year * 12 + each.start.month,
            )
            counts[key] += each.count
            days.setdefault(key, set()).add(each.start)
    rows = [(*key, counts[key], min(days[key]), max(days[key])) for key in days]
    groups = pa.Table.from_pylist([dict(zip(GROUPS.names, row, strict=True)) for row in rows], GROUPS)
    return Told(groups, [each for each in volumes if each.origin is Origin.REPORTED])


@settings(deadline=None)
@given(volume_lists, st.lists(QUESTIONS, min_size=1, max_size=3))
def test_volumes_are_counted_as_in_plain_python(volumes: list[Volume], questions: list[Question]) -> None:
    told = one_by_one(volumes)
    for question in questions:
        assert answered(question, told) == reckon(question, volumes, CITY)


@settings(deadline=None)
@given(volume_lists, st.lists(QUESTIONS, min_size=1, max_size=3))
def test_months_are_counted_as_in_plain_python(volumes: list[Volume], questions: list[Question]) -> None:
    told = by_month(volumes)
    for question in questions:
        with suppress(TooCoarse):
            assert answered(question, told) == reckon(question, volumes, CITY)


@pytest.mark.parametrize("by", BY)
def test_every_cut_of_a_year_of_gaps_is_counted_as_in_plain_python(by) -> None:
    volumes = _a_year()
    for where in SCOPES:
        question = Question(EVERY_RATE, by, where)
        for told in (one_by_one(volumes), by_month(volumes)):
            with suppress(TooCoarse):
                assert answered(question, told) == reckon(question, volumes, CITY), where
