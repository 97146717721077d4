"""Counting cases: volumes into rows, and from each row what every rate of use needs.

Sums come first and are divided last, for each row and for the total alike.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from registry.rates.answer import Counted
from registry.rates.attributes import Attributes
from registry.rates.completeness import Cell, Coverage, Expectations, note, presence_of
from registry.rates.periods import Period, period_of
from registry.rates.precedence import Reason, Settled, settle
from registry.rates.question import LABELS, OF_MATTERS, Dimension, Key, Question, Scope, Value
from registry.rates.rate import Cases, OnlinePolicy, Rate
from registry.rates.volumes import Given, Origin, Volume
from registry.words import Channel

Part = tuple[Channel | None, bool, Origin]
EVERY_CHANNEL = frozenset(Channel)


@dataclass(slots=True)
class Tally:
    """A row's cases, by channel, assistance and origin; and the days its counts are of."""

    parts: dict[Part, int] = field(default_factory=dict)
    said: dict[Cell, Given] = field(default_factory=dict)
    period: Period | None = None
    coverage: Coverage = field(default_factory=Coverage)

    def add(self, volume: Volume, months: frozenset[str]) -> None:
        """Count a volume."""
        note(self.said, volume, months)
        if volume.count is None:
            return
        part = (volume.channel, volume.assisted, volume.origin)
        self.parts[part] = self.parts.get(part, 0) + volume.count
        first, last = volume.start, volume.last
        if self.period is not None:
            first, last = min(first, self.period.first), max(last, self.period.last)
        self.period = Period(first, last)


@dataclass(frozen=True, slots=True)
class CaseCount:
    """The rows of a question about cases, all of them taken together, and what was not used.

    A question asked by no dimension has no rows: it is answered by the total.
    """

    rows: Mapping[Key, Tally]
    total: Tally
    aside: tuple[tuple[Reason, Volume], ...]


# Whoever counts the cases that a question is about; `count_cases` is the reference.
Counter = Callable[[Question], CaseCount]


def counter(volumes: Iterable[Volume], attributes: Attributes) -> Counter:
    """Whoever counts volumes one by one."""
    settled = settle(volumes)
    return lambda question: count_cases(question, settled, attributes)


def count_cases(question: Question, settled: Settled, attributes: Attributes) -> CaseCount:
    """Count the settled volumes that a question is about, row by row and in all, with their coverage."""
    months = months_of(question.where, span_of(settled.kept))
    kept_months = frozenset(months)
    rows, total, aside = tallied(question, settled, attributes, kept_months)
    expectations = Expectations(question, presence_of(settled.kept, attributes), attributes, months)
    for key, tally in rows.items():
        tally.coverage = expectations.coverage(key, tally.said)
    total.coverage = expectations.coverage(None, total.said)
    return CaseCount(rows, total, aside)


def tallied(
    question: Question, settled: Settled, attributes: Attributes, months: frozenset[str]
) -> tuple[dict[Key, Tally], Tally, tuple[tuple[Reason, Volume], ...]]:
    """The rows, all in one, and what was not used; the coverage is still to come."""
    used, coarse = _sorted_out(question, settled.kept, attributes)
    rows: dict[Key, Tally] = {}
    total = Tally()
    for volume in used:
        total.add(volume, months)
        for key in keys_of(volume, question, attributes):
            rows.setdefault(key, Tally()).add(volume, months)
    aside = [(reason, volume) for reason, volume in settled.aside if _concerns(question, volume, attributes)]
    return rows, total, (*aside, *((Reason.TOO_COARSE, volume) for volume in coarse))


def span_of(volumes: Iterable[Volume]) -> Period | None:
    """From the first day that volumes are of to the last."""
    spans = [(volume.start, volume.last) for volume in volumes]
    return Period(min(first for first, _ in spans), max(last for _, last in spans)) if spans else None


def months_of(where: Scope, held: Period | None) -> tuple[str, ...]:
    """The months asked about: those of the scope, ending where what is held does if it is open."""
    bounds: Period | None = where.bounds
    if not where.closed:
        bounds = where.bounds.within(held) if held else None
    return tuple(month for month in bounds.months() if where.meets(period_of(month))) if bounds else ()


def keys_of(volume: Volume, question: Question, attributes: Attributes) -> Iterable[Key]:
    """The rows a volume counts in: several where a dimension has several values for it, none if asked by none."""
    if not question.by:
        return ()
    passing = (
        [value for value in _values(volume, each, attributes) if question.where.lets(each, value)]
        for each in question.by
    )
    return product(*passing)


def counted_cases(rate: Rate, tally: Tally, policy: OnlinePolicy) -> Counted:
    """What a rate of use needs of a row.

    A numerator of whose channels none is told, though they are expected, is unknown.
    """
    over, of = rate.numerator, rate.denominator
    if not isinstance(over, Cases) or not isinstance(of, Cases):
        raise TypeError(f"{rate.name} does not count cases")
    if of.derived_only:
        return _counted_derived(over, of, tally, policy)
    coverage, channels = tally.coverage, over.channels_under(policy)
    wanted = EVERY_CHANNEL if channels is None else channels
    something = bool(tally.parts or coverage.said or coverage.told) and bool(tally.parts or not coverage.untold)
    untold = not wanted.isdisjoint(coverage.untold)
    known = something and (not untold or not wanted.isdisjoint(coverage.told))
    return Counted(
        numerator=_sum(over, tally, policy) if known else None,
        denominator=_sum(of, tally, policy) if something else None,
        reported=coverage.reported,
        expected=coverage.expected,
        may_rise=None if untold else 0,
        may_fall=0 if wanted.issuperset(coverage.untold) else None,
    )


def _counted_derived(over: Cases, of: Cases, tally: Tally, policy: OnlinePolicy) -> Counted:
    """Reported totals tell nothing of it, so their cells count as not reported, and may hold anything."""
    coverage = tally.coverage
    known = coverage.derived > 0 or any(origin is Origin.DERIVED for _, _, origin in tally.parts)
    unbounded = None if coverage.derived < coverage.expected else 0
    return Counted(
        numerator=_sum(over, tally, policy) if known else None,
        denominator=_sum(of, tally, policy) if known else None,
        reported=coverage.derived,
        expected=coverage.expected,
        may_rise=unbounded,
        may_fall=unbounded,
    )


def _sum(cases: Cases, tally: Tally, policy: OnlinePolicy) -> int:
    wanted = _parts(cases, policy)
    return sum([count for part, count in tally.parts.items() if part in wanted])


@lru_cache(maxsize=256)
def _parts(cases: Cases, policy: OnlinePolicy) -> frozenset[Part]:
    """The parts of a tally that are counted."""
    channels = cases.channels_under(policy)
    return frozenset(
        (channel, assisted, origin)
        for channel, assisted, origin in product((*Channel, None), (False, True), Origin)
        if (channels is None or channel in channels)
        and cases.assisted in (None, assisted)
        and (origin is Origin.DERIVED or not cases.derived_only)
    )


def _values(volume: Volume, dimension: Dimension, attributes: Attributes) -> tuple[Value, ...]:
    if dimension in OF_MATTERS:
        return attributes.values(volume.matter, dimension)
    if dimension in LABELS:
        first, last = LABELS[dimension](volume.start), LABELS[dimension](volume.last)
        return (first if first == last else None,)
    if dimension is Dimension.CHANNEL:
        return (volume.channel.name if volume.channel else None,)
    return (volume.district if dimension is Dimension.DISTRICT else volume.bundle,)


def _sorted_out(
    question: Question, volumes: Iterable[Volume], attributes: Attributes
) -> tuple[list[Volume], list[Volume]]:
    """The volumes to use, and those that reach beyond what is asked about."""
    used: list[Volume] = []
    coarse: list[Volume] = []
    for volume in volumes:
        if not _concerns(question, volume, attributes):
            continue
        whole_city = Dimension.DISTRICT in question.where.filters and volume.district is None
        fits = question.where.holds(Period(volume.start, volume.last)) and (
            not whole_city or question.where.lets(Dimension.DISTRICT, None)
        )
        (used if fits else coarse).append(volume)
    return used, coarse


def _concerns(question: Question, volume: Volume, attributes: Attributes) -> bool:
    """Whether some of the volume may lie in what is asked about."""
    where = question.where
    channel = volume.channel.name if volume.channel else None
    return (
        where.lets(Dimension.CHANNEL, channel)
        and where.lets(Dimension.BUNDLE, volume.bundle)
        and (volume.district is None or where.lets(Dimension.DISTRICT, volume.district))
        and attributes.passes(volume.matter, where)
        and where.meets(Period(volume.start, volume.last))
    )
