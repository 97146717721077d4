"""Completeness: of the cells that should be reported, how many are.

A cell is a matter, a month and a channel that is asked about. README.md says with
examples which cells are expected and which of them are reported.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry.rates.attributes import Attributes
from registry.rates.periods import Period
from registry.rates.question import OF_MATTERS, TIMES, Dimension, Key, Question, key_period
from registry.rates.volumes import Given, Origin, Volume
from registry.words import Channel

Cell = tuple[str, str, Channel]  # matter, month, channel
# What is said of a cell; if several things are, the first of these holds.
WEIGHT = {Given.ND: 0, Given.COUNT: 1, Given.NA: 2}
COARSE = frozenset({*TIMES, Dimension.DISTRICT})


@dataclass(slots=True)
class Coverage:
    """How many cells were expected, and how many of them reported; `derived`: those reported case by case.

    `said`: of how many cells reports say something, be it that there is nothing to expect.
    """

    expected: int = 0
    reported: int = 0
    derived: int = 0
    told: frozenset[Channel] = frozenset()
    untold: frozenset[Channel] = frozenset()
    said: int = 0

    def add(self, channel: Channel, *, told: bool, derived: bool) -> None:
        """Count a cell that is expected."""
        self.expected += 1
        self.reported += told
        self.derived += derived
        if told:
            self.told |= {channel}
        else:
            self.untold |= {channel}


@dataclass(frozen=True, slots=True)
class Presence:
    """Who tells of what: all that completeness needs to know of the volumes.

    `spans`: from each department's first to its last day with a case. It is departments
    that send case files, so within its span a department's zero is a zero. `derived`:
    the matters that have cases. `reported`: matters with reported rows, and their months.
    """

    spans: Mapping[str | None, Period]
    derived: frozenset[str]
    reported: frozenset[tuple[str, str]]


def presence_of(volumes: Iterable[Volume], attributes: Attributes) -> Presence:
    """What settled volumes show of who tells of what."""
    days: defaultdict[str | None, set[date]] = defaultdict(set)
    derived: set[str] = set()
    reported: set[tuple[str, str]] = set()
    for volume in volumes:
        if volume.origin is Origin.DERIVED:
            days[attributes.department(volume.matter)].add(volume.start)
            derived.add(volume.matter)
        else:
            reported.update((volume.matter, month) for month in Period(volume.start, volume.last).months())
    spans = {department: Period(min(each), max(each)) for department, each in days.items()}
    return Presence(spans, frozenset(derived), frozenset(reported))


class Expectations:
    """The cells that a question expects, and what is said of each of them."""

    def __init__(self, question: Question, presence: Presence, attributes: Attributes, months: tuple[str, ...]) -> None:
        self.question, self.presence, self.attributes, self.months = question, presence, attributes, months
        by_department = {each: frozenset(span.months()) for each, span in presence.spans.items()}
        self._derived = {
            matter: by_department[attributes.department(matter)] & frozenset(months)
            for matter in presence.derived
            if attributes.passes(matter, question.where)
        }
        told = {matter for matter, month in presence.reported if month in set(months)}
        reporters = {matter for matter in told if attributes.passes(matter, question.where)}
        self.reporters = sorted(reporters | {matter for matter, held in self._derived.items() if held})
        self._channels = [each for each in Channel if question.where.lets(Dimension.CHANNEL, each.name)]
        self._by_value = self._indexed()

    def coverage(self, key: Key | None, said: Mapping[Cell, Given]) -> Coverage:
        """The coverage of a row, or of all if there is no key. `said`: what its volumes say of the cells they are of."""
        coverage = Coverage(said=len(said))
        for cell in self._cells(key, said):
            matter, month, channel = cell
            derived = month in self._derived.get(matter, ())
            given = said.get(cell)
            if derived or given is Given.COUNT:
                coverage.add(channel, told=True, derived=derived)
            elif given is Given.ND or (given is None and channel in self.attributes.may_offer(matter, month)):
                coverage.add(channel, told=False, derived=False)
        return coverage

    def _cells(self, key: Key | None, said: Mapping[Cell, Given]) -> Iterator[Cell]:
        by, key = (self.question.by, key) if key is not None else ((), ())
        if any(value is None and each in COARSE for each, value in zip(by, key, strict=True)):
            # A row of what is not broken down expects nothing beside what it holds.
            yield from said
            return
        named = dict(zip(by, key, strict=True))
        channels = self._channels
        if Dimension.CHANNEL in named:
            channels = [each for each in channels if each.name == named[Dimension.CHANNEL]]
        period = key_period(by, key)
        touched = set(period.months()) if period else None
        months = [each for each in self.months if touched is None or each in touched]
        for matter in self._matters(named, said):
            for month in months:
                for channel in channels:
                    yield matter, month, channel

    def _matters(self, named: Mapping[Dimension, str | None], said: Mapping[Cell, Given]) -> list[str]:
        chosen: set[str] | None = None
        for dimension, value in named.items():
            if dimension in OF_MATTERS:
                found = self._by_value[dimension].get(value, frozenset())
                chosen = set(found) if chosen is None else chosen & found
        matters = set(self.reporters) if chosen is None else chosen
        bundles = self._bundles(named)
        if bundles is not None and None not in bundles:
            members = {matter for each in bundles if each for matter in self.attributes.members_of(each)}
            matters &= members | {matter for matter, _, _ in said}
        return sorted(matters)

    def _bundles(self, named: Mapping[Dimension, str | None]) -> frozenset[str | None] | None:
        if Dimension.BUNDLE in named:
            return frozenset({named[Dimension.BUNDLE]})
        return self.question.where.filters.get(Dimension.BUNDLE)

    def _indexed(self) -> dict[Dimension, dict[str | None, frozenset[str]]]:
        found: dict[Dimension, defaultdict[str | None, set[str]]] = {}
        for dimension in OF_MATTERS.intersection(self.question.by):
            found[dimension] = defaultdict(set)
            for matter in self.reporters:
                for value in self.attributes.values(matter, dimension):
                    found[dimension][value].add(matter)
        return {
            dimension: {value: frozenset(matters) for value, matters in by_value.items()}
            for dimension, by_value in found.items()
        }


def note(said: dict[Cell, Given], volume: Volume, months: frozenset[str]) -> None:
    """Write down what a reported volume says of the cells it is of."""
    if volume.channel is None or volume.origin is not Origin.REPORTED:
        return
    for month in Period(volume.start, volume.last).months():
        cell = (volume.matter, month, volume.channel)
        if month in months and WEIGHT[volume.given] <= WEIGHT[said.get(cell, Given.NA)]:
            said[cell] = volume.given
