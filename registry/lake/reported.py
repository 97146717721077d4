"""Volumes that departments report: totals of a day, month or year, or that there are none to give."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from registry.exchange.mapping import Mapping
from registry.holdings import Holdings
from registry.lake.cases import EARLIEST
from registry.lake.chunks import Chunk
from registry.lake.columns import VOLUME_COLUMNS
from registry.lake.intake import import_source
from registry.lake.kinds import Checked, Kind
from registry.lake.ledger import Imported
from registry.lake.settle import parquet
from registry.lake.sieve import Sieve
from registry.lake.staging import Source
from registry.lake.tables import Lake, data_files, local_paths
from registry.lake.texts import Lookup, is_filled, moment, moments, plain
from registry.lake.words import CODE, Wording
from registry.rates.volumes import Given, Grain

FIELDS = pa.schema([
    ("matter", CODE), ("district", CODE), ("start", pa.date32()), ("grain", pa.string()),
    ("channel", CODE), ("given", pa.string()), ("count", pa.int64()),
])  # fmt: skip
KEY = "concat_ws('|', matter, coalesce(district, ''), \"start\", grain, coalesce(channel, ''))"

YEAR, MONTH = r"^\d{4}年?$", r"^(?:\d{4}[-/.年]\d{1,2}月?|\d{6})$"
DAY = r"^(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{8})$"
GRAINS = ((YEAR, Grain.YEAR), (MONTH, Grain.MONTH), (DAY, Grain.DAY))
# Up to a billion, with the commas and the .0 that spreadsheets add.
WHOLE = r"^\d{1,9}(?:\.0*)?$"
ABSENT = {
    spelling: word.name
    for word in (Given.ND, Given.NA)
    for spelling in (word.name, word.name.lower(), word.zh, f"{word.name[0]}/{word.name[1]}")
}

EXPORTED = """
    SELECT matter, coalesce(district, ''),
           left("start"::VARCHAR, CASE grain WHEN 'YEAR' THEN 4 WHEN 'MONTH' THEN 7 ELSE 10 END),
           coalesce(channel, ''), coalesce("count"::VARCHAR, given)
    FROM {reported} ORDER BY ALL
"""


def import_volumes(
    lake: Lake,
    paths: Sequence[Path],
    *,
    holdings: Holdings,
    mapping: Mapping | None = None,
    encoding: str | None = None,
) -> Imported:
    """Import files of reported volumes as files of cases are. A later report of the same cell replaces it."""
    wording = Wording.over(holdings, mapping)
    return sum((import_source(lake, Source(path, VOLUMES, wording, encoding)) for path in paths), Imported())


def reported_rows(lake: Lake) -> Iterator[list[str]]:
    """What was reported, as rows of a file that can be imported, with its header."""
    table = lake.table("volumes_reported")
    yield [column.name for column in VOLUME_COLUMNS]
    if not (paths := local_paths(data_files(table, table.current_snapshot()))):
        return
    with duckdb.connect() as connection:
        rows = connection.execute(EXPORTED.format(reported=parquet(paths)))
        while found := rows.fetchmany(10_000):
            yield from map(list, found)


def check(chunk: Chunk, wording: Wording, now: datetime) -> Checked:
    """A chunk of reported volumes."""
    said = {column.name: wording.said(chunk, column.name) for column in VOLUME_COLUMNS}
    sieve = Sieve.over(chunk, pc.binary_join_element_wise(said["matter"], said["period"], said["channel"], " "))
    kept = {
        "matter": wording.matters.read(said["matter"]),
        "district": wording.districts.read(said["district"]),
        "channel": wording.channels.read(said["channel"]),
    }
    sieve.reject(pc.invert(is_filled(said["matter"])), "matter", "missing")
    for name, codes in kept.items():
        sieve.reject(pc.and_(pc.is_null(codes), is_filled(said[name])), name, f"unknown_{name}")
    kept["district"] = _broken_down(kept["district"], wording)
    kept |= _periods(sieve, said["period"], now) | _counts(sieve, said["count"])
    rows = chunk.rows
    part = pc.subtract(pc.year(kept["start"]), 1970).cast(pa.int32())
    good = pa.RecordBatch.from_arrays(
        [*(kept[name] for name in FIELDS.names), rows, part],
        schema=FIELDS.append(pa.field("row", pa.int64())).append(pa.field("part", pa.int32())),
    )
    return Checked(good.filter(pc.invert(sieve.bad)), None, sieve.faults, len(rows) + len(chunk.spoilt))


def _broken_down(districts: pa.Array, wording: Wording) -> pa.Array:
    """Districts; the code of the city itself is the whole city, as an empty cell is."""
    whole = pc.is_in(districts.indices, wording.whole)
    return pa.DictionaryArray.from_arrays(pc.if_else(whole, None, districts.indices), districts.dictionary)


def _periods(sieve: Sieve, texts: pa.Array, now: datetime) -> dict[str, pa.Array]:
    texts = plain(texts)
    grain = pa.nulls(len(texts), pa.string())
    for pattern, word in GRAINS:
        grain = pc.if_else(pc.match_substring_regex(texts, pattern), word.name, grain)
    digits = pc.replace_substring_regex(texts, r"[-/.年月日](\d)", r"-\1")
    digits = pc.replace_substring_regex(digits, "[年月日]$", "")
    digits = pc.replace_substring_regex(digits, r"^(\d{4})(\d\d)$", r"\1-\2")
    ending = pc.if_else(
        pc.equal(grain, Grain.YEAR.name), "-01-01", pc.if_else(pc.equal(grain, Grain.MONTH.name), "-01", "")
    )
    start = moments(
        pc.if_else(pc.is_valid(grain), pc.binary_join_element_wise(digits, pc.fill_null(ending, ""), ""), "")
    )
    sieve.reject(pc.or_(pc.is_null(grain), pc.is_null(start)), "period", "not_a_period")
    sieve.reject(pc.less(start, moment(EARLIEST)), "period", "too_early")
    sieve.reject(pc.greater(start, moment(now)), "period", "in_the_future")
    return {"start": start.cast(pa.date32()), "grain": grain}


def _counts(sieve: Sieve, texts: pa.Array) -> dict[str, pa.Array]:
    texts = pc.replace_substring(plain(texts), ",", "")
    counted = pc.match_substring_regex(texts, WHOLE)
    digits = pc.if_else(counted, pc.replace_substring_regex(texts, r"\..*$", ""), pa.scalar(None, pa.string()))
    given = pc.if_else(counted, Given.COUNT.name, ABSENT_WORDS.read(texts))
    sieve.reject(pc.is_null(given), "count", "not_a_count")
    return {"given": given, "count": digits.cast(pa.int64())}


ABSENT_WORDS = Lookup.of(ABSENT, pa.string())
VOLUMES = Kind("volumes", "volumes_reported", VOLUME_COLUMNS, FIELDS, KEY, False, check)
