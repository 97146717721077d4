"""Webhooks in and out of their table, beside the secret that signs for each."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.secret import Secret
from registry.store.tables import webhooks
from registry.webhooks import Webhook

COLUMNS = [webhooks.c[field] for field in Webhook.__dataclass_fields__]


def read_webhooks(connection: Connection) -> dict[str, Webhook]:
    """All webhooks there ever were, in the order in which they were added."""
    found = [Webhook(**row) for row in connection.execute(sa.select(*COLUMNS)).mappings()]
    return {webhook.code: webhook for webhook in sorted(found, key=lambda webhook: number(webhook.code))}


def add_webhook(connection: Connection, webhook: Webhook, secret: Secret) -> None:
    """Write a new webhook. Its secret is kept as it is: a digest could sign nothing."""
    connection.execute(webhooks.insert().values(**asdict(webhook), secret=secret.text))


def set_removed(connection: Connection, webhook: Webhook) -> None:
    """Write when a webhook was removed, and forget its secret."""
    gone: dict[str, Any] = {"removed_at": webhook.removed_at, "secret": None, "lease": None, "leased_until": None}
    connection.execute(webhooks.update().where(webhooks.c.code == webhook.code).values(gone))


def number(code: str) -> int:
    """The number in a webhook's code."""
    return int(code.removeprefix("W-"))
