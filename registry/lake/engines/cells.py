"""Cells: counts of cases as columns of whole numbers, so that a million are counted in one stroke."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from registry.rates.completeness import WEIGHT
from registry.rates.counting import Part
from registry.rates.periods import Period
from registry.rates.volumes import Given, Origin, Volume
from registry.words import Channel

# Kept in 32 bits where that is enough.
Ints = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

CHANNELS: tuple[Channel | None, ...] = (*Channel, None)
# What a part's number stands for: number = (channel * 2 + assisted) * 2 + origin.
PARTS: tuple[Part, ...] = tuple(product(CHANNELS, (False, True), Origin))
PARTS_OF_A_CHANNEL = len(PARTS) // len(CHANNELS)
CHANNEL_NUMBERS = {channel: number for number, channel in enumerate(CHANNELS)}
CHANNEL_NAMES = {channel and channel.name: number for channel, number in CHANNEL_NUMBERS.items()}
ORIGINS = {origin: number for number, origin in enumerate(Origin)}
COUNTED = WEIGHT[Given.COUNT]
EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Codes:
    """What the numbers in columns stand for. A number once given keeps its meaning."""

    matters: dict[str | None, int] = field(default_factory=dict)
    districts: dict[str | None, int] = field(default_factory=dict)
    bundles: dict[str | None, int] = field(default_factory=dict)


def number(codes: dict[str | None, int], value: str | None) -> int:
    """The number of a value; the next one if it has none yet."""
    return codes.setdefault(value, len(codes))


def numbers(codes: dict[str | None, int], column: pa.ChunkedArray) -> Ints:
    """The numbers of a column's values."""
    encoded = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode")
    wanted = [number(codes, value) for value in encoded.dictionary.to_pylist()]
    found: Ints = np.array(wanted, np.int32)[encoded.indices.to_numpy(zero_copy_only=False)]
    return found


@dataclass(frozen=True, slots=True)
class Cells:
    """Each is `count` cases that are alike, from day `first` to day `last` (days since 1970).

    `period`: which of the `periods` they are counted for; each is from the first to the
    last day of the cells counted for it. `given`: as completeness weighs it; of what is
    not a count, `count` is 0.
    """

    matter: Ints
    district: Ints
    bundle: Ints
    part: Ints
    period: Ints
    first: Ints
    last: Ints
    count: Ints
    given: Ints
    periods: tuple[Period, ...]

    def __len__(self) -> int:
        return len(self.matter)

    def taken(self, which: Any) -> "Cells":
        """Those at some places, or where a flag is set."""
        return replace(self, **{name: getattr(self, name)[which] for name in COLUMNS})

    def joined(self, other: "Cells") -> "Cells":
        """These, and then the others."""
        if not len(other):
            return self
        shifted = replace(other, period=other.period + len(self.periods))
        columns = {name: np.concatenate([getattr(self, name), getattr(shifted, name)]) for name in COLUMNS}
        return Cells(**columns, periods=(*self.periods, *other.periods))

    def merged(self, *, district: bool, bundle: bool) -> "Cells":
        """These without regard to district or bundle, where they are not wanted: those then alike are put together."""
        told = [self.matter, self.period, self.part, self.given]
        told += [self.district] if district else []
        told += [self.bundle] if bundle else []
        distinct, place = ranked(*mixed(told))
        one = np.zeros(len(distinct), np.int64)
        one[place] = np.arange(len(self))
        first, last, count = self.first[one], self.last[one], np.zeros(len(distinct), np.int64)
        np.minimum.at(first, place, self.first)
        np.maximum.at(last, place, self.last)
        np.add.at(count, place, self.count)
        return replace(self.taken(one), first=first, last=last, count=count)


COLUMNS = tuple(each.name for each in fields(Cells) if each.name != "periods")


def mixed(columns: Sequence[Ints], sizes: Sequence[int] | None = None) -> tuple[Ints, int]:
    """One number for the numbers in each row, and below which it lies."""
    sizes = sizes or [int(column.max(initial=0)) + 1 for column in columns]
    found, space = np.zeros(len(columns[0]), np.int64), 1
    for column, size in zip(columns, sizes, strict=True):
        found = found * size + column
        space *= size
    return found, space


def ranked(codes: Ints, space: int) -> tuple[Ints, Ints]:
    """The distinct numbers in order, and for each number which of them it is. All lie below `space`."""
    if space > 4 * len(codes) + 100_000:
        distinct, place = np.unique(codes, return_inverse=True)
        return distinct, place
    seen = np.zeros(space, np.bool_)
    seen[codes] = True
    places = np.cumsum(seen) - 1
    return np.flatnonzero(seen), places[codes]


def cells_of_groups(codes: Codes, groups: pa.Table) -> Cells:
    """Groups of cases as an engine brings them, with the number of the period they are in."""
    count = groups["count"].combine_chunks().to_numpy(zero_copy_only=False).astype(np.int64)
    none = pa.chunked_array([pa.nulls(len(groups), pa.string())])
    named = {name: groups[name] if name in groups.column_names else none for name in ("district", "bundle")}
    channel = numbers(dict(CHANNEL_NAMES), groups["channel"])
    assisted = pc.fill_null(groups["assisted"], False).combine_chunks().to_numpy(zero_copy_only=False)
    first, last = (_days(groups[name]) for name in ("first", "last"))
    _, period = np.unique(groups["period"].to_numpy(), return_inverse=True)
    return Cells(
        matter=numbers(codes.matters, groups["matter"]),
        district=numbers(codes.districts, named["district"]),
        bundle=numbers(codes.bundles, named["bundle"]),
        part=((channel * 2 + assisted) * 2 + ORIGINS[Origin.DERIVED]).astype(np.int32),
        period=period.astype(np.int32),
        first=first,
        last=last,
        count=count,
        given=np.full(len(count), COUNTED, np.int32),
        periods=_periods(period, first, last),
    )


def cells_of_volumes(codes: Codes, volumes: Sequence[Volume]) -> Cells:
    """Volumes, one cell each, in their order."""
    periods: dict[tuple[date, date], int] = {}
    period = _column(periods.setdefault((each.start, each.last), len(periods)) for each in volumes)
    held = tuple(Period(*each) for each in periods)
    first = _column((each.first - EPOCH).days for each in held)
    last = _column((each.last - EPOCH).days for each in held)
    return Cells(
        matter=_column(number(codes.matters, each.matter) for each in volumes),
        district=_column(number(codes.districts, each.district) for each in volumes),
        bundle=_column(number(codes.bundles, each.bundle) for each in volumes),
        part=_column(
            (CHANNEL_NUMBERS[each.channel] * 2 + each.assisted) * 2 + ORIGINS[each.origin] for each in volumes
        ),
        period=period,
        first=first[period],
        last=last[period],
        count=np.fromiter((each.count or 0 for each in volumes), np.int64),
        given=_column(WEIGHT[each.given] for each in volumes),
        periods=held,
    )


def day(number: int) -> date:
    """The day that a number stands for."""
    return EPOCH + timedelta(days=number)


def _column(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int32)


def _days(column: pa.ChunkedArray) -> Ints:
    days: Ints = column.combine_chunks().cast(pa.date32()).cast(pa.int32()).to_numpy()
    return days


def _periods(period: Ints, first: Ints, last: Ints) -> tuple[Period, ...]:
    """From the first to the last day of each period's cells."""
    many = int(period.max(initial=-1)) + 1
    firsts, lasts = np.full(many, np.iinfo(np.int32).max, np.int32), np.full(many, np.iinfo(np.int32).min, np.int32)
    np.minimum.at(firsts, period, first)
    np.maximum.at(lasts, period, last)
    return tuple(Period(day(one), day(other)) for one, other in zip(firsts.tolist(), lasts.tolist(), strict=True))
