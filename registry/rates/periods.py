"""Periods: days, months, quarters and years as labels that sort as time does: 2020-03-05, 2020-03, 2020-Q1, 2020."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from registry.errors import RefusedInput

MONTHS_IN_A_QUARTER = 3
# Each row of a table names one of a few.
LABELS_REMEMBERED = 4096


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `first` to `last`, both counted."""

    first: date
    last: date

    def holds(self, other: "Period") -> bool:
        """Whether the other lies wholly within."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: "Period") -> bool:
        """Whether they share a day."""
        return self.first <= other.last and other.first <= self.last

    def within(self, other: "Period") -> "Period | None":
        """What both share."""
        return Period(max(self.first, other.first), min(self.last, other.last)) if self.meets(other) else None

    def months(self) -> Iterator[str]:
        """The calendar months it touches, in order."""
        number, end = self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1
        for each in range(number, end + 1):
            yield f"{each // 12:04d}-{each % 12 + 1:02d}"


ALWAYS = Period(date.min, date.max)


def month_of(day: date) -> str:
    """The label of its month."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter_of(day: date) -> str:
    """The label of its quarter."""
    return f"{day.year:04d}-Q{(day.month - 1) // MONTHS_IN_A_QUARTER + 1}"


def year_of(day: date) -> str:
    """The label of its year."""
    return f"{day.year:04d}"


@lru_cache(maxsize=LABELS_REMEMBERED)
def period_of(label: str) -> Period:
    """The period that a label means."""
    try:
        if len(label) == 4:
            return Period(date(int(label), 1, 1), date(int(label), 12, 31))
        if label[5] == "Q" and len(label) == 7:
            return _quarter(int(label[:4]), int(label[6]))
        if len(label) == 7:
            return _months(int(label[:4]), int(label[5:]), 1)
        return Period(date.fromisoformat(label), date.fromisoformat(label))
    except (ValueError, IndexError):
        raise RefusedInput(
            f"“{label}”不是时段；应为 2020、2020-Q1、2020-03 或 2020-03-05",
            f"“{label}” is no period; expected 2020, 2020-Q1, 2020-03 or 2020-03-05",
        ) from None


def _quarter(year: int, quarter: int) -> Period:
    return _months(year, (quarter - 1) * MONTHS_IN_A_QUARTER + 1, MONTHS_IN_A_QUARTER)


def _months(year: int, month: int, count: int) -> Period:
    last = month + count - 1
    return Period(date(year, month, 1), date(year, last, monthrange(year, last)[1]))
