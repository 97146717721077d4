"""Renderings: answers as files, for a schema that has them. GraphQL decides what is in an answer, a rendering only its form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import ExecutionContext

CALLED_JSON = "json"


class File(NamedTuple):
    """A file to take away. The name is plain ASCII."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Rendering:
    """A kind of file that answers can be given as: `?format=name`, or its media type in the Accept header.

    `plan` is given what is to be executed. It raises Refusal for what can't be such a
    file, or gives a function that writes down the data of the answer.
    """

    name: str
    media: str
    plan: Callable[[ExecutionContext], Callable[[dict[str, Any]], File]]
