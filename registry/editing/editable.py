"""The values an editor may give to a bundle's fields: only such as a file can carry out and in again unchanged."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from registry.bundles import Effort
from registry.errors import RegistryError
from registry.matters import TimeLimit
from registry.words import Audience, BundleForm, LifeStage, MatterState, Word

TEXT_MAX = 4_000
LIST_MAX = 100
MOST = 1_000_000  # the largest count that files may hold
REQUIRED = ("name", "lead_department", "state")

# Line ends and tabs are text; other control characters are damage, and no database or workbook takes all of them.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

WORDS: dict[str, type[Word]] = {
    "audience": Audience,
    "state": MatterState,
    "life_stages": LifeStage,
    "forms": BundleForm,
}


class BadValue(RegistryError):
    """A value that a field can't have. `field` is the bundle's field, or `condition`, or `members`."""

    code = "BAD_VALUE"

    def __init__(self, field: str, zh: str, en: str) -> None:
        super().__init__(f"{field}：{zh}", f"{field}: {en}")
        self.field = field


def checked(field: str, value: Any, departments: Collection[str]) -> Any:
    """The value as it is kept, of a field that may be edited. Raises BadValue."""
    if field in ("name", "name_en", "summary", "batch", "lead_department"):
        value = checked_text(field, value)
    elif field in ("keywords", "cooperating_departments", "life_stages", "forms"):
        value = _list(field, value)
    elif field in ("before", "after"):
        value = _effort(field, value)
    else:
        _of_type(field, value)
    if value is None and field in REQUIRED:
        raise BadValue(field, "不能为空", "it can't be empty")
    if field in ("lead_department", "cooperating_departments"):
        for code in (value,) if isinstance(value, str) else value:
            if code not in departments:
                raise BadValue(field, f"没有编码为“{code[:80]}”的部门", f"no department has the code “{code[:80]}”")
    return value


def checked_text(field: str, value: str | None) -> str | None:
    """A text as it is kept: without space around it, None if nothing is left."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise _wrong(field, "文字", "text")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > TEXT_MAX:
        raise BadValue(field, f"超过 {TEXT_MAX} 个字符", f"it is longer than {TEXT_MAX} characters")
    if found := CONTROL.search(text):
        raise BadValue(field, f"含有控制字符 {found[0]!r}", f"it has the control character {found[0]!r}")
    return text or None


def _list(field: str, value: Any) -> tuple[Any, ...]:
    """Without repetitions, in the order given."""
    if not isinstance(value, tuple | list):
        raise _wrong(field, "列表", "a list")
    if len(value) > LIST_MAX:
        raise BadValue(field, f"最多 {LIST_MAX} 项", f"it has at most {LIST_MAX} items")
    if field in WORDS:
        if not all(isinstance(item, WORDS[field]) for item in value):
            raise _wrong(field, WORDS[field].expected(), WORDS[field].expected())
        return tuple(dict.fromkeys(value))
    return tuple(dict.fromkeys(filter(None, (checked_text(field, item) for item in value))))


def _effort(field: str, value: Any) -> Effort:
    if not isinstance(value, Effort):
        raise _wrong(field, "步骤、材料、到场、天数", "steps, materials, visits and days")
    for part in Effort.__slots__:
        _count(field, getattr(value, part))
    return value


def _of_type(field: str, value: Any) -> None:
    if value is None:
        return
    if field in WORDS and not isinstance(value, WORDS[field]):
        raise _wrong(field, WORDS[field].expected(), WORDS[field].expected())
    if field in ("effective_from", "effective_to") and not isinstance(value, date):
        raise _wrong(field, "日期", "a date")
    if field == "promised_limit":
        if not isinstance(value, TimeLimit):
            raise _wrong(field, "时限", "a time limit")
        _count(field, value.amount)


def _count(field: str, value: Any) -> None:
    if value is not None and (type(value) is not int or not 0 <= value <= MOST):
        raise BadValue(field, f"应为 0 至 {MOST} 的整数", f"expected a whole number from 0 to {MOST}")


def _wrong(field: str, zh: str, en: str) -> BadValue:
    return BadValue(field, f"应为{zh}", f"expected {en}")
