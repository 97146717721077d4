"""Staging: a file read, checked and written as Parquet by partition, in one pass and bounded memory."""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from registry.exchange.faults import RefusedFiles
from registry.lake.chunks import Chunk, Layout, Reading, Readings, layout_of, personal_column, refused
from registry.lake.csv_chunks import csv_readings
from registry.lake.kinds import Checked, Kind
from registry.lake.personal import looks_personal
from registry.lake.places import Workplace
from registry.lake.sieve import FAULTS
from registry.lake.table_chunks import parquet_readings, xlsx_readings
from registry.lake.words import CODE, Wording
from registry.lake.writing import Partitions, with_ids

# Two parse and check while one writes.
THREADS = 2
AHEAD = 4
SAMPLE = 200

FORMS = {
    ".csv": "csv", ".txt": "csv", ".csv.gz": "csv", ".txt.gz": "csv",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet",
}  # fmt: skip

Progress = Callable[[str, int, int, int], None]  # file, rows read, bytes read, bytes in all
Item = TypeVar("Item")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be read, as what, and how."""

    path: Path
    kind: Kind
    wording: Wording
    encoding: str | None = None
    progress: Progress | None = None

    @property
    def key(self) -> str:
        """What stands for the file's content and how it is read: the same key, the same rows."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        mapping = self.wording.mapping
        known = (self.kind.name, self.encoding or mapping.encoding, mapping.delimiter, sorted(mapping.columns.items()))
        said = (
            sorted(mapping.values.items()),
            sorted(mapping.constants.items()),
            sorted(mapping.ignore | mapping.empty),
        )
        digest.update(repr((*known, *said)).encode())
        return digest.hexdigest()


@dataclass(slots=True)
class Staged:
    """What was staged. `ascending`: keys came in order, so none came twice."""

    source: Source
    place: Workplace
    read: int = 0
    ascending: bool = True
    last: str = ""
    faulty: pq.ParquetWriter | None = None
    gone: pq.ParquetWriter | None = None
    files: list[str] = field(default_factory=list)

    @property
    def faults(self) -> Path:
        """The faults found, if there are any."""
        return self.place.scratch / "faults.parquet"

    @property
    def withdrawn(self) -> Path:
        """The keys that are withdrawn, if there are any."""
        return self.place.scratch / "withdrawn.parquet"


def stage(source: Source, place: Workplace) -> Staged:
    """Read and check a file and write what is good. Raises RefusedFiles if the file can't be taken at all."""
    staged = Staged(source, place)
    schema = with_ids(
        source.kind.table, [*source.kind.fields, pa.field("import_id", CODE), pa.field("row", pa.int64())]
    )
    partitions = Partitions(place.data(source.kind.table), schema)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            for good in _good(staged, pool):
                partitions.add(_noted(good, place.id, schema), good.column("part"))
        staged.files = partitions.finish()
    finally:
        for writer in filter(None, (partitions, staged.faulty, staged.gone)):
            writer.close()
    return staged


def _noted(good: pa.RecordBatch, import_id: str, schema: pa.Schema) -> pa.RecordBatch:
    """Good rows as the table has them, with the import that brought them."""
    columns = dict(zip(good.schema.names, good.columns, strict=True))
    columns["import_id"] = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), len(good)), [import_id])
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _good(staged: Staged, pool: ThreadPoolExecutor) -> Iterator[pa.RecordBatch]:
    source, place = staged.source, staged.place
    now = place.lake.clock()
    size = source.path.stat().st_size

    def work(item: tuple[Reading, int]) -> tuple[Checked, int]:
        chunk = item[0]()
        _refuse_personal(source.path.name, chunk)
        return source.kind.check(chunk, source.wording, now), item[1]

    for checked, position in _ordered(pool, work, readings(source)):
        staged.read += checked.read
        _put_aside(staged, checked)
        if source.progress:
            source.progress(source.path.name, staged.read, position, size)
        if len(checked.good):
            _watch(staged, checked.good)
            yield checked.good


def _put_aside(staged: Staged, checked: Checked) -> None:
    for faults in checked.faults:
        staged.faulty = staged.faulty or pq.ParquetWriter(staged.faults, FAULTS)
        staged.faulty.write_batch(faults)
    if checked.withdrawn is not None:
        staged.gone = staged.gone or pq.ParquetWriter(staged.withdrawn, checked.withdrawn.schema)
        staged.gone.write_batch(checked.withdrawn)
        staged.ascending = False


def _watch(staged: Staged, good: pa.RecordBatch) -> None:
    """See whether keys still come in order."""
    if not (staged.ascending and staged.source.kind.pruned):
        staged.ascending = False
        return
    keys = good.column(staged.source.kind.key)
    in_order = pc.all(pc.less(keys[:-1], keys[1:])).as_py() in (True, None)
    staged.ascending = in_order and staged.last < keys[0].as_py()
    staged.last = keys[-1].as_py()


def _refuse_personal(file: str, chunk: Chunk) -> None:
    for name, texts in chunk.columns.items():
        if looks_personal(texts[:SAMPLE].to_pylist()):
            raise RefusedFiles([personal_column(file, name)])


def readings(source: Source) -> Readings:
    """The file's chunks, whatever its form. Raises RefusedFiles."""
    path, mapping = source.path, source.wording.mapping

    def layout(header: list[str]) -> Layout:
        return layout_of(path.name, header, source.kind.columns, mapping)

    match form_of(path):
        case "parquet":
            return parquet_readings(path, layout)
        case "xlsx":
            return xlsx_readings(path, layout)
    return csv_readings(path, source.encoding or mapping.encoding, mapping.delimiter, layout)


def form_of(path: Path) -> str:
    """Which form a file has: csv, xlsx or parquet. Raises RefusedFiles if it has none of them, or isn't there."""
    if not path.exists():
        raise refused(path.name, "文件不存在", "there is no such file")
    forms = [suffix.lower() for suffix in path.suffixes[-2:]]
    form = FORMS.get("".join(forms)) or FORMS.get(forms[-1] if forms else "")
    if form is None or not path.is_file():
        raise refused(
            path.name, "应为 .csv、.csv.gz、.xlsx 或 .parquet 文件", "expected a .csv, .csv.gz, .xlsx or .parquet file"
        )
    if not os.access(path, os.R_OK):
        raise refused(path.name, "没有读取权限", "may not be read")
    return form


def _ordered(pool: ThreadPoolExecutor, work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """The work on each item, in their order, a few of them ahead."""
    waiting: deque[Future[Made]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
