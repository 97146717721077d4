"""Answers as files: the table of one `rates` field, in the columns that are selected of it.

Which rates and which of their numbers is for the selection to say. Whatever it selects,
a row tells its values in all dimensions of `by`, with names beside codes, and what it
was reckoned from, for files are cut, pasted and mailed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import ExecutionContext

from registry.rates.rate import Rate
from registry.rates.reckon import Row
from schema.analysts.asking import Table, selected, selected_at_root
from schema.analysts.making import public_name
from schema.errors import Code, Refusal, refusal
from schema.renderings import File, Rendering

if TYPE_CHECKING:
    from registry.figures.sheet import Cells, Column, Sheet

# As `registry.figures.writing` has them; a test holds the two together, for that needs what a server can start without.
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class Wide:
    """What a file shows: of which rates which fields, and whether rows, totals or both."""

    figures: tuple[tuple[str, str], ...]  # a rate's name, and the name of a field of its answer
    rows: bool
    totals: bool


def renderings(rates: Iterable[Rate]) -> tuple[Rendering, ...]:
    """The files that a table of these rates can be."""
    by_field = {public_name(rate.name): rate for rate in rates}
    return tuple(Rendering(name, media, partial(_plan, name, by_field)) for name, media in KINDS.items())


def _plan(name: str, by_field: Mapping[str, Rate], execution: ExecutionContext) -> Callable[[dict[str, Any]], File]:
    """Look at what is asked. Raises Refusal for all but one table with rows or totals."""
    wide = _wide(execution, by_field)

    def write(_data: dict[str, Any]) -> File:
        from registry.figures.writing import FORMATS, written

        (table,) = execution.context_value.tables
        by = "-".join(dimension.code for dimension in table.wanted.by if wide.rows)
        form = FORMATS[name]
        called = f"rates-by-{by}.{form.ending}" if by else f"rates.{form.ending}"
        return File(called, written(_sheet(table, wide, {rate.name: rate for rate in by_field.values()}), form))

    return write


def _wide(execution: ExecutionContext, by_field: Mapping[str, Rate]) -> Wide:
    root = selected_at_root(execution)
    if [name for name, _, _ in root] != ["rates"]:
        raise _no_table()
    _, nodes, of = root[0]
    parts = [part for part in selected(execution, of, nodes) if part[0] in ("rows", "totals")]
    if not parts:
        raise _no_table()
    figures: dict[tuple[str, str], None] = {}
    for _, under, line in parts:
        for field, inner, answer in selected(execution, line, under):
            if field in by_field:
                figures |= {(by_field[field].name, each): None for each, _, _ in selected(execution, answer, inner)}
    names = {part[0] for part in parts}
    return Wide(tuple(figures), "rows" in names, "totals" in names)


def _sheet(table: Table, wide: Wide, rates: Mapping[str, Rate]) -> "Sheet":
    """The flat table."""
    from registry.figures.notes import notes_of, snapshot_line
    from registry.figures.sheet import SNAPSHOT, TOTAL, Sheet, cells_of, columns_of

    by = table.wanted.by if wide.rows else ()
    shown = [_figure(rates[name], field, table) for name, field in wide.figures]
    dimensions = [column for dimension in by for column in columns_of(dimension)]
    reported, holdings = table.shown, table.snapshot.holdings

    def cells(row: Row, *, total: bool) -> "Cells":
        values = [] if total else zip(by, row.key, strict=True)
        named = [cell for dimension, value in values for cell in cells_of(dimension, value, holdings)]
        marked = (total,) if wide.totals else ()
        return (
            *(named or [None] * len(dimensions)),
            *(read(row) for _, read in shown),
            *marked,
            snapshot_line(reported),
        )

    rows = [cells(row, total=False) for row in table.page.rows] if wide.rows else []
    totals = [cells(table.table.totals, total=True)] if wide.totals else []
    marked = (TOTAL,) if wide.totals else ()
    columns = (*dimensions, *(column for column, _ in shown), *marked, SNAPSHOT)
    chosen = [rates[name] for name in dict.fromkeys(name for name, _ in wide.figures)]
    return Sheet(columns, (*rows, *totals), notes_of(reported, chosen))


def _figure(rate: Rate, field: str, table: Table) -> tuple["Column", Callable[[Row], Any]]:
    """The column of one field of a rate's answer, and how it is read from a row."""
    from registry.figures.sheet import PARTS, Kind, Part, plain

    if field == "rank":
        rank = Part("rank", "名次", "rank", Kind.WHOLE, lambda _answer: None)
        totals = table.table.totals
        return rank.column(rate), lambda row: None if row is totals else table.rank(rate.name, row.key)
    cells = (
        Part("reported", "已报送单元", "cells reported", Kind.WHOLE, lambda answer: answer.reported),
        Part("expected", "应报送单元", "cells expected", Kind.WHOLE, lambda answer: answer.expected),
    )
    known = {public_name(part.name): part for part in (*PARTS, *cells)}
    part, column = known[field], known[field].column(rate)
    return column, lambda row: plain(part.read(row.answers[rate.name]), column.kind)


def _no_table() -> Refusal:
    return refusal(
        Code.BAD_REQUEST,
        "文件只能来自恰有一个 rates 字段的查询，且须选取其 rows 或 totals",
        "a file is made of a query with exactly one `rates`, of which `rows` or `totals` are selected",
        406,
    )
