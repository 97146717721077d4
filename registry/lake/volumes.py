"""Volumes: what rates are reckoned from. Those of cases are counted once for each data file.

A data file never changes, so its counts, by day, stand beside it as a file of their
own and are made when first asked for. The volumes of any state of the lake, today's or
one of long ago, are the sum over the data files that the state names.
"""

import os
import secrets
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
    FROM {cases} GROUP BY ALL
"""
# Counts of different data files may be of the same cell.
DERIVED = """
    SELECT matter, district, "start", 'DAY' AS grain, channel, assisted, bundle,
           'COUNT' AS given, sum("count")::BIGINT AS "count", 'DERIVED' AS origin
    FROM {counted} GROUP BY ALL
"""
REPORTED = """
    SELECT matter, district, "start", grain, channel, false AS assisted, NULL::VARCHAR AS bundle,
           given, "count", 'REPORTED' AS origin
    FROM {reported}
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
    return State(*(_snapshot(lake, name, as_reported_on) for name in ("cases", "volumes_reported")))


def volumes(lake: Lake, *, as_reported_on: datetime | None = None) -> pa.Table:
    """The volumes of the lake now, or as they were known at a moment, derived and reported ones alike.

    Which of them count where both speak of the same is for `registry.rates` to say.
    """
    return volumes_of(lake, state(lake, as_reported_on=as_reported_on))


def volumes_of(lake: Lake, held: State) -> pa.Table:
    """The volumes of a state."""
    counted = derive(lake, held)
    reported = _paths(lake, "volumes_reported", held.reported)
    parts = [DERIVED.format(counted=parquet(counted))] if counted else []
    parts += [REPORTED.format(reported=parquet(reported))] if reported else []
    if not parts:
        return SCHEMA.empty_table()
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{lake.memory}'")
        return connection.sql(" UNION ALL ".join(parts)).to_arrow_table().cast(SCHEMA)


def derive(lake: Lake, held: State | None = None) -> list[str]:
    """Count what has not been counted of a state's cases, now's by default; the paths of the counts."""
    held = held or state(lake)
    counts = []
    with duckdb.connect() as connection:
        connection.execute(f"SET memory_limit = '{lake.memory}'")
        for path in map(Path, _paths(lake, "cases", held.cases)):
            counted = lake.folder / "cases" / "volumes" / path.relative_to(lake.folder / "cases" / "data")
            if not counted.exists():
                _count(connection, path, counted)
            counts.append(str(counted))
    return counts


def _count(connection: duckdb.DuckDBPyConnection, path: Path, counted: Path) -> None:
    counted.parent.mkdir(parents=True, exist_ok=True)
    # Whole under its name or not there: another process may make the same at the same time.
    new = counted.with_name(f"{counted.stem}-{secrets.token_hex(4)}.new")
    query = COUNTED.format(cases=parquet([str(path)]))
    connection.execute(f"COPY ({query}) TO '{str(new).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
    os.replace(new, counted)


def _paths(lake: Lake, name: str, snapshot_id: int | None) -> list[str]:
    table = lake.table(name)
    snapshot = table.snapshot_by_id(snapshot_id) if snapshot_id else None
    return local_paths(data_files(table, snapshot))


def _snapshot(lake: Lake, name: str, moment: datetime | None) -> int | None:
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=CITY_ZONE)
    snapshot = snapshot_at(lake.table(name), moment)
    return snapshot.snapshot_id if snapshot else None
