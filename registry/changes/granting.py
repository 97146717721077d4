"""Granting a role to whoever shows a new secret, and taking it back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission, Role
from registry.audit import entry
from registry.changes.once import once
from registry.changes.publishing import changing
from registry.errors import RegistryError
from registry.secret import Secret
from registry.store.audit import write_entries
from registry.store.holdings import department_codes
from registry.store.tokens import add_token, number, read_tokens, set_revoked
from registry.tokens import Granted, Token, Wanted

DAYS_AT_MOST = 366
NAME_CHARACTERS = 80
# A working day of whoever sits at the machine.
HERE = timedelta(hours=8)


class BadGrant(RegistryError):
    """A grant for a department that isn't held, or for no time or too long."""


class UnknownToken(RegistryError):
    """No token has this code, or it is revoked already."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"没有编码为“{code[:80]}”的、尚未撤销的令牌；用 matters grants 查看",
            f"no token has the code “{code[:80]}”, or it is revoked already; see `matters grants`",
        )


@once
def grant(engine: Engine | Connection, wanted: Wanted, actor: Actor, idempotency_key: str | None = None) -> Granted:
    """Grant a role; its secret is told this once. Raises BadGrant, Forbidden, StoreUnreachable."""
    with changing(engine, actor) as connection:
        _must_grant(actor, "grant", wanted.departments)
        _must_make_sense(wanted, department_codes(connection))
        return _add(connection, wanted, timedelta(days=wanted.days), actor)


def grant_here(engine: Engine, machine: str, actor: Actor) -> Granted:
    """An editor's token that only the machine itself accepts; the one before is revoked. Raises as `grant` does."""
    with changing(engine, actor) as connection:
        _must_grant(actor, "grant", ())
        for token in read_tokens(connection).values():
            if token.machine == machine and token.holds_at(datetime.now(UTC)):
                _revoke(connection, token, actor)
        return _add(connection, Wanted(Role.EDITOR, name="本机 local"), HERE, actor, machine)


@once
def revoke(engine: Engine | Connection, code: str, actor: Actor, idempotency_key: str | None = None) -> Token:
    """Take a token back at once. Raises UnknownToken, Forbidden, StoreUnreachable."""
    with changing(engine, actor) as connection:
        token = read_tokens(connection).get(code)
        _must_grant(actor, code, token.departments if token else ())
        if token is None or token.revoked_at is not None:
            raise UnknownToken(code)
        return _revoke(connection, token, actor)


def _must_grant(actor: Actor, subject: str, departments: Collection[str]) -> None:
    # Each department by itself: who may grant in one of two may not grant in both.
    if not departments:
        actor.must(Permission.GRANT, "token", subject)
    for code in departments:
        actor.must(Permission.GRANT, "token", subject, (code,))


def _must_make_sense(wanted: Wanted, departments: Collection[str]) -> None:
    for code in wanted.departments:
        if code not in departments:
            raise BadGrant(f"没有编码为“{code[:80]}”的部门", f"no department has the code “{code[:80]}”")
    if not 1 <= wanted.days <= DAYS_AT_MOST:
        raise BadGrant(f"有效期应为 1 至 {DAYS_AT_MOST} 天", f"it must hold for 1 to {DAYS_AT_MOST} days")
    if len(wanted.name) > NAME_CHARACTERS or not wanted.name.isprintable():
        raise BadGrant(
            f"持有人姓名应为不超过 {NAME_CHARACTERS} 个可见字符",
            f"the holder's name is of {NAME_CHARACTERS} printable characters at most",
        )


def _add(
    connection: Connection, wanted: Wanted, lifetime: timedelta, actor: Actor, machine: str | None = None
) -> Granted:
    now, secret = datetime.now(UTC), Secret.new()
    token = Token(
        code=f"T-{max(map(number, read_tokens(connection)), default=0) + 1}",
        role=wanted.role,
        departments=tuple(sorted(set(wanted.departments))),
        name=wanted.name,
        granted_by=actor.name,
        granted_at=now,
        expires_at=now + lifetime,
        machine=machine,
    )
    add_token(connection, token, secret.digest)
    write_entries(connection, None, actor, [entry(None, token)])
    return Granted(token, secret)


def _revoke(connection: Connection, token: Token, actor: Actor) -> Token:
    revoked = replace(token, revoked_at=datetime.now(UTC))
    set_revoked(connection, revoked)
    write_entries(connection, None, actor, [entry(token, revoked)])
    return revoked
