"""Asking: what is selected becomes a question, and the answer a table that is looked at field by field.

Only what is selected is reckoned: of the rates those that rows or totals show or are
sorted by, and the rows only if they are shown or counted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from graphql import ExecutionContext, FieldNode, GraphQLNamedType, GraphQLObjectType, GraphQLResolveInfo, get_named_type
from graphql.execution.collect_fields import collect_fields, collect_sub_fields

from registry.errors import RefusedInput
from registry.rates.question import DIMENSIONS, Dimension, Key, Question, Scope, Value
from registry.rates.ranking import ranked
from registry.rates.rate import Family, OnlinePolicy, Rate
from registry.rates.reckon import RateTable, Row
from registry.rates.suppression import suppressed
from registry.snapshot import Snapshot
from schema.analysts.orders import Order, Page, Sorting

if TYPE_CHECKING:  # needs the extra `rates`, which the server starts without
    from registry.figures.desk import Desk, Reported

# What a file may hold: rows, and fields in all of them together.
FILE_ROWS = 100_000
FILE_FIELDS = 1_000_000
# Fields of the table that need its rows.
OF_ROWS = frozenset({"rows", "pageInfo", "totalCount"})


@dataclass(frozen=True)
class Wanted:
    """What is asked of a table, beside the question: how it is sorted, cut, and kept from showing small groups.

    `first` None is all rows, which only a file may have.
    """

    by: tuple[Dimension, ...] = ()
    where: Scope = field(default_factory=Scope)
    policy: OnlinePolicy = OnlinePolicy.MOBILE_PC
    on: date | None = None
    as_reported_on: datetime | None = None
    orders: tuple[Order, ...] = ()
    first: int | None = None
    after: str | None = None
    suppress: int | None = None
    in_file: bool = False


class Table:
    """One table of rates. It is asked of the desk when something of it is first looked at."""

    def __init__(self, desk: "Desk", wanted: Wanted, rates: Collection[str], selection: "Selection") -> None:
        self.wanted = wanted
        self._desk, self._rates, self._selection = desk, tuple(rates), selection

    @cached_property
    def reported(self) -> "Reported":
        """What the desk answers."""
        wanted = self.wanted
        question = Question(
            self._rates,
            wanted.by if self._selection.with_rows else (),
            wanted.where,
            policy=wanted.policy,
            on=wanted.on,
        )
        return self._desk.ask(question, as_reported_on=wanted.as_reported_on)

    @property
    def snapshot(self) -> Snapshot:
        """The catalogue it rests on."""
        return self.reported.snapshot

    @cached_property
    def table(self) -> RateTable:
        """The table as it may be shown."""
        table, least = self.reported.table, self.wanted.suppress
        return table if least is None else suppressed(table, self._desk.rates, least)

    @property
    def shown(self) -> "Reported":
        """The answer as it may be shown and told of in words."""
        least = self.wanted.suppress or 0
        aside = tuple(each for each in self.table.set_aside if not 0 < each.cases < least)
        return replace(self.reported, table=replace(self.table, set_aside=aside))

    @cached_property
    def page(self) -> Page:
        """The rows asked for."""
        wanted, rows = self.wanted, self.table.rows
        first = wanted.first
        if first is None:
            first = min(FILE_ROWS, FILE_FIELDS // max(1, self._selection.columns))
            if len(rows) > first:
                raise RefusedInput(
                    f"结果有 {len(rows)} 行，这些列的文件最多 {first} 行；请用 where 缩小范围，或用 first、after 分页",
                    f"there are {len(rows)} rows, and a file of these columns holds {first} at most; narrow `where`, or page by `first`",
                )
        return Sorting(wanted.by, wanted.orders).page(rows, first, wanted.after)

    @cached_property
    def lines(self) -> list["Line"]:
        """The page's rows. A file is written from the page itself, so nothing of it need be resolved."""
        return [] if self.wanted.in_file else [Line(self, row, self.wanted.by) for row in self.page.rows]

    @property
    def totals(self) -> "Line":
        """The totals, which are of no value of any dimension."""
        return Line(self, self.table.totals, ())

    def rank(self, rate: str, key: Key) -> int | None:
        """A row's place among all rows of the table by one rate."""
        if rate not in self._ranks:
            places = ranked(self.table.rows, self._desk.rates[rate])
            self._ranks[rate] = {place.key: place.rank for place in places}
        return self._ranks[rate].get(key)

    @cached_property
    def _ranks(self) -> dict[str, dict[Key, int | None]]:
        return {}


@dataclass(frozen=True, slots=True)
class Line:
    """A row where it is shown."""

    table: Table
    row: Row
    by: tuple[Dimension, ...]

    def value(self, dimension: Dimension) -> Value:
        """Its value; None where the table is not by the dimension."""
        return self.row.key[self.by.index(dimension)] if dimension in self.by else None


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected of a table: the rates of its rows and totals, whether rows are needed, and how wide they are."""

    rates: tuple[str, ...]
    with_rows: bool
    columns: int


def selection_of(info: GraphQLResolveInfo, by_field: Mapping[str, str]) -> Selection:
    """What is selected under a table, through fragments, aliases and directives. `by_field`: rates by their fields."""
    rates: dict[str, None] = {}
    with_rows, columns = False, 0
    for name, nodes, of in selected(info, get_named_type(info.return_type), info.field_nodes):
        with_rows = with_rows or name in OF_ROWS
        for inner, under, within in selected(info, of, nodes) if name in ("rows", "totals") else ():
            columns += max(1, len(selected(info, within, under)))
            if inner in by_field:
                rates[by_field[inner]] = None
    return Selection(tuple(rates), with_rows, columns)


# A field's name, its nodes, and the type of what it gives.
Selected = tuple[str, list[FieldNode], GraphQLNamedType]


def selected(
    within: GraphQLResolveInfo | ExecutionContext, of: GraphQLNamedType, nodes: Sequence[FieldNode]
) -> list[Selected]:
    """The fields selected under nodes that give an object."""
    if not isinstance(of, GraphQLObjectType):
        return []
    return _known(of, collect_sub_fields(within.schema, within.fragments, within.variable_values, of, list(nodes)))


def selected_at_root(execution: ExecutionContext) -> list[Selected]:
    """The fields of the operation itself."""
    root = execution.schema.query_type
    if root is None:
        return []
    written = execution.operation.selection_set
    return _known(root, collect_fields(execution.schema, execution.fragments, execution.variable_values, root, written))


def _known(of: GraphQLObjectType, collected: Mapping[str, list[FieldNode]]) -> list[Selected]:
    """Those that the type itself has: __typename left out."""
    named = ((nodes[0].name.value, nodes) for nodes in collected.values())
    return [(name, nodes, get_named_type(of.fields[name].type)) for name, nodes in named if name in of.fields]


def rates_for_rows(rates: Mapping[str, Rate], by: Collection[Dimension]) -> tuple[str, ...]:
    """Where no rate is selected: one of each family that can be broken down so, to list the rows there are."""
    first: dict[Family, str] = {}
    for rate in rates.values():
        if DIMENSIONS[rate.family].issuperset(by):
            first.setdefault(rate.family, rate.name)
    return tuple(first.values())
