"""What ends every change: its revision, and its entries in the audit log."""

from collections.abc import Iterable

from sqlalchemy import Connection

from registry.audit import Entry
from registry.store.audit import write_entries
from registry.store.revisions import add_revision


def publish(connection: Connection, actor: str, summary: str, entries: Iterable[Entry]) -> None:
    """Make the change one that readers see, and that the log tells of, in the change's own transaction."""
    revision = add_revision(connection, actor, summary)
    write_entries(connection, revision, actor, entries)
