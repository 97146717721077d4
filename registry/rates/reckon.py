"""Reckon: the answer to a question, from volumes and the catalogue, in plain Python.

It is the reference that engines for large data are held to: they may count cases in
their own way (`counting`), but what is made of the counts is made here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from registry.errors import RefusedInput
from registry.holdings import Holdings
from registry.rates.answer import NOTHING, Answer, answer
from registry.rates.attributes import Attributes
from registry.rates.catalogued import count_catalogue, time_keys
from registry.rates.counting import CaseCount, Counter, Tally, counted_cases, counter
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.periods import Period
from registry.rates.policies import keyed, policies_of, without_policies
from registry.rates.precedence import SetAside, summed
from registry.rates.question import TIMES, Dimension, Key, Question, key_order, key_period
from registry.rates.rate import Family, Rate, Target
from registry.rates.volumes import Volume

# What targets may be of.
PLACES = frozenset({Dimension.DEPARTMENT, Dimension.DISTRICT})


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a value for each dimension asked by, an answer for each rate."""

    key: Key
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rows in the order of their keys, the totals of what was counted, and the volumes that were set aside."""

    question: Question
    rows: tuple[Row, ...]
    totals: Row
    set_aside: tuple[SetAside, ...]


def reckon(
    question: Question,
    volumes: Iterable[Volume],
    holdings: Holdings,
    rates: Mapping[str, Rate] = RATES_BY_NAME,
) -> RateTable:
    """Answer a question from volumes, each counted by itself."""
    attributes = Attributes(holdings)
    return tabulate(question, counter(volumes, attributes), attributes, rates)


def tabulate(
    question: Question, count: Counter, attributes: Attributes, rates: Mapping[str, Rate] = RATES_BY_NAME
) -> RateTable:
    """The table of what somebody counts. The totals come from the counts themselves, never from the rows."""
    chosen = [_named(name, rates) for name in question.rates]
    plain = without_policies(question)
    counts = count(plain)
    (totals,) = _rows(replace(plain, by=()), chosen, {(): counts.total}, attributes)
    rows: tuple[Row, ...] = (totals,)
    if Dimension.ONLINE_POLICY in question.by:
        rows = _rows_by_policy(question, plain, chosen, counts, attributes)
    elif question.by:
        rows = _rows(plain, chosen, counts.rows, attributes)
    return RateTable(replace(question, policy=plain.policy), rows, totals, summed(counts.aside))


def _rows_by_policy(
    question: Question, plain: Question, rates: list[Rate], counts: CaseCount, attributes: Attributes
) -> tuple[Row, ...]:
    """The rows under each policy asked for, of one count."""
    cases: Mapping[Key, Tally] = counts.rows if plain.by else {(): counts.total}
    rows = (
        Row(keyed(question, row.key, policy), row.answers)
        for policy in policies_of(question)
        for row in _rows(replace(plain, policy=policy), rates, cases, attributes)
    )
    return tuple(sorted(rows, key=lambda row: key_order(row.key)))


def _rows(question: Question, rates: list[Rate], cases: Mapping[Key, Tally], attributes: Attributes) -> tuple[Row, ...]:
    """The rows that any of the rates has something to say in."""
    of_cases = [rate for rate in rates if rate.family is Family.USE]
    of_catalogue = [rate for rate in rates if rate.family is not Family.USE]
    catalogue = count_catalogue(of_catalogue, question, attributes, time_keys(question, cases))
    keys = set(cases) if of_cases else set()
    keys.update(key for counted in catalogue.values() for key in counted)
    targets = {rate.name: _targets(rate, question) for rate in rates if rate.targets}

    def answered(rate: Rate, key: Key) -> Answer:
        tally = cases.get(key)
        counted = catalogue[rate.name].get(key) if rate.name in catalogue else None
        if tally is not None and rate.family is Family.USE:
            counted = counted_cases(rate, tally, question.policy)
        if counted is None:
            return NOTHING
        target = targets[rate.name](key, tally) if rate.name in targets else None
        return answer(rate, counted, target, question.policy)

    return tuple(Row(key, {rate.name: answered(rate, key) for rate in rates}) for key in sorted(keys, key=key_order))


def _targets(rate: Rate, question: Question) -> Callable[[Key, Tally | None], Target | None]:
    """What finds the rate's target for a row: once for all rows of a time, and of a place if targets are of places."""
    placed = any(each.department or each.district for each in rate.targets)
    telling = TIMES | PLACES if placed else TIMES
    places = [place for place, each in enumerate(question.by) if each in telling]
    found: dict[tuple[Key, Period | None], Target | None] = {}

    def target(key: Key, tally: Tally | None) -> Target | None:
        about = tuple([key[place] for place in places]), tally.period if tally else None
        if about not in found:
            period = row_period(question, key, tally)
            found[about] = rate.target(period.first, period.last, _where(question, key)) if period else None
        return found[about]

    return target


def row_period(question: Question, key: Key, tally: Tally | None) -> Period | None:
    """The period a row is about: its key's, the scope's, or that of the cases counted."""
    period = key_period(question.by, key)
    if period is not None:
        return period.within(question.where.bounds)
    if question.where.closed:
        return question.where.bounds
    return tally.period if tally else None


def _where(question: Question, key: Key) -> dict[str, str | None]:
    """The department and the district that a row is about, where it is about one."""
    named = dict(zip(question.by, key, strict=True))
    found: dict[str, str | None] = {}
    for dimension in PLACES:
        filtered = question.where.filters.get(dimension, frozenset())
        only = next(iter(filtered)) if len(filtered) == 1 else None
        found[dimension.code] = named.get(dimension, only)
    return found


def _named(name: str, rates: Mapping[str, Rate]) -> Rate:
    if name not in rates:
        raise RefusedInput(
            f"没有名为“{name}”的指标；现有：{'、'.join(rates)}",
            f"there is no rate “{name}”; there are: {', '.join(rates)}",
        )
    return rates[name]
