"""What changed between two periods: how much is the mix of groups, how much happened within them."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import RefusedInput
from registry.figures.about import About, asked
from registry.figures.desk import Desk, Reported
from registry.rates.change import Change, change
from registry.rates.drawn import counts_drawn
from registry.rates.periods import Period
from registry.rates.question import Dimension, Key
from registry.rates.rate import Family

D = Dimension
# Of these each case, matter or bundle is in one group only: else groups would add up to more than there is.
GROUPS: Mapping[Family, frozenset[Dimension]] = {
    Family.USE: frozenset({D.DEPARTMENT, D.MATTER, D.MATTER_TYPE, D.DISTRICT, D.CHANNEL, D.BUNDLE}),
    Family.AVAILABILITY: frozenset({D.DEPARTMENT, D.MATTER, D.MATTER_TYPE}),
    Family.BUNDLE: frozenset({D.DEPARTMENT, D.BUNDLE}),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """The change, exactly. None: one of the periods has no cases.

    `left_out`: groups of which too little is known in one of the periods. They are in
    neither rate, which then differ from the periods' own answers.
    """

    about: About
    by: tuple[Dimension, ...]
    periods: tuple[Period, Period]
    change: Change | None
    left_out: tuple[Key, ...]
    before: Reported
    after: Reported


def what_changed(desk: Desk, about: About, by: tuple[Dimension, ...], before: Period, after: Period) -> Changed:
    """What changed from one period to the other. Raises RefusedInput for groups that overlap, or a time condition."""
    family = desk.rates[about.rate].family
    _demand_groups(family, by)
    if not about.timeless:
        raise RefusedInput("两个时段之外不能再有时间条件", "beside the two periods there can be no condition on time")
    reports = [asked(desk, about.within(period), by) for period in (before, after)]
    counts = [counts_drawn(each.table, about.rate) for each in reports]
    left_out = {
        row.key for each, known in zip(reports, counts, strict=True) for row in each.table.rows if row.key not in known
    }
    # A group known in one period only would look as if it had come or gone.
    compared = [{key: count for key, count in known.items() if key not in left_out} for known in counts]
    return Changed(about, by, (before, after), change(*compared), tuple(sorted(left_out, key=str)), *reports)


def _demand_groups(family: Family, by: tuple[Dimension, ...]) -> None:
    allowed = [dimension for dimension in Dimension if dimension in GROUPS[family]]
    if not by or not GROUPS[family].issuperset(by):
        raise RefusedInput(
            f"请按{'、'.join(each.zh for each in allowed)}分组：每件只在一组之中",
            f"group by {', '.join(each.code for each in allowed)}: by those everything is in one group only",
        )
