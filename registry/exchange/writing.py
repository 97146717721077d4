"""Writing files: what is held, in the form that `reading` reads back exactly.

No cell is changed to keep a spreadsheet from taking it for a formula: exactness
goes first. In a workbook every cell is written as a text, so none is a formula there.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, TextIO

import openpyxl
import orjson
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES

from registry.errors import RefusedInput
from registry.exchange.columns import COLUMNS, Column
from registry.exchange.files import WHOLE
from registry.exchange.records import ROWS
from registry.holdings import Holdings

ExportForm = Literal["csv", "xlsx", "json"]
LONGEST_IN_EXCEL = 32_767
MOST_ROWS_IN_EXCEL = 1_048_576
# Excel takes _x0041_ in a text for the letter with that number; so it is written
# with its underscore as such a number.
NUMBERED_LETTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def export(holdings: Holdings, folder: Path, form: ExportForm) -> list[Path]:
    """Write everything held into the folder; the files written. Each appears whole or not at all.

    Raises RefusedInput if the folder can't be written to, or if Excel has no room for something.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return WRITERS[form](holdings, folder)
    except OSError as error:
        raise RefusedInput(
            f"无法写入 {folder}：{error.strerror}", f"can't write to {folder}: {error.strerror}"
        ) from None


def columns_written(kind: str) -> tuple[Column, ...]:
    """The columns of our own files of a kind."""
    return tuple(column for column in COLUMNS[kind] if column.written)


def cells(kind: str, holdings: Holdings) -> Iterator[list[str]]:
    """The rows of a kind's file, as texts; empty: unknown."""
    columns = [(column.field or "", column.form.write) for column in columns_written(kind)]
    for values in ROWS[kind](holdings):
        yield ["" if (value := values.get(field)) is None else write(value) for field, write in columns]


def _write_csv(holdings: Holdings, folder: Path) -> list[Path]:
    paths = []
    for kind in COLUMNS:
        path = folder / f"{kind}.csv"
        with _replacing(path) as file, _text(file) as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(column.header for column in columns_written(kind))
            writer.writerows(cells(kind, holdings))
        paths.append(path)
    return paths


def _write_json(holdings: Holdings, folder: Path) -> list[Path]:
    path = folder / f"{WHOLE}.json"
    with _replacing(path) as file:
        file.write(b"{")
        for index, kind in enumerate(COLUMNS):
            headers = [column.header for column in columns_written(kind)]
            rows = [{h: cell for h, cell in zip(headers, row, strict=True) if cell} for row in cells(kind, holdings)]
            file.write(b",\n" * (index > 0) + orjson.dumps(kind) + b": [")
            file.write(b",".join(b"\n" + orjson.dumps(row) for row in rows))
            file.write(b"\n]")
        file.write(b"}\n")
    return [path]


def _write_xlsx(holdings: Holdings, folder: Path) -> list[Path]:
    path = folder / f"{WHOLE}.xlsx"
    book = openpyxl.Workbook(write_only=True)
    for kind in COLUMNS:
        sheet = book.create_sheet(kind)
        sheet.freeze_panes = "A2"
        sheet.append([column.header for column in columns_written(kind)])
        for number, row in enumerate(cells(kind, holdings), start=2):
            sheet.append([_excel_cell(sheet, kind, number, cell) for cell in row])
    with _replacing(path) as file:
        book.save(file)
    return [path]


def _excel_cell(sheet: Any, kind: str, number: int, text: str) -> Any:
    if not text:
        return None
    if len(text) > LONGEST_IN_EXCEL or number > MOST_ROWS_IN_EXCEL:
        raise RefusedInput(
            f"{kind} 第 {number} 行超出 Excel 的限度；请导出 csv",
            f"row {number} of {kind} is beyond what Excel can hold; export csv instead",
        )
    text = NUMBERED_LETTER.sub("_x005F_", text)
    if text[0] != "=" and text not in ERROR_CODES:
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its place when it is whole, and leaves nothing behind if it never is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _text(file: BinaryIO) -> Iterator[TextIO]:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()


WRITERS: dict[ExportForm, Callable[[Holdings, Path], list[Path]]] = {
    "csv": _write_csv,
    "json": _write_json,
    "xlsx": _write_xlsx,
}
