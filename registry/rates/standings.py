"""How matters and bundles stand for the rates of the catalogue: found once for each way to look at them.

Between two days on which an offer or a record begins or ends nothing changes, and a
district in which nothing is offered of its own looks like any other such. So the rows of
a table look in a few ways only, and each rate is told once for each of them.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from registry.bundles import Bundle
from registry.holdings import Holdings
from registry.matters import Matter
from registry.rates.answer import Number
from registry.rates.facts import View, bundle_fact, in_use, matter_fact
from registry.rates.rate import BundleFact, Counting, Family, MatterFact, Rate
from registry.words import Catalogue, MatterType

Population = frozenset[MatterType] | None
NOT_COUNTED = 0
# How many numbers are kept of all ways to look together, of four bytes each.
MOST_HELD = 20_000_000
FEWEST_HELD = 64


@dataclass(frozen=True, slots=True)
class Fact:
    """One record's share in numerator and denominator; None: unknown."""

    numerator: Number | None
    denominator: Number | None


UNKNOWN = Fact(None, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """By record's place, the number of its fact. The fact numbered NOT_COUNTED is of those that the rate is not of."""

    numbers: Sequence[int]
    facts: Sequence[Fact]


class Standings:
    """How the records of a catalogue stand."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        most = max(FEWEST_HELD, MOST_HELD // (len(holdings.matters) + 1))
        self._standing = lru_cache(most)(self._found)
        self._known = lru_cache(most)(self._numbers)

    def records(self, family: Family) -> Iterable[Matter | Bundle]:
        """The records that a family of rates is of, in the order of their places."""
        held = self._holdings
        return held.matters.values() if family is Family.AVAILABILITY else held.bundles.values()

    def of(self, rate: Rate, view: View) -> Standing:
        """How they stand for a rate of availability or of bundles. Raises TypeError for one of cases."""
        return self._standing(rate.numerator, rate.denominator, rate.population, self._alike(rate.family, view))

    def _alike(self, family: Family, view: View) -> View:
        """The first of the ways to look that show the same."""
        day = view.day
        if day is not None:
            turns = self._matters_turn if family is Family.AVAILABILITY else self._bundles_turn
            place = bisect_right(turns, day)
            day = turns[place - 1] if place else date.min
        line = view.line
        if line:
            # Where none of its areas has offers of its own, any area without them will do, but none at all won't.
            line = tuple(area for area in line if area in self._areas) or line[-1:]
        return View(day, line)

    def _found(self, numerator: Counting, denominator: Counting, population: Population, view: View) -> Standing:
        records = self.records(Family.AVAILABILITY if isinstance(numerator, MatterFact) else Family.BUNDLE)
        facts: dict[Fact | None, int] = {None: NOT_COUNTED}
        numbers = array("L")
        for record, over, of in zip(records, self._known(numerator, view), self._known(denominator, view), strict=True):
            fact = None
            if in_use(record, view.day) and _may_belong(record, population):
                doubtful = population is not None and isinstance(record, Matter) and record.type is None
                fact = UNKNOWN if doubtful else Fact(over, of)
            numbers.append(facts.setdefault(fact, len(facts)))
        return Standing(numbers, [fact or UNKNOWN for fact in facts])

    def _numbers(self, fact: Counting, view: View) -> Sequence[Number | None]:
        """What is known of each record."""
        held = self._holdings
        if isinstance(fact, MatterFact):
            return [_whole(matter_fact(fact, matter, view)) for matter in held.matters.values()]
        if isinstance(fact, BundleFact):
            return [_whole(bundle_fact(fact, bundle, held, view)) for bundle in held.bundles.values()]
        raise TypeError(f"{fact.en} are not in the catalogue")

    @cached_property
    def _areas(self) -> frozenset[str | None]:
        """The regions that have offers of their own."""
        return frozenset(offer.region for matter in self._holdings.matters.values() for offer in matter.offers)

    @cached_property
    def _matters_turn(self) -> list[date]:
        return sorted(set(_turns(self._holdings.matters.values())))

    @cached_property
    def _bundles_turn(self) -> list[date]:
        held = self._holdings
        members = {member.matter for bundle in held.bundles.values() for member in bundle.members}
        turns = set(_turns(held.matters[code] for code in members if code in held.matters))
        return sorted(turns | set(_turns(held.bundles.values())))


def _may_belong(record: Matter | Bundle, population: Population) -> bool:
    """A matter whose type is unknown may belong: it is expected, and nothing is known of it."""
    if isinstance(record, Bundle):
        return True
    public = record.catalogue is Catalogue.PUBLIC
    return public and (record.type is None or population is None or record.type in population)


def _turns(records: Iterable[Matter | Bundle]) -> Iterator[date]:
    """The days on which something begins, or is no more."""
    for record in records:
        spans = [(record.effective_from, record.effective_to)]
        if isinstance(record, Matter):
            spans += [(offer.valid_from, offer.valid_to) for offer in record.offers]
        for first, last in spans:
            if first is not None:
                yield first
            if last is not None and last < date.max:
                yield last + timedelta(days=1)


def _whole(number: Number | None) -> Number | None:
    """The same; a whole number is added up ten times faster as one."""
    return number if number is None or number.denominator != 1 else int(number)
