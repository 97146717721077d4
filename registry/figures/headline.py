"""The headline: the one number that the city is measured by."""

from dataclasses import dataclass

from registry.figures.about import About, asked, year_so_far
from registry.figures.desk import Desk, Reported
from registry.rates.answer import Answer
from registry.rates.drawn import ONLINE
from registry.rates.periods import Period
from registry.rates.rate import Rate


@dataclass(frozen=True, slots=True)
class Headline:
    """The city's online acceptance rate in a year so far. `period` None: no cases are held, and it says nothing."""

    rate: Rate
    period: Period | None
    answer: Answer
    reported: Reported


def headline(desk: Desk) -> Headline:
    """The rate in the latest year with cases, as far as it is counted."""
    about = About(ONLINE)
    period = year_so_far(desk, about)
    reported = asked(desk, about.within(period) if period else about)
    return Headline(desk.rates[ONLINE], period, reported.table.totals.answers[ONLINE], reported)
