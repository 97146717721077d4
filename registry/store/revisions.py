"""The registry's revision: one more with every published change, in the change's own transaction."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.store.tables import revisions


@dataclass(frozen=True, slots=True)
class Revision:
    """A published state of the registry. Number 0: nothing was ever published."""

    number: int
    published_at: datetime | None = None


def current_revision(connection: Connection) -> Revision:
    """The newest revision."""
    newest = sa.select(revisions.c.number, revisions.c.published_at).order_by(revisions.c.number.desc()).limit(1)
    row = connection.execute(newest).first()
    return Revision(row.number, row.published_at) if row else Revision(0)


def add_revision(connection: Connection, actor: str, summary: str) -> Revision:
    """The next revision, written by a writer that holds the writers' lock."""
    revision = Revision(current_revision(connection).number + 1, datetime.now(UTC))
    connection.execute(
        revisions.insert().values(
            number=revision.number, published_at=revision.published_at, actor=actor, summary=summary
        )
    )
    return revision
