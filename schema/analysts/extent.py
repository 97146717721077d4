"""How many rows a table may come to, reckoned before anything is spent on it. The rows there are, are fewer."""

from collections.abc import Iterable
from math import prod

from registry.errors import RefusedInput
from registry.figures.names import CODED, WORDED
from registry.holdings import Holdings
from registry.rates.question import LABELS, TIMES, Dimension, Scope

MOST_ROWS = 2_000_000
# The longest span that cases are taken to be held of, where a question names none.
ASSUMED_YEARS = 5
DAYS_OF = {Dimension.DAY: 1, Dimension.MONTH: 28, Dimension.QUARTER: 90, Dimension.YEAR: 365}
# What a matter has one value of: beside it they make no more rows.
OF_ONE_MATTER = frozenset({Dimension.DEPARTMENT, Dimension.MATTER_TYPE})


def demand_few_rows(by: Iterable[Dimension], where: Scope, held: Holdings) -> None:
    """Raises RefusedInput for a table that may come to more rows than can be reckoned in good time."""
    rows = most_rows(frozenset(by), where, held)
    if rows > MOST_ROWS:
        raise RefusedInput(
            f"此表可能多达 {rows} 行，上限为 {MOST_ROWS}；请减少 by 中的维度，或用 where 缩小时段与范围",
            f"this table may come to {rows} rows, the limit is {MOST_ROWS}; group by fewer dimensions, or narrow `where`",
        )


def most_rows(by: frozenset[Dimension], where: Scope, held: Holdings) -> int:
    """The product of how many values each dimension may have. Of periods only the shortest counts: it lies in one of each other."""
    finest = next((dimension for dimension in LABELS if dimension in by), None)
    apart = by - TIMES - (OF_ONE_MATTER if Dimension.MATTER in by else frozenset())
    return prod((_values(dimension, where, held) for dimension in apart), start=_periods(finest, where))


def _values(dimension: Dimension, where: Scope, held: Holdings) -> int:
    if dimension in where.filters:
        return max(1, len(where.filters[dimension]))
    known = CODED[dimension](held) if dimension in CODED else WORDED.get(dimension, ())
    return len(known) + 1


def _periods(finest: Dimension | None, where: Scope) -> int:
    if finest is None:
        return 1
    if finest in where.filters:
        return len(where.filters[finest])
    days = (where.bounds.last - where.bounds.first).days + 1
    if not where.closed:
        days = min(days, ASSUMED_YEARS * 366)
    return days // DAYS_OF[finest] + 1
