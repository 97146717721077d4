"""The audit log as a chain: each row carries the hash of the one before, so that no row can be changed unseen.

What is hashed is everything a row says, written in one way only. Whoever can write to
the database could make the whole chain anew; a head noted elsewhere shows that too.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

# What the first row takes for the hash of the one before.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the log. `revision` is None for what readers see nothing of, `request` where none was made."""

    id: int
    revision: int | None
    at: datetime
    actor: str
    request: str | None
    action: str
    kind: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    previous: str = ""
    hash: str = ""

    @property
    def reckoned(self) -> str:
        """The hash of what the row says and of the row before."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = (
            self.id, self.revision, at, self.actor, self.request, self.action, self.kind, self.subject,
            self.before, self.after, self.previous,
        )  # fmt: skip
        written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the last row's id and hash."""

    last: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the chain does not hold."""

    row: int
    zh: str
    en: str

    def __str__(self) -> str:
        return f"#{self.row}: {self.zh} / {self.en}"


def linked(rows: Iterable[Row], head: Head) -> Iterator[Row]:
    """The rows with their ids and hashes, in their order, after the head."""
    for row in rows:
        placed = replace(row, id=head.last + 1, previous=head.hash)
        placed = replace(placed, hash=placed.reckoned)
        head = Head(placed.id, placed.hash)
        yield placed


def breaks(rows: Iterable[Row], head: Head | None, noted: str | None = None) -> Iterator[Broken]:
    """Where the chain of all rows, by id, does not hold. None: nothing is said of its end, though something should be.

    `noted` is the hash of a row as somebody wrote it down earlier: it must still be there.
    """
    last, found = Head(), noted in (None, GENESIS)
    for row in rows:
        if row.hash != row.reckoned:
            yield Broken(
                row.id, "内容与其校验值不符：此行被改动过", "it is not what its hash is of: this row was changed"
            )
        if row.previous != last.hash:
            yield Broken(
                row.id,
                f"与前一行（#{last.last}）衔接不上：其间有行被删除、插入或调换",
                f"it does not follow on row #{last.last}: rows were removed, put in or swapped between them",
            )
        last = Head(row.id, row.hash)
        found = found or row.hash == noted
    if (head or Head()) != last:
        yield Broken(
            max(last.last, head.last if head else 0),
            "末尾与记录的链尾不符：最后的行被删除或增添",
            "the end is not the one recorded: the last rows were removed, or rows were added",
        )
    if not found:
        yield Broken(last.last, f"找不到您记下的校验值 {noted}", f"the hash you noted, {noted}, is not there")
