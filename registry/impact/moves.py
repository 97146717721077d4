"""The rates that an edit moves: exact, before and after."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
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

# What a revision's rates come to is asked with every edit that moves them, and never changes.
_known: WeakKeyDictionary[Snapshot, tuple[Attributes, dict[tuple[str, date], Counted]]] = WeakKeyDictionary()


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
    seen = [_attributes(held, held.matters, (bundle,) if bundle else ()) for bundle in (old, new)]
    rates = [rate for rate in OF_BUNDLES if not alike or rate.numerator in PROMISES]
    was, will = (_counts(rates, each, day) for each in seen)
    for rate in rates:
        found.extend(_replaced(snapshot, rate, was[rate.name], will[rate.name], day))
    found.extend(_of_members(snapshot, (old, new), day))
    return tuple(_moved(found))


def _of_members(snapshot: Snapshot, bundles: tuple[Bundle | None, Bundle], day: date) -> Iterator[Found]:
    """The rates of the bundle's own matters. What stays is counted once: it is most of them."""
    were, are = (frozenset(member.matter for member in bundle.members) if bundle else frozenset() for bundle in bundles)
    if were == are:
        return
    held = snapshot.holdings
    stays, goes, comes = (_attributes(held, _chosen(held, codes)) for codes in (were & are, were - are, are - were))
    types = {matter.type for part in (stays, goes, comes) for matter in part.holdings.matters.values()}
    rates = [
        rate for rate in OF_MATTERS if rate.population is None or None in types or not rate.population.isdisjoint(types)
    ]
    less, more = (_counts(rates, part, day) for part in (goes, comes))
    moved = [rate for rate in rates if less[rate.name] != more[rate.name]]
    kept = _counts(moved, stays, day)
    for rate in moved:
        before, after = (_plus(rate, kept[rate.name], part[rate.name], 1) for part in (less, more))
        yield rate, bundles[1].code, before, after


def moves_of_offers(snapshot: Snapshot, later: Snapshot, codes: Sequence[str], day: date) -> tuple[Move, ...]:
    """The rates that are moved where matters change: those of matters, and those of the bundles they are in."""
    old, new = snapshot.holdings, later.holdings
    found: list[Found] = []
    seen = [_attributes(held, _chosen(held, codes)) for held in (old, new)]
    was, will = (_counts(OF_MATTERS, each, day) for each in seen)
    for rate in OF_MATTERS:
        found.extend(_replaced(snapshot, rate, was[rate.name], will[rate.name], day))
    touched = {bundle.code: bundle for code in codes for bundle in snapshot.bundles_of.get(code, ())}
    seen = [_attributes(held, held.matters, touched.values()) for held in (old, new)]
    was, will = (_counts(OF_BUNDLES, each, day) for each in seen)
    for rate in OF_BUNDLES if touched else ():
        found.extend(_replaced(snapshot, rate, was[rate.name], will[rate.name], day))
    return tuple(_moved(found))


def _replaced(snapshot: Snapshot, rate: Rate, was: Counted, will: Counted, day: date) -> Iterator[Found]:
    """A rate of the whole city where some records come in the place of others; nothing if they count the same."""
    if was != will:
        before = _whole(snapshot, rate, day)
        yield rate, None, before, _plus(rate, _plus(rate, before, was, -1), will, 1)


def _chosen(held: Holdings, codes: Iterable[str]) -> dict[str, Matter]:
    return {code: held.matters[code] for code in codes if code in held.matters}


def _attributes(held: Holdings, matters: Mapping[str, Matter], bundles: Iterable[Bundle] = ()) -> Attributes:
    """Some of the catalogue as rates see it; all rates that are asked of it share what is found out."""
    return Attributes(
        Holdings(matters=matters, regions=held.regions, bundles={bundle.code: bundle for bundle in bundles})
    )


def _whole(snapshot: Snapshot, rate: Rate, day: date) -> Counted:
    attributes, known = _known.setdefault(snapshot, (Attributes(snapshot.holdings), {}))
    if (rate.name, day) not in known:
        known[rate.name, day] = _counts([rate], attributes, day)[rate.name]
    return known[rate.name, day]


def forget(snapshot: Snapshot) -> None:
    """Forget what a revision's rates come to, as if it were new."""
    _known.pop(snapshot, None)


def _counts(rates: Iterable[Rate], attributes: Attributes, day: date) -> dict[str, Counted]:
    found = count_catalogue(rates, Question((), on=day), attributes, ((),))
    return {name: rows[()] for name, rows in found.items()}


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
