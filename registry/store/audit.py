"""The audit log: written with the change it tells of, never changed afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.access import Actor
from registry.audit import Entry
from registry.chain import Broken, Head, Row, breaks, linked
from registry.store.revisions import Revision
from registry.store.tables import audit, audit_head

PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Sought:
    """Which rows of the log; nothing given is all. `since` is included, `until` is not."""

    actor: str | None = None
    action: str | None = None
    kind: str | None = None
    subject: str | None = None
    request: str | None = None
    revision: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def write_entries(connection: Connection, revision: Revision | None, actor: Actor, entries: Iterable[Entry]) -> None:
    """Add the entries of one change, in the change's own transaction. No revision: readers see nothing of it.

    The writers' lock, which every change holds, is what keeps the chain one line.
    """
    at = (revision.published_at if revision else None) or datetime.now(UTC)
    number = revision.number if revision else None
    said = (
        Row(0, number, at, actor.name, actor.request, each.action, each.kind, each.subject, each.before, each.after)
        for each in entries
    )
    head = chain_head(connection)
    rows = list(linked(said, head or Head()))
    if rows:
        # Not asdict: it copies all that `before` and `after` hold, which takes longer than all the rest.
        connection.execute(audit.insert(), [{name: getattr(row, name) for name in Row.__slots__} for row in rows])
        end = {"last": rows[-1].id, "hash": rows[-1].hash}
        connection.execute(audit_head.update().values(end) if head else audit_head.insert().values(id=1, **end))


def chain_head(connection: Connection) -> Head | None:
    """The end of the chain as it is recorded; None: nothing was ever written."""
    row = connection.execute(sa.select(audit_head.c.last, audit_head.c.hash)).first()
    return Head(*row) if row else None


def chain_breaks(connection: Connection, noted: str | None = None) -> Iterator[Broken]:
    """Every place where the log was tampered with; `noted` is a hash that was written down earlier."""
    rows = connection.execute(sa.select(audit).order_by(audit.c.id).execution_options(yield_per=PAGE))
    return breaks((Row(*row) for row in rows), chain_head(connection), noted)


def rows_sought(
    connection: Connection, sought: Sought, *, before: int | None = None, first: int | None = None
) -> Iterator[Row]:
    """Rows, the newest first: those older than the row `before`, `first` of them at the most."""
    found = sa.select(audit).where(*_conditions(sought)).order_by(audit.c.id.desc()).limit(first)
    if before is not None:
        found = found.where(audit.c.id < before)
    if first is None:
        found = found.execution_options(yield_per=PAGE)
    return (Row(*row) for row in connection.execute(found))


def count_sought(connection: Connection, sought: Sought) -> int:
    """How many rows there are of these."""
    found = sa.select(sa.func.count()).select_from(audit).where(*_conditions(sought))
    return int(connection.scalar(found) or 0)


def subjects_since(connection: Connection, kind: str, revision: int) -> frozenset[str]:
    """The records of one kind that were changed after a revision."""
    found = sa.select(audit.c.subject).where(audit.c.kind == kind, audit.c.revision > revision)
    return frozenset(connection.scalars(found))


def _conditions(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    equal: Mapping[str, Any] = {
        name: value for name, value in asdict(sought).items() if value is not None and name not in ("since", "until")
    }
    yield from (audit.c[name] == value for name, value in equal.items())
    if sought.since is not None:
        yield audit.c.at >= sought.since
    if sought.until is not None:
        yield audit.c.at < sought.until
