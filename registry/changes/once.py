"""Doing a change once, however often it is asked for: a retry after a lost answer gets the first answer.

For a change to take an idempotency key it needs two lines: the decorator, and a
parameter `idempotency_key: str | None = None`. Its other parameters and what it
returns are records that `plain` in registry/recorded.py can write and `read_back` read;
`engine: Engine | Connection` and `actor` are found by their names.

    @once
    def close(engine, wanted, actor, idempotency_key=None) -> Closure:
        with changing(engine, actor) as connection:
"""

import inspect
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar, get_type_hints

import orjson

from registry.changes.publishing import changing
from registry.errors import RegistryError
from registry.recorded import plain, read_back
from registry.store.idempotency import Outcome, keep_outcome, outcome_of

P = ParamSpec("P")
T = TypeVar("T")

KEY_MAX = 200


class BadKey(RegistryError):
    """An idempotency key that is empty or too long."""

    def __init__(self) -> None:
        super().__init__(f"幂等键应为 1 至 {KEY_MAX} 个字符", f"an idempotency key has 1 to {KEY_MAX} characters")


class KeyReused(RegistryError):
    """An idempotency key that came with another request before."""

    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"幂等键“{key}”已用于另一请求；新的请求请用新的键",
            f"the idempotency key “{key}” came with another request before; a new request needs a new key",
        )


def once(change: Callable[P, T]) -> Callable[P, T]:
    """A change that, given the same key by the same actor again, does nothing and gives its first outcome.

    The outcome is kept in the change's own transaction; a change that fails keeps none.
    The same key with another request raises KeyReused, one that can't be a key BadKey.
    """
    signature = inspect.signature(change)

    @wraps(change)
    def changed(*args: P.args, **kwargs: P.kwargs) -> T:
        given = signature.bind(*args, **kwargs).arguments
        key = given.pop("idempotency_key", None)
        if key is None:
            return change(*args, **kwargs)
        if not 1 <= len(key) <= KEY_MAX:
            raise BadKey
        engine, actor = given.pop("engine"), given["actor"]
        request = _digest(change.__qualname__, {name: value for name, value in given.items() if name != "actor"})
        with changing(engine, actor) as connection:
            first = outcome_of(connection, actor.name, key)
            if first is None:
                made: Any = change(**given, engine=connection)  # type: ignore[call-arg, arg-type]  # as they were bound
                keep_outcome(connection, actor.name, key, Outcome(request, plain(made)))
                return made  # type: ignore[no-any-return]
        if first.request != request:
            raise KeyReused(key)
        return read_back(get_type_hints(change)["return"], first.outcome)  # type: ignore[no-any-return]

    return changed


def _digest(name: str, arguments: dict[str, Any]) -> str:
    written = {parameter: plain(tuple(v) if isinstance(v, list) else v) for parameter, v in arguments.items()}
    return sha256(orjson.dumps([name, written], option=orjson.OPT_SORT_KEYS)).hexdigest()
