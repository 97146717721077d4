"""What an analysis is about, and the year it is of where none is named."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from registry.errors import RefusedInput
from registry.figures.desk import Desk, Reported
from registry.rates.drawn import ONLINE
from registry.rates.periods import Period, period_of
from registry.rates.question import TIMES, Dimension, Question, Scope
from registry.rates.rate import Family, OnlinePolicy, Rate


@dataclass(frozen=True, slots=True)
class About:
    """Which rate, of what, under which policy, as known when. `target`, a share of 1, goes before the definition's."""

    rate: str = ONLINE
    where: Scope = field(default_factory=Scope)
    policy: OnlinePolicy = OnlinePolicy.MOBILE_PC
    as_reported_on: datetime | None = None
    target: Fraction | None = None

    @property
    def timeless(self) -> bool:
        """Whether it names no time."""
        return self.where.first is None and self.where.last is None and TIMES.isdisjoint(self.where.filters)

    def within(self, period: Period) -> "About":
        """The same, of a period."""
        return replace(self, where=replace(self.where, first=period.first, last=period.last))


def asked(desk: Desk, about: About, by: tuple[Dimension, ...] = (), rates: tuple[str, ...] = ()) -> Reported:
    """What the desk answers about it; `rates` beside its own."""
    names = tuple(dict.fromkeys((about.rate, *rates)))
    return desk.ask(Question(names, by, about.where, about.policy), as_reported_on=about.as_reported_on)


def latest_year(desk: Desk, about: About) -> str | None:
    """The last year of which cases are counted, of what the analysis is about; None if there are none."""
    by_year = asked(desk, about, (Dimension.YEAR,))
    counted = [row.key[0] for row in by_year.table.rows if row.answers[about.rate].denominator]
    return max((label for label in counted if label), default=None)


def year_so_far(desk: Desk, about: About) -> Period | None:
    """From the first day of the latest year to the end of its last month with cases; None if there are no cases.

    Months that are still to come are nobody's omission. Where totals are told for the
    year as a whole it is the whole year: they can't be told for a part of it.
    """
    label = latest_year(desk, about)
    if label is None:
        return None
    year = period_of(label)
    by_month = asked(desk, about.within(year), (Dimension.MONTH,))
    months = {row.key[0] for row in by_month.table.rows if row.answers[about.rate].denominator}
    if None in months:
        return year
    return Period(year.first, max((period_of(each).last for each in months if each), default=year.last))


def of_a_year(desk: Desk, about: About) -> About:
    """The same if it names a time, else of the latest year so far, if there are cases."""
    period = year_so_far(desk, about) if about.timeless else None
    return about.within(period) if period else about


def rate_of_cases(desk: Desk, about: About, what: tuple[str, str]) -> Rate:
    """The rate that the analysis is about. Raises RefusedInput if it is none of cases; `what` names the analysis."""
    rate = desk.rates.get(about.rate)
    if rate is None or rate.family is not Family.USE:
        raise RefusedInput(
            f"{what[0]}只适用于{Family.USE.zh}，“{about.rate}”不是",
            f"{what[1]} is of rates of {Family.USE.en}; “{about.rate}” is none",
        )
    return rate


def no_target(period: str) -> RefusedInput:
    """What is said where no target is set."""
    return RefusedInput(
        f"{period} 没有设定目标；请用 --target 给出，如 --target 80%",
        f"no target is set for {period}; give one, such as --target 80%",
    )


def whole_year(year: int) -> Period:
    """From its first day to its last."""
    return Period(date(year, 1, 1), date(year, 12, 31))
