"""The headline: the one number that the city is measured by."""

from dataclasses import dataclass

from registry.figures.about import About, asked, latest_year
from registry.figures.desk import Desk, Reported
from registry.rates.answer import Answer
from registry.rates.drawn import ONLINE
from registry.rates.periods import period_of
from registry.rates.rate import Rate


@dataclass(frozen=True, slots=True)
class Headline:
    """The city's online acceptance rate in a year. `period` None: no cases are held, and the answer says nothing."""

    rate: Rate
    period: str | None
    answer: Answer
    reported: Reported


def headline(desk: Desk) -> Headline:
    """The rate in the last year of which cases are counted."""
    about = About(ONLINE)
    year = latest_year(desk, about)
    reported = asked(desk, about.within(period_of(year)) if year else about)
    return Headline(desk.rates[ONLINE], year, reported.table.totals.answers[ONLINE], reported)
