"""XLSX in: each sheet of a workbook, cells as the texts a person sees."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from registry.exchange.faults import Report
from registry.exchange.sheets import Sheet, Spoilt, with_header

# A workbook unpacks to some ten times its size; one made to exhaust memory, to thousands.
LARGEST_UNPACKED = 4 * 1024**3
# Excel keeps fifteen digits of a number.
EXACT = 10**15

CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
VALUE = re.compile(rb"<v>(.+?)</v>")

# What reading a damaged archive raises, here and there.
BROKEN = (
    zipfile.BadZipFile, CalamineError, KeyError, OSError, EOFError, zlib.error, ValueError, NotImplementedError,
    RuntimeError,
)  # fmt: skip

# By row and column, from 0, what a spoilt cell shows.
Damage = dict[int, dict[int, str]]


def xlsx_sheets(file: str, data: bytes, report: Report) -> list[Sheet] | None:
    """The workbook's visible sheets; None, and a fault, if it can't be read at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                report.file(file, "展开后过大", "is too large when unpacked")
                return None
            damage = _damage(archive)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        return [_sheet(file, name, workbook, damage.get(name, {})) for name in names]
    except PasswordError:
        report.file(file, "有密码保护；请去掉密码", "is protected by a password; take it off")
    except BROKEN as error:
        report.file(
            file,
            "不是完整的 XLSX 工作簿，文件似乎被截断或损坏",
            f"is not a whole XLSX workbook; it seems to be cut off or damaged ({error})",
        )
    return None


def _sheet(file: str, name: str, workbook: CalamineWorkbook, damage: Damage) -> Sheet:
    cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    number, header, rows = with_header(_rows(cells, damage))
    return Sheet(f"{file}#{name}", name, header, rows, header_row=number)


def _rows(cells: list[list[Any]], damage: Damage) -> Iterator[tuple[int, list[str]]]:
    for index, row in enumerate(cells):
        texts = [value if type(value) is str else _text(value) for value in row]
        for column, shown in damage.get(index, {}).items():
            texts[column] = Spoilt.because(shown, "公式没有结果", "the formula has no result")
        yield index + 1, texts


def _text(value: Any) -> str:
    match value:
        case bool():
            return "是" if value else "否"
        case float() if abs(value) >= EXACT:
            return Spoilt.because(
                f"{value:.0f}",
                "超过 15 位的数字在表格中已失真；请把这一列设为文本",
                "a number of more than 15 digits has lost some; make the column text",
            )
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return str(value.date() if value.time() == time() else value)
        case date() | time() | timedelta():
            return str(value)
    return str(value)


def _damage(archive: zipfile.ZipFile) -> dict[str, Damage]:
    """By sheet and cell, the formulas that came to nothing: to the reader of cells they are empty ones."""
    targets = {
        _attribute(relation, "Id"): _attribute(relation, "Target")
        for relation in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode())
    }
    found: dict[str, Damage] = {}
    for sheet in SHEET.findall(archive.read("xl/workbook.xml").decode()):
        target = targets.get(_attribute(sheet, "r:id"), "").removeprefix("/xl/").removeprefix("/")
        path = f"xl/{target}"
        if path in archive.namelist():
            found[html.unescape(_attribute(sheet, "name"))] = _damaged_cells(archive.read(path))
    return found


def _damaged_cells(xml: bytes) -> Damage:
    found: Damage = {}
    if b't="e"' not in xml and b"<f" not in xml:
        return found
    for attributes, content in CELL.findall(xml):
        error = b't="e"' in attributes
        value = VALUE.search(content)
        place = REFERENCE.search(attributes)
        if place and (error or (b"<f" in content and value is None and b't="str"' not in attributes)):
            row = found.setdefault(int(place[2]) - 1, {})
            row[_column(place[1])] = value[1].decode() if value else "="
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return found[1] if found else ""
