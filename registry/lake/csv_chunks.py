"""CSV in, of any size: cut into blocks at line ends, each parsed by Arrow on its own.

Arrow's parser is fast and forgiving; where it and the count of lines disagree, or bytes
are not of the encoding, the lines that it stumbles over are read one by one, so that
one bad line costs that line and no other. A row's number is that of the line it begins in.
"""

import codecs
import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from registry.lake.chunks import Chunk, Layout, Readings, Spoilt, refused

BLOCK = 4 * 1024 * 1024
# A value in quotation marks may go on over lines, but not for ever.
LONGEST_VALUE = 64 * 1024
MOST_LINES = 100
SHOWN = 80
DELIMITERS = (";", "\t", "|", ",")
# In these, a byte that is a line end, a comma or a quotation mark is never part of another letter.
PLAIN = ("utf-8", "gbk", "gb2312", "gb18030", "big5", "ascii", "iso8859-1", "cp1252")
Numbers = np.ndarray[Any, np.dtype[np.int64]]
MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written, and what of it is wanted."""

    codec: str
    delimiter: str
    layout: Layout


def csv_readings(
    path: Path, encoding: str | None, delimiter: str, layout_of: Callable[[list[str]], Layout]
) -> Readings:
    """The file's chunks. Raises RefusedFiles if it can't be read as such a file at all."""
    codec = _codec(path, encoding)
    with path.open("rb") as raw, _unpacked(path, raw) as source:
        try:
            line, head = _header(path, source, codec, delimiter)
            dialect = Dialect(codec, delimiter, layout_of(head))
            first = True
            for block in _blocks(source):
                if first:
                    _probably(path, block, codec)
                    first = False
                lines = block.count(b"\n") + (not block.endswith(b"\n"))
                yield partial(_chunk, block, range(line, line + lines), dialect), raw.tell()
                line += lines
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise refused(path.name, "压缩文件不完整或损坏", f"the gzip file is cut off or damaged ({error})") from None


def _chunk(block: bytes, lines: range, dialect: Dialect) -> Chunk:
    return _fast(block, np.arange(lines.start, lines.stop), dialect) or _slow(block, lines.start, dialect)


def _codec(path: Path, encoding: str | None) -> str:
    try:
        name = codecs.lookup(encoding or "utf-8").name
    except LookupError:
        raise refused(path.name, f"没有名为“{encoding}”的编码", f"there is no encoding called {encoding}") from None
    if name not in PLAIN:
        raise refused(
            path.name, f"不支持 {encoding}；请转为 UTF-8 或 GBK", f"{encoding} is not supported: make it UTF-8 or GBK"
        )
    # GB 18030 holds the other two, and the letters that offices write in them all the same.
    return "gb18030" if name in ("gbk", "gb2312") else name


def _unpacked(path: Path, raw: IO[bytes]) -> IO[bytes]:
    return gzip.GzipFile(fileobj=raw, mode="rb") if path.suffix.lower() == ".gz" else raw  # type: ignore[return-value]


def _header(path: Path, source: IO[bytes], codec: str, delimiter: str) -> tuple[int, list[str]]:
    """The number of the line after the header, and the header's cells."""
    number = 0
    while line := source.readline(LONGEST_VALUE):
        if mark := next((name for mark, name in MARKS.items() if line.startswith(mark)), None):
            raise refused(path.name, f"看来是 {mark} 编码；请转为 UTF-8", f"looks like {mark}: make it UTF-8")
        line = line.removeprefix(codecs.BOM_UTF8)
        number += 1
        if line.strip():
            if b"\r" in line.rstrip(b"\r\n"):
                raise refused(
                    path.name, "每行以单独的回车结尾；请另存为换行结尾", "has lone carriage returns for line ends"
                )
            try:
                cells = next(csv.reader([line.decode(codec)], delimiter=delimiter, strict=True))
            except UnicodeDecodeError:
                raise refused(path.name, *_other_encoding(line, codec)) from None
            except csv.Error as error:
                raise refused(path.name, f"无法读取表头：{error}", f"the header can't be read: {error}") from None
            _refuse_oddities(path, line, cells, delimiter)
            return number + 1, [cell.strip() for cell in cells]
    raise refused(path.name, "文件是空的", "the file is empty")


def _refuse_oddities(path: Path, line: bytes, cells: list[str], delimiter: str) -> None:
    """Refuse a header that says of the whole file that it is something else, rather than each of its columns."""
    if b"\x00" in line:
        raise refused(path.name, "不是文本，或是 UTF-16 编码；请转为 UTF-8", "is no text, or UTF-16: make it UTF-8")
    mark = next((mark for mark in DELIMITERS if mark in cells[0] and mark != delimiter), None)
    if len(cells) == 1 and mark:
        shown = mark.replace("\t", "\\t")
        raise refused(
            path.name,
            f'各栏看来以“{shown}”分隔；请在映射文件中写 delimiter = "{shown}"',
            f'its columns seem to be parted by “{shown}”: write delimiter = "{shown}" in a mapping',
        )


def _probably(path: Path, block: bytes, codec: str) -> None:
    """Refuse a file whose encoding is another one, rather than every row of it."""
    lines = block[:LONGEST_VALUE].splitlines()
    foreign = [line for line in lines if not _is_in(line, codec)]
    if lines and len(foreign) * 2 > len(lines):
        raise refused(path.name, *_other_encoding(foreign[0], codec))


def _other_encoding(line: bytes, codec: str) -> tuple[str, str]:
    if codec == "utf-8" and _is_in(line, "gb18030"):
        return (
            "不是 UTF-8，看来是 GBK 编码；请使用 --encoding gbk",
            "is not UTF-8 but looks like GBK: give --encoding gbk",
        )
    return f"不是 {codec} 编码", f"is not in {codec}"


def _is_in(line: bytes, codec: str) -> bool:
    with suppress(UnicodeDecodeError):
        line.decode(codec)
        return True
    return False


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    """The rest of the file in blocks that end with a line, and not inside a value in quotation marks."""
    rest = b""
    while more := source.read(BLOCK):
        rest += more
        if cut := _cut(rest):
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _cut(block: bytes) -> int:
    """Where the block may end; 0: nowhere yet."""
    cut = block.rfind(b"\n") + 1
    if not cut or b'"' not in block or block.count(b'"', 0, cut) % 2 == 0:
        return cut
    # An odd one out: the last line with an odd number may begin a value that goes on.
    end, furthest = cut, max(cut - LONGEST_VALUE, 0)
    while end > furthest:
        begin = block.rfind(b"\n", 0, end - 1) + 1
        if block.count(b'"', begin, end) % 2:
            return begin or (0 if cut < LONGEST_VALUE else cut)
        end = begin
    return cut


def _fast(block: bytes, lines: Numbers, dialect: Dialect) -> Chunk | None:
    """The block as Arrow parses it, `lines` its lines' numbers; None if it must be read with more care."""
    if block.count(b"\r") != block.count(b"\r\n"):
        # Arrow takes one alone for a line end, which could make up for a line that a quotation mark swallowed.
        return None
    if dialect.codec != "utf-8" or not block.isascii():
        try:
            text = block.decode(dialect.codec)
        except UnicodeDecodeError:
            return None
        block = block if dialect.codec == "utf-8" else text.encode()
    odd: list[tuple[int, int, str]] = []

    def put_aside(row: pa.csv.InvalidRow) -> str:
        odd.append((row.number, row.actual_columns, row.text))
        return "skip"

    try:
        table = _parsed(block, dialect, put_aside)
    except pa.ArrowInvalid:
        return None
    # Of a row with quotation marks Arrow doesn't say whether its cells are too few or its marks are broken.
    if len(table) + len(odd) != len(lines) or any('"' in text for _, _, text in odd):
        return None
    spoilt = [
        Spoilt(
            int(lines[number - 1]),
            "",
            text[:SHOWN],
            "too_few_cells" if width < dialect.layout.width else "too_many_cells",
        )
        for number, width, text in odd
        if text.strip()
    ]
    numbers = np.delete(lines, [number - 1 for number, _, _ in odd])
    columns = {name: table.column(str(place)).combine_chunks() for place, name in dialect.layout.places.items()}
    return Chunk(pa.array(numbers), columns, spoilt)


def _parsed(block: bytes, dialect: Dialect, put_aside: Callable[[pa.csv.InvalidRow], str]) -> pa.Table:
    wanted = [str(place) for place in dialect.layout.places]
    return pa.csv.read_csv(
        pa.py_buffer(block),
        pa.csv.ReadOptions(
            use_threads=False,
            block_size=len(block) + 1,
            column_names=[str(place) for place in range(dialect.layout.width)],
        ),
        pa.csv.ParseOptions(
            delimiter=dialect.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=put_aside,
        ),
        pa.csv.ConvertOptions(
            column_types=dict.fromkeys(wanted, pa.string()),
            include_columns=wanted,
            strings_can_be_null=False,
            check_utf8=False,  # as it was when it was decoded
        ),
    )


def _slow(block: bytes, line: int, dialect: Dialect) -> Chunk:
    """The block with more care: lines that Arrow may stumble over are read one by one, ever more of them if need be."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    special = [index for index, text in enumerate(lines) if b'"' in text or b"\r" in text[:-1] or not text.isascii()]
    broken = [index for index in special if _is_broken(lines[index], dialect.codec)]
    for doubtful in (broken, special, range(len(lines))):
        records, rest = _apart(lines, doubtful, dialect)
        read = _listed(records, line, dialect)
        if not rest:
            return read
        text = b"".join(lines[index] + b"\n" for index in rest)
        if chunk := _fast(text, np.array(rest, np.int64) + line, dialect):
            return _joined(chunk, read)
    raise AssertionError  # of all lines none is left


def _is_broken(line: bytes, codec: str) -> bool:
    """Whether it is in another encoding, or an odd number of quotation marks lets it go on in the next line."""
    return line.count(b'"') % 2 == 1 or not _is_in(line, codec)


def _apart(
    lines: list[bytes], doubtful: Sequence[int], dialect: Dialect
) -> tuple[list[tuple[int, bytes, list[str] | str]], list[int]]:
    """The records that begin with a doubtful line, and the places of the lines that are in none of them."""
    records: list[tuple[int, bytes, list[str] | str]] = []
    rest = np.ones(len(lines), bool)
    for index in doubtful:
        if rest[index]:
            taken, found = _record(lines, index, dialect)
            records.append((index, lines[index], found))
            rest[index : index + taken] = False
    return records, np.flatnonzero(rest).tolist()


def _listed(records: list[tuple[int, bytes, list[str] | str]], line: int, dialect: Dialect) -> Chunk:
    """Records, each with its place, its first line, and its cells or the reason it has none; [] for a blank one."""
    rows = [(line + index, found) for index, _, found in records if found and not isinstance(found, str)]
    spoilt = [
        Spoilt(line + index, "", text.decode(dialect.codec, "replace").strip()[:SHOWN], found)
        for index, text, found in records
        if isinstance(found, str)
    ]
    columns = {
        name: pa.array([cells[place] for _, cells in rows], pa.string())
        for place, name in dialect.layout.places.items()
    }
    return Chunk(pa.array([number for number, _ in rows], pa.int64()), columns, spoilt)


def _joined(one: Chunk, other: Chunk) -> Chunk:
    """Two chunks as one, in the order of their rows."""
    rows = pa.concat_arrays([one.rows, other.rows])
    order = pc.sort_indices(rows)
    columns = {name: pa.concat_arrays([one.columns[name], other.columns[name]]).take(order) for name in one.columns}
    return Chunk(rows.take(order), columns, one.spoilt + other.spoilt)


def _record(lines: list[bytes], index: int, dialect: Dialect) -> tuple[int, list[str] | str]:
    """How many lines the record takes that begins here, and its cells or the reason it has none; [] for a blank one."""
    line = lines[index]
    if line.count(b'"') % 2 == 0:
        return 1, _cells([line], dialect)
    size = len(line)
    for last in range(index + 1, min(index + MOST_LINES, len(lines))):
        size += len(lines[last])
        if size > LONGEST_VALUE:
            break
        if lines[last].count(b'"') % 2:
            found = _cells(lines[index : last + 1], dialect)
            return (1, "broken_quote") if isinstance(found, str) else (last - index + 1, found)
    return 1, "broken_quote"


def _cells(lines: list[bytes], dialect: Dialect) -> list[str] | str:
    try:
        texts = [line.decode(dialect.codec).removesuffix("\r") + "\n" for line in lines]
        # An embedded carriage return would be taken for a line end, and is a fault of its cell.
        records = list(
            csv.reader([text.replace("\r", "\x00") for text in texts], delimiter=dialect.delimiter, strict=True)
        )
    except UnicodeDecodeError:
        return "bad_bytes"
    except csv.Error:
        return "broken_quote"
    if len(records) > 1:
        return "broken_quote"
    cells = records[0] if records else []
    if not any(cell.strip() for cell in cells):
        return []
    if len(cells) != dialect.layout.width:
        return "too_few_cells" if len(cells) < dialect.layout.width else "too_many_cells"
    return cells
