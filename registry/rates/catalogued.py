"""Counting the catalogue: matters and bundles into rows, as they stand on each row's day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from registry.bundles import Bundle
from registry.matters import Matter
from registry.rates.answer import Counted, Number
from registry.rates.attributes import Attributes
from registry.rates.facts import View
from registry.rates.periods import period_of
from registry.rates.question import DIMENSIONS, TIMES, Dimension, Key, Question, Value, key_period
from registry.rates.rate import Family, Rate, Unit
from registry.rates.standings import NOT_COUNTED, Fact

# Units of which each record is one at most, so that what is unknown is bounded by their number.
ONE_EACH = frozenset({Unit.MATTERS, Unit.BUNDLES})


@dataclass(frozen=True, slots=True)
class Group:
    """A row to be: its key, from where and when it looks, and the places of the records that are in it."""

    key: Key
    view: View
    places: Sequence[int]


def count_catalogue(
    rates: Iterable[Rate], question: Question, attributes: Attributes, times: Sequence[Key]
) -> dict[str, dict[Key, Counted]]:
    """Rates of availability or of bundles by name, row by row. `times`: the values of the time dimensions asked for."""
    groups: dict[Family, list[Group]] = {}
    found: dict[str, dict[Key, Counted]] = {}
    for rate in rates:
        if rate.family not in groups:
            groups[rate.family] = _groups(rate.family, question, attributes, times)
        found[rate.name] = _counts(rate, groups[rate.family], attributes)
    return found


def _counts(rate: Rate, groups: Iterable[Group], attributes: Attributes) -> dict[Key, Counted]:
    """The rows that the rate has something to count in; asked by nothing, there is one always."""
    found: dict[Key, Counted] = {}
    for group in groups:
        standing = attributes.standings.of(rate, group.view)
        many = Counter(map(standing.numbers.__getitem__, group.places))
        del many[NOT_COUNTED]
        if many or not group.key:
            facts = [(standing.facts[number], times) for number, times in many.items()]
            found[group.key] = _counted(facts, rate.unit in ONE_EACH)
    return found


def _counted(facts: Sequence[tuple[Fact, int]], one_each: bool) -> Counted:
    """Sum what is known of both sides, each fact as often as it is found.

    What has no denominator (no limit, unsuitable) is not expected.
    """
    over: Number = 0
    of: Number = 0
    known, unknown = 0, 0
    for fact, many in facts:
        if fact.denominator == 0:
            continue
        if fact.numerator is None or fact.denominator is None:
            unknown += many
        else:
            over, of, known = over + fact.numerator * many, of + fact.denominator * many, known + many
    bound = 0 if not unknown else unknown if one_each else None
    silent = bool(unknown) and not known
    return Counted(
        numerator=None if silent else over,
        denominator=None if silent else of,
        reported=known,
        expected=known + unknown,
        may_rise=bound,
        may_fall=bound,
    )


def _groups(family: Family, question: Question, attributes: Attributes, times: Sequence[Key]) -> list[Group]:
    if not DIMENSIONS[family].issuperset(question.by):
        return []
    found: dict[Key, list[int]] = {} if question.by else {(): []}
    for place, record in enumerate(attributes.standings.records(family)):
        if _passes(record, question, attributes):
            for values in _own_values(record, question, attributes):
                found.setdefault(values, []).append(place)
    keys = ((_key(question, values, labels), places) for values, places in found.items() for labels in times)
    return [Group(key, _view(question, key, attributes), places) for key, places in keys]


def _passes(record: Matter | Bundle, question: Question, attributes: Attributes) -> bool:
    for dimension, wanted in question.where.filters.items():
        if dimension in TIMES or dimension is Dimension.DISTRICT:
            continue
        if wanted.isdisjoint(_values(record, dimension, attributes)):
            return False
    return True


def _own_values(record: Matter | Bundle, question: Question, attributes: Attributes) -> Iterable[Key]:
    """Its values in the dimensions asked by, times apart."""
    return product(*(
        [value for value in _row_values(record, each, question, attributes) if question.where.lets(each, value)]
        for each in question.by
        if each not in TIMES
    ))  # fmt: skip


def _key(question: Question, values: Key, labels: Key) -> Key:
    one, other = iter(values), iter(labels)
    return tuple(next(other) if each in TIMES else next(one) for each in question.by)


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
