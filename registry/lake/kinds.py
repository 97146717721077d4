"""The two kinds of files that come in, cases and reported volumes: how each is checked, kept and told apart."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from registry.lake.chunks import Chunk
from registry.lake.columns import Column
from registry.lake.words import Wording


@dataclass(frozen=True, slots=True)
class Checked:
    """A chunk after its checks: rows as they are kept, rows that say something is withdrawn, and faults.

    `good` has the columns of the table, then `row` and `part`, the partition it goes to.
    """

    good: pa.RecordBatch
    withdrawn: pa.RecordBatch | None
    faults: list[pa.RecordBatch]
    read: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `key` is SQL over the table's columns: what a later row replaces an earlier one by.

    `table` is where it is kept. `pruned`: the key is a column whose bounds each data file knows.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    fields: pa.Schema
    key: str
    pruned: bool
    check: Callable[[Chunk, Wording, datetime], Checked]
