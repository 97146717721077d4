"""Parquet files as the Iceberg tables want them: columns by their ids, codes as dictionaries."""

# ruff: noqa: S608  # what is put into the queries are our own names and paths, quoted

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import schema_to_pyarrow

from registry.lake.tables import SCHEMAS
from registry.lake.words import CODE

Places = np.ndarray[Any, np.dtype[np.int64]]

ROWS = 122_880
ROW_GROUP = 2 * ROWS
# Rows of all partitions that wait for their row group to be full: a quarter of a gigabyte.
MOST_WAITING = 2_000_000
# A correction writes the whole file anew that holds the case, so a month has several if it has more rows than this.
FILE_ROWS = 1_000_000
# Columns of few different values.
DICTIONARIES = [
    "matter", "district", "channel", "bundle", "grain", "given", "import_id",
    "file", "kind", "column", "reason",
]  # fmt: skip
# Numbers that mostly rise, and differ little from the one before.
RISING = {
    "case_no": "DELTA_BYTE_ARRAY", "row": "DELTA_BINARY_PACKED", "applied_at": "DELTA_BINARY_PACKED",
    "accepted_at": "DELTA_BINARY_PACKED", "decided_at": "DELTA_BINARY_PACKED",
}  # fmt: skip


def with_ids(table: str, fields: Iterable[pa.Field]) -> pa.Schema:
    """The fields with the ids that the table's schema gives their names."""
    schema = SCHEMAS[table]
    return pa.schema(
        field.with_metadata({"PARQUET:field_id": str(schema.find_field(field.name).field_id)}) for field in fields
    )


def data_file(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A new data file."""
    coded = [name for name in schema.names if name in DICTIONARIES]
    return pq.ParquetWriter(
        path, schema,
        compression="zstd", compression_level=1,
        use_dictionary=coded or False,
        column_encoding={name: encoding for name, encoding in RISING.items() if name in schema.names},
        # Without Arrow's own schema the file says nothing but what Iceberg knows.
        store_schema=False,
    )  # fmt: skip


@dataclass(slots=True)
class Partitions:
    """Data files by partition, written a row group at a time, rows in the order in which they came."""

    folder: Path
    schema: pa.Schema
    waiting: dict[int, list[pa.RecordBatch]] = field(default_factory=dict)
    writers: dict[int, pq.ParquetWriter] = field(default_factory=dict)
    written: Counter[int] = field(default_factory=Counter)  # rows of the file that is open
    files: list[str] = field(default_factory=list)

    def add(self, batch: pa.RecordBatch, parts: pa.Array) -> None:
        """Take some rows, each with its partition."""
        for part, rows in _apart(batch, parts):
            self.waiting.setdefault(part, []).append(rows)
            if self._count(part) >= ROW_GROUP:
                self._write(part)
        while sum(map(self._count, self.waiting)) > MOST_WAITING:
            self._write(max(self.waiting, key=self._count))

    def finish(self) -> list[str]:
        """Write what is left; the paths of all files."""
        for part in list(self.waiting):
            self._write(part)
        self.close()
        return self.files

    def close(self) -> None:
        """Close the files as they are."""
        for writer in self.writers.values():
            writer.close()

    def _count(self, part: int) -> int:
        return sum(map(len, self.waiting[part]))

    def _write(self, part: int) -> None:
        rows = pa.Table.from_batches(self.waiting.pop(part), self.schema)
        if part not in self.writers:
            path = self.folder / f"part={part}" / f"{len(self.files)}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            self.writers[part] = data_file(path, self.schema)
            self.files.append(str(path))
        self.writers[part].write_table(rows, row_group_size=len(rows))
        self.written[part] += len(rows)
        if self.written[part] >= FILE_ROWS:
            self.writers.pop(part).close()
            del self.written[part]


def _apart(batch: pa.RecordBatch, parts: pa.Array) -> Iterator[tuple[int, pa.RecordBatch]]:
    """The rows of each partition. They are copied where there are several: a few must not hold on to all."""
    numbers = parts.to_numpy()
    if (numbers == numbers[0]).all():
        yield int(numbers[0]), batch
        return
    order = np.argsort(numbers, kind="stable")
    found, begins = np.unique(numbers[order], return_index=True)
    for part, rows in zip(found, np.split(order, begins[1:]), strict=True):
        yield int(part), batch.take(pa.array(rows))


def write_query(connection: duckdb.DuckDBPyConnection, query: str, table: str, path: Path) -> int:
    """Write what a query finds as a data file of a table, in bounded memory; how many rows. Without any, no file."""
    schema = _schema(table, pa.string())
    columns = ", ".join(f'"{name}"' for name in schema.names)
    reader = connection.sql(f"SELECT {columns} FROM ({query})").to_arrow_reader(ROWS)
    return _written((pa.Table.from_batches([batch]).cast(schema) for batch in reader), schema, path)


def write_without(table: str, old: Path, places: Places, path: Path) -> int:
    """Write a data file of a table anew without the rows at some places of it, as `write_query` does."""
    schema = _schema(table, CODE)
    coded = [name for name in schema.names if name in DICTIONARIES]
    with pq.ParquetFile(old, read_dictionary=coded) as source:
        return _written((rows.select(schema.names).cast(schema) for rows in _others(source, places)), schema, path)


def _others(source: pq.ParquetFile, places: Places) -> Iterator[pa.Table]:
    begin = 0
    for number in range(source.num_row_groups):
        rows = source.read_row_group(number, use_threads=False)
        end = begin + len(rows)
        gone = places[(places >= begin) & (places < end)] - begin
        stay = np.ones(len(rows), bool)
        stay[gone] = False
        yield rows.filter(pa.array(stay)) if len(gone) else rows
        begin = end


def _written(tables: Iterable[pa.Table], schema: pa.Schema, path: Path) -> int:
    count, writer = 0, None
    try:
        for rows in tables:
            if len(rows):
                writer = writer or data_file(path, schema)
                writer.write_table(rows, row_group_size=ROW_GROUP)
                count += len(rows)
    finally:
        if writer:
            writer.close()
    return count


def _schema(table: str, text: pa.DataType) -> pa.Schema:
    """A table's columns, those of few different texts as `text`."""
    kinds = {
        one.name: pa.string() if pa.types.is_large_string(one.type) else one.type
        for one in schema_to_pyarrow(SCHEMAS[table])
    }
    return with_ids(table, [pa.field(name, text if name in DICTIONARIES else kind) for name, kind in kinds.items()])
