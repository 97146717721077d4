"""A sheet as an Arrow table, and as the Parquet file that keeps it."""

from typing import BinaryIO

import orjson
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # it carries no types
import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]  # it carries none either

from registry.figures.sheet import Column, Kind, Sheet

TYPES = {
    Kind.TEXT: pa.string(), Kind.WHOLE: pa.int64(), Kind.NUMBER: pa.float64(), Kind.SHARE: pa.float64(),
    Kind.TRUTH: pa.bool_(),
}  # fmt: skip


def arrow_table(sheet: Sheet) -> pa.Table:
    """Typed columns under the names for programs; their words and the notes are metadata."""
    notes = [{"name": note.name, "zh": note.zh, "en": note.en} for note in sheet.notes]
    schema = pa.schema(map(_field, sheet.columns), {"notes": orjson.dumps(notes)})
    cells = zip(*sheet.rows, strict=True) if sheet.rows else ([] for _ in sheet.columns)
    return pa.Table.from_arrays(
        [pa.array(each, field.type) for each, field in zip(cells, schema, strict=True)], schema=schema
    )


def write_parquet(sheet: Sheet, file: BinaryIO) -> None:
    """A Parquet file; `notes` in its metadata are JSON."""
    pq.write_table(arrow_table(sheet), file)


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, TYPES[column.kind], metadata={"zh": column.zh, "en": column.en})
