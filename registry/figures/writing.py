"""Writing: a sheet as a file. FORMATS is the one table that command line and HTTP choose from."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from registry.figures.arrow import write_parquet
from registry.figures.sheet import Cell, Sheet
from registry.figures.workbook import write_workbook

# What spreadsheets take for the beginning of a formula, or drop before looking for one.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, how its files' names end, how it is written, whether it is for programs only."""

    name: str
    media: str
    ending: str
    write: Callable[[Sheet, BinaryIO], None]
    binary: bool = False


def write_csv(sheet: Sheet, file: BinaryIO) -> None:
    """UTF-8 with a mark in front, so that Excel reads it as such. No text can be taken for a formula.

    Names of columns are those for programs. An empty cell is unknown. Notes have no place
    in it, but the snapshot stands in every row.
    """
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.name for column in sheet.columns])
        writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    finally:
        text.detach()


def _csv_cell(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return _defused(cell) if isinstance(cell, str) else cell


def _defused(text: str) -> str:
    """The text as a spreadsheet shows it and nothing more: an apostrophe keeps it from being reckoned."""
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def write_json(sheet: Sheet, file: BinaryIO) -> None:
    """Columns with their words, rows as objects by the columns' names, notes."""
    names = [column.name for column in sheet.columns]
    columns = [
        {"name": each.name, "zh": each.zh, "en": each.en, "kind": each.kind.name.lower()} for each in sheet.columns
    ]
    notes = [{"name": note.name, "zh": note.zh, "en": note.en} for note in sheet.notes]
    file.write(b'{"columns": ' + orjson.dumps(columns) + b',\n"notes": ' + orjson.dumps(notes) + b',\n"rows": [')
    lines = (orjson.dumps(dict(zip(names, row, strict=True))) for row in sheet.rows)
    for number, line in enumerate(lines):
        file.write((b",\n" if number else b"\n") + line)
    file.write(b"\n]}\n")


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "text/csv; charset=utf-8", "csv", write_csv),
        Format("json", "application/json", "json", write_json),
        Format(
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", write_workbook, True
        ),
        Format("parquet", "application/vnd.apache.parquet", "parquet", write_parquet, True),
    )
}


def written(sheet: Sheet, form: Format) -> bytes:
    """The sheet as the bytes of a file."""
    file = io.BytesIO()
    form.write(sheet, file)
    return file.getvalue()
