"""Counting the catalogue: matters and bundles into rows, as they stand on each row's day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product

from registry.bundles import Bundle
from registry.matters import Matter
from registry.rates.answer import Counted
from registry.rates.attributes import Attributes
from registry.rates.facts import View, bundle_fact, in_use, matter_fact
from registry.rates.periods import period_of
from registry.rates.question import DIMENSIONS, TIMES, Dimension, Key, Question, Value, key_period
from registry.rates.rate import BundleFact, Family, MatterFact, Rate, Unit
from registry.words import Catalogue

# Units of which each record is one at most, so that what is unknown is bounded by their number.
ONE_EACH = frozenset({Unit.MATTERS, Unit.BUNDLES})


@dataclass(frozen=True, slots=True)
class Fact:
    """One record's share in numerator and denominator; None: unknown."""

    numerator: Fraction | None
    denominator: Fraction | None


def count_catalogue(rate: Rate, question: Question, attributes: Attributes, times: Sequence[Key]) -> dict[Key, Counted]:
    """A rate of availability or of bundles, row by row. `times`: the values of the time dimensions asked for."""
    if not DIMENSIONS[rate.family].issuperset(question.by):
        return {}
    found: dict[Key, list[Fact]] = {} if question.by else {(): []}
    views: dict[Key, View] = {}
    records: Iterable[Matter | Bundle] = attributes.holdings.bundles.values()
    if rate.family is Family.AVAILABILITY:
        records = attributes.holdings.matters.values()
    for record in records:
        if isinstance(record, Matter) and not _in_population(record, rate):
            continue
        if _passes(record, question, attributes):
            for key in _keys(record, question, attributes, times):
                view = views.get(key) or views.setdefault(key, _view(question, key, attributes))
                if in_use(record, view.day):
                    found.setdefault(key, []).append(_fact(rate, record, view, attributes))
    return {key: _counted(facts, rate.unit in ONE_EACH) for key, facts in found.items()}


def _in_population(matter: Matter, rate: Rate) -> bool:
    """A matter whose type is unknown may belong: it is expected, and nothing is known of it."""
    public = matter.catalogue is Catalogue.PUBLIC
    return public and (matter.type is None or rate.population is None or matter.type in rate.population)


def _fact(rate: Rate, record: Matter | Bundle, view: View, attributes: Attributes) -> Fact:
    over, of = rate.numerator, rate.denominator
    if isinstance(record, Matter) and isinstance(over, MatterFact) and isinstance(of, MatterFact):
        if record.type is None and rate.population is not None:
            return Fact(None, None)
        return Fact(matter_fact(over, record, view), matter_fact(of, record, view))
    if isinstance(record, Bundle) and isinstance(over, BundleFact) and isinstance(of, BundleFact):
        holdings = attributes.holdings
        return Fact(bundle_fact(over, record, holdings, view), bundle_fact(of, record, holdings, view))
    raise TypeError(f"{rate.name} does not count what it is asked to count")


def _counted(facts: Sequence[Fact], one_each: bool) -> Counted:
    """Sum what is known of both sides. What has no denominator (no limit, unsuitable) is not expected."""
    expected = [fact for fact in facts if fact.denominator != 0]
    known = [fact for fact in expected if fact.numerator is not None and fact.denominator is not None]
    unknown = len(expected) - len(known)
    bound = 0 if not unknown else unknown if one_each else None
    silent = bool(expected) and not known
    return Counted(
        numerator=None if silent else sum((fact.numerator or 0 for fact in known), Fraction(0)),
        denominator=None if silent else sum((fact.denominator or 0 for fact in known), Fraction(0)),
        reported=len(known),
        expected=len(expected),
        may_rise=bound,
        may_fall=bound,
    )


def _passes(record: Matter | Bundle, question: Question, attributes: Attributes) -> bool:
    for dimension, wanted in question.where.filters.items():
        if dimension in TIMES or dimension is Dimension.DISTRICT:
            continue
        if wanted.isdisjoint(_values(record, dimension, attributes)):
            return False
    return True


def _keys(record: Matter | Bundle, question: Question, attributes: Attributes, times: Sequence[Key]) -> Iterable[Key]:
    own = [
        [value for value in _row_values(record, each, question, attributes) if question.where.lets(each, value)]
        for each in question.by
        if each not in TIMES
    ]
    for values in product(*own):
        for labels in times:
            one, other = iter(values), iter(labels)
            yield tuple(next(other) if each in TIMES else next(one) for each in question.by)


def _row_values(
    record: Matter | Bundle, dimension: Dimension, question: Question, attributes: Attributes
) -> tuple[Value, ...]:
    if dimension is Dimension.DISTRICT:
        return tuple(sorted(filter(None, question.where.filters.get(dimension, attributes.districts))))
    return _values(record, dimension, attributes)


def _values(record: Matter | Bundle, dimension: Dimension, attributes: Attributes) -> tuple[Value, ...]:
    """A record's values; none in a dimension its family doesn't have, so that a filter there lets nothing through."""
    if isinstance(record, Matter):
        return attributes.values(record.code, dimension) if dimension is not Dimension.CHANNEL else ()
    bundle: dict[Dimension, tuple[Value, ...]] = {
        Dimension.DEPARTMENT: (record.lead_department,),
        Dimension.BUNDLE: (record.code,),
        Dimension.LIFE_STAGE: tuple(sorted(stage.name for stage in record.life_stages)) or (None,),
    }
    return bundle.get(dimension, ())


def _view(question: Question, key: Key, attributes: Attributes) -> View:
    """On the last day of the row's period, or else of the scope; in the row's district, or the one filtered by."""
    named = dict(zip(question.by, key, strict=True))
    districts = question.where.filters.get(Dimension.DISTRICT, frozenset())
    district = named.get(Dimension.DISTRICT) or (next(iter(districts)) if len(districts) == 1 else None)
    return View(_day(question, key), attributes.region_line(district) if district else None)


def _day(question: Question, key: Key) -> date | None:
    period, bounds = key_period(question.by, key), question.where.bounds
    if period is not None:
        return min(period.last, bounds.last)
    return bounds.last if bounds.last != date.max else question.on


def time_keys(question: Question, keys: Iterable[Key]) -> tuple[Key, ...]:
    """The time values that rows have: those cases are counted by, and those the scope names."""
    places = [place for place, each in enumerate(question.by) if each in TIMES]
    if not places:
        return ((),)
    found = {tuple(key[place] for place in places) for key in keys}
    found |= set(_named(question, places))
    return tuple(sorted((key for key in found if None not in key), key=lambda key: tuple(map(str, key))))


def _named(question: Question, places: Sequence[int]) -> Iterable[Key]:
    """A time dimension that the filter names, if it is the only one."""
    if len(places) == 1:
        for label in question.where.filters.get(question.by[places[0]], ()):
            if label is not None and question.where.meets(period_of(label)):
                yield (label,)
