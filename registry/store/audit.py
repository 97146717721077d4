"""The audit log: written with the change it tells of, never changed afterwards."""

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.access import Actor
from registry.audit import Entry
from registry.store.revisions import Revision
from registry.store.tables import audit


def write_entries(connection: Connection, revision: Revision | None, actor: Actor, entries: Iterable[Entry]) -> None:
    """Add the entries of one change, in the change's own transaction. No revision: readers see nothing of it."""
    at = (revision and revision.published_at) or datetime.now(UTC)
    rows = [
        {
            "revision": revision and revision.number, "at": at, "actor": actor.name, "action": entry.action, "kind": entry.kind,
            "subject": entry.subject, "before": entry.before, "after": entry.after,
        }
        for entry in entries
    ]  # fmt: skip
    connection.execute(audit.insert(), rows)


def subjects_since(connection: Connection, kind: str, revision: int) -> frozenset[str]:
    """The records of one kind that were changed after a revision."""
    found = sa.select(audit.c.subject).where(audit.c.kind == kind, audit.c.revision > revision)
    return frozenset(connection.scalars(found))
