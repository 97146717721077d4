"""What came of requests that bore an idempotency key, for as long as a retry may come."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.store.tables import idempotency_keys as keys

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The digest of a request, and what came of it as JSON holds it."""

    request: str
    outcome: Any


def outcome_of(connection: Connection, actor: str, key: str) -> Outcome | None:
    """What came of the actor's request with this key; None if there was none."""
    row = connection.execute(
        sa.select(keys.c.request, keys.c.outcome).where(keys.c.actor == actor, keys.c.key == key)
    ).first()
    return Outcome(*row) if row else None


def keep_outcome(connection: Connection, actor: str, key: str, outcome: Outcome) -> None:
    """Keep what came of a request, and forget those that nobody retries any more."""
    now = datetime.now(UTC)
    connection.execute(keys.delete().where(keys.c.at < now - KEPT))
    connection.execute(
        keys.insert().values(actor=actor, key=key, at=now, request=outcome.request, outcome=outcome.outcome)
    )
