"""A file of cases: what is checked of each row, and what is kept of it."""

from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from registry.lake.chunks import Chunk
from registry.lake.columns import CASE_COLUMNS
from registry.lake.kinds import Checked, Kind
from registry.lake.sieve import Sieve
from registry.lake.texts import MOMENT, flags, is_filled, moment, moments
from registry.lake.words import CODE, Wording

EARLIEST = datetime(1990, 1, 1)  # on the city's clock, as all moments here

FIELDS = pa.schema([
    ("case_no", pa.string()), ("matter", CODE), ("district", CODE), ("channel", CODE),
    ("applied_at", MOMENT), ("accepted_at", MOMENT), ("decided_at", MOMENT),
    ("assisted", pa.bool_()), ("bundle", CODE),
])  # fmt: skip
CODED = (
    ("matter", "matters", "unknown_matter"), ("district", "districts", "unknown_district"),
    ("channel", "channels", "unknown_channel"), ("bundle", "bundles", "unknown_bundle"),
)  # fmt: skip
FLAGGED = ("assisted", "withdrawn")
MOMENTS = ("applied_at", "accepted_at", "decided_at")


def check(chunk: Chunk, wording: Wording, now: datetime) -> Checked:
    """A chunk of cases. A row that withdraws a case needs that case's number and nothing else."""
    chunk, said = _filled(chunk, wording)
    numbers = pc.utf8_trim_whitespace(said["case_no"])
    sieve = Sieve.over(chunk, numbers)
    kept: dict[str, pa.Array] = {"case_no": numbers}
    for name in FLAGGED:
        kept[name] = flags(said[name])
        sieve.reject(pc.is_null(kept[name]), name, "not_a_flag")
    stays = pc.invert(pc.fill_null(kept["withdrawn"], False))
    sieve.reject_text(numbers, "case_no")
    sieve.reject(pc.and_(stays, pc.invert(is_filled(said["matter"]))), "matter", "missing")
    for name, codes, reason in CODED:
        kept[name] = getattr(wording, codes).read(said[name])
        unknown = pc.and_(stays, pc.is_null(kept[name]))
        if pc.any(unknown).as_py():
            sieve.reject(pc.and_(unknown, is_filled(said[name])), name, reason)
    _check_moments(sieve, said, kept, (stays, now))
    return _checked(sieve, kept, stays)


def _check_moments(
    sieve: Sieve, said: dict[str, pa.Array], kept: dict[str, pa.Array], of: tuple[pa.Array, datetime]
) -> None:
    stays, now = of
    for name in MOMENTS:
        kept[name] = moments(said[name])
        unread = pc.and_(stays, pc.is_null(kept[name]))
        if pc.any(unread).as_py():
            sieve.reject(pc.and_(unread, is_filled(said[name])), name, "not_a_moment")
            if name == "accepted_at":
                sieve.reject(pc.and_(unread, pc.invert(is_filled(said[name]))), name, "missing")
        sieve.reject(pc.and_(stays, pc.less(kept[name], moment(EARLIEST))), name, "too_early")
        sieve.reject(pc.and_(stays, pc.greater(kept[name], moment(now))), name, "in_the_future")
    applied, accepted, decided = (kept[name] for name in MOMENTS)
    sieve.reject(pc.and_(stays, _is_later(applied, accepted)), "accepted_at", "before_application")
    sieve.reject(pc.and_(stays, _is_later(accepted, decided)), "decided_at", "before_acceptance")


def _is_later(one: pa.Array, other: pa.Array) -> pa.Array:
    """Whether one moment is after another; days are compared where either is a date without a time of day."""
    later = pc.fill_null(pc.greater(one, other), False)
    if not pc.any(later).as_py():
        return later
    days = [column.cast(pa.date32(), safe=False) for column in (one, other)]
    dated = [pc.equal(column, day.cast(MOMENT)) for column, day in zip((one, other), days, strict=True)]
    return pc.and_(later, pc.or_(pc.greater(*days), pc.invert(pc.or_(*dated))))


def _filled(chunk: Chunk, wording: Wording) -> tuple[Chunk, dict[str, pa.Array]]:
    """The chunk without its blank rows, and what its columns say."""
    said = {column.name: wording.said(chunk, column.name) for column in CASE_COLUMNS}
    empty = pc.equal(chunk.columns.get("case_no", said["case_no"]), "")
    if pc.any(empty).as_py():
        blank = empty
        for texts in chunk.columns.values():
            blank = pc.and_(blank, pc.invert(is_filled(texts)))
        stays = pc.invert(blank)
        columns = {name: texts.filter(stays) for name, texts in chunk.columns.items()}
        chunk = Chunk(chunk.rows.filter(stays), columns, chunk.spoilt)
        said = {name: texts.filter(stays) for name, texts in said.items()}
    return chunk, said


def _checked(sieve: Sieve, kept: dict[str, pa.Array], stays: pa.Array) -> Checked:
    rows, fine = sieve.chunk.rows, pc.invert(sieve.bad)
    accepted = kept["accepted_at"]
    # Months since 1970, the number that Iceberg itself gives a month.
    part = pc.add(pc.multiply(pc.subtract(pc.year(accepted), 1970), 12), pc.subtract(pc.month(accepted), 1))
    good = pa.RecordBatch.from_arrays(
        [*(kept[name] for name in FIELDS.names), rows, part.cast(pa.int32())],
        schema=FIELDS.append(pa.field("row", pa.int64())).append(pa.field("part", pa.int32())),
    )
    keeps = pc.and_(fine, stays)
    withdrawn = pc.and_(fine, pc.invert(stays))
    gone = None
    if pc.any(withdrawn).as_py():
        gone = pa.RecordBatch.from_arrays([kept["case_no"], rows], ["key", "row"]).filter(withdrawn)
    # The usual chunk has nothing wrong in it, and is passed on as it is.
    good = good if pc.all(keeps).as_py() else good.filter(keeps)
    return Checked(good, gone, sieve.faults, len(rows) + len(sieve.chunk.spoilt))


CASES = Kind("cases", "cases", CASE_COLUMNS, FIELDS, "case_no", True, check)
