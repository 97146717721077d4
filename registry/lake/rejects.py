"""Rejected rows: kept with their reasons until a later import of the file, or of the case, mends them."""

# ruff: noqa: S608  # what is put into the queries are our own names and paths, quoted

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from registry.lake.ledger import PREFIX, entries, standing
from registry.lake.reasons import REASONS
from registry.lake.settle import parquet
from registry.lake.staging import Staged
from registry.lake.tables import KINDS, Change, Lake, commit, data_files, local_paths
from registry.lake.writing import write_query


@dataclass(frozen=True, slots=True)
class Reject:
    """One thing wrong with one row. A row with several is there several times. `row` counts from the header, 1."""

    file: str
    row: int
    subject: str
    column: str
    value: str
    reason: str
    zh: str
    en: str

    @property
    def words(self) -> tuple[str, str]:
        """What the reason says of any row."""
        zh, en = REASONS[self.reason]
        return zh.format(first="…"), en.format(first="…")

    def __str__(self) -> str:
        column = f" {self.column}" if self.column else ""
        value = f" “{self.value}”" if self.value else ""
        return f"{self.file}:{self.row}{column}{value}: {self.zh} / {self.en}"


def known_faults(staged: Staged, connection: duckdb.DuckDBPyConnection, again: list[int] | None) -> int:
    """Make `faults` of what was found while reading and of duplicates; how many rows they reject."""
    found = f"FROM {parquet([str(staged.faults)])}" if staged.faulty else "SELECT 0::BIGINT AS row WHERE false"
    limit = "SEMI JOIN again USING (row)" if again is not None else ""
    column = "'case_no'" if staged.source.kind.pruned else "''"
    connection.execute(f"""
        CREATE TABLE faults AS
        SELECT * EXCLUDE (filename) FROM (FROM (SELECT NULL::VARCHAR AS filename, {_NOTHING}) UNION ALL BY NAME ({found}))
        {limit} WHERE row IS NOT NULL
        UNION ALL BY NAME
        SELECT row, key AS subject, {column} AS column, key AS value, 'duplicate' AS reason, first FROM twice
    """)
    return int(connection.execute("SELECT count(DISTINCT row) FROM faults").fetchall()[0][0])


_NOTHING = """
    NULL::BIGINT AS row, NULL::VARCHAR AS subject, NULL::VARCHAR AS column,
    NULL::VARCHAR AS value, NULL::VARCHAR AS reason, NULL::BIGINT AS first
"""


def keep_rejects(staged: Staged, connection: duckdb.DuckDBPyConnection) -> None:
    """Commit the faults. They count once the import is in the ledger: the commit after this one."""
    source, place = staged.source, staged.place
    connection.execute("CREATE TABLE about AS SELECT ? AS import_id, ? AS file, ? AS kind",
                       [place.id, source.path.name, source.kind.name])  # fmt: skip
    path = place.data("rejects") / "rejects.parquet"
    if write_query(connection, "FROM faults, about ORDER BY row", "rejects", path):
        change = Change(come=[path], notes={f"{PREFIX}import": place.id})
        commit(place.lake, "rejects", lambda _: change)


def rejected_rows(lake: Lake, import_id: str) -> list[int]:
    """The rows that an import rejected."""
    table = lake.table("rejects")
    paths = local_paths(data_files(table, table.current_snapshot()))
    if not paths:
        return []
    with duckdb.connect() as connection:
        query = f"SELECT DISTINCT row FROM {parquet(paths)} WHERE import_id = ?"
        return [row for (row,) in connection.execute(query, [import_id]).fetchall()]


def rejects(lake: Lake, kind: str = "cases") -> Iterator[Reject]:
    """The rejects that still stand, oldest import first, then by row.

    Gone are those of a file, or of a content, that was imported again, and those of a
    case that a later import brought.
    """
    table, held = lake.table("rejects"), lake.table(KINDS[kind])
    paths = local_paths(data_files(table, table.current_snapshot()))
    imports = [entry.id for entry in entries(held)]
    stand = {entry.id for entry in standing(held)}
    if not paths or not imports:
        return
    with duckdb.connect() as connection:
        ledger = {"import_id": imports, "nth": range(len(imports)), "stands": [one in stand for one in imports]}
        connection.register("ledger", pa.table({name: pa.array(column) for name, column in ledger.items()}))
        mended = ""
        if kind == "cases" and (cases := local_paths(data_files(held, held.current_snapshot()))):
            connection.execute(f"CREATE VIEW held AS FROM {parquet(cases)} JOIN ledger USING (import_id)")
            mended = "AND NOT EXISTS (FROM held WHERE case_no = subject AND held.nth > given.nth)"
        rows = connection.execute(f"""
            SELECT file, row, subject, "column", value, reason, first
            FROM (FROM {parquet(paths)} JOIN ledger USING (import_id)) AS given
            WHERE stands {mended}
            ORDER BY nth, row, "column"
        """)
        while found := rows.fetchmany(10_000):
            yield from (_reject(*one) for one in found)


def _reject(file: str, row: int, *said: Any) -> Reject:
    subject, column, value, reason, first = said
    zh, en = (text.format(first=first) for text in REASONS[reason])
    return Reject(file, row, subject, column, value, reason, zh, en)
