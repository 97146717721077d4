"""The sieve: what is wrong with the rows of a chunk, as masks over its columns."""

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from registry.lake.chunks import Chunk
from registry.lake.personal import HIDDEN
from registry.lake.texts import is_short_ascii

SHOWN = 80
LONGEST = 80
CONTROL = r"[\x00-\x1f\x7f-\x{9f}\x{fffe}\x{ffff}]"

FAULTS = pa.schema([
    ("row", pa.int64()), ("subject", pa.string()), ("column", pa.string()),
    ("value", pa.string()), ("reason", pa.string()), ("first", pa.int64()),
])  # fmt: skip


@dataclass(slots=True)
class Sieve:
    """Collects faults; `bad` is where any was found. `subject` is what names a row to a person."""

    chunk: Chunk
    subject: pa.Array
    bad: pa.Array
    faults: list[pa.RecordBatch] = field(default_factory=list)

    @classmethod
    def over(cls, chunk: Chunk, subject: pa.Array) -> "Sieve":
        """A sieve that begins with the rows that were spoilt when the file was read."""
        sieve = cls(chunk, subject, pa.repeat(pa.scalar(False), len(chunk.rows)))
        if chunk.spoilt:
            rows = [
                {"row": each.row, "subject": "", "column": each.column, "value": each.value, "reason": each.reason}
                for each in chunk.spoilt
            ]
            sieve.faults.append(_shown(pa.RecordBatch.from_pylist(rows, FAULTS)))
        return sieve

    def reject(self, wrong: pa.Array, column: str, reason: str) -> None:
        """Reject the rows where `wrong` is true (null is not), for what the column says."""
        wrong = pc.fill_null(wrong, False)
        if not pc.any(wrong).as_py():
            return
        self.bad = pc.or_(self.bad, wrong)
        rows = self.chunk.rows.filter(wrong)
        values = self.chunk.columns[column].filter(wrong) if column in self.chunk.columns else pa.repeat("", len(rows))
        fault = pa.RecordBatch.from_arrays(
            [
                rows, pc.utf8_slice_codeunits(self.subject.filter(wrong), 0, SHOWN),
                pa.repeat(column, len(rows)), pc.utf8_slice_codeunits(values, 0, SHOWN),
                pa.repeat(reason, len(rows)), pa.nulls(len(rows), pa.int64()),
            ],
            schema=FAULTS,
        )  # fmt: skip
        self.faults.append(_shown(fault))

    def reject_text(self, texts: pa.Array, column: str) -> None:
        """Reject codes that are missing, too long, or hold what no code does."""
        self.reject(pc.equal(texts, ""), column, "missing")
        if is_short_ascii(texts, LONGEST):
            return
        self.reject(pc.greater(pc.utf8_length(texts), LONGEST), column, "too_long")
        self.reject(pc.match_substring_regex(texts, CONTROL), column, "control_character")


def _shown(faults: pa.RecordBatch) -> pa.RecordBatch:
    """What is kept of a rejected cell: nothing in it that looks like an identity or telephone number."""
    hidden = pc.match_substring_regex(faults.column("value"), HIDDEN)
    if not pc.any(hidden).as_py():
        return faults
    place = faults.schema.get_field_index("value")
    return faults.set_column(
        place, FAULTS.field("value"), pc.if_else(hidden, "（已隐去 hidden）", faults.column("value"))
    )
