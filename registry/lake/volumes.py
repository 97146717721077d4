"""Volumes: what rates are reckoned from. Those of cases are counted once for each data file.

A data file never changes, so its counts, by day and by month, stand beside it as files
of their own and are made when first asked for. The volumes of any state of the lake,
today's or one of long ago, are the sum over the data files that the state names.
"""

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from registry.lake.settle import parquet
from registry.lake.tables import CITY_ZONE, Lake, data_files, local_paths, snapshot_at

SCHEMA = pa.schema([
    ("matter", pa.string()), ("district", pa.string()), ("start", pa.date32()), ("grain", pa.string()),
    ("channel", pa.string()), ("assisted", pa.bool_()), ("bundle", pa.string()),
    ("given", pa.string()), ("count", pa.int64()), ("origin", pa.string()),
])  # fmt: skip

COUNTED = """
    SELECT matter, district, accepted_at::DATE AS start, channel, assisted, bundle, count(*) AS count
    FROM {rows} GROUP BY ALL
"""
# The period is the number of its month: what is counted for different ones is told apart.
BY_MONTH = """
    SELECT matter, district, channel, assisted, bundle, year("start") * 12 + month("start") AS period,
           sum("count")::BIGINT AS "count", min("start") AS first, max("start") AS last
    FROM {rows} GROUP BY ALL
"""
MONTHS = """
    SELECT matter, district, channel, assisted, bundle, period::BIGINT AS period,
           sum("count")::BIGINT AS "count", min(first) AS first, max(last) AS last
    FROM {rows} GROUP BY ALL
"""
MONTHS_SCHEMA = pa.schema([
    ("matter", pa.string()), ("district", pa.string()), ("channel", pa.string()), ("assisted", pa.bool_()),
    ("bundle", pa.string()), ("period", pa.int64()), ("count", pa.int64()), ("first", pa.date32()), ("last", pa.date32()),
])  # fmt: skip
# Counts of different data files may be of the same cell.
DERIVED = """
    SELECT matter, district, "start", 'DAY' AS grain, channel, assisted, bundle,
           'COUNT' AS given, sum("count")::BIGINT AS "count", 'DERIVED' AS origin
    FROM {rows} GROUP BY ALL
"""
REPORTED = """
    SELECT matter, district, "start", grain, channel, false AS assisted, NULL::VARCHAR AS bundle,
           given, "count", 'REPORTED' AS origin
    FROM {rows}
"""


@dataclass(frozen=True, slots=True)
class State:
    """What the lake held at a moment, by its snapshots; None: nothing yet. The same state, the same volumes."""

    cases: int | None
    reported: int | None

    def __str__(self) -> str:
        return f"cases {self.cases or '-'}, volumes {self.reported or '-'}"


def state(lake: Lake, *, as_reported_on: datetime | None = None) -> State:
    """The lake's state now, or as it was known at a moment (without a time zone: on the city's clock)."""
    if as_reported_on is not None and as_reported_on.tzinfo is None:
        as_reported_on = as_reported_on.replace(tzinfo=CITY_ZONE)
    snapshots = (snapshot_at(table, as_reported_on) for table in lake.seen("cases", "volumes_reported"))
    return State(*(snapshot.snapshot_id if snapshot else None for snapshot in snapshots))


def volumes(lake: Lake, *, as_reported_on: datetime | None = None) -> pa.Table:
    """The volumes of the lake now, or as they were known at a moment, derived and reported ones alike.

    Which of them count where both speak of the same is for `registry.rates` to say.
    """
    return volumes_of(lake, state(lake, as_reported_on=as_reported_on))


def volumes_of(lake: Lake, held: State) -> pa.Table:
    """The volumes of a state."""
    counted, reported = derive(lake, held), reports_of(lake, held)
    return pa.concat_tables([_asked(lake, DERIVED, map(Path, counted), SCHEMA), reported])


def reports_of(lake: Lake, held: State) -> pa.Table:
    """What departments report, in a state: volumes."""
    return _asked(lake, REPORTED, map(Path, _paths(lake, "volumes_reported", held.reported)), SCHEMA)


def months_of(lake: Lake, held: State) -> pa.Table:
    """The cases of a state, those alike put together by month, with the days of the first and the last of them."""
    counted = _kept(lake, _derived(lake, held), "months", BY_MONTH)
    return _asked(lake, MONTHS, counted.values(), MONTHS_SCHEMA)


def derive(lake: Lake, held: State | None = None) -> list[str]:
    """Count what has not been counted of a state's cases, now's by default; the paths of the counts by day."""
    return [str(path) for path in _derived(lake, held or state(lake)).values()]


def _derived(lake: Lake, held: State) -> dict[Path, Path]:
    """The counts by day of each data file, by its place among the data files."""
    data = lake.folder / "cases" / "data"
    cases = {path.relative_to(data): path for path in map(Path, _paths(lake, "cases", held.cases))}
    return _kept(lake, cases, "volumes", COUNTED)


def _kept(lake: Lake, sources: Mapping[Path, Path], folder: str, query: str) -> dict[Path, Path]:
    """What a query finds in each file, in a folder of its own and kept; it is asked where that is not there yet."""
    kept = {place: lake.folder / "cases" / folder / place for place in sources}
    missing = [place for place, path in kept.items() if not path.exists()]
    if missing:
        with _connected(lake) as connection:
            for place in missing:
                _write(connection, query, sources[place], kept[place])
    return kept


def _write(connection: duckdb.DuckDBPyConnection, query: str, source: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole under its name or not there: another process may make the same at the same time.
    new = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.new")
    found = query.format(rows=parquet([str(source)]))
    connection.execute(f"COPY ({found}) TO '{str(new).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    os.replace(new, path)


def _asked(lake: Lake, query: str, paths: Iterable[Path], schema: pa.Schema) -> pa.Table:
    """What a query finds in all files; nothing without any."""
    names = [str(path) for path in paths]
    if not names:
        return schema.empty_table()
    with _connected(lake) as connection:
        return connection.sql(query.format(rows=parquet(names))).to_arrow_table().cast(schema)


@contextmanager
def _connected(lake: Lake) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{lake.memory}'")
        yield connection


def _paths(lake: Lake, name: str, snapshot_id: int | None) -> list[str]:
    table = lake.table(name)
    snapshot = table.snapshot_by_id(snapshot_id) if snapshot_id else None
    return local_paths(data_files(table, snapshot))
