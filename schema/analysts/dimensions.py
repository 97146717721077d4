"""Dimensions: how each is shown in a row, and how it is filtered by. Made from the list of dimensions; a new one is shown as a text."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from registry.errors import RefusedInput
from registry.figures.names import CODED, WORDED, Named, named
from registry.figures.wording import read_value
from registry.rates.periods import period_of
from registry.rates.question import LABELS, TIMES, Dimension, Scope, Value
from registry.rates.rate import OnlinePolicy
from registry.snapshot import Snapshot
from registry.words import Channel, LifeStage, MatterType, ServiceObject, Word
from schema.analysts.making import Resolver, Text, Type, enum, field, given, input_type, listed, object_type, required
from schema.analysts.words import POLICY, Day

D = Dimension
# Letters of a code or a name; what is longer is looked for no further.
LONGEST = 80
SPAN_YEARS = 50
ENUMS: Mapping[type[Word], Type] = {
    OnlinePolicy: POLICY,
    MatterType: enum(MatterType, "MatterType", "事项类型: the kinds of matters."),
    ServiceObject: enum(ServiceObject, "ServiceObject", "服务对象: who may apply."),
    Channel: enum(Channel, "Channel", "The four ends, in the order in which people are sent to them."),
    LifeStage: enum(LifeStage, "LifeStage", "The stages of life of a person or an enterprise."),
}

CODED_VALUE = object_type(
    "Coded",
    "A record by its code, with its name beside it.",
    {
        "code": field(required(Text), "The code."),
        "name": field(
            Text, "The name in Chinese; null: the catalogue no longer holds it.", lambda each, _info: each.zh
        ),
        "name_en": field(Text, "The name in English; null: not known.", lambda each, _info: each.en),
    },
)


def shown_as(dimension: Dimension) -> tuple[Type, Callable[[Value, Snapshot], Any]]:
    """The type of a row's field, and what a value becomes in it. Null: not known, or the table is not by it."""
    if dimension in CODED:
        return (
            CODED_VALUE,
            lambda value, snapshot: None if value is None else named(dimension, value, snapshot.holdings),
        )
    if dimension in WORDED:
        words = WORDED[dimension]
        return ENUMS[words], lambda value, _snapshot: None if value is None else words[value]
    return Text, lambda value, _snapshot: value


def dimension_fields(
    value_of: Callable[[Any, Dimension], Value], snapshot_of: Callable[[Any], Snapshot]
) -> dict[str, Type]:
    """A field for each dimension."""

    def resolving(dimension: Dimension, become: Callable[[Value, Snapshot], Any]) -> Resolver:
        return lambda row, _info: become(value_of(row, dimension), snapshot_of(row))

    fields = {}
    for dimension in Dimension:
        of, become = shown_as(dimension)
        words = f"{dimension.zh} · the {dimension.en}; null where it is not known, and in tables that are not by it."
        fields[dimension.code] = field(of, words, resolving(dimension, become))
    return fields


def coded(dimension: Dimension, value: Value, snapshot: Snapshot) -> Named | None:
    """A code with its names."""
    return None if value is None else named(dimension, value, snapshot.holdings)


def filter_type() -> Type:
    """The input that filters: a list of values for each dimension, and a span of days."""
    fields = {
        "first": given(Day, "Only what was accepted on this day or later.", name="from"),
        "last": given(Day, "Only what was accepted on this day or earlier.", name="to"),
    }
    for dimension in Dimension:
        words = f"{dimension.zh} · only these values of {dimension.en}"
        if dimension in TIMES:
            fields[dimension.code] = given(listed(required(Text)), f"{words}, as labels: {EXAMPLES[dimension]}.")
        elif dimension in WORDED:
            fields[dimension.code] = given(listed(ENUMS[WORDED[dimension]]), f"{words}; null among them: not known.")
        else:
            fields[dimension.code] = given(listed(Text), f"{words}, by codes or names; null among them: not known.")
    return input_type(
        "RateFilter",
        "Which cases and matters. Fields combine: all must hold; within a list, any value will do.",
        fields,
    )


EXAMPLES = {D.DAY: "2020-03-05", D.MONTH: "2020-03", D.QUARTER: "2020-Q1", D.YEAR: "2020"}


def scope_of(wanted: Mapping[str, Any] | None, snapshot: Snapshot) -> Scope:
    """The scope that a filter means. Raises RefusedInput for what nothing is written as."""
    asked = {name: value for name, value in (wanted or {}).items() if value is not None}
    first, last = asked.get("first"), asked.get("last")
    if first is not None and last is not None:
        if first > last:
            raise RefusedInput(
                f"起始日 {first} 晚于截止日 {last}", f"the span begins on {first}, after its end on {last}"
            )
        demand_short(first, last)
    filters = {}
    for dimension in Dimension:
        if dimension.code in asked:
            filters[dimension] = frozenset(_values(dimension, asked[dimension.code], snapshot))
    return Scope(first, last, filters)


def demand_short(first: date, last: date) -> None:
    """Raises RefusedInput for a span that is too long, for completeness looks at each month of it."""
    if last.year - first.year > SPAN_YEARS:
        raise RefusedInput(f"时段最长 {SPAN_YEARS} 年", f"a span is of {SPAN_YEARS} years at most")


def _values(dimension: Dimension, values: Iterable[Any], snapshot: Snapshot) -> Iterable[Value]:
    for value in values:
        if isinstance(value, Word):
            yield value.name
        elif value is not None and dimension in CODED:
            yield read_value(dimension, value[:LONGEST], snapshot.holdings)
        else:
            if dimension in TIMES:
                demand_label(dimension, value)
            yield value


def demand_label(dimension: Dimension, label: str) -> None:
    """A label of another length would be let through by the scope, and would then match no row."""
    if len(label) > len("2020-03-05") or LABELS[dimension](period_of(label).first) != label:
        raise RefusedInput(
            f"“{label[:80]}”不是{dimension.zh}；应形如 {EXAMPLES[dimension]}",
            f"“{label[:80]}” is no {dimension.en}; expected as in {EXAMPLES[dimension]}",
        )
