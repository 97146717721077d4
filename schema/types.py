"""What the types of every schema rest on: the snapshot a request reads, ids, and the vocabularies as enums."""

import base64
import binascii
from collections.abc import Collection, Mapping
from typing import Any, Protocol, cast

import strawberry
from strawberry import ID

from registry import words
from registry.errors import RegistryError
from registry.snapshot import Snapshot


class Holds(Protocol):
    """What the resolvers here ask of a request's context."""

    snapshot: Snapshot


Info = strawberry.Info[Any, None]
field = strawberry.field

for vocabulary in words.VOCABULARIES:
    strawberry.enum(vocabulary, description=(vocabulary.__doc__ or "").split("\n")[0])


def holds(info: Info) -> Snapshot:
    """The snapshot that this request reads."""
    return cast(Holds, info.context).snapshot


class UnknownCode(RegistryError):
    """A code that the registry doesn't hold."""


def must_be_held(codes: Collection[str] | None, held: Mapping[str, object], zh: str, en: str) -> None:
    """Raises UnknownCode for the first code that is not held."""
    for code in codes or ():
        if code not in held:
            raise UnknownCode(f"没有编码为“{code[:80]}”的{zh}", f"no {en} has the code “{code[:80]}”")


def node_id(kind: str, code: str) -> ID:
    """An id that is unique over all kinds; opaque to clients."""
    return ID(base64.urlsafe_b64encode(f"{kind}:{code}".encode()).decode().rstrip("="))


def read_node_id(text: str) -> tuple[str, str] | None:
    """The kind and code of an id; None if it is not one of ours."""
    try:
        kind, found, code = (
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        return None
    return (kind, code) if found else None


@strawberry.interface(description="Anything that has an id of its own.")
class Node:
    """The Relay node."""

    id: ID = field(description="An id that is unique over all kinds of nodes.")
