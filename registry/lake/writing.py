"""Parquet files as the Iceberg tables want them: columns by their ids, codes as dictionaries."""

# ruff: noqa: S608  # what is put into the queries are our own names and paths, quoted

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import schema_to_pyarrow

from registry.lake.tables import SCHEMAS

ROWS = 122_880
ROW_GROUP = 2 * ROWS
# Rows of all partitions that wait for their row group to be full: a quarter of a gigabyte.
MOST_WAITING = 2_000_000
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
        return [str(self._path(part)) for part in self.writers]

    def close(self) -> None:
        """Close the files as they are."""
        for writer in self.writers.values():
            writer.close()

    def _count(self, part: int) -> int:
        return sum(map(len, self.waiting[part]))

    def _path(self, part: int) -> Path:
        return self.folder / f"part={part}" / "0.parquet"

    def _write(self, part: int) -> None:
        rows = pa.Table.from_batches(self.waiting.pop(part), self.schema)
        if part not in self.writers:
            self._path(part).parent.mkdir(parents=True, exist_ok=True)
            self.writers[part] = data_file(self._path(part), self.schema)
        self.writers[part].write_table(rows, row_group_size=len(rows))


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
    wanted = schema_to_pyarrow(SCHEMAS[table])
    columns = ", ".join(f'"{name}"' for name in wanted.names)
    reader = connection.sql(f"SELECT {columns} FROM ({query})").to_arrow_reader(ROWS)
    schema = with_ids(table, [pa.field(name, _plain(wanted.field(name).type)) for name in wanted.names])
    count, writer = 0, None
    try:
        for batch in reader:
            if len(batch):
                writer = writer or data_file(path, schema)
                writer.write_batch(batch.cast(schema), row_group_size=ROW_GROUP)
                count += len(batch)
    finally:
        if writer:
            writer.close()
    return count


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_large_string(kind) else kind
