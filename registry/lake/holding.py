"""What the lake holds: rows by period, and the imports that brought them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from registry.lake.ledger import Entry, dated_entries
from registry.lake.tables import KINDS, Lake, data_files

EPOCH = 1970


@dataclass(frozen=True, slots=True)
class Holding:
    """A table as it is now. `rows` by month, or by year for volumes, in order; `size` of its files in bytes."""

    rows: dict[str, int]
    files: int
    size: int
    imports: list[tuple[datetime, Entry]]


def holding(lake: Lake, kind: str) -> Holding:
    """What is held of a kind, out of what Iceberg notes of each file: no file of data is opened."""
    table = lake.table(KINDS[kind])
    files = data_files(table, table.current_snapshot())
    rows: Counter[int] = Counter()
    for one in files:
        rows[one.partition[0]] += one.record_count
    name = _month if kind == "cases" else _year
    return Holding(
        {name(part): rows[part] for part in sorted(rows)},
        len(files),
        sum(one.file_size_in_bytes for one in files),
        list(dated_entries(table)),
    )


def _month(part: int) -> str:
    return f"{EPOCH + part // 12}-{part % 12 + 1:02}"


def _year(part: int) -> str:
    return str(EPOCH + part)
