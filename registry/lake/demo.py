"""Synthetic cases of 2020 over a catalogue, to try things on. Every case number begins with DEMO.

The share done online rises month by month as the city's did, from 41.0 % to 84.5 %,
unevenly: departments and districts differ, and a matter is done only on channels that
its catalogue offers. The same rows, seed and catalogue make the same file.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from registry.holdings import Holdings
from registry.words import Channel, OfferStatus, RegionLevel

YEAR = 2020
FIRST, LAST = 0.410, 0.845
# How many cases a month has, as a share of a usual one: the spring of 2020 was not usual.
MONTHS = (0.8, 0.35, 0.8, 1.0, 1.0, 1.05, 1.05, 1.05, 1.1, 0.95, 1.1, 1.1)
DISTRICTS = (RegionLevel.DISTRICT, RegionLevel.COUNTY, RegionLevel.COUNTY_CITY)
# Where cases go that people don't do online themselves.
OFFLINE = {"HALL": 0.80, "KIOSK": 0.11, "ASSISTED": 0.07, "": 0.02}
# Where cases are accepted: the first as in OFFLINE, so that the places of those say which.
CHANNELS = ("HALL", "KIOSK", "MOBILE", "", "PC")
MOBILE, PC = 2, 4
CHUNK = 250_000
DAY = 86_400

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class City:
    """A catalogue as the numbers need it, each array by matter or district."""

    matters: list[str]
    districts: list[str]
    bundles: list[str]
    weights: Floats  # by matter
    sizes: Floats  # by district
    leanings: Floats  # by matter and district: how much more or less is done online there
    mobile: Floats  # by matter: the share of what is done online that is done on a mobile
    online: Floats  # by matter: 1 where something can be done online
    kiosk: Floats


def demo(rows: int, seed: int, holdings: Holdings, path: Path) -> Path:
    """Write a CSV file of synthetic cases; its path. The file appears when it is whole."""
    random = np.random.default_rng(seed)
    city = _city(holdings, random)
    writer, part = None, path.with_name(f".{path.name}.part")
    for batch in _batches(city, rows, random):
        writer = writer or pa.csv.CSVWriter(part, batch.schema, write_options=pa.csv.WriteOptions(quoting_style="none"))
        writer.write_batch(batch)
    if writer:
        writer.close()
        part.replace(path)
    return path


def _city(holdings: Holdings, random: np.random.Generator) -> City:
    matters = [matter for matter in holdings.matters.values() if matter.catalogue.name == "PUBLIC"]
    districts = sorted(one.code for one in holdings.regions.values() if one.level in DISTRICTS)
    offered = {
        channel: np.array([
            any(offer.status is OfferStatus.AVAILABLE for offer in matter.offers_on(channel)) for matter in matters
        ], float)
        for channel in Channel
    }  # fmt: skip
    departments = sorted({matter.department for matter in matters})
    lean = dict(zip(departments, random.normal(0, 0.7, len(departments)), strict=True))
    leanings = np.array([lean[matter.department] for matter in matters]) + random.normal(0, 0.5, len(matters))
    first = {
        member.matter: code
        for code in sorted(holdings.bundles, reverse=True)
        for member in holdings.bundles[code].members
    }
    online = np.maximum(offered[Channel.MOBILE], offered[Channel.PC])
    both = offered[Channel.MOBILE] * offered[Channel.PC]
    return City(
        [matter.code for matter in matters],
        districts,
        [first.get(matter.code, "") for matter in matters],
        _shares(random.lognormal(0, 1.6, len(matters))),
        _shares(random.lognormal(0, 0.5, len(districts))),
        leanings[:, None] + random.normal(0, 0.4, len(districts))[None, :],
        np.where(both > 0, random.uniform(0.55, 0.8, len(matters)), offered[Channel.MOBILE]),
        online,
        offered[Channel.KIOSK],
    )


def _shares(numbers: Floats) -> Floats:
    shares: Floats = numbers / numbers.sum()
    return shares


def _batches(city: City, rows: int, random: np.random.Generator) -> Iterator[pa.RecordBatch]:
    sizes = np.array([share * calendar.monthrange(YEAR, month)[1] for month, share in enumerate(MONTHS, 1)])
    ends = np.rint(np.cumsum(_shares(sizes)) * rows).astype(int)
    number = 1
    for month, end in enumerate(ends, 1):
        share = FIRST + (LAST - FIRST) * (month - 1) / 11
        chances = _chances(city, share)
        while number <= end:
            count = min(CHUNK, end - number + 1)
            yield _cases(city, chances, (month, number, count), random)
            number += count


def _chances(city: City, share: float) -> Floats:
    """The chance of a case to be done online, by matter and district, so that the city's share is as wanted."""
    weights = city.weights[:, None] * city.sizes[None, :]
    low, high = -12.0, 12.0
    chances = weights
    for _ in range(60):
        middle = (low + high) / 2
        chances = city.online[:, None] / (1 + np.exp(-(city.leanings + middle)))
        low, high = (middle, high) if (chances * weights).sum() < share else (low, middle)
    return chances


def _cases(city: City, chances: Floats, which: tuple[int, int, int], random: np.random.Generator) -> pa.RecordBatch:
    month, number, count = which
    matter = random.choice(len(city.matters), count, p=city.weights)
    district = random.choice(len(city.districts), count, p=city.sizes)
    online = random.random(count) < chances[matter, district]
    on_mobile = random.random(count) < city.mobile[matter]
    offline = random.choice(len(OFFLINE), count, p=list(OFFLINE.values()))
    offline = np.where((offline == 1) & (city.kiosk[matter] == 0), 0, offline)
    offline = np.where((offline == 2) & (city.online[matter] == 0), 0, offline)
    channel = np.where(online | (offline == 2), np.where(on_mobile, MOBILE, PC), offline)
    accepted = _moments(month, count, random)
    applied = accepted - random.exponential(DAY / 3, count).astype(int)
    decided = accepted + random.exponential(3 * DAY, count).astype(int)
    together = random.random(count) < 0.2
    return pa.RecordBatch.from_pydict({
        "case_no": _numbers(number, count),
        "matter": pa.array(city.matters).take(pa.array(matter)),
        "district": pa.array(city.districts).take(pa.array(district)),
        "channel": pa.array(CHANNELS).take(pa.array(channel)),
        "applied_at": _written(applied),
        "accepted_at": _written(accepted),
        "decided_at": _written(decided),
        "assisted": pc.if_else(pa.array(~online & (offline == 2)), "1", "0"),
        "bundle": pc.if_else(pa.array(together), pa.array(city.bundles).take(pa.array(matter)), ""),
    })  # fmt: skip


def _moments(month: int, count: int, random: np.random.Generator) -> Any:
    """Seconds since 1970, in order, in the hours when offices work."""
    start = calendar.timegm((YEAR, month, 1, 0, 0, 0))
    days = np.sort(random.integers(0, calendar.monthrange(YEAR, month)[1], count))
    return start + days * DAY + random.integers(8 * 3600 + 1800, 17 * 3600 + 1800, count)


def _written(seconds: Any) -> Any:
    return pa.array(seconds, pa.int64()).cast(pa.timestamp("s")).cast(pa.string())


def _numbers(first: int, count: int) -> Any:
    digits = pc.utf8_lpad(pa.array(np.arange(first, first + count)).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise(f"DEMO-{YEAR}-", digits, "")
