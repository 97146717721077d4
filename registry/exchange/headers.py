"""A sheet's header: which of its columns is which of ours."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from registry.exchange.columns import COLUMNS, Column, columns_by_header, folded, is_filled
from registry.exchange.faults import Fault, Report
from registry.exchange.mapping import Mapping, nearest
from registry.exchange.sheets import Sheet

REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a field stands in a sheet's rows, and how it is read there. `translated`: theirs → ours."""

    index: int
    field: str
    header: str
    closes: bool
    expected: tuple[str, str]
    read: Callable[[str], Any]
    translated: dict[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a sheet's rows hold: cells, and what is the same in every row.

    A spreadsheet may write empty cells after the last header, from `width` up to `widest`.
    """

    width: int
    widest: int
    required: tuple[Column, ...]
    cells: tuple[Cell, ...]
    constants: dict[str, Any]
    headers: dict[str, str]  # by field, as the file writes it
    missing: frozenset[str | None]  # required fields without a column; said once, not in every row
    meant: frozenset[str]  # fields of headers that are misspelt: no row has a fault for lack of them
    faulty: bool  # the header has faults


def kind_of(sheet: Sheet, mapping: Mapping) -> str | None:
    """The kind of a sheet: what the mapping says, what its name says, or matters if it has their columns."""
    if mapping.kind or sheet.name in COLUMNS:
        return mapping.kind or sheet.name
    known = columns_by_header("matters")
    headers = [_ours(header, mapping) for header in sheet.header] + list(mapping.constants)
    fields = {known[name].field for name in map(folded, headers) if name in known}
    return "matters" if all(is_filled(c, fields) for c in COLUMNS["matters"] if c.required) else None


def layout_of(sheet: Sheet, kind: str, mapping: Mapping, report: Report) -> Layout:
    """The layout of a sheet, with a fault for each header that is wrong."""
    before = len(report.found)
    found, meant = _columns(sheet, kind, mapping, report)
    constants = _constants(kind, mapping, {column.field for column in found.values()})
    filled = {column.field for column in found.values()} | set(constants)
    required = [column for column in COLUMNS[kind] if column.required]
    missing = [column for column in required if not is_filled(column, filled)]
    for column in missing:
        if not meant & {column.field, *column.instead}:
            reason = "缺少这一栏", "this column is required and missing"
            report.fault(Fault(sheet.file, sheet.header_row, column.header, None, *reason))
    cells = tuple(_cell(index, sheet.header[index], c, kind, mapping) for index, c in found.items() if c.field)
    names = {column.field: column.header for column in COLUMNS[kind] if column.field}
    return Layout(
        width=_width(sheet),
        widest=len(sheet.header),
        required=tuple(column for column in required if column not in missing),
        cells=cells,
        constants=constants,
        headers=names | {cell.field: cell.header for cell in cells},
        missing=frozenset(column.field for column in missing),
        meant=frozenset(field for field in meant if field),
        faulty=len(report.found) > before,
    )


def _constants(kind: str, mapping: Mapping, fields: Collection[str | None]) -> dict[str, Any]:
    """What every row has; a column of the file goes before it."""
    known = columns_by_header(kind)
    columns = {column: value for name, value in mapping.constants.items() if (column := known.get(folded(name)))}
    return {c.field: c.form.read(value) for c, value in columns.items() if c.field and value and c.field not in fields}


def _cell(index: int, header: str, column: Column, kind: str, mapping: Mapping) -> Cell:
    known, form = columns_by_header(kind), column.form
    tables = [table for name, table in mapping.values.items() if known.get(folded(name)) is column]
    return Cell(
        index=index,
        field=column.field or "",
        header=header,
        closes=column.closes,
        expected=(f"应为{form.zh}", f"expected {form.en}"),
        # Few cells of a closed form differ: reading each once is enough.
        read=form.read if form.free else lru_cache(maxsize=REMEMBERED)(form.read),
        translated={theirs: ours for table in tables for theirs, ours in table.items()},
    )


def _columns(sheet: Sheet, kind: str, mapping: Mapping, report: Report) -> tuple[dict[int, Column], set[str | None]]:
    """Columns by their place, and the fields that misspelt headers probably meant."""
    known = columns_by_header(kind)
    found: dict[int, Column] = {}
    meant: set[str | None] = set()
    for index, header in enumerate(sheet.header[: _width(sheet)]):
        ours = folded(_ours(header, mapping))
        if header and not ours:
            continue
        if ours in known:
            found[index] = known[ours]
            continue
        near = nearest(ours, known) if ours else None
        if near:
            meant.add(known[near].field)
        report.fault(Fault(sheet.file, sheet.header_row, header or None, None, *_unknown(index, known, near)))
    _fault_twice(sheet, found, report)
    _warn_of_unkept(sheet, found, report)
    return found, meant


def _fault_twice(sheet: Sheet, found: dict[int, Column], report: Report) -> None:
    by_column: dict[Column, list[str]] = {}
    for index, column in found.items():
        by_column.setdefault(column, []).append(sheet.header[index])
    for column, headers in by_column.items():
        if len(headers) > 1:
            zh = f"与另一栏重复：{'、'.join(headers)} 都是 {column.header}"
            en = f"is there twice: {', '.join(headers)} are all {column.header}"
            report.fault(Fault(sheet.file, sheet.header_row, headers[-1], None, zh, en))


def _unknown(index: int, known: dict[str, Column], near: str | None) -> tuple[str, str]:
    if near:
        header = known[near].header
        return (
            f"不认识这一栏；您是指 {header} 吗？不需要则在映射文件的 ignore 中列出",
            f"unknown column; did you mean {header}? List it under `ignore` in a mapping if it is not wanted",
        )
    return (
        f"不认识第 {index + 1} 栏；请在映射文件中对应到已知的栏，或列入 ignore",
        f"column {index + 1} is unknown; map it to a known one, or list it under `ignore`",
    )


def _warn_of_unkept(sheet: Sheet, found: dict[int, Column], report: Report) -> None:
    unkept = [sheet.header[index] for index, column in found.items() if not column.field]
    if unkept:
        report.warning(
            sheet.file, f"不保存这些栏：{'、'.join(unkept)}", f"these columns are not kept: {', '.join(unkept)}"
        )


def _ours(header: str, mapping: Mapping) -> str:
    ours = mapping.ours(header)
    return header if ours is None else ours


def _width(sheet: Sheet) -> int:
    return max((index + 1 for index, header in enumerate(sheet.header) if header), default=0)
