"""Announcements in and out of their table, which is the outbox: written with the change, read by whoever tells of it."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.announcements import (
    HELD_AT_MOST,
    LISTED_AT_MOST,
    Announcement,
    Changed,
    Recent,
    feed_of,
    new_event,
    recent,
)
from registry.store.revisions import Revision
from registry.store.tables import announcements, deliveries, revisions, webhooks
from registry.webhooks import DeliveryState
from registry.words import RecordAction, RecordKind

_told = sa.select(
    announcements.c.revision,
    announcements.c.event,
    revisions.c.published_at,
    revisions.c.summary,
    announcements.c.total,
    announcements.c.changes,
).join_from(announcements, revisions)


def announce(connection: Connection, revision: Revision, changes: Sequence[Changed]) -> None:
    """Write what outsiders are told of a revision, and to which webhooks, in the change's own transaction."""
    listed = [[each.kind.name, each.code, each.action.name] for each in changes]
    connection.execute(
        announcements.insert().values(
            revision=revision.number,
            event=new_event(),
            total=len(changes),
            changes=listed if len(listed) <= LISTED_AT_MOST else None,
        )
    )
    state = sa.literal(DeliveryState.PENDING, deliveries.c.state.type)
    known = sa.select(webhooks.c.code, sa.literal(revision.number), state).where(webhooks.c.removed_at.is_(None))
    connection.execute(deliveries.insert().from_select(["webhook", "revision", "state"], known))


def read_recent(connection: Connection, newest: int, held: Recent | None = None) -> Recent:
    """The newest announcements, up to the newest revision. Those of `held` are not read again."""
    rows = connection.execute(_newer(held.newest if held else 0)).all()
    known: tuple[Announcement, ...] = ()
    if held and held.announcements:
        if not rows or rows[-1].event != held.announcements[-1].event:
            # An older state of the database was put back: what is held never happened.
            return read_recent(connection, newest)
        known = held.announcements[:-1]
    return recent((*known, *map(_announcement, rows)), newest, _feed(connection))


def announcement_of(connection: Connection, revision: int) -> Announcement:
    """What outsiders are told of a revision that has been announced."""
    return _announcement(connection.execute(_told.where(announcements.c.revision == revision)).one())


def _newer(revision: int) -> sa.Select[Any]:
    """Those of a revision and later, the newest first, as many as may be held."""
    found = _told.where(announcements.c.revision >= revision)
    return found.order_by(announcements.c.revision.desc()).limit(HELD_AT_MOST)


def _announcement(row: Any) -> Announcement:
    changes = row.changes
    if changes is not None:
        changes = tuple(Changed(RecordKind[kind], code, RecordAction[action]) for kind, code, action in changes)
    return Announcement(row.revision, row.event, row.published_at, row.summary, row.total, changes)


def _feed(connection: Connection) -> str | None:
    first = sa.select(announcements.c.event).order_by(announcements.c.revision).limit(1)
    event: str | None = connection.scalar(first)
    return feed_of(event) if event else None
