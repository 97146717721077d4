"""Workbooks out: plain text cells and nothing else, written as they come.

A library that knows formulas, styles and types has to be talked out of each for
every cell, and takes ten times as long. What Excel needs of a workbook of texts is
on this page.
"""

import re
import zipfile
from collections.abc import Iterable
from functools import cache
from typing import BinaryIO
from xml.sax.saxutils import escape

from registry.errors import RefusedInput

LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
# Excel takes _x0041_ in a text for the letter with that number; so its underscore
# is written as such a number.
NUMBERED_LETTER = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Format 49 is "text": a code typed into any cell keeps its zeros.
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="49"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
# The header stays in sight.
SHEET_HEAD = (
    f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
    ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)


def write_workbook(file: BinaryIO, sheets: Iterable[tuple[str, Iterable[list[str]]]]) -> None:
    """Write sheets of texts, each a name and its rows; an empty text is an empty cell.

    The same texts give the same bytes. Raises RefusedInput for what Excel can't hold.
    """
    names: list[str] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, rows in sheets:
            names.append(name)
            with archive.open(_part(f"xl/worksheets/sheet{len(names)}.xml"), "w", force_zip64=True) as part:
                part.write((HEAD + SHEET_HEAD).encode())
                for number, row in enumerate(rows, start=1):
                    part.write(_row(name, number, row).encode())
                part.write(b"</sheetData></worksheet>")
        for path, text in _frame(names).items():
            archive.writestr(_part(path), HEAD + text)


@cache
def column_letters(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


def _row(sheet: str, number: int, row: list[str]) -> str:
    if number > MOST_ROWS or any(len(text) > LONGEST_CELL for text in row):
        raise RefusedInput(
            f"{sheet} 第 {number} 行超出 Excel 的限度；请导出 csv",
            f"row {number} of {sheet} is beyond what Excel can hold; export csv instead",
        )
    cells = "".join(_cell(f"{column_letters(index)}{number}", text) for index, text in enumerate(row) if text)
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'


def _escaped(text: str) -> str:
    return escape(NUMBERED_LETTER.sub("_x005F_", text) if "_x" in text else text)


def _frame(names: list[str]) -> dict[str, str]:
    """The parts around the sheets."""
    numbered = list(enumerate(names, start=1))
    sheets = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{TYPE}.worksheet+xml"/>' for n, _ in numbered
    )
    return {
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
            f"<sheets>{sheets}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
            f'<Relationship Id="rId0" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": STYLES,
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>'
        ),
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>{types}</Types>'
        ),
    }


def _part(path: str) -> zipfile.ZipInfo:
    """A part with the earliest time there is: when it was written is nobody's concern."""
    part = zipfile.ZipInfo(path)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
