"""Path to target: the fewest matters whose hall cases, moved online as far as their peers are, close the gap."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from registry.errors import RefusedInput
from registry.figures.about import About, asked, no_target, of_a_year
from registry.figures.desk import Desk, Reported
from registry.rates.answer import Answer
from registry.rates.drawn import HALL, ONLINE, loads_drawn
from registry.rates.path import Path, path
from registry.rates.question import Dimension


@dataclass(frozen=True, slots=True)
class PathFound:
    """The path, and the answer whose gap it closes. `unknown`: matters left out, of whose channels too little is known."""

    about: About
    target: Fraction
    answer: Answer
    path: Path
    unknown: tuple[str, ...]
    reported: Reported


def path_to_target(desk: Desk, about: About) -> PathFound:
    """The path for the online acceptance rate; of the last year with cases where no time is named.

    Raises RefusedInput for another rate, and where there is no target or nothing is known.
    """
    if about.rate != ONLINE:
        raise RefusedInput(
            f"达标路径只适用于{desk.rates[ONLINE].zh}",
            f"a path is of the {desk.rates[ONLINE].en}, the cases that move online",
        )
    about = of_a_year(desk, about)
    reported = asked(desk, about, (Dimension.MATTER,), (HALL,))
    answer = reported.table.totals.answers[ONLINE]
    if answer.numerator is None or answer.denominator is None:
        raise RefusedInput("所问范围内没有可用的办件", "nothing is known of the cases that are asked about")
    target = about.target if about.target is not None else answer.target.value if answer.target else None
    if target is None:
        raise no_target(_period(about))
    gap = max(0, ceil(target * answer.denominator - answer.numerator))
    loads = loads_drawn(reported.table, reported.snapshot.holdings)
    known = {load.matter for load in loads}
    unknown = tuple(row.key[0] for row in reported.table.rows if row.key[0] and row.key[0] not in known)
    return PathFound(about, target, answer, path(loads, gap), unknown, reported)


def _period(about: About) -> str:
    bounds = about.where.bounds
    return f"{bounds.first} — {bounds.last}" if about.where.closed else "所问时段 / the time asked about"
