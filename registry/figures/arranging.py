"""Arranging: small groups withheld, rows ranked, put in order and cut, all after everything was reckoned."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry.errors import RefusedInput
from registry.figures.desk import Reported
from registry.figures.sheet import VALUE, Part, Ranks
from registry.rates.question import Dimension
from registry.rates.ranking import ranked
from registry.rates.rate import Rate
from registry.rates.reckon import RateTable, Row
from registry.rates.suppression import suppressed


@dataclass(frozen=True, slots=True)
class Order:
    """One thing rows are put in order by: a dimension they have, or a part of a rate's answer."""

    by: Dimension | Rate
    part: Part = VALUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`suppress`: withhold groups smaller than this. `rank`: by this rate, the best first. `first`: at most so many rows."""

    suppress: int | None = None
    rank: Rate | None = None
    orders: tuple[Order, ...] = ()
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Arranged:
    """What is to be shown. `ranks`: each row's place, if any were asked for; `held`: how many rows there were."""

    reported: Reported
    ranks: Ranks | None
    held: int


def arranged(reported: Reported, rates: Mapping[str, Rate], how: Arrangement) -> Arranged:
    """The answer as it is to be shown. Rows that were cut off stay in the totals, and in the ranks of others."""
    table = reported.table if how.suppress is None else suppressed(reported.table, rates, how.suppress)
    rows, ranks = table.rows, None
    if how.rank is not None:
        _demand_rows(table)
        places = ranked(rows, how.rank)
        ranks = {each.key: each.rank for each in places}
        by_key = {row.key: row for row in rows}
        rows = tuple(by_key[each.key] for each in places)
    for order in reversed(how.orders):
        rows = in_order(rows, table, order)
    cut = rows if how.first is None else rows[: how.first]
    return Arranged(replace(reported, table=replace(table, rows=cut)), ranks, len(rows))


def in_order(rows: tuple[Row, ...], table: RateTable, order: Order) -> tuple[Row, ...]:
    """The rows by one thing; what is not known comes last whichever way, and equal ones stay as they were."""
    if isinstance(order.by, Dimension):
        place = table.question.by.index(order.by)
        known = {row.key: row.key[place] for row in rows}
    else:
        known = {row.key: order.part.read(row.answers[order.by.name]) for row in rows}  # type: ignore[misc]  # one part, one kind
    told = [row for row in rows if known[row.key] is not None]
    told.sort(key=lambda row: known[row.key], reverse=order.descending)  # type: ignore[arg-type, return-value]  # likewise
    return (*told, *(row for row in rows if known[row.key] is None))


def _demand_rows(table: RateTable) -> None:
    if not table.question.by:
        raise RefusedInput("排名须先分组，如 --by department", "ranking needs groups, such as --by department")
