"""A sheet as a workbook: numbers are numbers, shares show as percentages, no text is a formula."""

from typing import Any, BinaryIO

from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

from registry.errors import RefusedInput
from registry.exchange.workbooks import ALWAYS, LONGEST_CELL, MOST_ROWS
from registry.figures.sheet import Cell, Cells, Column, Kind, Sheet

LEAST_WIDTH, MOST_WIDTH = 10, 40
NUMBER_FORMATS = {Kind.SHARE: "0.00%", Kind.WHOLE: "#,##0", Kind.NUMBER: "#,##0.##", Kind.TEXT: "@"}


def write_workbook(sheet: Sheet, file: BinaryIO) -> None:
    """The table on one sheet, the totals in bold, what it rests on on the other.

    Raises RefusedInput for more rows than Excel can hold.
    """
    if len(sheet.rows) >= MOST_ROWS:
        raise RefusedInput(
            f"共 {len(sheet.rows)} 行，超出 Excel 的限度；请用 csv 或 parquet",
            f"{len(sheet.rows)} rows are more than Excel can hold; take csv or parquet",
        )
    # Each row goes to the disk as it is written: a large table takes no memory.
    with Workbook(file, {"constant_memory": True, "in_memory": False}) as workbook:
        # The same answer gives the same bytes.
        workbook.set_properties({"created": ALWAYS})
        _table(workbook, sheet)
        _notes(workbook, sheet)


def _table(workbook: Any, sheet: Sheet) -> None:
    page = workbook.add_worksheet("数据 data")
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    plain = [workbook.add_format(_format(column)) for column in sheet.columns]
    bold = [workbook.add_format(_format(column) | {"bold": True, "top": 1}) for column in sheet.columns]
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, _width(sheet, place))
        page.write_string(0, place, f"{column.zh}\n{column.en}", heading)
    marks = [column.name for column in sheet.columns]
    total = marks.index("total") if "total" in marks else None
    for number, row in enumerate(sheet.rows, start=1):
        formats = bold if total is not None and row[total] else plain
        _row(page, number, row, formats)


def _row(page: Any, number: int, row: Cells, formats: list[Any]) -> None:
    for place, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, bool):
            page.write_boolean(number, place, cell, formats[place])
        elif isinstance(cell, str):
            page.write_string(number, place, cell[:LONGEST_CELL], formats[place])
        else:
            page.write_number(number, place, cell, formats[place])


def _notes(workbook: Any, sheet: Sheet) -> None:
    page = workbook.add_worksheet("说明 notes")
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 2, 80, wrapped)
    texts = [(note.name, note.zh, note.en) for note in sheet.notes]
    texts += [(column.name, column.zh, column.en) for column in sheet.columns]
    for number, line in enumerate(texts):
        for place, text in enumerate(line):
            page.write_string(number, place, text[:LONGEST_CELL], wrapped)


def _format(column: Column) -> dict[str, Any]:
    form = NUMBER_FORMATS.get(column.kind)
    return {"num_format": form} if form else {}


def _width(sheet: Sheet, place: int) -> int:
    """Wide enough for the first rows; a Chinese character is two wide."""
    texts = (_shown(row[place]) for row in sheet.rows[:100])
    widest = max((sum(1 + (ord(letter) > 0x2E80) for letter in text) for text in texts), default=0)
    return min(max(widest + 2, LEAST_WIDTH), MOST_WIDTH)


def _shown(cell: Cell) -> str:
    return "" if cell is None else f"{cell:.4g}" if isinstance(cell, float) else str(cell)
