"""Volumes: how many cases of a matter were accepted, where, in which period, by which channel.

The contract between those who count cases (`registry.lake`) and those who reckon
rates from the counts. Plain Python; the same columns make the Arrow table.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.words import Channel, Word


class Origin(Word):
    """How a volume came about."""

    DERIVED = "derived", "由办件汇总", "derived from cases"
    REPORTED = "reported", "部门报送", "reported by a department"


class Given(Word):
    """What a volume says. Neither ND nor NA is a zero."""

    COUNT = "count", "数量", "a count"
    ND = "ND", "未统计", "not collected or not provided"
    NA = "NA", "不适用", "not applicable: the channel is not offered"


class Grain(Word):
    """The length of a reported period."""

    DAY = "day", "日", "day"
    MONTH = "month", "月", "month"
    YEAR = "year", "年", "year"


# The columns of the Arrow table, in this order; enums are written by their names.
COLUMNS = (
    "matter", "district", "start", "grain", "channel", "assisted", "bundle", "given", "count", "origin",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Volume:
    """One volume. `start` is the first day of the period.

    `district` is a region's code; None is the whole city, not broken down. `channel`
    None: the case's channel was not recorded; it stays in the denominator. `assisted`:
    done online by staff for the person; counted apart, never in a numerator of online
    rates, always in the denominator. `count` is None unless `given` is COUNT.
    """

    matter: str
    district: str | None
    start: date
    grain: Grain
    channel: Channel | None
    assisted: bool
    bundle: str | None
    given: Given
    count: int | None
    origin: Origin

    def __post_init__(self) -> None:
        if (self.count is None) == (self.given is Given.COUNT) or (self.count or 0) < 0:
            raise ValueError(f"a volume given as {self.given.name} can’t have the count {self.count}")

    @property
    def last(self) -> date:
        """The last day of the period."""
        return last_day(self.start, self.grain)


def last_day(start: date, grain: Grain) -> date:
    """The last day of the period that begins on `start`."""
    if grain is Grain.DAY:
        return start
    if grain is Grain.YEAR:
        return date(start.year, 12, 31)
    following = date(start.year + 1, 1, 1) if start.month == 12 else date(start.year, start.month + 1, 1)
    return following - timedelta(days=1)
