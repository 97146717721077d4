"""Opening: whether a timetable is open at a moment, until when, and when next.

For each day, dated exceptions go first; then public holidays, for a timetable that
keeps them; then make-up working days on a weekend, which keep the hours of a Monday;
then the week. Hours that are None are unknown, which is neither open nor closed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from registry.calendar import SATURDAY, CalendarDay, DayKind, calendar_day
from registry.hours import MINUTES_A_DAY, Hours, HoursException, Span

CITY_ZONE = ZoneInfo("Asia/Shanghai")
SEARCH_DAYS = 60  # how far ahead an opening is looked for
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Timetable:
    """Hours with their dated exceptions. Of exceptions that overlap, the one that begins last counts."""

    hours: Hours | None
    exceptions: tuple[HoursException, ...] = ()

    def spans_on(self, day: date) -> tuple[Span, ...] | None:
        """The day's spans; empty: closed all day; None: unknown."""
        exception = self.exception_on(day)
        if exception is not None:
            return exception.spans
        hours = self.hours
        if hours is None:
            return None
        spans = hours.week[day.weekday()]
        if not hours.holidays_off and day.weekday() < SATURDAY:
            return spans
        kind = calendar_day(day).kind
        if kind is DayKind.HOLIDAY and hours.holidays_off:
            return ()
        if kind is DayKind.MAKE_UP:
            # A place that rests on Mondays and opens on Sundays is not shut by a make-up day.
            return hours.week[MONDAY] or spans
        return spans

    def exception_on(self, day: date) -> HoursException | None:
        """The exception that holds on a day."""
        if not self.exceptions:
            return None
        holding = [each for each in self.exceptions if each.first <= day <= each.last]
        return max(holding, key=lambda each: (each.first, -each.last.toordinal()), default=None)

    def is_open(self, moment: datetime) -> bool | None:
        """Whether it is open at an aware moment; the minute of closing is closed. None: unknown."""
        local = moment.astimezone(CITY_ZONE)
        spans = self.spans_on(local.date())
        if spans is None:
            return None
        minute = local.hour * 60 + local.minute
        return any(span.opens <= minute < span.closes for span in spans)

    def remaining(self, moment: datetime) -> tuple[Span, ...] | None:
        """What is left of the day's spans, the one that is open included whole; None: unknown."""
        local = moment.astimezone(CITY_ZONE)
        spans = self.spans_on(local.date())
        minute = local.hour * 60 + local.minute
        return None if spans is None else tuple(span for span in spans if minute < span.closes)

    def next_opening(self, moment: datetime, days: int = SEARCH_DAYS) -> datetime | None:
        """The moment itself if it is open, else the next opening; None: none within `days`, or unknown."""
        if self.is_open(moment):
            return moment
        local = moment.astimezone(CITY_ZONE)
        for number in range(days + 1):
            day = local.date() + timedelta(days=number)
            for span in self.spans_on(day) or ():
                opens = _at(day, span.opens)
                if opens > local:
                    return opens
        return None

    def closes_at(self, moment: datetime, days: int = SEARCH_DAYS) -> datetime | None:
        """When what is open now closes, through midnights; None if it is not open, or open for all of `days`."""
        local = moment.astimezone(CITY_ZONE)
        day, minute = local.date(), local.hour * 60 + local.minute
        for _ in range(days + 1):
            current = [span for span in self.spans_on(day) or () if span.opens <= minute < span.closes]
            if not current:
                # Midnight found it closed: it closed at midnight. Or it was not open at all.
                return _at(day, 0) if day > local.date() else None
            closes = _joined(self.spans_on(day) or (), current[0])
            if closes < MINUTES_A_DAY:
                return _at(day, closes)
            day, minute = day + timedelta(days=1), 0
        return None

    def why(self, moment: datetime) -> HoursException | CalendarDay | None:
        """What makes the day unlike others of its weekday: an exception, or a holiday or make-up day; None: nothing."""
        day = moment.astimezone(CITY_ZONE).date()
        if (exception := self.exception_on(day)) is not None:
            return exception
        known = calendar_day(day)
        off = known.kind is DayKind.HOLIDAY and self.hours is not None and self.hours.holidays_off
        return known if off or known.kind is DayKind.MAKE_UP else None


def _joined(spans: tuple[Span, ...], current: Span) -> int:
    """When a span closes, counting on through those that open as it closes."""
    closes = current.closes
    for span in spans:
        if span.opens == closes:
            closes = span.closes
    return closes


def _at(day: date, minute: int) -> datetime:
    """A minute of a day in the city; minute 1440 is the next day's midnight."""
    # The city's clock has not been changed since 1991: wall-clock arithmetic is exact.
    return datetime(day.year, day.month, day.day, tzinfo=CITY_ZONE) + timedelta(minutes=minute)
