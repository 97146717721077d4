"""Closing a channel, a place or a matter's offers for a time, and reopening it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.audit import entry
from registry.changes.once import once
from registry.changes.publishing import changing, publish
from registry.closures import Closure
from registry.errors import RegistryError
from registry.holdings import Holdings
from registry.store.closures import put_closure, read_closures
from registry.store.holdings import read_holdings


class BadClosure(RegistryError):
    """A closure that closes nothing, ends before it begins, or names what is not held."""


class UnknownClosure(RegistryError):
    """No closure has this code, or it is over already."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"没有编码为“{code}”的、尚未结束的停办；用 matters closures 查看",
            f"no closure has the code “{code}”, or it is over already; see `matters closures`",
        )


@once
def close(engine: Engine | Connection, wanted: Closure, actor: Actor, idempotency_key: str | None = None) -> Closure:
    """Close something for a time; gives the closure with the code it got. Raises BadClosure, StoreUnreachable."""
    with changing(engine, actor) as connection:
        actor.must(Permission.LOAD_CATALOGUE, "closure", "close")
        holdings = read_holdings(connection)
        _must_make_sense(wanted, holdings)
        numbers = [int(code.removeprefix("C-")) for code in holdings.closures]
        closure = replace(wanted, code=f"C-{max(numbers, default=0) + 1}")
        put_closure(connection, closure)
        publish(connection, actor, f"close {closure.code}", [entry(None, closure)])
    return closure


@once
def reopen(
    engine: Engine | Connection, code: str, moment: datetime, actor: Actor, idempotency_key: str | None = None
) -> Closure:
    """End a closure now, or before it begins. Raises UnknownClosure, StoreUnreachable."""
    with changing(engine, actor) as connection:
        actor.must(Permission.LOAD_CATALOGUE, "closure", code)
        closure = read_closures(connection).get(code)
        if closure is None or (closure.ends is not None and closure.ends <= moment):
            raise UnknownClosure(code)
        ended = replace(closure, ends=max(moment, closure.starts))
        put_closure(connection, ended)
        publish(connection, actor, f"reopen {code}", [entry(closure, ended)])
    return ended


def _must_make_sense(wanted: Closure, held: Holdings) -> None:
    if (wanted.channel, wanted.place, wanted.matter) == (None, None, None):
        raise BadClosure(
            "请说明停办什么：渠道、地点或事项至少一项", "say what is closed: a channel, a place or a matter at least"
        )
    if wanted.ends is not None and wanted.ends <= wanted.starts:
        raise BadClosure("结束时间须晚于开始时间", "it must end after it begins")
    if not wanted.reason.strip():
        raise BadClosure("请说明原因", "say why")
    named: tuple[tuple[str | None, Mapping[str, object], str, str], ...] = (
        (wanted.place, held.places, "地点", "place"),
        (wanted.matter, held.matters, "事项", "matter"),
        (wanted.region, held.regions, "区划", "region"),
    )
    for code, known, zh, en in named:
        if code is not None and code not in known:
            raise BadClosure(f"没有编码为“{code}”的{zh}", f"no {en} has the code “{code}”")
