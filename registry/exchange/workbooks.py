"""Workbooks out: cells of plain text, so that codes keep their zeros and nothing is read as a formula."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

from registry.errors import RefusedInput

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
# When it was written is nobody's concern: the same texts give the same bytes.
ALWAYS = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_workbook(file: BinaryIO, sheets: Iterable[tuple[str, Iterable[list[str]]]]) -> None:
    """Write sheets of texts, each a name and its rows; an empty text is an empty cell.

    Raises RefusedInput for what Excel can't hold.
    """
    # Each row goes to the disk as it is written: a large export takes no memory.
    with Workbook(file, {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": ALWAYS})
        text = workbook.add_format({"num_format": "@"})
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 200, None, text)
            for number, row in enumerate(rows):
                _must_fit(name, number, row)
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell, text)


def _must_fit(sheet: str, number: int, row: list[str]) -> None:
    if number >= MOST_ROWS or any(len(text) > LONGEST_CELL for text in row):
        raise RefusedInput(
            f"{sheet} 第 {number + 1} 行超出 Excel 的限度；请导出 csv",
            f"row {number + 1} of {sheet} is beyond what Excel can hold; export csv instead",
        )
