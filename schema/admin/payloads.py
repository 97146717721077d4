"""Payloads: what came of a mutation, or what a person can mend. Faults are not among these."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import strawberry

from registry.errors import RegistryError, StoreUnreachable
from schema.types import field

P = ParamSpec("P")
T = TypeVar("T")

INPUT = strawberry.argument(description="What is wanted.")
KEY = "Yours for this change. Sent again with the same, it does nothing twice and gives the first outcome."
# What an error is about, where the error itself doesn't say.
FIELDS = {
    "STALE_VERSION": "expectedVersion",
    "IDEMPOTENCY_KEY_REUSED": "idempotencyKey",
}


@strawberry.type(description="The same in Chinese and English.")
class Sentence:
    """GraphQL's view of a text in both languages."""

    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")


@strawberry.type(description="What keeps a change from being done, and can be mended by who asked for it.")
class UserError:
    """One thing that is wrong; the fields after `message` are given where they say more."""

    code: str = strawberry.field(description="For programs, such as STALE_VERSION, PROMISE_BROKEN, FORBIDDEN.")
    field: str | None = strawberry.field(
        default=None, description="The field of the input that it is about; null: none alone."
    )
    message: str = strawberry.field(description="For people: Chinese, then English.")
    current_version: int | None = strawberry.field(default=None, description="STALE_VERSION: the version there is now.")
    current_token: str | None = strawberry.field(
        default=None, description="STALE_VERSION of a preview: the token there is now."
    )
    meanwhile: list[Sentence] | None = strawberry.field(
        default=None, description="What changed since the version expected."
    )
    member: str | None = strawberry.field(default=None, description="The code of the matter that it is about.")
    overridable: bool | None = strawberry.field(
        default=None, description="Whether one who may override it can go on by giving a reason."
    )


@strawberry.type(description="What came of a change.")
class Payload:
    """What every payload has; each has what came of the change beside it, null where it was not done."""

    errors: list[UserError] = field(default_factory=list, description="What can be mended; empty: it was done.")


Made = TypeVar("Made", bound=Payload)


def or_errors(made: type[Made]) -> Callable[[Callable[P, T]], Callable[P, Any]]:
    """A resolver whose refusals that can be mended become the errors of the payload."""

    def wrapped(resolve: Callable[P, T]) -> Callable[P, Any]:
        @wraps(resolve)
        def resolved(*args: P.args, **kwargs: P.kwargs) -> Any:
            try:
                return resolve(*args, **kwargs)
            except StoreUnreachable:
                raise
            except RegistryError as error:
                return made(errors=list(user_errors(error)))

        return resolved

    return wrapped


def user_errors(error: RegistryError) -> Iterable[UserError]:
    """What a refusal tells the person, by what the error knows."""
    for blocker in getattr(error, "blockers", ()):
        yield UserError(
            code=blocker.code,
            message=f"{blocker.zh} / {blocker.en}",
            member=blocker.member,
            overridable=blocker.overridable,
        )
    if not hasattr(error, "blockers"):
        current = getattr(error, "current", None)
        meanwhile = getattr(error, "meanwhile", None)
        yield UserError(
            code=error.code,
            field=_camel(getattr(error, "field", None)) or FIELDS.get(error.code),
            message=f"{error.zh} / {error.en}",
            current_version=current if isinstance(current, int) else None,
            current_token=current if isinstance(current, str) else None,
            meanwhile=[Sentence(zh=zh, en=en) for zh, en in meanwhile] if meanwhile is not None else None,
        )


def _camel(name: str | None) -> str | None:
    if name is None:
        return None
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))
