"""`--set field=value`: a bundle's fields as files write them, so that what `export` wrote can be typed back."""

import re
from dataclasses import replace
from typing import Any

from registry.bundles import Bundle
from registry.editing.edits import SetField
from registry.errors import RegistryError
from registry.exchange.columns import BUNDLES, Column
from registry.exchange.values import Wrong
from registry.matters import TimeLimit
from registry.words import LimitUnit

LIMIT = re.compile(r"(\d{1,7})\s*(.+)")
LISTS = ("cooperating_departments", "life_stages", "forms", "keywords")
PLAIN = ("code", "version", "illustrative")  # what a file holds and nobody sets


class BadSetting(RegistryError):
    """A --set that names no field, or gives it a value it can't have."""


def read_setting(text: str, bundle: Bundle) -> SetField:
    """The operation meant by `field=value`; an empty value is unknown, or an empty list. Raises BadSetting.

    Fields go by their column's header, field or alias: forms=网上办^掌上办, after.visits=0, promised_limit=5工作日.
    """
    name, found, value = (part.strip() for part in text.partition("="))
    if not found:
        raise BadSetting(f"“{text}”应形如 field=value", f"“{text}” is not field=value")
    if name == "promised_limit":
        return SetField(name, _limit(value) if value else None)
    column = _column(name)
    field, _, part = str(column.field).partition(".")
    read = _read(column, value) if value else None
    if field in ("before", "after"):
        effort: dict[str, Any] = {part: read}
        return SetField(field, replace(getattr(bundle, field), **effort))
    return SetField(field, () if read is None and field in LISTS else read)


def _column(name: str) -> Column:
    settable = [
        column for column in BUNDLES if column.field and not column.field.startswith(("promised_limit", *PLAIN))
    ]
    for column in settable:
        if name in (column.header, column.field, *column.aliases):
            return column
    known = ", ".join(["promised_limit", *(str(column.field) for column in settable)])
    raise BadSetting(f"没有“{name}”一项；可设置 {known}", f"there is no “{name}”; these can be set: {known}")


def _read(column: Column, value: str) -> Any:
    try:
        return column.form.read(value)
    except ValueError as error:
        zh = error.zh if isinstance(error, Wrong) else f"应为{column.form.zh}"
        en = error.en if isinstance(error, Wrong) else f"expected {column.form.en}"
        raise BadSetting(f"{column.field}=“{value}”：{zh}", f"{column.field}=“{value}”: {en}") from None


def _limit(text: str) -> TimeLimit:
    if text in ("即办", "0"):
        return TimeLimit(0, LimitUnit.WORKING_DAY)
    match = LIMIT.fullmatch(text)
    unit = LimitUnit.read(match[2].strip()) or LimitUnit.read(match[2].strip().removesuffix("s")) if match else None
    if match is None or unit is None:
        raise BadSetting(
            f"时限“{text}”应形如 5工作日、1月、即办", f"write a limit as 5工作日, 1 month or 即办, not “{text}”"
        )
    return TimeLimit(int(match[1]), unit)
