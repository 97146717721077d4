"""Opening hours: worked examples at their edges, and properties."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.calendar import CalendarDay
from registry.hours import HoursException, Span, parse_exception, parse_hours
from registry.opening import CITY_ZONE, Timetable

OFFICE = "Mo-Fr 08:30-12:00,13:30-17:00; PH off"
SATURDAYS = "Mo-Fr 09:00-17:00; Sa 09:00-12:00; PH off"
MUSEUM = "Tu-Su 09:00-16:30"
NIGHTS = "Mo-Su 00:00-02:00,20:00-24:00"
CLOSED = ""


def table(hours: str | None, *exceptions: str) -> Timetable:
    return Timetable(None if hours is None else parse_hours(hours), tuple(map(parse_exception, exceptions)))


def at(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=CITY_ZONE)


def said(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "-"


# hours, moment, open, closes, next opening
EXAMPLES = [
    (OFFICE, "2020-09-28 08:29:59", False, "-", "2020-09-28 08:30"),
    (OFFICE, "2020-09-28 08:30", True, "2020-09-28 12:00", "2020-09-28 08:30"),
    (OFFICE, "2020-09-28 11:59:59", True, "2020-09-28 12:00", "2020-09-28 11:59"),
    (OFFICE, "2020-09-28 12:00", False, "-", "2020-09-28 13:30"),
    (OFFICE, "2020-09-28 16:59:59", True, "2020-09-28 17:00", "2020-09-28 16:59"),
    (OFFICE, "2020-09-28 17:00", False, "-", "2020-09-29 08:30"),
    (OFFICE, "2020-10-16 17:00", False, "-", "2020-10-19 08:30"),  # a Friday
    (OFFICE, "2020-09-30 17:00", False, "-", "2020-10-09 08:30"),  # National Day and Mid-autumn
    (OFFICE, "2020-10-09 17:00", False, "-", "2020-10-10 08:30"),  # a make-up Saturday
    (OFFICE, "2020-09-27 16:00", True, "2020-09-27 17:00", "2020-09-27 16:00"),  # a make-up Sunday
    (OFFICE, "2020-01-23 17:00", False, "-", "2020-02-03 08:30"),  # the lengthened Spring Festival
    (OFFICE, "2031-10-01 09:00", False, "-", "2031-10-06 08:30"),  # unconfirmed: fixed days and the weekend
    (SATURDAYS, "2020-10-17 11:00", True, "2020-10-17 12:00", "2020-10-17 11:00"),
    (SATURDAYS, "2020-10-03 11:00", False, "-", "2020-10-09 09:00"),  # a holiday's Saturday
    (SATURDAYS, "2020-10-10 15:00", True, "2020-10-10 17:00", "2020-10-10 15:00"),  # hours of a Monday
    (MUSEUM, "2020-10-01 10:00", True, "2020-10-01 16:30", "2020-10-01 10:00"),  # keeps no holidays
    (MUSEUM, "2020-09-27 10:00", True, "2020-09-27 16:30", "2020-09-27 10:00"),  # rests on Mondays
    (MUSEUM, "2020-09-28 10:00", False, "-", "2020-09-29 09:00"),
    ("24/7", "2020-10-01 00:00", True, "-", "2020-10-01 00:00"),
    (NIGHTS, "2020-09-28 23:59:59", True, "2020-09-29 02:00", "2020-09-28 23:59"),
    (NIGHTS, "2020-09-29 00:00", True, "2020-09-29 02:00", "2020-09-29 00:00"),
    (NIGHTS, "2020-09-29 02:00", False, "-", "2020-09-29 20:00"),
    (OFFICE, "2020-09-28T00:30+00:00", True, "2020-09-28 12:00", "2020-09-28 00:30"),  # from London, by UTC
    (OFFICE, "2020-09-27T20:30-04:00", True, "2020-09-28 12:00", "2020-09-27 20:30"),  # from New York, on Sunday
    (CLOSED, "2020-09-28 10:00", False, "-", "-"),
]


@pytest.mark.parametrize(("hours", "moment", "is_open", "closes", "opens"), EXAMPLES)
def test_the_examples_hold(hours: str, moment: str, is_open: bool, closes: str, opens: str) -> None:
    found = table(hours)
    assert found.is_open(at(moment)) is is_open
    assert said(found.closes_at(at(moment))) == closes
    assert said(found.next_opening(at(moment))) == opens


def test_a_dated_exception_goes_before_holidays_and_the_week() -> None:
    found = table(OFFICE, "2020-10-02 09:00-11:00 值班", "2020-10-09 off 搬迁")
    assert found.is_open(at("2020-10-02 10:00")) is True
    assert said(found.next_opening(at("2020-10-02 11:00"))) == "2020-10-10 08:30"
    why = found.why(at("2020-10-09 10:00"))
    assert isinstance(why, HoursException)
    assert why.note == "搬迁"


def test_of_exceptions_that_overlap_the_one_that_begins_last_counts_in_any_order() -> None:
    texts = ("2020-10-01/2020-10-08 off", "2020-10-05 09:00-12:00")
    for found in (table(OFFICE, *texts), table(OFFICE, *reversed(texts))):
        assert found.is_open(at("2020-10-05 10:00")) is True
        assert found.is_open(at("2020-10-06 10:00")) is False


def test_a_whole_day_off_interrupts_around_the_clock() -> None:
    found = table("24/7", "2020-10-01 off")
    assert said(found.closes_at(at("2020-09-30 23:00"))) == "2020-10-01 00:00"
    assert said(found.next_opening(at("2020-10-01 00:00"))) == "2020-10-02 00:00"


def test_unknown_hours_are_neither_open_nor_closed() -> None:
    found = table(None, "2020-10-01 off")
    assert (found.is_open(at("2020-09-28 10:00")), found.remaining(at("2020-09-28 10:00"))) == (None, None)
    assert found.is_open(at("2020-10-01 10:00")) is False
    assert found.next_opening(at("2020-09-28 10:00")) is None


def test_an_opening_further_away_than_the_search_is_none() -> None:
    found = table(OFFICE, "2020-09-28/2020-12-31 off 装修")
    assert found.next_opening(at("2020-09-28 10:00")) is None
    assert said(found.next_opening(at("2020-11-10 10:00"))) == "2021-01-04 08:30"


def test_what_remains_of_a_day() -> None:
    found = table(OFFICE)
    morning, afternoon = Span(510, 720), Span(810, 1020)
    assert found.remaining(at("2020-09-28 08:00")) == (morning, afternoon)
    assert found.remaining(at("2020-09-28 11:59")) == (morning, afternoon)
    assert found.remaining(at("2020-09-28 12:00")) == (afternoon,)
    assert found.remaining(at("2020-09-28 17:00")) == ()


def test_why_a_day_is_unlike_others() -> None:
    found = table(OFFICE)
    holiday, make_up = found.why(at("2020-10-01 09:00")), found.why(at("2020-09-27 09:00"))
    assert isinstance(holiday, CalendarDay)
    assert isinstance(make_up, CalendarDay)
    assert (holiday.zh, make_up.kind.zh) == ("国庆节", "调休上班")
    assert found.why(at("2020-09-28 09:00")) is None
    assert table("24/7").why(at("2020-10-01 09:00")) is None


MOMENTS = st.datetimes(datetime(2019, 6, 1), datetime(2028, 1, 1)).map(lambda moment: moment.replace(tzinfo=CITY_ZONE))
TABLES = st.builds(
    table,
    st.sampled_from([OFFICE, SATURDAYS, MUSEUM, NIGHTS, CLOSED, "24/7"]),
    st.dates(date(2019, 6, 1), date(2028, 1, 1)).map("{} off".format),
)
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=300)
@given(TABLES, MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(found: Timetable, moment: datetime) -> None:
    opens = found.next_opening(moment)
    if found.is_open(moment):
        assert opens == moment
    elif opens is not None:
        assert opens > moment
        assert found.is_open(opens)
        assert not found.is_open(opens - timedelta(minutes=1))
        between = (opens - moment) / 7
        assert not any(found.is_open(moment + between * part) for part in range(7))


@settings(max_examples=300)
@given(TABLES, MOMENTS)
def test_it_is_open_until_it_closes(found: Timetable, moment: datetime) -> None:
    closes = found.closes_at(moment)
    if closes is not None:
        assert found.is_open(moment)
        assert not found.is_open(closes)
        assert found.is_open(closes - timedelta(seconds=1))
        assert all(found.is_open(moment + (closes - moment) / 9 * part) for part in range(9))


@given(TABLES, MOMENTS, ZONES)
def test_the_zone_in_which_one_asks_changes_nothing(found: Timetable, moment: datetime, zone: timezone) -> None:
    for other in (moment.astimezone(zone), moment.astimezone(UTC)):
        assert found.is_open(other) == found.is_open(moment)
        assert found.next_opening(other) == found.next_opening(moment)
        assert found.closes_at(other) == found.closes_at(moment)
        assert found.remaining(other) == found.remaining(moment)
