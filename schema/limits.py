"""Limits: what a document may ask for, reckoned before anything is spent on it.

One walk over an operation, every fragment visited once and remembered, so the time
is linear in the document however its fragments are chained. The reckoning is of the
document as written: @include and @skip are not believed, and a fragment spread twice
counts twice.

Cost: a field costs 1 plus the cost of what is selected under it. A list multiplies
that by its length: the page asked for (`first` or `last`) for the lists of a
connection, and an assumed five for any other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NamedTypeNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from graphql.type import SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef

ASSUMED_LENGTH = 5
# Lists of the introspection schema that are long; every other one is taken as 1.
INTROSPECTION_LENGTHS = {"types": 100, "fields": 10}
META_FIELDS = {
    "__schema": SchemaMetaFieldDef,
    "__type": TypeMetaFieldDef,
    "__typename": TypeNameMetaFieldDef,
}
# Selection sets within one another, fragments included. It bounds the recursion
# here; graphql-core's own bound is 200.
NESTING = 100
# Figures stop here: chained fragments would make numbers too long to print.
CEILING = 10**12


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may ask for. A page of 100 matters with everything costs about 10,000."""

    depth: int = 15
    aliases: int = 60
    root_fields: int = 20
    cost: int = 50_000
    # The standard introspection query, with every option, has 15 levels and costs 80,753.
    introspection_depth: int = 16
    introspection_cost: int = 100_000
    # Fields and fragment spreads written in the document. Two fields of one name are
    # compared during validation, every pair of them: 400 identical ones take 0.1 s.
    selections: int = 400
    tokens: int = 4_000
    characters: int = 100_000
    body_bytes: int = 1_000_000


STANDARD = Limits()


class Measure(NamedTuple):
    """What an operation asks for. Introspection is reckoned apart from the rest."""

    depth: int
    aliases: int
    root_fields: int
    cost: int
    introspection_depth: int
    introspection_cost: int
    nesting: int


class Shape(NamedTuple):
    """What a selection set asks for, before it is known how long its parent's lists are.

    Its cost is `fixed` plus `items` times that length.
    """

    nesting: int = 0
    depth: int = 0
    aliases: int = 0
    fields: int = 0
    fixed: int = 0
    items: int = 0
    introspection_depth: int = 0
    introspection_cost: int = 0

    def cost(self, length: int = ASSUMED_LENGTH) -> int:
        """Reckon the cost under a parent whose lists have this length."""
        return min(CEILING, self.fixed + self.items * length)


class NestedTooDeeply(Exception):
    """Selection sets, fragments included, are more than NESTING deep."""


def selections_written(document: DocumentNode) -> int:
    """Count the fields and spreads that the whole document holds, used or not."""
    count = 0
    pending = [getattr(definition, "selection_set", None) for definition in document.definitions]
    while pending:
        node = pending.pop()
        if node is not None:
            count += len(node.selections)
            pending.extend(getattr(selection, "selection_set", None) for selection in node.selections)
    return count


class Walk:
    """One walk over one operation. `page_variables` are those that its cost depends on."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any] | None = None
    ) -> None:
        self._schema = schema
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._variables = variables or {}
        self._defaults: dict[str, int] = {}
        self._shapes: dict[str, Shape] = {}
        self.page_variables: set[str] = set()

    def measure(self, operation: OperationDefinitionNode) -> Measure:
        """Measure the operation, or raise NestedTooDeeply; cycles and unknown names are left for validation."""
        for definition in operation.variable_definitions or ():
            if isinstance(definition.default_value, IntValueNode):
                self._defaults[definition.variable.name.value] = _literal(definition.default_value)
        root = self._schema.get_root_type(operation.operation)
        shape = self._selection_set(operation.selection_set, root, 1)
        if shape.nesting > NESTING:
            raise NestedTooDeeply
        return Measure(
            depth=shape.depth,
            aliases=shape.aliases,
            root_fields=shape.fields,
            cost=shape.cost(),
            introspection_depth=shape.introspection_depth,
            introspection_cost=shape.introspection_cost,
            nesting=shape.nesting,
        )

    def _selection_set(self, node: SelectionSetNode, parent: GraphQLNamedType | None, nesting: int) -> Shape:
        if nesting > NESTING:
            raise NestedTooDeeply
        shapes = [self._selection(selection, parent, nesting) for selection in node.selections]
        return Shape(
            nesting=1 + max(shape.nesting for shape in shapes),
            depth=max(shape.depth for shape in shapes),
            aliases=min(CEILING, sum(shape.aliases for shape in shapes)),
            fields=min(CEILING, sum(shape.fields for shape in shapes)),
            fixed=min(CEILING, sum(shape.fixed for shape in shapes)),
            items=min(CEILING, sum(shape.items for shape in shapes)),
            introspection_depth=max(shape.introspection_depth for shape in shapes),
            introspection_cost=min(CEILING, sum(shape.introspection_cost for shape in shapes)),
        )

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, nesting: int) -> Shape:
        if isinstance(node, FieldNode):
            return self._field(node, parent, nesting)
        if isinstance(node, InlineFragmentNode):
            # It may be None, which graphql-core's annotation does not say.
            condition: NamedTypeNode | None = node.type_condition
            named = self._schema.get_type(condition.name.value) if condition is not None else parent
            return self._selection_set(node.selection_set, named, nesting + 1)
        return self._spread(cast(FragmentSpreadNode, node).name.value, nesting)

    def _spread(self, name: str, nesting: int) -> Shape:
        if name in self._shapes:
            return self._shapes[name]
        # Empty until it is known, so that a fragment that spreads itself comes to an end.
        self._shapes[name] = Shape()
        if fragment := self._fragments.get(name):
            condition = self._schema.get_type(fragment.type_condition.name.value)
            self._shapes[name] = self._selection_set(fragment.selection_set, condition, nesting + 1)
        return self._shapes[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, nesting: int) -> Shape:
        name = node.name.value
        field = META_FIELDS.get(name) or getattr(parent, "fields", {}).get(name)
        under = Shape()
        if node.selection_set:
            named = get_named_type(field.type) if field else None
            under = self._selection_set(node.selection_set, named, nesting + 1)
        fixed, items = self._cost(node, field, parent, under)
        mine = Shape(
            nesting=under.nesting,
            depth=1 + under.depth,
            aliases=under.aliases + (node.alias is not None),
            fields=1,
            fixed=fixed,
            items=items,
            introspection_depth=under.introspection_depth,
            introspection_cost=under.introspection_cost,
        )
        if name in ("__schema", "__type"):
            return mine._replace(
                depth=1, fixed=1, items=0, introspection_depth=mine.depth, introspection_cost=mine.cost()
            )
        return mine

    def _cost(
        self, node: FieldNode, field: GraphQLField | None, parent: GraphQLNamedType | None, under: Shape
    ) -> tuple[int, int]:
        """Reckon the field's fixed cost, and what it costs per item of its parent's length."""
        is_list = field is not None and _is_list(field.type)
        page = self._page(node, field)
        if page is not None:
            return 1 + (page * under.cost() if is_list else under.cost(page)), 0
        if not is_list:
            return 1 + under.cost(), 0
        if parent is not None and parent.name.startswith("__"):
            return 1 + INTROSPECTION_LENGTHS.get(node.name.value, 1) * under.cost(1), 0
        return 1, under.cost()

    def _page(self, node: FieldNode, field: GraphQLField | None) -> int | None:
        """Tell how many items the field asks for; None when it is no page at all."""
        if field is None or not {"first", "last"} & field.args.keys():
            return None
        sizes = []
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                if isinstance(argument.value, VariableNode):
                    sizes += self._variable(argument.value.name.value)
                elif isinstance(argument.value, IntValueNode):
                    sizes.append(_literal(argument.value))
        # A page that gives no size has the schema's; where there is none it is refused by its resolver, and costs one item.
        without = page_size(field.args["first"].default_value) if "first" in field.args else 1
        return max(sizes, default=without)

    def _variable(self, name: str) -> list[int]:
        """The size that a variable gives; none if it is null or left out."""
        self.page_variables.add(name)
        value = self._variables.get(name, self._defaults.get(name))
        return [] if value is None else [page_size(value)]


def excesses(limits: Limits, measure: Measure) -> Iterator[tuple[str, str]]:
    """List what is over its limit: the figure, the limit and what to do, in Chinese and in English."""
    deeper = "请减少嵌套层数", "select fewer levels"
    fewer = "请拆成多次请求", "split it into several requests"
    smaller = "请减小 first 或 last，或少选字段", "ask for a smaller page (first, last) or fewer fields"
    for zh, en, figure, limit, (zh_advice, en_advice) in (
        ("深度", "depth", measure.depth, limits.depth, deeper),
        ("别名数", "number of aliases", measure.aliases, limits.aliases, fewer),
        ("根字段数", "number of root fields", measure.root_fields, limits.root_fields, fewer),
        ("成本", "cost", measure.cost, limits.cost, smaller),
        ("自省深度", "introspection depth", measure.introspection_depth, limits.introspection_depth, deeper),
        ("自省成本", "introspection cost", measure.introspection_cost, limits.introspection_cost, deeper),
    ):
        if figure > limit:
            yield (
                f"查询的{zh}为 {figure}，上限为 {limit}；{zh_advice}",
                f"the {en} of the query is {figure}, the limit is {limit}; {en_advice}",
            )


def page_size(value: object) -> int:
    """Take a page size out of a variable; what is no size at all counts as one item."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 1
    return int(max(1, min(CEILING, value)))


def _is_list(returned: GraphQLOutputType) -> bool:
    inner = cast(GraphQLNonNull[Any], returned).of_type if is_non_null_type(returned) else returned
    return is_list_type(inner)


def _literal(node: IntValueNode) -> int:
    # Python refuses to read integers of thousands of digits.
    return page_size(int(node.value) if len(node.value) <= 12 else CEILING)
