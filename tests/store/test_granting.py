"""Granting and revoking on both databases: what is kept, what the log says, and who may not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import Actor, Forbidden, Grant, Role, administrator
from registry.changes.granting import BadGrant, UnknownToken, grant, grant_here, revoke
from registry.secret import Secret
from registry.store.connect import reading
from registry.store.revisions import current_revision
from registry.store.tables import audit, metadata
from registry.store.tokens import note_use, read_tokens, token_by_digest
from registry.tokens import Granted, Token, Wanted

BOSS = administrator("tests")


def granted(engine: Engine, actor: Actor = BOSS, key: str | None = None, **fields: Any) -> Granted:
    return grant(engine, Wanted(**{"role": Role.EDITOR, "name": "陈某"} | fields), actor, idempotency_key=key)


def secret_of(given: Granted) -> Secret:
    assert given.secret is not None
    return given.secret


def held(engine: Engine) -> dict[str, Token]:
    with reading(engine) as connection:
        return read_tokens(connection)


def logged(engine: Engine) -> list[tuple[Any, ...]]:
    columns = (audit.c.action, audit.c.kind, audit.c.subject, audit.c.actor)
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(audit.c.id))]


def everything_written(engine: Engine) -> str:
    """Every value of every table, as text."""
    with reading(engine) as connection:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(sa.select(table)))


def test_a_token_is_found_by_its_secret_which_is_written_nowhere(engine: Engine) -> None:
    given = granted(engine)
    assert given.token.code == "T-1"
    secret = secret_of(given)
    assert token_by_digest(engine, secret.digest) == given.token == held(engine)["T-1"]
    assert token_by_digest(engine, Secret.new().digest) is None
    assert secret.text not in everything_written(engine)
    with reading(engine) as connection:
        entries = str(list(connection.execute(sa.select(audit))))
        assert current_revision(connection).number == 0
    assert secret.digest not in entries


def test_a_retry_grants_nothing_again_and_is_not_told_the_secret(engine: Engine) -> None:
    first = granted(engine, key="k")
    assert granted(engine, key="k") == Granted(first.token, None)
    assert list(held(engine)) == ["T-1"]
    assert secret_of(first).text not in everything_written(engine)
    assert revoke(engine, "T-1", BOSS, idempotency_key="r") == revoke(engine, "T-1", BOSS, idempotency_key="r")


def test_codes_are_never_used_twice_and_the_log_tells_of_both(engine: Engine) -> None:
    for _ in range(11):
        granted(engine)
    assert revoke(engine, "T-11", BOSS).revoked_at is not None
    assert granted(engine).token.code == "T-12"
    assert list(held(engine))[-2:] == ["T-11", "T-12"]
    assert logged(engine)[-2:] == [("change", "token", "T-11", "tests"), ("add", "token", "T-12", "tests")]


def test_what_is_revoked_or_unknown_cannot_be_revoked(engine: Engine) -> None:
    granted(engine)
    revoke(engine, "T-1", BOSS)
    for code in ("T-1", "T-2", "nonsense"):
        with pytest.raises(UnknownToken):
            revoke(engine, code, BOSS)


@pytest.mark.parametrize(
    "fields",
    [
        {"departments": ("NOWHERE",)}, {"days": 0}, {"days": 367}, {"name": "x" * 81}, {"name": "a\nb"},
    ],
)  # fmt: skip
def test_a_grant_that_makes_no_sense_is_refused_and_leaves_no_trace(engine: Engine, fields: dict[str, Any]) -> None:
    with pytest.raises(BadGrant):
        granted(engine, **fields)
    assert held(engine) == {}
    assert logged(engine) == []


def test_use_is_written_once_a_minute_at_most(engine: Engine) -> None:
    code, noon = granted(engine).token.code, datetime(2020, 10, 9, 4, 0, tzinfo=UTC)
    for seconds, written in ((0, 0), (59, 0), (60, 60), (90, 60)):
        note_use(engine, held(engine)[code], noon + timedelta(seconds=seconds))
        assert held(engine)[code].last_used_at == noon + timedelta(seconds=written)


def test_a_new_token_for_a_machine_ends_the_one_before(engine: Engine) -> None:
    for machine in ("one", "other", "one"):
        grant_here(engine, machine, BOSS)
    granted(engine)
    assert [each.revoked_at is None for each in held(engine).values()] == [False, True, True, True]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_grants_and_a_refusal_is_logged(engine: Engine, role: Role) -> None:
    with pytest.raises(Forbidden):
        granted(engine, Actor("someone", (Grant(role),)))
    granted(engine)
    with pytest.raises(Forbidden):
        revoke(engine, "T-1", Actor("someone", (Grant(role),)))
    assert held(engine)["T-1"].revoked_at is None
    assert [entry[0] for entry in logged(engine)] == ["refuse", "add", "refuse"]


def test_an_administrator_of_some_departments_grants_in_these_only(reference_engine: Engine) -> None:
    some = Actor("someone", (Grant(Role.ADMINISTRATOR, frozenset({"HZ-GA", "HZ-MZ"})),))
    assert granted(reference_engine, some, departments=("HZ-GA", "HZ-MZ")).token.code == "T-1"
    for departments in ((), ("HZ-GA", "HZ-WJ"), ("HZ-WJ",)):
        with pytest.raises(Forbidden):
            granted(reference_engine, some, departments=departments)
    granted(reference_engine, departments=("HZ-WJ", "HZ-GA"))
    with pytest.raises(Forbidden):
        revoke(reference_engine, "T-2", some)
    revoke(reference_engine, "T-1", some)
