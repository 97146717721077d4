"""Writing files: what is held, in the form that `reading` reads back exactly.

No cell is changed to keep a spreadsheet from taking it for a formula: exactness
goes first. In a workbook every cell is written as a text, so none is a formula there.
"""

import csv
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

import orjson

from registry.errors import RefusedInput
from registry.exchange.columns import COLUMNS
from registry.exchange.files import WHOLE
from registry.exchange.records import ROWS
from registry.exchange.workbooks import write_workbook
from registry.holdings import Holdings

ExportForm = Literal["csv", "xlsx", "json"]


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


def headers_written(kind: str) -> list[str]:
    """The header of our own files of a kind."""
    return [column.header for column in COLUMNS[kind] if column.written]


def cells(kind: str, holdings: Holdings) -> Iterator[list[str]]:
    """The rows of a kind's file, as texts; empty: unknown."""
    columns = [(column.field or "", column.form.write) for column in COLUMNS[kind] if column.written]
    for values in ROWS[kind](holdings):
        yield ["" if (value := values.get(field)) is None else write(value) for field, write in columns]


def _write_csv(holdings: Holdings, folder: Path) -> list[Path]:
    paths = []
    for kind in COLUMNS:
        path = folder / f"{kind}.csv"
        with replacing(path) as file, _text(file) as text:
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(headers_written(kind))
            writer.writerows(cells(kind, holdings))
        paths.append(path)
    return paths


def _write_json(holdings: Holdings, folder: Path) -> list[Path]:
    path = folder / f"{WHOLE}.json"
    with replacing(path) as file:
        file.write(b"{")
        for index, kind in enumerate(COLUMNS):
            headers = headers_written(kind)
            rows = [{h: cell for h, cell in zip(headers, row, strict=True) if cell} for row in cells(kind, holdings)]
            file.write(b",\n" * (index > 0) + orjson.dumps(kind) + b": [")
            file.write(b",".join(b"\n" + orjson.dumps(row) for row in rows))
            file.write(b"\n]")
        file.write(b"}\n")
    return [path]


def _write_xlsx(holdings: Holdings, folder: Path) -> list[Path]:
    path = folder / f"{WHOLE}.xlsx"
    with replacing(path) as file:
        write_workbook(file, ((kind, chain([headers_written(kind)], cells(kind, holdings))) for kind in COLUMNS))
    return [path]


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
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
