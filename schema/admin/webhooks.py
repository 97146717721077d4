"""Webhooks: who outside is told of every change, and what could not be delivered."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from registry import webhooks as held
from registry.access import Permission
from registry.changes.subscribing import add_webhook, remove_webhook, retry_deliveries
from registry.secret import Secret
from registry.store.connect import reading
from registry.store.deliveries import read_deliveries
from registry.store.webhooks import read_webhooks
from schema.admin.context import asking, page_size, store
from schema.admin.payloads import INPUT, KEY, Payload, or_errors
from schema.types import Info, field

VOCABULARIES = (held.DeliveryState,)
strawberry.enum(held.DeliveryState, description="Where the delivery of one announcement to one webhook stands.")


@strawberry.type(description="An address that is told of every change.")
class Webhook:
    """GraphQL's view of webhooks.Webhook."""

    code: str = field(description="The webhook's code, such as W-1.")
    url: str = field(description="The address.")
    internal: bool = field(description="Whether it may lie inside the network.")
    added_by: str = field(description="Who added it.")
    added_at: datetime = field(description="When it was added.")
    removed_at: datetime | None = field(description="When it was removed; null: it was not.")


@strawberry.type(description="The delivery of one announcement to one webhook.")
class Delivery:
    """GraphQL's view of webhooks.Delivery."""

    code: str = field(description="The delivery's code, such as D-7.")
    webhook: str = field(description="The webhook's code.")
    revision: int = field(description="The revision that it tells of.")
    event: str = field(description="The event's id, the same for every webhook and attempt.")
    state: held.DeliveryState = field(description="Whether it was delivered, waits or was given up.")
    attempts: int = field(description="How often it was tried.")
    attempted_at: datetime | None = field(description="When it was last tried; null: never.")
    outcome: str | None = field(description="What came of the last attempt; null: none was made, or it is under way.")


def webhooks(
    info: Info,
    everything: Annotated[bool, strawberry.argument(description="Those that were removed too.")] = False,
) -> Any:
    """The webhooks there are."""
    _must_send(info)
    with reading(store(info)) as connection:
        known = read_webhooks(connection).values()
    return [webhook for webhook in known if everything or webhook.removed_at is None]


def deliveries(
    info: Info,
    first: Annotated[int, strawberry.argument(description="The newest so many, 1 to 100.")] = 20,
    webhook: Annotated[str | None, strawberry.argument(description="Only those to the webhook with this code.")] = None,
    states: Annotated[
        list[held.DeliveryState] | None, strawberry.argument(description="Only those in these states; DEAD: given up.")
    ] = None,
) -> Any:
    """Deliveries, the newest first."""
    _must_send(info)
    with reading(store(info)) as connection:
        return read_deliveries(connection, tuple(states or ()), webhook, page_size(first))


def _must_send(info: Info) -> None:
    asking(info).must(Permission.SEND_CHANGES, "webhook", "webhooks")


@strawberry.input(description="Tell an address of every change from now on.")
class WebhookAddInput:
    """The way in for adding."""

    url: str = field(description="The address, https unless it is internal.")
    internal: bool = field(default=False, description="Whether it may lie inside the network; then http will do.")
    secret: str | None = field(default=None, description="What signs: whsec_ and base64; absent: it is made for you.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Send nothing more to a webhook.")
class WebhookRemoveInput:
    """The way in for removing."""

    code: str = field(description="The webhook's code.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Send again, at once, what was given up or waits.")
class WebhookRetryInput:
    """The way in for retrying."""

    code: str = field(description="A delivery's code (D-…), or a webhook's for all of its own (W-…).")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.type(description="What came of adding a webhook.")
class WebhookAddPayload(Payload):
    """A webhook and, this once, its secret."""

    webhook: Webhook | None = field(default=None, description="The webhook; null: none was added.")
    secret: str | None = field(
        default=None, description="What signs what is sent. It is told this once: null in the answer to a retry."
    )


@strawberry.type(description="What came of removing a webhook.")
class WebhookRemovePayload(Payload):
    """A webhook that is told nothing more."""

    webhook: Webhook | None = field(default=None, description="The webhook, removed; null: nothing was done.")


@strawberry.type(description="What came of sending again.")
class WebhookRetryPayload(Payload):
    """What is sent again."""

    deliveries: list[Delivery] | None = field(default=None, description="What is sent again; null: nothing was done.")


@or_errors(WebhookAddPayload)
def webhook_add(info: Info, input: Annotated[WebhookAddInput, INPUT]) -> Any:
    """Add a webhook."""
    wanted = held.Wanted(input.url, input.internal, None if input.secret is None else Secret(input.secret))
    added: Any = add_webhook(store(info), wanted, asking(info), idempotency_key=input.idempotency_key)
    return WebhookAddPayload(webhook=added.webhook, secret=added.secret.text if added.secret else None)


@or_errors(WebhookRemovePayload)
def webhook_remove(info: Info, input: Annotated[WebhookRemoveInput, INPUT]) -> Any:
    """Remove it."""
    removed: Any = remove_webhook(store(info), input.code, asking(info), idempotency_key=input.idempotency_key)
    return WebhookRemovePayload(webhook=removed)


@or_errors(WebhookRetryPayload)
def webhook_retry(info: Info, input: Annotated[WebhookRetryInput, INPUT]) -> Any:
    """Send again."""
    chosen: Any = retry_deliveries(store(info), input.code, asking(info), idempotency_key=input.idempotency_key)
    return WebhookRetryPayload(deliveries=list(chosen))
