"""The log of a bundle's edits: every one that was accepted, numbered without gaps, for ever."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints

from registry.bundles import Bundle
from registry.editing.differences import Names, Said
from registry.editing.edits import (
    AddMember,
    MoveMember,
    Operation,
    RemoveMember,
    SetCondition,
    SetField,
    SetOrder,
    said_of,
)
from registry.recorded import plain, read_back
from registry.words import Word

OPERATIONS: dict[str, type[Operation]] = {
    kind.__name__: kind for kind in (AddMember, RemoveMember, MoveMember, SetOrder, SetCondition, SetField)
}


class EditKind(Word):
    """What an entry of the log tells of."""

    OPENED = "opened", "新建草稿", "opened a draft"
    EDITED = "edited", "编辑", "edited"
    REBASED = "rebased", "并入新版本", "carried the draft over to a newer version"


@dataclass(frozen=True, slots=True)
class Edit:
    """One accepted edit: several operations that were applied together."""

    bundle: str
    version: int
    at: datetime
    author: str
    kind: EditKind = EditKind.EDITED
    operations: tuple[Operation, ...] = ()

    def said(self, names: Names) -> Said:
        """Who did what, Chinese and English."""
        did = [said_of(operation, names) for operation in self.operations] or [(self.kind.zh, self.kind.en)]
        zh, en = "；".join(zh for zh, _ in did), "; ".join(en for _, en in did)
        return f"第 {self.version} 次（{self.author}）：{zh}", f"{self.version} ({self.author}): {en}"


def written(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """Operations as JSON can hold them."""
    return [{"operation": type(operation).__name__, **plain(operation)} for operation in operations]


def read_operations(held: Iterable[Mapping[str, Any]]) -> tuple[Operation, ...]:
    """What `written` made of them."""
    return tuple(map(_read, held))


def _read(held: Mapping[str, Any]) -> Operation:
    kind = OPERATIONS[held["operation"]]
    if kind is SetField:
        return SetField(held["field"], read_back(get_type_hints(Bundle)[held["field"]], held["value"]))
    return read_back(kind, held)
