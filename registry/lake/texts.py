"""Columns of texts made into codes, moments, flags and counts, a whole column at a time.

Most cells are written as they should be, and the first, quick look reads them. Only
what it can't read is looked at again: spaces, full-width letters, other ways to
write a date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOMENT = pa.timestamp("us")
FLAGS = {
    "": False, "否": False, "0": False, "false": False, "n": False, "no": False,
    "是": True, "1": True, "true": True, "y": True, "yes": True,
}  # fmt: skip

# Dates as people write them. An offset is brought to the city's clock, which has kept
# to UTC+8 since 1991; DuckDB's own cast would drop it.
MOMENTS = r"""
    SELECT CASE
        WHEN NOT regexp_matches(given, '^\d{4}') THEN NULL
        WHEN regexp_matches(given, ':\d\d(\.\d+)? ?(Z|[+-]\d\d:?(\d\d)?)$')
            THEN TRY(make_timestamp(epoch_us(TRY_CAST(given AS TIMESTAMPTZ)) + 28800000000))
        ELSE coalesce(
            TRY_CAST(given AS TIMESTAMP),
            TRY_STRPTIME(given, ['%Y%m%d', '%Y%m%d%H%M%S', '%Y%m%d%H%M', '%Y年%m月%d日', '%Y.%m.%d'])
        ) END AS moment
    FROM texts
"""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What texts mean: `meanings[i]` is what `texts[i]` stands for."""

    texts: pa.Array
    meanings: pa.Array

    @classmethod
    def of(cls, table: Mapping[str, Any], kind: pa.DataType) -> "Lookup":
        """The lookup of a table."""
        return cls(pa.array(list(table), pa.string()), pa.array(list(table.values()), kind))

    def read(self, column: pa.Array) -> pa.Array:
        """The meanings of a column's texts; null for what is unknown. Each different text is looked up once."""
        coded = column.dictionary_encode()
        found = pc.index_in(coded.dictionary, self.texts)
        if found.null_count:
            found = pc.coalesce(found, pc.index_in(plain(coded.dictionary), self.texts))
        return self.meanings.take(found).take(coded.indices)


def plain(column: pa.Array) -> pa.Array:
    """Texts without space around them, full-width letters and digits as plain ones."""
    return pc.utf8_trim_whitespace(pc.utf8_normalize(column, "NFKC"))


def moments(column: pa.Array) -> pa.Array:
    """The moments of a column's texts, on the city's clock; null for what is empty or can't be read."""
    given = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    try:
        return given.cast(MOMENT)
    except pa.ArrowInvalid:
        texts = pa.table({"given": plain(given)})
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("texts", texts)
        return connection.sql(MOMENTS).to_arrow_table()["moment"].combine_chunks().cast(MOMENT)


def flags(column: pa.Array) -> pa.Array:
    """Yes or no; an empty cell is no, and null what can't be read."""
    found = YES_NO.read(column)
    return pc.coalesce(found, YES_NO.read(pc.utf8_lower(column))) if found.null_count else found


def is_short_ascii(column: pa.Array, longest: int) -> bool:
    """Whether no text has more bytes than that, and all are printable ASCII: what most codes are."""
    if (pc.max(pc.binary_length(column)).as_py() or 0) > longest:
        return False
    _, offsets, data = column.buffers()
    if data is None:
        return True
    ends = np.frombuffer(offsets, np.int32)[[column.offset, column.offset + len(column)]]
    letters = np.frombuffer(data, np.uint8)[slice(*ends)]
    return bool(((letters >= 0x20) & (letters < 0x7F)).all())


def is_filled(column: pa.Array) -> pa.Array:
    """Whether cells have a text other than spaces."""
    return pc.not_equal(pc.utf8_trim_whitespace(column), "")


def same(length: int, text: str) -> pa.Array:
    """A column that says the same in each row."""
    return pa.repeat(pa.scalar(text), length)


def moment(at: datetime) -> pa.Scalar:
    """A moment to compare with."""
    return pa.scalar(at, MOMENT)


YES_NO = Lookup.of(FLAGS, pa.bool_())
