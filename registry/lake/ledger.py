"""The ledger of imports. Each entry is a note on the Iceberg snapshot that the import committed.

So an entry and its rows are there together or not at all, and nothing can be in one
and missing from the other.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Self

from pyiceberg.table import Table

from registry.lake.tables import CITY_ZONE

PREFIX = "registry."


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in rows. accepted + rejected = read.

    Of the accepted, `unchanged` said what was held already (that a case is withdrawn which
    isn't held says it too), `replaced` corrected a case, `withdrawn` took one out.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    unchanged: int = 0
    replaced: int = 0
    withdrawn: int = 0

    @property
    def new(self) -> int:
        """The accepted rows of cases that were not held before."""
        return self.accepted - self.unchanged - self.replaced - self.withdrawn

    def __add__(self, other: Self) -> Self:
        sums = (getattr(self, one.name) + getattr(other, one.name) for one in fields(Imported))
        return type(self)(*sums)


@dataclass(frozen=True, slots=True)
class Entry:
    """One import. `key` stands for the file's content and how it was read."""

    id: str
    file: str
    path: str
    key: str
    counts: Imported

    def notes(self) -> dict[str, str]:
        """The entry as it is noted on a snapshot."""
        given = {"import": self.id, "file": self.file, "path": self.path, "key": self.key, **asdict(self.counts)}
        return {PREFIX + name: str(value) for name, value in given.items()}


def dated_entries(table: Table) -> Iterator[tuple[datetime, Entry]]:
    """The imports that a table holds, in the order of their commits, and when each was, on the city's clock."""
    for snapshot in table.metadata.snapshots:
        notes = snapshot.summary.additional_properties if snapshot.summary else {}
        if f"{PREFIX}read" in notes:
            said = {name.removeprefix(PREFIX): text for name, text in notes.items() if name.startswith(PREFIX)}
            counts = Imported(*(int(said[one.name]) for one in fields(Imported)))
            moment = datetime.fromtimestamp(snapshot.timestamp_ms / 1000, CITY_ZONE)
            yield moment, Entry(said["import"], said["file"], said["path"], said["key"], counts)


def entries(table: Table) -> list[Entry]:
    """The imports that a table holds, in the order of their commits."""
    return [entry for _, entry in dated_entries(table)]


def latest(table: Table, key: str) -> Entry | None:
    """The last import of this content."""
    return next((entry for entry in reversed(entries(table)) if entry.key == key), None)


def standing(table: Table) -> list[Entry]:
    """The imports whose rejects still stand: no later one was of the same file or the same content."""
    found: list[Entry] = []
    paths: set[str] = set()
    keys: set[str] = set()
    for entry in reversed(entries(table)):
        if entry.path not in paths and entry.key not in keys:
            found.append(entry)
        paths.add(entry.path)
        keys.add(entry.key)
    return found[::-1]
