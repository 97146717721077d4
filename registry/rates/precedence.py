"""Precedence: which volumes are used where several tell of the same cases, so that none is counted twice.

1. Derived before reported: a reported row is set aside if a case of its matter was
   accepted in the calendar month of its period (of a yearly row: in its year).
2. Finer before coarser: a reported row is set aside if its matter and channel have a
   count for a shorter period within its own, of the same district or either city-wide.
3. The whole city before its districts, for the same period: districts may be some of
   them only, and nothing would show it.
What was set aside is counted and named in every answer.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import date

from registry.rates.periods import month_of, year_of
from registry.rates.volumes import Given, Grain, Origin, Volume
from registry.words import Channel, Word

Test = Callable[[Volume], bool]
Told = Container[tuple[str, str]]  # a matter, and the label of a month or year
# What a row goes before, as the labels of the longer periods it lies in.
FINER_THAN: dict[Grain, tuple[Callable[[date], str], ...]] = {
    Grain.DAY: (month_of, year_of), Grain.MONTH: (year_of,), Grain.YEAR: (),
}  # fmt: skip


class Reason(Word):
    """Why a volume was set aside."""

    DERIVED_FIRST = "derived_first", "已有逐件数据", "its matter has cases of the same month or year"
    FINER_FIRST = "finer_first", "已有更细时段的报送", "a shorter period within it is reported"
    CITY_FIRST = "city_first", "已有全市报送", "the whole city is reported for the same period"
    TOO_COARSE = "too_coarse", "时段或区域宽于查询范围", "its period or area is wider than what is asked about"


@dataclass(frozen=True, slots=True)
class SetAside:
    """Volumes not used for one reason: how many rows, how many cases they told of, of which matters."""

    reason: Reason
    rows: int
    cases: int
    matters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """The volumes to use, and those set aside with the reason."""

    kept: tuple[Volume, ...]
    aside: tuple[tuple[Reason, Volume], ...]


def settle(volumes: Iterable[Volume]) -> Settled:
    """Apply the precedence, one rule after the other. Settling what was settled changes nothing."""
    every = tuple(volumes)
    derived = [volume for volume in every if volume.origin is Origin.DERIVED]
    told = {(volume.matter, label(volume.start)) for volume in derived for label in (month_of, year_of)}
    settled = settle_reported((volume for volume in every if volume.origin is Origin.REPORTED), told)
    return Settled((*derived, *settled.kept), settled.aside)


def settle_reported(reported: Iterable[Volume], told: Told) -> Settled:
    """Apply the precedence to what departments report. `told`: the matters with cases, and the months and years."""
    kept = tuple(reported)
    aside: list[tuple[Reason, Volume]] = []
    for reason, rule in RULES:
        displaced = rule(kept, told)
        aside.extend((reason, volume) for volume in kept if displaced(volume))
        kept = tuple(volume for volume in kept if not displaced(volume))
    return Settled(kept, tuple(aside))


def summed(aside: Iterable[tuple[Reason, Volume]]) -> tuple[SetAside, ...]:
    """What was set aside, by reason."""
    by_reason: defaultdict[Reason, list[Volume]] = defaultdict(list)
    for reason, volume in aside:
        by_reason[reason].append(volume)
    return tuple(
        SetAside(
            reason,
            len(by_reason[reason]),
            sum(volume.count or 0 for volume in by_reason[reason]),
            tuple(sorted({volume.matter for volume in by_reason[reason]})),
        )
        for reason in Reason
        if reason in by_reason
    )


def _derived_first(_reported: Iterable[Volume], told: Told) -> Test:
    return lambda volume: (volume.matter, _label(volume)) in told


def _finer_first(reported: Iterable[Volume], _told: Told) -> Test:
    """By the month or year they lie in: the districts of which something finer is counted."""
    finer: defaultdict[tuple[str, Channel | None, str], set[str | None]] = defaultdict(set)
    for volume in reported:
        if volume.given is Given.COUNT:
            for label in FINER_THAN[volume.grain]:
                finer[volume.matter, volume.channel, label(volume.start)].add(volume.district)

    def displaced(volume: Volume) -> bool:
        if volume.grain is Grain.DAY or volume.given is not Given.COUNT:
            return False
        districts = finer.get((volume.matter, volume.channel, _label(volume)), set())
        return bool(districts) and (volume.district is None or not districts.isdisjoint({volume.district, None}))

    return displaced


def _city_first(reported: Iterable[Volume], _told: Told) -> Test:
    city = {_cell(volume) for volume in reported if volume.district is None and volume.given is Given.COUNT}
    return lambda volume: volume.district is not None and volume.given is Given.COUNT and _cell(volume) in city


def _label(volume: Volume) -> str:
    return year_of(volume.start) if volume.grain is Grain.YEAR else month_of(volume.start)


def _cell(volume: Volume) -> tuple[str, Channel | None, Grain, date]:
    return (volume.matter, volume.channel, volume.grain, volume.start)


# In this order: the whole city goes before its districts only where it is itself still used.
RULES: tuple[tuple[Reason, Callable[[Iterable[Volume], Told], Test]], ...] = (
    (Reason.DERIVED_FIRST, _derived_first),
    (Reason.FINER_FIRST, _finer_first),
    (Reason.CITY_FIRST, _city_first),
)
