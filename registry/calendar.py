"""China's calendar: public holidays, make-up working days, and counting working days.

The days are those the State Council announces each autumn for the next year, kept by
the library `chinesecalendar`. For years it does not hold, weekends and the statutory
holidays of fixed date stand in, marked unconfirmed: of the lunar festivals, Qingming
and make-up days nothing is guessed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar  # type: ignore[import-untyped]  # ships no types

from registry.words import Word

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# 全国年节及纪念日放假办法: (month, day) -> name, and the year from which it is one.
FIXED_HOLIDAYS = {
    (1, 1): ("元旦", "New Year’s Day", 1950),
    (5, 1): ("劳动节", "Labour Day", 1950),
    (5, 2): ("劳动节", "Labour Day", 2025),
    (10, 1): ("国庆节", "National Day", 1950),
    (10, 2): ("国庆节", "National Day", 1950),
    (10, 3): ("国庆节", "National Day", 2000),
}


class DayKind(Word):
    """What a day is to an office."""

    WORKING = "working", "工作日", "working day"
    MAKE_UP = "make_up", "调休上班", "make-up working day"
    WEEKEND = "weekend", "周末", "weekend"
    HOLIDAY = "holiday", "法定节假日", "public holiday"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day and what it is. `zh` and `en` name its holiday, or the one a make-up day makes up for.

    `confirmed` is False where no announcement for the year is held.
    """

    day: date
    kind: DayKind
    zh: str | None = None
    en: str | None = None
    confirmed: bool = True

    @property
    def works(self) -> bool:
        """Whether offices work."""
        return self.kind in (DayKind.WORKING, DayKind.MAKE_UP)


def _names() -> dict[str, str]:
    return {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}


NAMES = _names()
CONFIRMED_YEARS = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)


@lru_cache(maxsize=4096)
def calendar_day(day: date) -> CalendarDay:
    """What a day is. A holiday that falls on a weekend, and a day off in lieu, are holidays."""
    if day.year not in CONFIRMED_YEARS:
        return _unconfirmed(day)
    if (name := chinese_calendar.holidays.get(day)) is not None:
        return CalendarDay(day, DayKind.HOLIDAY, NAMES[name], name)
    if (name := chinese_calendar.workdays.get(day)) is not None:
        return CalendarDay(day, DayKind.MAKE_UP, NAMES[name], name)
    return CalendarDay(day, _by_weekday(day))


def working_days(first: date, last: date) -> int:
    """How many working days there are from `first` to `last`, both counted; 0 if `last` is before `first`."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(calendar_day(day).works for day in days)


def after_working_days(start: date, count: int) -> date:
    """The last day of a limit of `count` working days that begins on the day after `start`. 0: `start` itself."""
    day = start
    while count > 0:
        day += ONE_DAY
        count -= calendar_day(day).works
    return day


def _by_weekday(day: date) -> DayKind:
    return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING


def _unconfirmed(day: date) -> CalendarDay:
    zh, en, since = FIXED_HOLIDAYS.get((day.month, day.day), (None, None, day.year + 1))
    if day.year >= since:
        return CalendarDay(day, DayKind.HOLIDAY, zh, en, confirmed=False)
    return CalendarDay(day, _by_weekday(day), confirmed=False)
