"""From cells to values: every row of a sheet, and every fault in it once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.exchange.columns import is_filled
from registry.exchange.faults import Fault, Report
from registry.exchange.headers import Layout
from registry.exchange.sheets import Rows, Sheet, Spoilt
from registry.exchange.values import Wrong


@dataclass(slots=True)
class Row:
    """A row's values by field, unknown ones left out.

    `bad` holds the fields that have their fault already, each with the text that
    stands there, so that no second fault follows from the first.
    """

    sheet: Sheet
    number: int
    layout: Layout
    values: dict[str, Any]
    bad: dict[str, str]
    ragged: bool = False

    @property
    def sound(self) -> bool:
        """Whether a record can be made of it."""
        return not (self.bad or self.ragged or self.layout.missing)

    def text(self, field: str) -> Any:
        """The value of a field, or what stands there instead of one."""
        return self.values.get(field, self.bad.get(field))

    def fault(self, report: Report, field: str, value: str | None, reason: tuple[str, str]) -> None:
        """Add a fault of one cell. What a mapping says of every row has its fault once, of no row."""
        self.bad[field] = value or ""
        if not self.ragged:
            number = None if field in self.layout.constants else self.number
            report.fault(Fault(self.sheet.file, number, self.layout.headers[field], value, *reason))


def rows_of(sheet: Sheet, layout: Layout, empty: frozenset[str], report: Report) -> Iterator[Row]:
    """The rows, the ragged ones too: others may refer to what they were meant to be."""
    count, ragged = 0, dict[int, tuple[int, bool]]()
    for number, cells, last in _with_last(sheet.rows):
        count += 1
        row = Row(sheet, number, layout, dict(layout.constants), dict.fromkeys(layout.meant, ""))
        short = len(cells) < layout.width
        if short or len(cells) > layout.widest or any(map(str.strip, cells[layout.width :])):
            row.ragged = True
            ragged[number] = (len(cells), short and last)
            # Whole rows that lost their line end and became part of this one.
            sheet.lost += max(0, (len(cells) + 1) // max(layout.width, 2) - 1)
        _read(row, cells + [""] * layout.width if short else cells, empty, report)
        _check_required(row, report)
        if last and (short or (row.bad and not sheet.ended)):
            sheet.cut = True
        yield row
    sheet.cut = sheet.cut or not (count or sheet.ended)
    _fault_ragged(sheet, layout, ragged, count, report)


def _fault_ragged(
    sheet: Sheet, layout: Layout, ragged: dict[int, tuple[int, bool]], count: int, report: Report
) -> None:
    """A fault for each ragged row; but if most rows are so alike, it is the header that is wrong."""
    widths = Counter(width for width, _ in ragged.values())
    usual, times = widths.most_common(1)[0] if widths else (0, 0)
    header_is_wrong = times * 2 > count and (count > 1 or layout.faulty)
    if header_is_wrong and not layout.faulty:
        zh, en = (
            f"表头有 {layout.width} 栏，而各行有 {usual} 个单元格",
            f"the header has {layout.width} columns, rows {usual}",
        )
        report.fault(Fault(sheet.file, sheet.header_row, None, None, zh, en))
    for number, (width, cut) in ragged.items():
        if not (header_is_wrong and width == usual):
            report.fault(Fault(sheet.file, number, None, None, *_ragged(width, layout.width, cut)))


def _with_last(rows: Rows) -> Iterator[tuple[int, list[str], bool]]:
    """The rows, each with whether it is the last."""
    before: tuple[int, list[str]] | None = None
    for row in rows:
        if before is not None:
            yield *before, False
        before = row
    if before is not None:
        yield *before, True


def _read(row: Row, cells: list[str], empty: frozenset[str], report: Report) -> None:
    for cell in row.layout.cells:
        raw = cells[cell.index]
        if type(raw) is Spoilt:
            row.fault(report, cell.field, raw, (raw.zh, raw.en))
            continue
        text = raw.strip()
        if cell.translated:
            text = cell.translated.get(text, text)
        if not text or text in empty:
            if cell.closes:
                row.fault(
                    report, cell.field, None, ("不能为空；这一行是否被截断？", "must be filled: was this row cut off?")
                )
            continue
        try:
            row.values[cell.field] = cell.read(text)
        except ValueError as error:
            reason = (error.zh, error.en) if isinstance(error, Wrong) else cell.expected
            row.fault(report, cell.field, text, reason)


def _check_required(row: Row, report: Report) -> None:
    for column in row.layout.required:
        field = column.field or ""
        if field not in row.values and not is_filled(column, row.values) and not is_filled(column, row.bad):
            row.fault(report, field, None, ("必填", "is required"))


def _ragged(cells: int, width: int, cut: bool) -> tuple[str, str]:
    zh, en = f"这一行有 {cells} 个单元格，表头有 {width} 栏", f"this row has {cells} cells, the header {width}"
    return (f"{zh}；文件似乎在此被截断", f"{en}: the file seems to be cut off here") if cut else (zh, en)
