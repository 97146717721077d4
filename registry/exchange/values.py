"""How a cell is read and written, one form for each kind of value.

An empty cell never comes here: it means unknown. Reading raises ValueError, or
Wrong where more can be said than what was expected.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from registry.exchange import codes
from registry.exchange.lists import (
    NONE,
    plain,
    read_materials,
    read_texts,
    split,
    write_materials,
    write_texts,
)
from registry.hours import (
    BadHours,
    Hours,
    HoursException,
    format_exception,
    format_hours,
    parse_exception,
    parse_hours,
)
from registry.words import Word

LONGEST_CELL = 100_000
LONGEST_CODE = 80
MOST = 1_000_000
NO_LIMIT: Final = "no limit"

# Line ends and tabs are text; other control characters are damage.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAK = re.compile("[\r\n\t]")
LINE_END = re.compile("\r\n?")
WHOLE = re.compile(r"(\d{1,9})(?:\.0*)?", re.ASCII)
DECIMAL = re.compile(r"[+-]?\d{1,9}(?:\.\d+)?(?:e-?\d{1,3})?", re.ASCII | re.IGNORECASE)
DAY = re.compile(r"(\d{4})(?:-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|(\d\d)(\d\d))(?:[ T]00?:00(?::00(?:\.0+)?)?)?", re.ASCII)
YES, NO = ("是", "1", "true", "y", "yes"), ("否", "0", "false", "n", "no")


class Wrong(ValueError):
    """A value that can't be read, with what is wrong with it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Form:
    """One way of writing values. `zh` and `en` say what is expected; `free`: hardly two cells are alike."""

    zh: str
    en: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    free: bool = False


def text(cell: str) -> str:
    """Free text, several lines if need be."""
    if len(cell) > LONGEST_CELL:
        raise Wrong(f"超过 {LONGEST_CELL} 个字符", f"longer than {LONGEST_CELL} characters")
    if found := CONTROL.search(cell):
        raise Wrong(f"含有控制字符 {found[0]!r}", f"has the control character {found[0]!r}")
    return LINE_END.sub("\n", cell) if "\r" in cell else cell


def code(cell: str) -> str:
    """An opaque code."""
    if len(cell) > LONGEST_CODE or BREAK.search(cell):
        raise ValueError(cell)
    return text(cell)


def code_list(cell: str) -> tuple[str, ...]:
    """Opaque codes."""
    return tuple(code(plain(part)) for part in split(cell, "^") if part)


def text_list(cell: str) -> tuple[str, ...]:
    """Texts."""
    return read_texts(text(cell))


def flag(cell: str) -> bool:
    """Yes or no."""
    answer = narrow(cell).lower()
    if answer not in YES and answer not in NO:
        raise ValueError(cell)
    return answer in YES


def whole(low: int, cell: str) -> int:
    """A whole number; a spreadsheet may have made it 20.0."""
    match = WHOLE.fullmatch(narrow(cell))
    if match is None or not low <= int(match[1]) <= MOST:
        raise ValueError(cell)
    return int(match[1])


def degrees(limit: int, cell: str) -> float:
    """A coordinate, from -limit to limit."""
    match = DECIMAL.fullmatch(narrow(cell))
    number = float(match[0]) if match else math.nan
    if not -limit <= number <= limit:
        raise ValueError(cell)
    return number


def statutory(cell: str) -> int | str:
    """The amount of a statutory limit, or that the law sets none."""
    return NO_LIMIT if cell == NONE else whole(0, cell)


def day(cell: str) -> date:
    """A date: 2020-01-31, 2020/1/31 or 20200131."""
    match = DAY.fullmatch(narrow(cell))
    if match is None:
        raise ValueError(cell)
    year, *rest = (int(part) for part in match.groups() if part)
    return date(year, rest[0], rest[1])


def url(cell: str) -> str:
    """A web address."""
    parts = urlsplit(cell)
    # Asking for the port is how a wrong one is found.
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or (parts.port or 1) < 1:
        raise ValueError(cell)
    if re.search(r"\s", cell):
        raise ValueError(cell)
    return text(cell)


def hours(cell: str) -> Hours:
    """A week's opening hours."""
    try:
        return parse_hours(cell)
    except BadHours as error:
        raise Wrong(f"开放时间“{error}”应如 {HOURS_LIKE}", f"write opening hours as {HOURS_LIKE}") from None


def write_hours(week: Hours) -> str:
    """What `hours` reads. A week in which nothing is ever open is not an empty cell."""
    return format_hours(week) or ";"


def exceptions(cell: str) -> tuple[HoursException, ...]:
    """Dated exceptions from opening hours."""
    return tuple(map(parse_exception, text_list(cell)))


def word(vocabulary: type[Word], cell: str) -> Word:
    """A word by its national code, name in code, Chinese or English."""
    found = vocabulary.read(cell) or vocabulary.read(narrow(cell))
    if found is None:
        raise ValueError(cell)
    return found


def word_list(vocabulary: type[Word], cell: str) -> tuple[Word, ...]:
    """Words separated by ^, comma or semicolon."""
    single = vocabulary.read(cell)
    parts = (part.strip() for part in re.split(r"[\^,，;；]", cell))
    return (single,) if single else tuple(word(vocabulary, part) for part in parts if part)


def narrow(cell: str) -> str:
    """Full-width digits and letters as plain ones, without space around."""
    return cell if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


def one_of(vocabulary: type[Word]) -> Form:
    """The form of a word."""
    expected = vocabulary.expected()
    return Form(expected, expected, partial(word, vocabulary), lambda value: value.zh)


def some_of(vocabulary: type[Word]) -> Form:
    """The form of several words."""
    expected = vocabulary.expected()
    return Form(
        f"以 ^ 分隔的若干项：{expected}",
        f"one or more, separated by ^: {expected}",
        partial(word_list, vocabulary),
        lambda values: "^".join(value.zh for value in values),
    )


def marker(zh: str, en: str) -> Form:
    """The form of a cell that says what the row is, so that a row cut off before it shows."""

    def read(cell: str) -> str:
        if cell not in (zh, en):
            raise ValueError(cell)
        return zh

    return Form(zh, f"{zh} ({en})", read)


def national(scheme: str) -> Form:
    """The form of a national code."""
    return Form(*codes.EXPECTED[scheme], codes.SCHEMES[scheme], free=True)


HOURS_LIKE = "Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00; PH off"

TEXT = Form("文字", "text", text, free=True)
TEXTS = Form("以 ^ 分隔的若干文字", "texts separated by ^", text_list, write_texts, free=True)
CODE = Form(f"不超过 {LONGEST_CODE} 个字符的编码", f"a code of at most {LONGEST_CODE} characters", code, free=True)
CODES = Form("以 ^ 分隔的若干编码", "codes separated by ^", code_list, write_texts)
FLAG = Form("是 或 否", "是 (yes) or 否 (no)", flag, lambda value: "是" if value else "否")
COUNT = Form("不小于 0 的整数", "a whole number from 0", partial(whole, 0))
ORDINAL = Form("不小于 1 的整数", "a whole number from 1", partial(whole, 1))
LIMIT = Form(
    "不小于 0 的整数（0 即当场），或“无”（法律未规定）",
    "a whole number from 0 (0: on the spot), or 无 (the law sets none)",
    statutory,
    lambda value: NONE if value == NO_LIMIT else str(value),
)
DATE = Form("日期，如 2020-01-31", "a date such as 2020-01-31", day, date.isoformat)
URL = Form("以 http:// 或 https:// 开头且有主机名的网址", "an http or https address with a host", url, free=True)
LONGITUDE = Form("-180 至 180 的经度", "degrees from -180 to 180", partial(degrees, 180), repr)
LATITUDE = Form("-90 至 90 的纬度", "degrees from -90 to 90", partial(degrees, 90), repr)
HOURS = Form(f"开放时间，如 {HOURS_LIKE}", f"opening hours such as {HOURS_LIKE}", hours, write_hours)
EXCEPTIONS = Form(
    "以 ^ 分隔的若干例外，如 2020-10-01/2020-10-08 off 国庆节",
    "exceptions separated by ^, such as 2020-10-01/2020-10-08 off 国庆节",
    exceptions,
    lambda values: write_texts(map(format_exception, values)),
)
MATERIALS = Form(
    "以 ^ 分隔的材料，如 居民身份证|电子证照^委托书|原件|部分情形；无需材料写“无”",
    "documents separated by ^, such as 居民身份证|电子证照^委托书|原件|部分情形; 无: none needed",
    lambda cell: read_materials(text(cell)),
    write_materials,
    free=True,
)
