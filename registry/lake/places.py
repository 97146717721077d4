"""Where an import works, and what is left of imports that were killed.

Files are written where they will stay, in a folder of the import's own, but belong to
no table until the commit names them. While an import lives it holds a lock; a later
import clears away what those without one have left.
"""

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb

from registry.lake.ledger import PREFIX
from registry.lake.tables import SCHEMAS, Lake, added_files, local_paths, wait_for_commits

if sys.platform != "win32":
    import fcntl

# Without them nobody knows who is alive, and nothing is cleared away.
LOCKS = sys.platform != "win32"


@dataclass(frozen=True, slots=True)
class Workplace:
    """An import's id and its folder for what nobody else will read."""

    lake: Lake
    id: str
    scratch: Path

    def data(self, table: str) -> Path:
        """The folder for what the import adds to a table."""
        folder = _data(self.lake, table, self.id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def connect(self) -> duckdb.DuckDBPyConnection:
        """DuckDB within the lake's memory, and on disk beyond it."""
        connection = duckdb.connect()
        connection.execute(f"SET memory_limit = '{self.lake.memory}'")
        connection.execute(f"SET temp_directory = '{self.scratch / 'spilled'}'")
        connection.execute("SET preserve_insertion_order = false")
        return connection


@contextmanager
def workplace(lake: Lake) -> Iterator[Workplace]:
    """A place for one import, cleared away at its end whatever happens."""
    work = lake.folder / "work"
    work.mkdir(exist_ok=True)
    clear_away(lake)
    with _named(lake, work) as name:
        (work / name).mkdir()
        try:
            yield Workplace(lake, name, work / name)
        finally:
            _clear(lake, name)


@contextmanager
def _named(lake: Lake, work: Path) -> Iterator[str]:
    """A name that nobody else has, under a lock that lives as long as the import."""
    while True:
        name = f"{lake.clock():%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        path = work / f"{name}.lock"
        with path.open("w") as lock:
            # Before it was taken somebody may have thought it left behind, and cleared it away.
            if (_take(lock) and path.exists()) or not LOCKS:
                yield name
                return


def clear_away(lake: Lake) -> None:
    """Clear away what killed imports have left."""
    for path in (lake.folder / "work").glob("*.lock"):
        try:
            with path.open("r+") as lock:
                if _take(lock):
                    _clear(lake, path.stem)
        except FileNotFoundError:
            continue  # another import was faster


def _take(lock: IO[str]) -> bool:
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _clear(lake: Lake, name: str) -> None:
    """Clear away an import's scratch, and of its data what it did not commit."""
    for table in SCHEMAS:
        folder = _data(lake, table, name)
        if folder.exists():
            _keep(folder, _committed(lake, table, name))
    shutil.rmtree(lake.folder / "work" / name, ignore_errors=True)
    (lake.folder / "work" / f"{name}.lock").unlink(missing_ok=True)


def _keep(folder: Path, wanted: set[Path]) -> None:
    """Leave only these files in a folder; without any, not even the folder."""
    if not wanted:
        shutil.rmtree(folder, ignore_errors=True)
    for path in folder.rglob("*.parquet"):
        if path not in wanted:
            path.unlink(missing_ok=True)


def _committed(lake: Lake, name: str, import_id: str) -> set[Path]:
    """The data files that an import committed to a table; none if it didn't."""
    wait_for_commits(lake, name)
    table = lake.table(name)
    for snapshot in table.metadata.snapshots:
        if snapshot.summary and snapshot.summary.additional_properties.get(f"{PREFIX}import") == import_id:
            return set(map(Path, local_paths(added_files(table, snapshot))))
    return set()


def _data(lake: Lake, table: str, name: str) -> Path:
    return lake.folder / table / "data" / name
