"""The root of the analysts' schema, and the schema itself, made from a list of definitions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo, GraphQLSchema, VariableNode

from registry.errors import RefusedInput
from registry.rates.definitions import RATES
from registry.rates.rate import OnlinePolicy, Rate
from registry.snapshot import Snapshot
from schema.analysts.analyses import analyses
from schema.analysts.asking import Table, Wanted, rates_for_rows, selection_of
from schema.analysts.definitions import DEFINITION
from schema.analysts.dimensions import filter_type, scope_of
from schema.analysts.extent import demand_few_rows
from schema.analysts.making import (
    Text,
    Type,
    Whole,
    argument,
    enum,
    field,
    listed,
    many,
    object_type,
    public_name,
    required,
    schema_of,
    words_of,
)
from schema.analysts.orders import PAGE, PAGE_MAX, order_type, orders_of, size_of
from schema.analysts.tables import table_type
from schema.analysts.words import DIMENSION, POLICY, Day, Moment
from schema.transport import Context

if TYPE_CHECKING:
    from registry.figures.desk import Desk

SUPPRESS_MAX = 1_000_000


@dataclass(slots=True, kw_only=True)
class AnalystsContext(Context):
    """What an analyst's request reads: the desk, and the catalogue as it stands; and what was found, for a file.

    `in_file`: the answer is written from its table, which may have all rows.
    """

    desk: "Desk"
    snapshot: Snapshot
    in_file: bool = False
    found: list[Any] = attribute(default_factory=list)


def analysts_schema(rates: Iterable[Rate] = RATES) -> GraphQLSchema:
    """The analysts' schema over a list of definitions: all there is to do for a new rate is to be in it."""
    known = {rate.name: rate for rate in rates}
    by_field = {public_name(name): name for name in known}
    if len(by_field) < len(known):
        raise ValueError("two rates have the same field")
    names = words_of("RateName", {name.upper(): (name, rate.zh, rate.en) for name, rate in known.items()})
    rate_name, where = enum(names, "RateName", "The rates there are."), filter_type()
    fields = {
        "rates": field(
            required(table_type(known)),
            "Rates, grouped, filtered, sorted and cut into pages. Only what is selected is reckoned.",
            _asks(known, by_field),
            **_arguments(rate_name, where),
        ),
        **analyses(rate_name, where),
        "definitions": field(
            many(required(DEFINITION)),
            "The rates there are: what each counts, who answers for it, and until when.",
            lambda _root, _info: list(known.values()),
        ),
    }
    return schema_of(object_type("Query", "What analysts may ask: rates, and what they mean.", fields))


def _arguments(rate_name: Type, where: Type) -> dict[str, Type]:
    return {
        "by": argument(listed(required(DIMENSION)), "What to group by; one row of everything if absent."),
        "where": argument(where, "Which cases and matters; all if absent."),
        "online_policy": argument(POLICY, "Which channels count as online.", default_value=OnlinePolicy.MOBILE_PC),
        "as_reported_on": argument(Moment, "As cases and volumes were known at that moment; now if absent."),
        "on": argument(
            Day, "The day on which availability is told where neither row nor filter names one; as published if absent."
        ),
        "first": argument(
            Whole, f"The first so many rows, 1 to {PAGE_MAX}. A file without it has all rows.", default_value=PAGE
        ),
        "after": argument(Text, "Only what comes after this cursor."),
        "order_by": argument(
            listed(required(order_type(rate_name))), "What to sort by, the first first; then by the dimensions in `by`."
        ),
        "suppress": argument(
            Whole, "Withhold rates of use of groups with fewer cases than this, and others from which they could be told."
        ),
    }  # fmt: skip


def _asks(rates: Mapping[str, Rate], by_field: Mapping[str, str]) -> Any:
    """The resolver of a table."""

    def ask(_root: Any, info: GraphQLResolveInfo, **given: Any) -> Table:
        context: AnalystsContext = info.context
        wanted = _wanted(given, context)
        selection = selection_of(info, by_field)
        shown = dict.fromkeys(selection.rates)
        if selection.with_rows:
            demand_few_rows(wanted.by, wanted.where, context.snapshot.holdings)
            shown |= dict.fromkeys(order.rate for order in wanted.orders if order.rate)
        shown = shown or dict.fromkeys(rates_for_rows(rates, wanted.by) if selection.with_rows else [*rates][:1])
        if context.in_file:
            all_rows = given.get("first") is None or not _gives(info, "first")
            wanted = replace(wanted, in_file=True, first=None if all_rows else wanted.first)
        table = Table(context.desk, wanted, tuple(shown), selection)
        context.found.append(table)
        return table

    return ask


def _gives(info: GraphQLResolveInfo, name: str) -> bool:
    """Whether an argument is given, rather than left to its default."""
    values = [each.value for node in info.field_nodes for each in node.arguments if each.name.value == name]
    return any(not isinstance(value, VariableNode) or value.name.value in info.variable_values for value in values)


def _wanted(given: Mapping[str, Any], context: AnalystsContext) -> Wanted:
    """What the arguments mean. Raises RefusedInput or BadPage for what makes no sense."""
    by = tuple(given.get("by") or ())
    if len(set(by)) < len(by):
        raise RefusedInput("同一维度不能重复", "a dimension may be named once only")
    suppress = given.get("suppress")
    if suppress is not None and not 1 <= suppress <= SUPPRESS_MAX:
        raise RefusedInput(f"suppress 须为 1 至 {SUPPRESS_MAX}", f"`suppress` is from 1 to {SUPPRESS_MAX}")
    return Wanted(
        by=by,
        where=scope_of(given.get("where"), context.snapshot),
        policy=given.get("online_policy") or OnlinePolicy.MOBILE_PC,
        on=given.get("on"),
        as_reported_on=given.get("as_reported_on"),
        orders=orders_of(given.get("order_by"), by),
        first=size_of(given.get("first")),
        after=given.get("after"),
        suppress=suppress,
    )
