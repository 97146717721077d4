"""Whether a state of the lake holds synthetic cases, so that no answer can be taken for a real one."""

import duckdb
from pyiceberg.conversions import from_bytes
from pyiceberg.types import StringType

from registry.lake.settle import parquet
from registry.lake.tables import Lake, data_files, local_paths
from registry.lake.volumes import State

# What the numbers of synthetic cases begin with (`registry.lake.demo`), and the first text after all such.
FIRST, AFTER = "DEMO", "DEMP"
CASE_NO = 1  # the column's number in the table


def holds_synthetic(lake: Lake, held: State) -> bool:
    """Whether any case number of the state begins with DEMO. Files that can't hold one are not opened."""
    if held.cases is None:
        return False
    table = lake.table("cases")
    files = data_files(table, table.snapshot_by_id(held.cases))
    doubtful = []
    for file in files:
        low, high = (_text(bounds.get(CASE_NO)) for bounds in (file.lower_bounds, file.upper_bounds))
        if low.startswith(FIRST) or high.startswith(FIRST):
            return True
        if low < FIRST and high >= AFTER:
            doubtful.append(file)
    return bool(doubtful) and _found(local_paths(doubtful))


def _text(bound: bytes | None) -> str:
    return str(from_bytes(StringType(), bound)) if bound else ""


def _found(paths: list[str]) -> bool:
    query = f"SELECT 1 FROM {parquet(paths)} WHERE case_no >= '{FIRST}' AND case_no < '{AFTER}' LIMIT 1"  # noqa: S608  # our own names
    with duckdb.connect() as connection:
        return bool(connection.execute(query).fetchall())
