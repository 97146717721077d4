"""Sheets at the shell: as a table to read, or as a file in one of the formats."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from registry.commands.start import err, out
from registry.errors import RefusedInput
from registry.figures.names import absent, has_names
from registry.figures.notes import Note
from registry.figures.sheet import Cell, Column, Kind, Sheet
from registry.rates.answer import Attained
from registry.rates.question import Dimension

if TYPE_CHECKING:
    from registry.figures.writing import Format

TABLE = "table"
Form = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="格式 · table, csv, xlsx, parquet or json; default table."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="写入的文件，格式可由文件名得出 · The file to write.")
]
UNKNOWN = "—"


def show(sheet: Sheet, form: str | None, output: Path | None, keep: Mapping[str, Column] | None = None) -> None:
    """Write a sheet into a file, into a pipe, or on the screen as a table, notes below.

    `keep`: the columns that the table is to have, by their names, with their headings there.
    """
    chosen = _chosen(form, output)
    if chosen is None:
        out.print(table_of(sheet, keep))
        print_notes(sheet.notes)
        return
    if output is not None:
        _write(sheet, chosen, output)
        err.print(f"已写入 · written: {output}（{len(sheet.rows)} 行 rows）", markup=False)
        return
    if chosen.binary and sys.stdout.isatty():
        raise RefusedInput(
            f"{chosen.name} 不能显示在终端上；请用 --output 写入文件",
            f"{chosen.name} can’t be shown on a terminal; write it to a file with --output",
        )
    chosen.write(sheet, sys.stdout.buffer)
    sys.stdout.buffer.flush()
    if chosen.name == "csv":
        for note in sheet.notes:
            err.print(str(note), markup=False)


def _chosen(form: str | None, output: Path | None) -> Format | None:
    """The format asked for, or the one that the file's name ends in; None: a table on the screen."""
    if form in (None, TABLE) and output is None:
        return None
    from registry.figures.writing import FORMATS

    wanted = form or (output.suffix.removeprefix(".").lower() if output else "")
    if wanted not in FORMATS:
        names = ", ".join(FORMATS) if output else ", ".join((TABLE, *FORMATS))
        raise RefusedInput(f"没有格式“{wanted}”；可写：{names}", f"there is no format “{wanted}” here; write {names}")
    return FORMATS[wanted]


def _write(sheet: Sheet, form: Format, path: Path) -> None:
    from registry.exchange.writing import replacing

    try:
        with replacing(path) as file:
            form.write(sheet, file)
    except OSError as error:
        raise RefusedInput(f"无法写入 {path}：{error.strerror}", f"can't write to {path}: {error.strerror}") from None


def table_of(sheet: Sheet, keep: Mapping[str, Column] | None = None) -> Table:
    """The sheet as people read it: percentages, names before codes, the totals in bold."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    headings = keep or {column.name: column for column in sheet.columns}
    columns = enumerate(sheet.columns)
    places = [place for place, column in columns if column.name in headings and _is_read(column, sheet)]
    for place in places:
        column = headings[sheet.columns[place].name]
        numeric = column.kind in (Kind.WHOLE, Kind.NUMBER, Kind.SHARE)
        table.add_column(f"{column.zh}\n{column.en}", justify="right" if numeric else "left")
    total = _place(sheet, "total")
    for row in sheet.rows:
        whole = total is not None and bool(row[total])
        cells = [_shown(sheet, row, place) for place in places]
        if whole and cells and sheet.columns[places[0]].kind is Kind.TEXT and row[places[0]] is None:
            cells = [
                "合计 total",
                *("" if row[place] is None else cell for place, cell in zip(places[1:], cells[1:], strict=True)),
            ]
        table.add_row(*map(Text, cells), style="bold" if whole else None)
    return table


def print_notes(notes: Iterable[Note]) -> None:
    """What the figures rest on."""
    out.print()
    for note in notes:
        out.print(Text(str(note), style="dim"), soft_wrap=True)


def _is_read(column: Column, sheet: Sheet) -> bool:
    """Names in English stand beside the Chinese ones, codes beside their names; what is in the notes is there."""
    if column.name in ("total", "snapshot"):
        return False
    if column.name.endswith("_name_en"):
        return False
    return _place(sheet, f"{column.name}_name") is None


def _shown(sheet: Sheet, row: tuple[Cell, ...], place: int) -> str:
    column, cell = sheet.columns[place], row[place]
    if column.name.endswith("_name"):
        code = row[_place(sheet, column.name.removesuffix("_name")) or 0]
        return _named(column.name.removesuffix("_name"), code, cell)
    if cell is None:
        dimension = Dimension.read(column.name)
        return " ".join(absent(dimension)) if dimension and not has_names(dimension) else UNKNOWN
    if isinstance(cell, bool):
        return "是 yes" if cell else "否 no"
    if column.name.endswith("_attained") and isinstance(cell, str):
        return f"{Attained[cell].zh} {Attained[cell].en}"
    return cell if isinstance(cell, str) else number(cell, column.kind)


def number(cell: float, kind: Kind) -> str:
    """A number as people read it."""
    if kind is Kind.SHARE:
        shown = f"{cell * 100:.2f}"
        return f"{'0.00' if shown == '-0.00' else shown} %"
    return f"{round(cell, 4):,.12g}"


def _named(name: str, code: Cell, cell: Cell) -> str:
    dimension = Dimension.read(name)
    if code is None and dimension is not None:
        return " ".join(absent(dimension))
    return f"{cell or UNKNOWN} {code}"


def _place(sheet: Sheet, name: str) -> int | None:
    return next((place for place, column in enumerate(sheet.columns) if column.name == name), None)
