"""What has been answered before. Everything here is keyed by the revision, so it is never stale.

A revision is whatever a schema's answers rest on: the catalogue's number, or that and more.

Whole answers are kept as bytes. Completed objects are kept as bytes too, so that a
page of matters that no one has asked for yet is put together out of matters that
someone has. graphql-core decides all semantics: what is kept is only ever what it
returned.
"""

import itertools
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2b
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

import orjson
from graphql import (
    ExecutionContext,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    SelectionSetNode,
)
from graphql.pyutils import Path

ANSWER_BYTES = 64 * 2**20
OBJECT_BYTES = 64 * 2**20
# What an entry takes besides its bytes: the key, the table, the objects around it.
OVERHEAD = 400
# Which selections of a document were met: one for each way its fields were merged.
KEPT_SELECTIONS = 1_000

# Which selection of a document it is, by its type and the ids of its nodes.
Selections = dict[tuple[Hashable, ...], int | None]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Cache(Generic[K, V]):
    """Holds up to `capacity` of weight; what was not used for longest goes first."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._weight = 0
        # Schemas that write are executed in threads.
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """Give what is kept under the key; it is now the last to go."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: K, value: V, weight: int) -> None:
        """Keep the value, unless it would push out an eighth of everything else by itself."""
        if weight > self._capacity // 8:
            return
        with self._lock:
            replaced = self._entries.pop(key, None)
            self._entries[key] = (value, weight)
            self._weight += weight - (replaced[1] if replaced else 0)
            while self._weight > self._capacity:
                self._weight -= self._entries.popitem(last=False)[1][1]


class Answered(NamedTuple):
    """A whole answer: its bytes, its tag, and its name if it is a file."""

    body: bytes
    tag: str
    filename: str = ""


class Kept:
    """What is kept of one revision."""

    __slots__ = ("answers", "objects", "revision")

    def __init__(self, revision: Hashable, answer_bytes: int, object_bytes: int) -> None:
        self.revision = revision
        self.answers: Cache[Hashable, Answered] = Cache(answer_bytes)
        # The object is kept beside its bytes: while it lives no other has its id.
        self.objects: Cache[tuple[int, int], tuple[object, orjson.Fragment]] = Cache(object_bytes)


class Answers:
    """What is kept of the current revision; what was kept of the last one is dropped whole."""

    def __init__(self, answer_bytes: int = ANSWER_BYTES, object_bytes: int = OBJECT_BYTES) -> None:
        self._bytes = (answer_bytes, object_bytes)
        self._kept = Kept(None, *self._bytes)

    def of(self, revision: Hashable) -> Kept:
        """Give what is kept of a revision. An execution holds on to it, so it never writes into another."""
        kept = self._kept
        if kept.revision != revision:
            kept = self._kept = Kept(revision, *self._bytes)
        return kept


def entity_tag(body: bytes) -> str:
    """Make a strong tag, the same in every process and for every revision that answers the same."""
    return f'"{blake2b(body, digest_size=16).hexdigest()}"'


def is_current(tag: str, if_none_match: str | None) -> bool:
    """Whether the client already has it. Weak tags count: a proxy that compresses weakens ours."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in re.findall(r'"[^"]*"', if_none_match)


_tokens = itertools.count()


class RememberingExecution(ExecutionContext):
    """An execution that need not complete an object twice.

    It remembers an object of a class in `frozen`, under selections without variables,
    arguments and directives all the way down: such an answer depends on the object
    and the revision only, unless a resolver says otherwise by setting `volatile` on
    the context. One in which anything failed is not remembered.
    """

    objects: Cache[tuple[int, int], tuple[object, orjson.Fragment]]
    selections: Selections
    frozen: frozenset[type] = frozenset()
    failures = 0

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_nodes: list[FieldNode],
        info: GraphQLResolveInfo,
        path: Path,
        result: Any,
    ) -> Any:
        """Complete the object, or give what completing it gave before."""
        complete: Callable[..., Any] = super().complete_object_value
        if type(result) not in self.frozen:
            return complete(return_type, field_nodes, info, path, result)
        token = self._token(return_type, field_nodes)
        if token is None:
            return complete(return_type, field_nodes, info, path, result)
        key = (token, id(result))
        entry = self.objects.get(key)
        if entry is not None:
            return entry[1]
        failures = self.failures
        completed = complete(return_type, field_nodes, info, path, result)
        if self.failures > failures or self.context_value.volatile:
            return completed
        return self._remembered(key, result, completed)

    def handle_field_error(self, error: GraphQLError, return_type: GraphQLOutputType, path: Path) -> None:
        """Count the failure, so that nothing around it is remembered."""
        self.failures += 1
        super().handle_field_error(error, return_type, path)

    def _remembered(self, key: tuple[int, int], result: object, completed: Any) -> Any:
        try:
            written = orjson.dumps(completed)
        except orjson.JSONEncodeError:
            # Writing the whole answer will meet the same value, and report it.
            return completed
        fragment = orjson.Fragment(written)
        self.objects.put(key, (result, fragment), len(written) + OVERHEAD)
        return fragment

    def _token(self, return_type: GraphQLObjectType, field_nodes: list[FieldNode]) -> int | None:
        """Give this selection of this document a number no other has; None when it is not free.

        The ids are of nodes that the document holds, beside which the numbers are kept.
        """
        key = (return_type, *map(id, field_nodes))
        try:
            return self.selections[key]
        except KeyError:
            pass
        # @include can merge fields in exponentially many ways.
        if len(self.selections) >= KEPT_SELECTIONS:
            return None
        free = all(is_free(node.selection_set, self.fragments) for node in field_nodes)
        # setdefault: two threads may meet a selection at once, and must agree.
        token = next(_tokens) if free else None
        return self.selections.setdefault(key, token)


def is_free(selection_set: SelectionSetNode | None, fragments: dict[str, FragmentDefinitionNode]) -> bool:
    """Whether nothing selected has an argument or a directive, so that no variable can matter."""
    pending = [selection_set]
    visited: set[str] = set()
    while pending:
        current = pending.pop()
        for node in current.selections if current else ():
            if node.directives or getattr(node, "arguments", None):
                return False
            if not isinstance(node, FragmentSpreadNode):
                pending.append(getattr(node, "selection_set", None))
            elif node.name.value not in visited:
                visited.add(node.name.value)
                fragment = fragments[node.name.value]
                if fragment.directives:
                    return False
                pending.append(fragment.selection_set)
    return True
