"""Answers as files, of queries with one field: a table in the columns that are selected of it, anything else whole.

Which rates and which of their numbers is for the selection to say. Whatever it selects,
a row tells its values in all dimensions of `by`, with names beside codes, and what it
was reckoned from, for files are cut, pasted and mailed. What an analysis found, and the
definitions, are the sheets that the command line writes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import ExecutionContext

from registry.figures.defined import definitions_sheet
from registry.figures.notes import notes_of, snapshot_line
from registry.figures.sheet import (
    PARTS,
    SNAPSHOT,
    TOTAL,
    Cells,
    Column,
    Kind,
    Part,
    Sheet,
    cells_of,
    columns_of,
    plain,
)
from registry.rates.rate import Rate
from registry.rates.reckon import Row
from schema.analysts.asking import Selected, Table, selected, selected_at_root
from schema.analysts.making import public_name
from schema.errors import Code, Refusal, refusal
from schema.renderings import File, Rendering

# As `registry.figures.writing` has them; a test holds the two together, for that needs what a server can start without.
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
RANK = Part("rank", "名次", "rank", Kind.WHOLE, lambda _answer: None)
# The fields of an answer, as columns.
FIELDS = {
    public_name(part.name): part
    for part in (
        *PARTS,
        Part("reported", "已报送单元", "cells reported", Kind.WHOLE, lambda answer: answer.reported),
        Part("expected", "应报送单元", "cells expected", Kind.WHOLE, lambda answer: answer.expected),
    )
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
    """Look at what is asked. Raises Refusal for all but one field, which of `rates` has rows or totals."""
    root = selected_at_root(execution)
    if len(root) != 1:
        raise _no_file()
    wide = _wide(execution, root[0], by_field) if root[0][0] == "rates" else None
    rates = {rate.name: rate for rate in by_field.values()}

    def write(_data: dict[str, Any]) -> File:
        from registry.figures.writing import FORMATS, written

        found = execution.context_value.found
        if wide is None:
            called, sheet = root[0][0], _whole(root[0][0], found, rates)
        else:
            by = "-".join(dimension.code for dimension in found[0].wanted.by if wide.rows)
            called, sheet = f"rates-by-{by}" if by else "rates", _sheet(found[0], wide, rates)
        return File(f"{called}.{FORMATS[name].ending}", written(sheet, FORMATS[name]))

    return write


def _whole(field: str, found: Sequence[Any], rates: Mapping[str, Rate]) -> Sheet:
    """The sheet of something else than a table."""
    from registry.figures import results

    if field == "definitions":
        return definitions_sheet(rates.values())
    sheets: dict[str, Callable[[Any, Mapping[str, Rate]], Sheet]] = {
        "pace": results.pace_sheet, "path": results.path_sheet, "change": results.change_sheet,
        "flags": results.flags_sheet,
    }  # fmt: skip
    return sheets[field](found[0], rates)


def _wide(execution: ExecutionContext, table: Selected, by_field: Mapping[str, Rate]) -> Wide:
    _, nodes, of = table
    parts = [part for part in selected(execution, of, nodes) if part[0] in ("rows", "totals")]
    if not parts:
        raise _no_file()
    figures: dict[tuple[str, str], None] = {}
    for _, under, line in parts:
        for field, inner, answer in selected(execution, line, under):
            if field in by_field:
                figures |= {(by_field[field].name, each): None for each, _, _ in selected(execution, answer, inner)}
    names = {part[0] for part in parts}
    return Wide(tuple(figures), "rows" in names, "totals" in names)


def _sheet(table: Table, wide: Wide, rates: Mapping[str, Rate]) -> Sheet:
    """The flat table."""
    by = table.wanted.by if wide.rows else ()
    shown = [_figure(rates[name], field, table) for name, field in wide.figures]
    dimensions = [column for dimension in by for column in columns_of(dimension)]
    reported, holdings = table.shown, table.snapshot.holdings

    def cells(row: Row, *, total: bool) -> Cells:
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


def _figure(rate: Rate, field: str, table: Table) -> tuple[Column, Callable[[Row], Any]]:
    """The column of one field of a rate's answer, and how it is read from a row."""
    if field == "rank":
        totals = table.table.totals
        return RANK.column(rate), lambda row: None if row is totals else table.rank(rate.name, row.key)
    part = FIELDS[field]
    column = part.column(rate)
    return column, lambda row: plain(part.read(row.answers[rate.name]), column.kind)


def _no_file() -> Refusal:
    return refusal(
        Code.BAD_REQUEST,
        "文件只能来自恰有一个字段的查询；对 rates 须选取 rows 或 totals",
        "a file is made of a query with exactly one field; of `rates`, select `rows` or `totals`",
        406,
    )
