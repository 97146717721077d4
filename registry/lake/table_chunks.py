"""XLSX and Parquet in, as texts like those of a CSV file."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from registry.exchange.faults import Fault, RefusedFiles
from registry.lake.chunks import Chunk, Layout, Readings, Spoilt, refused
from registry.lake.reasons import REASONS

ROWS = 50_000
# Excel keeps fifteen digits of a number.
EXACT = 10**15
CITY_ZONE = "Asia/Shanghai"

Row = tuple[int, list[str]]


def xlsx_readings(path: Path, layout_of: Callable[[list[str]], Layout]) -> Readings:
    """The chunks of a workbook's one sheet that isn't empty. A sheet has a million rows at most, held as a whole."""
    rows = _sheet(path)
    _, header = next(rows, (0, []))
    if not header:
        raise refused(path.name, "文件是空的", "the file is empty")
    layout = layout_of([cell.strip() for cell in header])
    while taken := list(islice(rows, ROWS)):
        chunk = _chunk(taken, layout)
        yield partial(_same, chunk), path.stat().st_size


def parquet_readings(path: Path, layout_of: Callable[[list[str]], Layout]) -> Readings:
    """The file's chunks. The first record is row 1."""
    try:
        file = pq.ParquetFile(path)
        header = file.schema_arrow.names
        layout = layout_of(list(header))
        wanted = [header[place] for place in layout.places]
        row = 1
        for batch in file.iter_batches(ROWS, columns=wanted):
            columns = {layout.places[place]: _read(path, header[place], batch) for place in layout.places}
            chunk = Chunk(pa.array(range(row, row + len(batch)), pa.int64()), columns)
            yield partial(_same, chunk), path.stat().st_size
            row += len(batch)
    except pa.ArrowException as error:
        raise refused(path.name, "不是完整的 Parquet 文件", f"is not a whole Parquet file ({error})") from None


def _same(chunk: Chunk) -> Chunk:
    return chunk


def _read(path: Path, name: str, batch: pa.RecordBatch) -> pa.Array:
    """A column as texts. Raises RefusedFiles for one that can't be."""
    column = batch.column(name)
    if pa.types.is_floating(column.type) and pc.any(pc.greater_equal(pc.abs(column), float(EXACT))).as_py():
        raise RefusedFiles([Fault(path.name, None, name, None, *REASONS["lost_digits"])])
    try:
        return _texts(column)
    except pa.ArrowException:
        zh, en = f"{column.type} 类型的栏无法读取；请改为文本", f"can't be read as {column.type}: make it text"
        raise RefusedFiles([Fault(path.name, None, name, None, zh, en)]) from None


def _texts(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        if kind.tz:
            column = pc.local_timestamp(column.cast(pa.timestamp("us", CITY_ZONE)))
        column = column.cast(pa.timestamp("s"), safe=False).cast(pa.string())
    elif pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        if pc.all(pc.equal(pc.floor(column), column)).as_py():
            column = column.cast(pa.int64())
    texts = column.cast(pa.string()).fill_null("")
    return pc.replace_substring_regex(texts, r"\.0*$", "") if pa.types.is_decimal(kind) else texts


def _sheet(path: Path) -> Iterator[Row]:
    """The rows of the one sheet that isn't empty, blank ones left out, each with its number."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise refused(path.name, "有密码保护；请去掉密码", "is protected by a password; take it off") from None
    except (CalamineError, OSError) as error:
        raise refused(path.name, "不是完整的 XLSX 工作簿", f"is not a whole XLSX workbook ({error})") from None
    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets = [workbook.get_sheet_by_name(name) for name in names]
    filled = [sheet for sheet in sheets if sheet.height]
    if len(filled) > 1:
        raise refused(path.name, "有多个工作表；请只留一个", "has more than one sheet; leave one only")
    for sheet in filled:
        number, _ = sheet.start or (0, 0)
        for values in sheet.iter_rows():
            number += 1
            cells = [_text(value) for value in values]
            if any(cell and not cell.isspace() for cell in cells):
                yield number, cells


def _chunk(rows: list[Row], layout: Layout) -> Chunk:
    spoilt: list[Spoilt] = []
    kept: list[Row] = []
    for number, cells in rows:
        lost = next((place for place in layout.places if _is_lost(cells[place])), None)
        if lost is not None:
            spoilt.append(Spoilt(number, layout.places[lost], cells[lost].removesuffix(LOST), "lost_digits"))
        else:
            kept.append((number, cells))
    columns = {
        name: pa.array([cells[place] for _, cells in kept], pa.string()) for place, name in layout.places.items()
    }
    return Chunk(pa.array([number for number, _ in kept], pa.int64()), columns, spoilt)


LOST = "\x00"


def _is_lost(cell: str) -> bool:
    return cell.endswith(LOST)


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case bool():
            return "是" if value else "否"
        case float() if abs(value) >= EXACT:
            return f"{value:.0f}{LOST}"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.isoformat(" ", "seconds")
        case date() | time() | timedelta():
            return str(value)
    return str(value)
