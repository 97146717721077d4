"""The national codes: their forms, and the check digit in those that have one."""

import re
import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

CATALOG = re.compile(r"[0-9W]{12}", re.ASCII)  # a local item may have the letter W
LEVELS = "123456"


def catalog_code(text: str) -> str:
    """基本编码: region 2, type 2, department 2, main item 3, sub-item 3. Raises ValueError."""
    code = _narrow(text)
    if not CATALOG.fullmatch(code):
        raise ValueError(text)
    return code


def task_code(text: str) -> str:
    """实施编码: credit code 18, level 1, 基本编码 12. Raises ValueError."""
    code = _narrow(text)
    try:
        uscc.validate(code[:18])
    except ValidationError:
        raise ValueError(text) from None
    if len(code) != 31 or not code.isascii() or code[18] not in LEVELS:
        raise ValueError(text)
    catalog_code(code[19:])
    return code


def task_handle_item(text: str) -> str:
    """业务办理项编码: 实施编码 31 and two digits. Raises ValueError."""
    code = _narrow(text)
    if len(code) != 33 or not code[31:].isdecimal():
        raise ValueError(text)
    task_code(code[:31])
    return code


# By the name of the scheme, most particular first: that is the order in which one
# of them serves as a matter's code where no code is given.
SCHEMES = {"task_handle_item": task_handle_item, "task_code": task_code, "catalog_code": catalog_code}
EXPECTED = {
    "catalog_code": ("12 位基本编码（数字，本地事项可含字母 W）", "12 digits (a local item may have the letter W)"),
    "task_code": (
        "31 位实施编码：18 位统一社会信用代码、1 位行使层级、12 位基本编码",
        "31 characters: a valid credit code (18), the level (1), the catalogue code (12)",
    ),
    "task_handle_item": (
        "33 位业务办理项编码：31 位实施编码加 2 位序号",
        "33 characters: a valid implementation code (31) and two digits",
    ),
}


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
