"""CSV in: UTF-8, with or without the mark that Excel puts first, or the encoding that is named."""

import codecs
import csv
import io
from collections.abc import Iterator

from registry.exchange.faults import Fault, Report
from registry.exchange.sheets import Sheet, with_header

# The letters that only three and more bytes of UTF-8 make; GBK that passes for UTF-8
# by chance passes as two-byte letters.
FIRST_OF_THREE_BYTES = 0x800
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def csv_sheet(file: str, data: bytes, encoding: str | None, delimiter: str, report: Report) -> Sheet | None:
    """The file's one sheet; None, and a fault, if it can't be read at all. The caller names it."""
    text = decoded(file, data, encoding, report)
    if text is None:
        return None
    if not text.strip():
        report.file(file, "文件是空的", "the file is empty")
        return None
    ended = text[-1] in "\r\n"
    if not ended and len(text.strip().splitlines()) == 1:
        report.file(file, "文件在表头处被截断", "the file ends in the middle of its header")
        return None
    if not ended:
        report.warning(
            file,
            "最后一行没有换行符，请确认文件完整",
            "the last line has no line end; make sure that the file is whole",
        )
    sheet = Sheet(file, "", [], (), ended=ended)
    rows = _rows(sheet, text, delimiter, report)
    sheet.header_row, sheet.header, sheet.rows = with_header(rows)
    if sheet.lost or sheet.cut:
        # The header itself could not be read, so nothing after it means anything.
        return None
    if len(sheet.header) == 1 and delimiter == "," and (other := next((d for d in "\t;|" if d in sheet.header[0]), "")):
        report.file(
            file, f"分隔符似乎是 {other!r}；请在映射文件中写 delimiter", f"is separated by {other!r}: map `delimiter`"
        )
        return None
    return sheet


def decoded(file: str, data: bytes, encoding: str | None, report: Report) -> str | None:
    """The text; None, and a fault that says what the encoding probably is."""
    name = encoding or "utf-8"
    try:
        codec = "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name
        return data.decode(codec)
    except LookupError:
        report.file(file, f"没有名为“{encoding}”的编码", f"there is no encoding called {encoding}")
    except UnicodeDecodeError as error:
        report.file(file, *_misread(data, name, error))
    except UnicodeError as error:
        report.file(file, f"不是 {name} 编码：{error}", f"is not in {name}: {error}")
    return None


def _misread(data: bytes, name: str, error: UnicodeDecodeError) -> tuple[str, str]:
    line = data.count(b"\n", 0, error.start) + 1
    if error.end >= len(data) and "end" in error.reason:
        return "文件在一个字符中间被截断", f"the file is cut off in the middle of a letter, in line {line}"
    if guess := next((guess for mark, guess in MARKS.items() if data.startswith(mark)), None):
        return f"看来是 {guess} 编码；请使用 --encoding {guess}", f"looks like {guess}: give --encoding {guess}"
    before = data[: error.start].decode(name, "ignore")
    if name == "utf-8" and not any(ord(letter) >= FIRST_OF_THREE_BYTES for letter in before) and _is_gbk(data):
        return (
            "不是 UTF-8，看来是 GBK 编码；请使用 --encoding gbk",
            "is not UTF-8 but looks like GBK: give --encoding gbk",
        )
    return f"第 {line} 行有不是 {name} 的字节", f"line {line} has bytes that are not {name}"


def _is_gbk(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("gb18030")().decode(data[:1_000_000])
    except UnicodeDecodeError:
        return False
    return True


def _rows(sheet: Sheet, text: str, delimiter: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            zh, en, goes_on = _explained(str(error))
            report.fault(Fault(sheet.file, number, None, None, zh, en))
            if not goes_on:
                sheet.cut = True
                return
            sheet.lost += 1
            continue
        yield number, cells


def _explained(error: str) -> tuple[str, str, bool]:
    """What the reader of CSV means, and whether the rows after it can still be told apart."""
    if "unexpected end" in error:
        return "引号没有闭合，文件似乎被截断", "a quotation mark is never closed: the file seems to be cut off", False
    if "expected after" in error:
        return "引号之后应为分隔符或行尾", "after a closing quotation mark comes a delimiter or the line's end", True
    if "field limit" in error:
        return "单元格过长（是否有引号没有闭合？）", "a cell is too long (is a quotation mark not closed?)", False
    return f"无法读取：{error}", error, False
