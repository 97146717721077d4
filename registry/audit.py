"""What the audit log keeps of a change: who did what to which record, before and after."""

from dataclasses import dataclass
from typing import Any

from registry.closures import Closure, Link
from registry.holdings import Record
from registry.recorded import plain
from registry.tokens import Token
from registry.webhooks import Webhook


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


Audited = Record | Closure | Link | Token | Webhook


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
