"""Settling: what was staged meets what is held, and one commit makes it the table's new state.

A row whose key is held replaces what is held, or is dropped if it says the same. Only
the data files that hold a replaced or withdrawn row are written anew.
"""

# ruff: noqa: S608  # what is put into the queries are our own names and paths, quoted

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import duckdb
from pyiceberg.conversions import from_bytes
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table
from pyiceberg.types import StringType

from registry.lake.ledger import Entry, Imported
from registry.lake.staging import THREADS, Staged
from registry.lake.tables import Change, commit, data_files, local_paths
from registry.lake.writing import write_query, write_without

# Small files are put together when a month has more of them than this.
SMALL = 8 * 1024 * 1024
MOST_SMALL = 8
# First by hash, which is small, so that a very large file too is grouped in memory.
TWICE = """
    INSERT INTO twice
    SELECT row, first, key FROM (
        SELECT row, key, min(row) OVER (PARTITION BY key) AS first
        FROM incoming
        WHERE hash(key) IN (SELECT hash(key) AS h FROM incoming GROUP BY h HAVING count(*) > 1)
    ) WHERE row > first
"""
# `place`: which row of the held file it is, from 0.
MET = "CREATE OR REPLACE TABLE met (file VARCHAR, place BIGINT, key VARCHAR, row BIGINT, gone BOOLEAN, same BOOLEAN)"
# Rows of the staged files that don't go into the table.
OUT = "CREATE OR REPLACE TABLE out AS FROM dropped UNION ALL SELECT row FROM met WHERE same"


def prepare(staged: Staged, connection: duckdb.DuckDBPyConnection, again: list[int] | None) -> None:
    """Make what was staged known to DuckDB: `incoming`, and `dropped`, the rows that are not to be taken.

    `again`: the content was imported before, and only these rows, rejected then, are to be looked at.
    """
    key = staged.source.kind.key
    parts = ["SELECT ''::VARCHAR AS key, 0::BIGINT AS row, false AS gone, ''::VARCHAR AS filename WHERE false"]
    if staged.files:
        parts.append(f"SELECT {key} AS key, false AS gone, * FROM {parquet(staged.files)}")
    if staged.gone:
        parts.append(f"SELECT key, row, true AS gone FROM {parquet([str(staged.withdrawn)])}")
    connection.execute(f"CREATE VIEW incoming AS {' UNION ALL BY NAME '.join(parts)}")
    connection.execute("CREATE TABLE twice (row BIGINT, first BIGINT, key VARCHAR)")
    if not staged.ascending:
        connection.execute(TWICE)
    connection.execute("CREATE TABLE dropped AS SELECT row FROM twice")
    if again is not None:
        connection.execute("CREATE TABLE again AS SELECT unnest(?::BIGINT[]) AS row", [again])
        connection.execute("INSERT INTO dropped SELECT row FROM incoming ANTI JOIN again USING (row)")
        connection.execute("DELETE FROM twice WHERE row NOT IN (FROM again)")


@dataclass(slots=True)
class Settling:
    """A staged file on its way into its table; `entry` counts what is known before it meets what is held."""

    staged: Staged
    connection: duckdb.DuckDBPyConnection
    entry: Entry

    def settle(self) -> Imported:
        """Bring it in, however often others commit in between. Raises LakeBusy."""
        place, name = self.staged.place, self.staged.source.kind.table
        taken, leaving = _counted(
            self.connection, "SELECT count(*), count(*) FILTER (gone) FROM incoming ANTI JOIN dropped USING (row)"
        )
        unseen = self.entry.counts.accepted - taken

        def decide(table: Table) -> Change:
            held = data_files(table, table.current_snapshot())
            self._meet(self._near(table, held))
            unchanged, replaced, withdrawn = _counted(
                self.connection,
                "SELECT count(*) FILTER (same), count(*) FILTER (NOT same AND NOT gone), count(*) FILTER (gone) FROM met",
            )
            unchanged += unseen + leaving - withdrawn
            counts = replace(self.entry.counts, unchanged=unchanged, replaced=replaced, withdrawn=withdrawn)
            self.entry = replace(self.entry, counts=counts)
            return Change(*self._files(held), self.entry.notes())

        commit(place.lake, name, decide)
        return self.entry.counts

    def _near(self, table: Table, held: list[DataFile]) -> list[DataFile]:
        """The data files that may hold an incoming key, by the bounds that each is known to have."""
        kind = self.staged.source.kind
        if not kind.pruned or not held:
            return held
        least, most = self.connection.execute("SELECT min(key), max(key) FROM incoming").fetchall()[0]
        place = table.schema().find_field(kind.key).field_id
        near = []
        for one in held:
            low, high = ((bounds or {}).get(place) for bounds in (one.lower_bounds, one.upper_bounds))
            if (
                low is None
                or high is None
                or (
                    least is not None
                    and from_bytes(StringType(), low) <= most
                    and least <= from_bytes(StringType(), high)
                )
            ):
                near.append(one)
        return near

    def _meet(self, near: list[DataFile]) -> None:
        """Find what is held under an incoming key."""
        self.connection.execute(MET)
        if near:
            kind = self.staged.source.kind
            same = " AND ".join(f'held."{name}" IS NOT DISTINCT FROM incoming."{name}"' for name in kind.fields.names)
            self.connection.execute(f"""
                INSERT INTO met
                SELECT held.filename, place, key, incoming.row, gone, NOT gone AND {same if self.staged.files else "false"}
                FROM (SELECT {kind.key} AS key, file_row_number AS place, * FROM {parquet(local_paths(near), numbered=True)}) AS held
                JOIN (FROM incoming ANTI JOIN dropped USING (row)) AS incoming USING (key)
            """)
        self.connection.execute(OUT)

    def _files(self, held: list[DataFile]) -> tuple[list[DataFile], list[Path]]:
        """The data files that go, and those that come: as staged, or written anew without what must not be in them."""
        ours = {path: _part(path) for path in self.staged.files}
        theirs = dict(zip(local_paths(held), held, strict=True))
        parts = ours | {path: one.partition[0] for path, one in theirs.items()}
        anew = _texts(
            self.connection, "SELECT DISTINCT filename FROM incoming SEMI JOIN out USING (row) WHERE NOT gone"
        )
        less = _texts(self.connection, "SELECT DISTINCT file FROM met WHERE NOT same")
        anew |= _crumbs(ours, theirs)
        come = [Path(path) for path in ours if path not in anew]
        come += self._less(sorted(less - anew))
        for part in sorted({parts[path] for path in anew}):
            paths = [path for path in anew if parts[path] == part]
            come += self._anew([path for path in paths if path in ours], [path for path in paths if path in theirs])
        return [one for path, one in theirs.items() if path in anew | less], come

    def _less(self, paths: list[str]) -> list[Path]:
        """Data files written anew without what is replaced or withdrawn: two at a time, as each is one thread's work."""
        folder, table = self.staged.place.data(self.staged.source.kind.table), self.staged.source.kind.table
        places = [
            self.connection.execute("SELECT place FROM met WHERE NOT same AND file = ?", [path]).fetchnumpy()["place"]
            for path in paths
        ]
        new = [folder / f"{uuid4().hex}.parquet" for _ in paths]
        with ThreadPoolExecutor(THREADS) as pool:
            counts = list(pool.map(partial(write_without, table), map(Path, paths), places, new))
        return [path for path, count in zip(new, counts, strict=True) if count]

    def _anew(self, ours: list[str], theirs: list[str]) -> list[Path]:
        """One new file of what remains of some staged files and some data files."""
        kind = self.staged.source.kind
        queries = [f"(FROM {parquet(ours)} ANTI JOIN out USING (row))"] if ours else []
        if theirs:
            queries.append(f"""(
                SELECT * EXCLUDE (key) FROM (SELECT *, {kind.key} AS key FROM {parquet(theirs)})
                ANTI JOIN (SELECT key FROM met WHERE NOT same) USING (key))""")
        path = self.staged.place.data(kind.table) / f"{uuid4().hex}.parquet"
        found = " UNION ALL BY NAME ".join(queries)
        return [path] if write_query(self.connection, found, kind.table, path) else []


def _part(path: str) -> int:
    return int(Path(path).parent.name.removeprefix("part="))


def _crumbs(ours: dict[str, int], theirs: dict[str, DataFile]) -> set[str]:
    """Small files of a month that this import adds to, where there are so many that reading them would cost."""
    found: set[str] = set()
    for part in set(ours.values()):
        small = {path for path, one in theirs.items() if one.partition[0] == part and one.file_size_in_bytes < SMALL}
        small |= {path for path, own in ours.items() if own == part and Path(path).stat().st_size < SMALL}
        if len(small) > MOST_SMALL:
            found |= small
    return found


def parquet(paths: list[str], *, numbered: bool = False) -> str:
    """SQL for the rows of some Parquet files, each with the name of its file, and its number there if wanted."""
    names = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    number = ", file_row_number = true" if numbered else ""
    return f"read_parquet([{names}], filename = true, hive_partitioning = false, union_by_name = true{number})"


def _counted(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return tuple(int(number) for number in connection.execute(query).fetchall()[0])


def _texts(connection: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    return {text for (text,) in connection.execute(query).fetchall()}
