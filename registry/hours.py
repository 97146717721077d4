"""Opening hours, written as OpenStreetMap writes them, with dated exceptions.

`Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00; PH off` and `24/7`. Exceptions are
days or ranges of days: `2020-10-01/2020-10-08 off 国庆节` or
`2020-09-27 08:30-17:00 调休`. Times are the city's; 24:00 is the day's end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MINUTES_A_DAY = 24 * 60


class BadHours(ValueError):
    """The text is not in the form above; says which part."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `opens` (inclusive) to `closes` (exclusive), in minutes after midnight."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class Hours:
    """A week's spans, Monday first, and whether public holidays are days off."""

    week: tuple[tuple[Span, ...], ...]
    holidays_off: bool = False


@dataclass(frozen=True, slots=True)
class HoursException:
    """Days, both inclusive, on which other spans hold; no spans: closed."""

    first: date
    last: date
    spans: tuple[Span, ...] = ()
    note: str | None = None


# A city has thousands of offers and a handful of timetables: equal texts share one.
@lru_cache(maxsize=1024)
def parse_hours(text: str) -> Hours:
    """Read a week. Raises BadHours."""
    if text.strip() == "24/7":
        return Hours(week=((Span(0, MINUTES_A_DAY),),) * 7)
    week: list[tuple[Span, ...]] = [()] * 7
    holidays_off = False
    for part in filter(None, (part.strip() for part in text.split(";"))):
        if part == "PH off":
            holidays_off = True
            continue
        days, _, times = part.partition(" ")
        for day in _days(days):
            week[day] = _spans(times)
    return Hours(tuple(week), holidays_off)


def format_hours(hours: Hours) -> str:
    """The text that `parse_hours` reads, days with the same spans joined."""
    if hours == parse_hours("24/7"):
        return "24/7"
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and hours.week[last + 1] == hours.week[day]:
            last += 1
        if hours.week[day]:
            days = DAYS[day] if last == day else f"{DAYS[day]}-{DAYS[last]}"
            parts.append(f"{days} {_join(hours.week[day])}")
        day = last + 1
    if hours.holidays_off:
        parts.append("PH off")
    return "; ".join(parts)


def parse_exception(text: str) -> HoursException:
    """Read one exception. Raises BadHours."""
    days, _, rest = text.strip().partition(" ")
    times, _, note = rest.partition(" ")
    first, _, last = days.partition("/")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise BadHours(days) from None
    if end < begin:
        raise BadHours(days)
    spans = () if times == "off" else _spans(times)
    return HoursException(begin, end, spans, note.strip() or None)


def format_exception(exception: HoursException) -> str:
    """The text that `parse_exception` reads."""
    days = exception.first.isoformat()
    if exception.last != exception.first:
        days += f"/{exception.last.isoformat()}"
    return " ".join(filter(None, (days, _join(exception.spans) or "off", exception.note)))


def _days(text: str) -> Iterable[int]:
    first, _, last = text.partition("-")
    if first not in DAYS or (last and last not in DAYS):
        raise BadHours(text)
    begin, end = DAYS.index(first), DAYS.index(last or first)
    if end < begin:
        raise BadHours(text)
    return range(begin, end + 1)


def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d\d):(\d\d)-(\d\d):(\d\d)\s*", part)
        if match is None:
            raise BadHours(part.strip() or text)
        opens, closes = (int(match[i]) * 60 + int(match[i + 1]) for i in (1, 3))
        previous = spans[-1].closes if spans else 0
        if not previous <= opens < closes <= MINUTES_A_DAY or int(match[2]) > 59 or int(match[4]) > 59:
            raise BadHours(part.strip())
        spans.append(Span(opens, closes))
    return tuple(spans)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _join(spans: tuple[Span, ...]) -> str:
    return ",".join(map(str, spans))
