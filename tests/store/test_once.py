"""A change asked for twice with one key is done once, on both databases."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlalchemy import Engine

from registry.access import Actor, Forbidden, administrator
from registry.changes.closing import BadClosure, close
from registry.changes.once import BadKey, KeyReused
from registry.closures import Closure
from registry.store.closures import read_closures
from registry.store.connect import reading
from registry.store.idempotency import outcome_of
from registry.words import Channel

WANTED = Closure("", "升级", datetime(2020, 10, 9, 1, 0, tzinfo=UTC), channel=Channel.MOBILE)
ADMIN = administrator("tests")


def held(engine: Engine) -> list[Closure]:
    with reading(engine) as connection:
        return list(read_closures(connection).values())


def test_a_retry_gets_the_first_outcome_and_does_nothing(engine: Engine) -> None:
    first = close(engine, WANTED, ADMIN, idempotency_key="k")
    assert close(engine, WANTED, ADMIN, idempotency_key="k") == first
    assert held(engine) == [first]


def test_retries_at_once_get_one_outcome(engine: Engine) -> None:
    made: list[Closure] = []
    threads = [Thread(target=lambda: made.append(close(engine, WANTED, ADMIN, idempotency_key="k"))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == held(engine) * 6


def test_without_a_key_and_with_another_it_is_done_again(engine: Engine) -> None:
    for key in (None, None, "a", "b"):
        close(engine, WANTED, ADMIN, idempotency_key=key)
    close(engine, WANTED, administrator("another"), idempotency_key="a")
    assert [closure.code for closure in held(engine)] == ["C-1", "C-2", "C-3", "C-4", "C-5"]


def test_a_key_that_came_with_another_request_is_refused(engine: Engine) -> None:
    close(engine, WANTED, ADMIN, idempotency_key="k")
    with pytest.raises(KeyReused) as refused:
        close(engine, Closure("", "别的", WANTED.starts, channel=Channel.PC), ADMIN, idempotency_key="k")
    assert refused.value.code == "IDEMPOTENCY_KEY_REUSED"
    assert len(held(engine)) == 1


@pytest.mark.parametrize("actor", [ADMIN, Actor("nobody")], ids=["refused", "forbidden"])
def test_what_fails_keeps_no_outcome(engine: Engine, actor: Actor) -> None:
    with pytest.raises((BadClosure, Forbidden)):
        close(engine, Closure("", "", WANTED.starts, channel=Channel.PC), actor, idempotency_key="k")
    with reading(engine) as connection:
        assert outcome_of(connection, actor.name, "k") is None


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_what_can_be_no_key_is_refused(engine: Engine, key: str) -> None:
    with pytest.raises(BadKey):
        close(engine, WANTED, ADMIN, idempotency_key=key)
