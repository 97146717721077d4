"""What the audit log keeps of a change: who did what to which record, before and after."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from registry.closures import Closure, Link
from registry.holdings import Record
from registry.hours import Hours, HoursException, format_exception, format_hours
from registry.secret import Secret
from registry.tokens import Token


@dataclass(frozen=True, slots=True)
class Entry:
    """One changed record. `before` is None for a new one, `after` for a removed one.

    Both hold only the fields that differ when the record was there before and after.
    """

    action: str
    kind: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


Audited = Record | Closure | Link | Token


def entry(old: Audited | None, new: Audited | None) -> Entry:
    """The entry for one record's change. Raises ValueError if there is none to record."""
    record = new or old
    if record is None or old == new:
        raise ValueError("no change to record")
    before, after = (None if side is None else plain(side) for side in (old, new))
    if before is not None and after is not None:
        changed = [field for field in after if before[field] != after[field]]
        before = {field: before[field] for field in changed}
        after = {field: after[field] for field in changed}
    action = "add" if old is None else "remove" if new is None else "change"
    return Entry(action, type(record).__name__.lower(), record.code, before, after)


def plain(value: Any) -> Any:
    """A record as JSON can hold it: words by name, dates as ISO texts, unknown left out of records' parts.

    A secret is written nowhere.
    """
    match value:
        case Enum():
            return value.name
        case date():
            return value.isoformat()
        case Hours():
            return format_hours(value)
        case HoursException():
            return format_exception(value)
        case Secret():
            return None
        case tuple():
            return [plain(item) for item in value]
        case frozenset():
            return sorted(plain(item) for item in value)
        case object(__slots__=fields) if fields:
            return {field: plain(getattr(value, field)) for field in fields}
    return value
