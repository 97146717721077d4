"""China's calendar against days that were announced, and counting working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.calendar import CONFIRMED_YEARS, DayKind, after_working_days, calendar_day, working_days

# From the State Council's notices (国务院办公厅关于部分节假日安排的通知), year by year.
KNOWN = """
2020-01-01 HOLIDAY 元旦     2020-01-19 MAKE_UP 春节     2020-01-24 HOLIDAY 春节     2020-02-01 HOLIDAY 春节
2020-02-02 HOLIDAY 春节     2020-02-03 WORKING -        2020-04-06 HOLIDAY 清明     2020-04-26 MAKE_UP 劳动节
2020-05-05 HOLIDAY 劳动节   2020-05-09 MAKE_UP 劳动节   2020-06-25 HOLIDAY 端午     2020-06-28 MAKE_UP 端午
2020-09-27 MAKE_UP 国庆节   2020-10-01 HOLIDAY 国庆节   2020-10-08 HOLIDAY 国庆节   2020-10-09 WORKING -
2020-10-10 MAKE_UP 国庆节   2020-10-11 WEEKEND -        2020-10-22 WORKING -
2021-02-07 MAKE_UP 春节     2021-02-11 HOLIDAY 春节     2021-02-20 MAKE_UP 春节     2021-04-25 MAKE_UP 劳动节
2021-09-18 MAKE_UP 中秋     2021-09-21 HOLIDAY 中秋     2021-10-07 HOLIDAY 国庆节   2021-10-09 MAKE_UP 国庆节
2022-01-29 MAKE_UP 春节     2022-01-31 HOLIDAY 春节     2022-04-02 MAKE_UP 清明     2022-06-03 HOLIDAY 端午
2022-09-12 HOLIDAY 中秋     2022-10-08 MAKE_UP 国庆节   2022-10-10 WORKING -
2023-01-02 HOLIDAY 元旦     2023-01-27 HOLIDAY 春节     2023-01-28 MAKE_UP 春节     2023-04-05 HOLIDAY 清明
2023-06-25 MAKE_UP 端午     2023-09-29 HOLIDAY 中秋     2023-10-07 MAKE_UP 国庆节   2023-10-09 WORKING -
2024-02-04 MAKE_UP 春节     2024-02-09 WORKING -        2024-02-10 HOLIDAY 春节     2024-02-17 HOLIDAY 春节
2024-05-11 MAKE_UP 劳动节   2024-09-14 MAKE_UP 中秋     2024-09-17 HOLIDAY 中秋     2024-10-12 MAKE_UP 国庆节
2025-01-26 MAKE_UP 春节     2025-01-28 HOLIDAY 春节     2025-02-04 HOLIDAY 春节     2025-05-05 HOLIDAY 劳动节
2025-06-02 HOLIDAY 端午     2025-09-28 MAKE_UP 国庆节   2025-10-08 HOLIDAY 国庆节   2025-10-11 MAKE_UP 国庆节
2026-01-02 HOLIDAY 元旦     2026-01-04 MAKE_UP 元旦     2026-02-14 MAKE_UP 春节     2026-02-23 HOLIDAY 春节
2026-02-28 MAKE_UP 春节     2026-05-09 MAKE_UP 劳动节   2026-06-19 HOLIDAY 端午     2026-09-25 HOLIDAY 中秋
2026-10-07 HOLIDAY 国庆节   2026-10-10 MAKE_UP 国庆节   2026-11-23 WORKING -        2026-12-31 WORKING -
"""
WORDS = KNOWN.split()
DAYS = list(zip(WORDS[::3], WORDS[1::3], WORDS[2::3], strict=True))


@pytest.mark.parametrize(("day", "kind", "name"), DAYS)
def test_an_announced_day_is_what_was_announced(day: str, kind: str, name: str) -> None:
    found = calendar_day(date.fromisoformat(day))
    assert (found.kind.name, found.zh or "-", found.confirmed) == (kind, name, True)
    assert found.works is (kind in ("WORKING", "MAKE_UP"))


# 2020 was to have 251: the lengthened Spring Festival took 31 January and the make-up day of 1 February.
@pytest.mark.parametrize(
    ("year", "days"), [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_year_has_its_working_days(year: int, days: int) -> None:
    assert working_days(date(year, 1, 1), date(year, 12, 31)) == days


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2031-01-01", DayKind.HOLIDAY),
        ("2031-05-01", DayKind.HOLIDAY),
        ("2031-05-02", DayKind.HOLIDAY),
        ("2031-10-03", DayKind.HOLIDAY),
        ("2031-10-06", DayKind.WORKING),  # nobody has announced a day off in lieu
        ("2031-10-11", DayKind.WEEKEND),
        ("2003-05-02", DayKind.WORKING),  # a second day of Labour Day was not of this table yet
    ],
)
def test_beyond_what_is_announced_only_fixed_dates_count_and_are_marked(day: str, kind: DayKind) -> None:
    found = calendar_day(date.fromisoformat(day))
    assert (found.kind, found.confirmed) == (kind, False)


def test_what_the_library_holds_reaches_the_years_that_are_routed() -> None:
    assert {2020, 2026} <= set(CONFIRMED_YEARS)


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2020-09-30", 0, "2020-09-30"),
        ("2020-09-30", 1, "2020-10-09"),
        ("2020-09-30", 2, "2020-10-10"),
        ("2020-09-25", 1, "2020-09-27"),
        ("2020-01-23", 1, "2020-02-03"),
        ("2020-09-26", 5, "2020-10-09"),
    ],
)
def test_a_limit_in_working_days_ends_on(start: str, count: int, last: str) -> None:
    assert after_working_days(date.fromisoformat(start), count) == date.fromisoformat(last)


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_a_limit_holds_as_many_working_days_as_it_says(start: date, count: int) -> None:
    last = after_working_days(start, count)
    assert working_days(start + timedelta(days=1), last) == count
    assert count == 0 or calendar_day(last).works


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_every_day_is_something(day: date) -> None:
    found = calendar_day(day)
    assert found.day == day
    assert found.kind is not DayKind.WEEKEND or day.weekday() >= 5
    assert found.kind is not DayKind.WORKING or day.weekday() < 5
