"""Opening hours: the text people write, read and written back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.hours import (
    BadHours,
    Hours,
    HoursException,
    Span,
    format_exception,
    format_hours,
    parse_exception,
    parse_hours,
)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    times = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Span(a, b) for a, b in zip(times[::2], times[1::2], strict=False))


WEEKS = st.builds(
    Hours,
    st.lists(spans(), min_size=7, max_size=7).map(tuple).filter(any),
    st.booleans(),
)


@given(WEEKS)
def test_a_week_reads_back_as_it_was_written(hours: Hours) -> None:
    assert parse_hours(format_hours(hours)) == hours


@given(st.dates(), st.integers(0, 30), spans(), st.none() | st.sampled_from(["国庆节", "调休 上班"]))
def test_an_exception_reads_back_as_it_was_written(day: date, days: int, open_: tuple[Span, ...], note: str) -> None:
    last = date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))
    exception = HoursException(day, last, open_, note)
    assert parse_exception(format_exception(exception)) == exception


def test_round_the_clock_is_every_day_from_midnight_to_midnight() -> None:
    assert parse_hours("24/7").week == ((Span(0, 1440),),) * 7
    assert format_hours(parse_hours("Mo-Su 00:00-24:00")) == "24/7"


@pytest.mark.parametrize(
    "text",
    ["Mo", "Mo 9-17", "Fr-Mo 09:00-17:00", "Mo 17:00-09:00", "Mo 09:00-12:00,11:00-13:00", "Mo 09:60-10:00", "周一 09:00-12:00", "Mo 09:00-24:01"],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadHours):
        parse_hours(text)


@pytest.mark.parametrize("text", ["2020-13-01 off", "2020-10-08/2020-10-01 off", "2020-10-01", "明天 off", ""])
def test_exceptions_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(BadHours):
        parse_exception(text)
