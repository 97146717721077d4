"""Subscribing an address to changes, ending that, and sending again what was given up."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.audit import Entry, entry
from registry.changes.once import once
from registry.changes.publishing import changing
from registry.errors import RegistryError
from registry.store.audit import write_entries
from registry.store.deliveries import forget_pending, read_deliveries, revive
from registry.store.webhooks import add_webhook as put_webhook
from registry.store.webhooks import number, read_webhooks, set_removed
from registry.webhooks import Added, Delivery, DeliveryState, Wanted, Webhook, key_of, new_secret

URL_CHARACTERS = 2_000
WEBHOOKS_AT_MOST = 100


class BadWebhook(RegistryError):
    """An address that nothing can, or may, be sent to."""


class UnknownWebhook(RegistryError):
    """No webhook has this code, or it is removed already."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"没有编码为“{code[:80]}”的、尚未移除的 webhook；用 matters webhook list 查看",
            f"no webhook has the code “{code[:80]}”, or it is removed; see `matters webhook list`",
        )


class NothingToRetry(RegistryError):
    """No such delivery waits for anything or was given up."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"“{code[:80]}”没有待送达或已放弃的推送；用 matters webhook dead 查看",
            f"“{code[:80]}” has no delivery that waits or was given up; see `matters webhook dead`",
        )


@once
def add_webhook(engine: Engine | Connection, wanted: Wanted, actor: Actor, idempotency_key: str | None = None) -> Added:
    """Tell an address of every change from now on; what it is signed with is told this once.

    Raises BadWebhook, BadSecret, Forbidden, StoreUnreachable.
    """
    with changing(engine, actor) as connection:
        actor.must(Permission.SEND_CHANGES, "webhook", "add")
        _must_make_sense(wanted)
        known = read_webhooks(connection)
        if sum(each.removed_at is None for each in known.values()) >= WEBHOOKS_AT_MOST:
            raise BadWebhook(f"至多 {WEBHOOKS_AT_MOST} 个 webhook", f"there are {WEBHOOKS_AT_MOST} webhooks at most")
        secret = wanted.secret or new_secret()
        key_of(secret)
        code = f"W-{max(map(number, known), default=0) + 1}"
        webhook = Webhook(code, wanted.url, wanted.internal, actor.name, datetime.now(UTC))
        put_webhook(connection, webhook, secret)
        write_entries(connection, None, actor, [entry(None, webhook)])
    return Added(webhook, secret)


@once
def remove_webhook(engine: Engine | Connection, code: str, actor: Actor, idempotency_key: str | None = None) -> Webhook:
    """Send nothing more to a webhook, what waits included. Raises UnknownWebhook, Forbidden, StoreUnreachable."""
    with changing(engine, actor) as connection:
        actor.must(Permission.SEND_CHANGES, "webhook", code)
        webhook = _known(connection, code)
        removed = replace(webhook, removed_at=datetime.now(UTC))
        set_removed(connection, removed)
        forget_pending(connection, code)
        write_entries(connection, None, actor, [entry(webhook, removed)])
    return removed


@once
def retry_deliveries(
    engine: Engine | Connection, code: str, actor: Actor, idempotency_key: str | None = None
) -> tuple[Delivery, ...]:
    """Send again, at once, what was given up or waits: one delivery (D-…), or all those of a webhook (W-…).

    Raises UnknownWebhook, NothingToRetry, Forbidden, StoreUnreachable.
    """
    with changing(engine, actor) as connection:
        actor.must(Permission.SEND_CHANGES, "webhook", code)
        unfinished = read_deliveries(connection, (DeliveryState.PENDING, DeliveryState.DEAD))
        chosen = tuple(each for each in reversed(unfinished) if code in (each.code, each.webhook))
        if not chosen:
            raise NothingToRetry(code)
        for webhook in {each.webhook for each in chosen}:
            _known(connection, webhook)
        revive(connection, chosen)
        write_entries(connection, None, actor, _retried(chosen))
    return tuple(replace(each, state=DeliveryState.PENDING) for each in chosen)


def _known(connection: Connection, code: str) -> Webhook:
    webhook = read_webhooks(connection).get(code)
    if webhook is None or webhook.removed_at is not None:
        raise UnknownWebhook(code)
    return webhook


def _retried(chosen: Iterable[Delivery]) -> list[Entry]:
    after = {"state": DeliveryState.PENDING.name}
    return [Entry("retry", "delivery", each.code, {"state": each.state.name}, after) for each in chosen]


def _must_make_sense(wanted: Wanted) -> None:
    from registry.links.guard import is_outside
    from registry.links.meaning import Finding, address

    url = address(wanted.url) if len(wanted.url) <= URL_CHARACTERS else None
    if url is None or isinstance(url, Finding) or url.fragment or url.userinfo or not wanted.url.isprintable():
        raise BadWebhook(
            "请写完整的网址，如 https://例子.cn/hook，不含用户名、密码和 #",
            "write a whole address such as https://example.cn/hook, without a user, a password or a #",
        )
    if wanted.internal:
        return
    if url.scheme != "https":
        raise BadWebhook(
            "须用 https；内部网络可用 http，请加 --internal",
            "use https; inside the network http will do: add --internal",
        )
    try:
        outside = is_outside(url.host)
    except ValueError:
        return  # a name: where it leads is looked at each time something is sent
    if not outside:
        raise BadWebhook(
            "该地址在内部网络；确需如此请加 --internal",
            "that address is inside the network: if you mean it, add --internal",
        )
