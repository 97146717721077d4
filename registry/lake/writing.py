"""Parquet files as the Iceberg tables want them: columns by their ids, codes as dictionaries."""

# ruff: noqa: S608  # what is put into the queries are our own names and paths, quoted

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.io.pyarrow import schema_to_pyarrow

from registry.lake.tables import SCHEMAS

ROWS = 122_880
# Columns of few different values.
DICTIONARIES = [
    "matter", "district", "channel", "bundle", "grain", "given", "import_id",
    "file", "kind", "column", "reason",
]  # fmt: skip


def with_ids(table: str, fields: Iterable[pa.Field]) -> pa.Schema:
    """The fields with the ids that the table's schema gives their names."""
    schema = SCHEMAS[table]
    return pa.schema(
        field.with_metadata({"PARQUET:field_id": str(schema.find_field(field.name).field_id)}) for field in fields
    )


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
                writer = writer or pq.ParquetWriter(path, schema, use_dictionary=DICTIONARIES, store_schema=False)
                writer.write_batch(batch.cast(schema), row_group_size=4 * ROWS)
                count += len(batch)
    finally:
        if writer:
            writer.close()
    return count


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_large_string(kind) else kind
