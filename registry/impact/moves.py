"""The rates that an edit moves: exact, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from weakref import WeakKeyDictionary

from registry.bundles import Bundle
from registry.holdings import Holdings
from registry.matters import Matter
from registry.rates.answer import Answer, Counted, answer
from registry.rates.attributes import Attributes
from registry.rates.catalogued import ONE_EACH, count_catalogue
from registry.rates.definitions import RATES
from registry.rates.facts import PROMISES
from registry.rates.question import Question
from registry.rates.rate import Family, Rate
from registry.snapshot import Snapshot

OF_BUNDLES = tuple(rate for rate in RATES if rate.family is Family.BUNDLE)
OF_MATTERS = tuple(rate for rate in RATES if rate.family is Family.AVAILABILITY)
Found = tuple[Rate, str | None, Counted, Counted]
NOTHING = Counted(Fraction(0), Fraction(0))

# What a revision's rates come to is asked with every edit that moves them, and never changes.
_known: WeakKeyDictionary[Snapshot, dict[tuple[str, date], Counted]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Move:
    """A rate that moves. `bundle`: of this bundle's matters only; None: of the whole city."""

    rate: Rate
    bundle: str | None
    before: Answer
    after: Answer


def moves_of_bundle(snapshot: Snapshot, old: Bundle | None, new: Bundle, day: date) -> tuple[Move, ...]:
    """The rates that replacing a bundle moves: those of bundles, and those of the bundle's own matters."""
    if old == new:
        return ()
    held = snapshot.holdings
    found: list[Found] = []
    # Where only members and promises differ, what the bundle states of itself does not.
    alike = old is not None and replace(old, members=new.members, forms=new.forms) == new
    for rate in OF_BUNDLES:
        if alike and rate.numerator not in PROMISES:
            continue
        was, will = (_of_bundle(rate, bundle, held, day) for bundle in (old, new))
        found.extend(_replaced(snapshot, rate, was, will, day))
    found.extend(_of_members(snapshot, (old, new), day))
    return tuple(_moved(found))


def _of_members(snapshot: Snapshot, bundles: tuple[Bundle | None, Bundle], day: date) -> Iterator[Found]:
    """The rates of the bundle's own matters. What stays is counted once: it is most of them."""
    were, are = (frozenset(member.matter for member in bundle.members) if bundle else frozenset() for bundle in bundles)
    if were == are:
        return
    held = snapshot.holdings
    stays, goes, comes = (
        {code: held.matters[code] for code in codes if code in held.matters}
        for codes in (were & are, were - are, are - were)
    )
    types = {matter.type for part in (stays, goes, comes) for matter in part.values()}
    for rate in OF_MATTERS:
        if rate.population is None or None in types or not rate.population.isdisjoint(types):
            less, more = (_of_matters(rate, part, held, day) for part in (goes, comes))
            if less != more:
                kept = _of_matters(rate, stays, held, day)
                yield rate, bundles[1].code, _plus(rate, kept, less, 1), _plus(rate, kept, more, 1)


def moves_of_offers(snapshot: Snapshot, later: Snapshot, codes: Sequence[str], day: date) -> tuple[Move, ...]:
    """The rates that are moved where matters change: those of matters, and those of the bundles they are in."""
    old, new = snapshot.holdings, later.holdings
    found: list[Found] = []
    for rate in OF_MATTERS:
        was, will = (
            _of_matters(rate, {code: held.matters[code] for code in codes if code in held.matters}, held, day)
            for held in (old, new)
        )
        found.extend(_replaced(snapshot, rate, was, will, day))
    touched = {bundle.code: bundle for code in codes for bundle in snapshot.bundles_of.get(code, ())}
    for rate in OF_BUNDLES if touched else ():
        was, will = (
            _count(rate, Holdings(matters=held.matters, regions=held.regions, bundles=touched), day)
            for held in (old, new)
        )
        found.extend(_replaced(snapshot, rate, was, will, day))
    return tuple(_moved(found))


def _replaced(snapshot: Snapshot, rate: Rate, was: Counted, will: Counted, day: date) -> Iterator[Found]:
    """A rate of the whole city where some records come in the place of others; nothing if they count the same."""
    if was != will:
        before = _whole(snapshot, rate, day)
        yield rate, None, before, _plus(rate, _plus(rate, before, was, -1), will, 1)


def _of_bundle(rate: Rate, bundle: Bundle | None, held: Holdings, day: date) -> Counted:
    if bundle is None:
        return NOTHING
    return _count(rate, Holdings(matters=held.matters, regions=held.regions, bundles={bundle.code: bundle}), day)


def _of_matters(rate: Rate, matters: Mapping[str, Matter], held: Holdings, day: date) -> Counted:
    if not matters:
        return NOTHING
    return _count(rate, Holdings(matters=matters, regions=held.regions), day)


def _whole(snapshot: Snapshot, rate: Rate, day: date) -> Counted:
    known = _known.setdefault(snapshot, {})
    if (rate.name, day) not in known:
        known[rate.name, day] = _count(rate, snapshot.holdings, day)
    return known[rate.name, day]


def forget(snapshot: Snapshot) -> None:
    """Forget what a revision's rates come to, as if it were new."""
    _known.pop(snapshot, None)


def _count(rate: Rate, holdings: Holdings, day: date) -> Counted:
    return count_catalogue(rate, _question(rate.name, day), Attributes(holdings), ((),)).get((), NOTHING)


@lru_cache(maxsize=256)
def _question(name: str, day: date) -> Question:
    return Question((name,), on=day)


def _plus(rate: Rate, one: Counted, other: Counted, sign: int) -> Counted:
    """The counts of one with the other's records added (1) or taken away (-1)."""
    reported, expected = one.reported + sign * other.reported, one.expected + sign * other.expected
    unknown = expected - reported
    bound = 0 if not unknown else unknown if rate.unit in ONE_EACH else None
    # Where records are expected and nothing is known of any of them, neither side is a zero.
    silent = unknown > 0 and not reported
    return Counted(
        numerator=None if silent else (one.numerator or 0) + sign * (other.numerator or 0),
        denominator=None if silent else (one.denominator or 0) + sign * (other.denominator or 0),
        reported=reported,
        expected=expected,
        may_rise=bound,
        may_fall=bound,
    )


def _moved(found: Iterable[Found]) -> Iterator[Move]:
    for rate, bundle, before, after in found:
        move = Move(rate, bundle, answer(rate, before), answer(rate, after))
        if move.before.value != move.after.value:
            yield move
