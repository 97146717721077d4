"""Quality flags of each group's months: what to look at twice before passing a figure on."""

from dataclasses import dataclass

from registry.errors import RefusedInput
from registry.figures.about import About, asked, rate_of_cases
from registry.figures.desk import Desk, Reported
from registry.rates.drawn import SHARES, series_drawn
from registry.rates.flags import DEFAULT, Raised, Thresholds, flags
from registry.rates.question import TIMES, Dimension, Key, key_order

WORDS = ("质量核查", "a check of quality")


@dataclass(frozen=True, slots=True)
class Flagged:
    """The flags of each group that raises any, and how many groups were looked at."""

    about: About
    by: tuple[Dimension, ...]
    groups: tuple[tuple[Key, tuple[Raised, ...]], ...]
    looked_at: int
    reported: Reported


def quality_flags(
    desk: Desk, about: About, by: tuple[Dimension, ...] = (), thresholds: Thresholds = DEFAULT
) -> Flagged:
    """The flags by groups, month for month. Raises RefusedInput for groups by time, and for a rate not of cases."""
    rate_of_cases(desk, about, WORDS)
    if not TIMES.isdisjoint(by):
        raise RefusedInput("质量核查总是逐月进行，不必按时间分组", "months are looked at in any case: group by no time")
    reported = asked(desk, about, (*by, Dimension.MONTH), SHARES)
    series = series_drawn(reported.table, about.rate)
    found = ((key, flags(series[key], thresholds)) for key in sorted(series, key=key_order))
    return Flagged(about, by, tuple((key, raised) for key, raised in found if raised), len(series), reported)
