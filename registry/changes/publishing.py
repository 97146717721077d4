"""What every change begins and ends with: one transaction, a permission, an entry in the audit log, a revision."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from registry.access import Actor, Forbidden
from registry.announcements import told
from registry.audit import Entry
from registry.store.announcements import announce
from registry.store.audit import write_entries
from registry.store.connect import writing
from registry.store.revisions import Revision, add_revision


@contextmanager
def changing(engine: Engine | Connection, actor: Actor) -> Iterator[Connection]:
    """The transaction of one change. One that is forbidden leaves nothing but an entry saying so.

    Given the connection of a change under way, it is part of that one: several changes
    together are all or none. Raises StoreUnreachable.
    """
    if isinstance(engine, Connection):
        yield engine
        return
    try:
        with writing(engine) as connection:
            yield connection
    except Forbidden as refused:
        with writing(engine) as connection:
            tried = {"permission": refused.permission.name}
            write_entries(connection, None, actor, [Entry("refuse", refused.kind, refused.subject, None, tried)])
        raise


def publish(connection: Connection, actor: Actor, summary: str, entries: Iterable[Entry]) -> Revision:
    """Make the change one that readers see, that the log tells of and outsiders are told of, in its own transaction.

    Outsiders are told the summary and which records changed; nothing else of the entries.
    """
    entries = list(entries)
    revision = add_revision(connection, actor.name, summary)
    write_entries(connection, revision, actor, entries)
    announce(connection, revision, told(entries))
    return revision
