"""Deliveries: what is still to be sent to whom, in turn, by one courier at a time.

The database alone says whose turn it is, so that couriers of several processes, and those
that start after one was killed, need not know of each other. A courier leases a webhook
for one attempt; a lease that is over, for its holder died, is anybody's.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.announcements import Announcement
from registry.secret import Secret
from registry.store.announcements import announcement_of
from registry.store.tables import announcements, deliveries, webhooks
from registry.store.webhooks import COLUMNS
from registry.webhooks import Delivery, DeliveryState, Webhook


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery, under a lease of its webhook."""

    lease: str
    webhook: Webhook
    secret: Secret
    delivery: Delivery
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt, in words. `arrived` None: it was broken off by us, so nothing is known."""

    arrived: bool | None
    said: str


_delivery = sa.select(deliveries, announcements.c.event).join_from(deliveries, announcements)
_pending = deliveries.c.state == DeliveryState.PENDING


def turns(connection: Connection, now: datetime) -> list[str]:
    """The webhooks that it is time to send something to, and that no courier is at."""
    waiting = sa.select(deliveries.c.webhook).where(_pending)
    return list(connection.scalars(sa.select(webhooks.c.code).where(webhooks.c.code.in_(waiting), *_free(now))))


def begin_attempt(connection: Connection, webhook: str, now: datetime, lease: timedelta) -> Attempt | None:
    """Take the first of a webhook's deliveries; None if there is none, or it is not the time, or another is at it."""
    asked = sa.select(*COLUMNS, webhooks.c.secret).where(webhooks.c.code == webhook, *_free(now))
    row = connection.execute(asked).mappings().first()
    mine = deliveries.c.webhook == webhook
    first = connection.execute(_delivery.where(mine, _pending).order_by(deliveries.c.revision).limit(1)).first()
    if row is None or first is None:
        return None
    fields, token = dict(row), str(uuid.uuid4())
    secret = Secret(fields.pop("secret"))
    begun = {"attempts": first.attempts + 1, "attempted_at": now, "outcome": None}
    connection.execute(_webhook(webhook).values(lease=token, leased_until=now + lease))
    connection.execute(deliveries.update().where(deliveries.c.id == first.id).values(begun))
    delivery = _read({**first._mapping, **begun})
    return Attempt(token, Webhook(**fields), secret, delivery, announcement_of(connection, first.revision))


def end_attempt(
    connection: Connection, attempt: Attempt, outcome: Outcome, now: datetime, pause: Callable[[int], timedelta | None]
) -> DeliveryState:
    """Write what came of an attempt, and when the webhook's next is due.

    `pause` tells how long to wait after so many failures in a row; None: no longer, the delivery is
    given up and the next one's turn comes at once.
    """
    row = connection.execute(sa.select(webhooks).where(webhooks.c.code == attempt.webhook.code)).one()
    mine = row.lease == attempt.lease
    state, failures, due = DeliveryState.PENDING, row.failures, None
    if outcome.arrived:
        state, failures = DeliveryState.DELIVERED, 0
    elif not mine:
        # It took so long that another courier is at it by now: that one's word counts.
        return state
    elif outcome.arrived is False:
        failures += 1
        wait = pause(failures)
        state, due = (DeliveryState.DEAD, None) if wait is None else (state, now + wait)
    written = deliveries.update().where(_is(attempt.delivery), _pending)
    connection.execute(written.values(state=state, outcome=outcome.said))
    if state is DeliveryState.DEAD and not _waiting(connection, attempt.webhook.code):
        # What comes later deserves all its attempts: the receiver may be well by then.
        failures = 0
    if mine:
        free: dict[str, Any] = {"failures": failures, "due_at": due, "lease": None, "leased_until": None}
        connection.execute(_webhook(attempt.webhook.code).values(free))
    return state


def read_deliveries(
    connection: Connection, states: Collection[DeliveryState] = (), webhook: str | None = None, first: int | None = None
) -> list[Delivery]:
    """Deliveries in these states, or in all; the newest first."""
    found = _delivery.order_by(deliveries.c.id.desc()).limit(first)
    if states:
        found = found.where(deliveries.c.state.in_(states))
    if webhook is not None:
        found = found.where(deliveries.c.webhook == webhook)
    return [_read(row._mapping) for row in connection.execute(found)]


def revive(connection: Connection, chosen: Collection[Delivery]) -> None:
    """Put deliveries back in their webhook's queue, and let each such webhook's next attempt come at once."""
    # One by one: they may be more than a statement has room for.
    again = deliveries.update().where(deliveries.c.id == sa.bindparam("its_id")).values(state=DeliveryState.PENDING)
    connection.execute(again, [{"its_id": _number(delivery)} for delivery in chosen])
    codes = {delivery.webhook for delivery in chosen}
    connection.execute(webhooks.update().where(webhooks.c.code.in_(codes)).values(failures=0, due_at=None))


def forget_pending(connection: Connection, webhook: str) -> None:
    """Send no more to a webhook."""
    connection.execute(deliveries.delete().where(deliveries.c.webhook == webhook, _pending))


def _free(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    due, until = webhooks.c.due_at, webhooks.c.leased_until
    return (
        webhooks.c.removed_at.is_(None),
        sa.or_(due.is_(None), due <= now),
        sa.or_(until.is_(None), until <= now),
    )


def _webhook(code: str) -> sa.Update:
    return webhooks.update().where(webhooks.c.code == code)


def _waiting(connection: Connection, webhook: str) -> bool:
    found = sa.select(deliveries.c.id).where(deliveries.c.webhook == webhook, _pending).limit(1)
    return connection.scalar(found) is not None


def _is(delivery: Delivery) -> sa.ColumnElement[bool]:
    return deliveries.c.id == _number(delivery)


def _number(delivery: Delivery) -> int:
    return int(delivery.code.removeprefix("D-"))


def _read(row: Any) -> Delivery:
    fields = dict(row)
    return Delivery(code=f"D-{fields.pop('id')}", **fields)
