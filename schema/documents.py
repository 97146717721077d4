"""Documents: parsed, held to the limits and validated once, then kept.

None of it depends on a revision, so a document is kept for as long as it is used.
"""

from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)
from graphql.language import Source

from schema.answers import Cache, Selections
from schema.errors import Code, refused_by_graphql, refused_document
from schema.limits import (
    NESTING,
    Limits,
    Measure,
    NestedTooDeeply,
    Walk,
    excesses,
    page_size,
    selections_written,
)

# Characters of source. A kept document takes fifty times its length in memory, and one
# made to be dense three hundred times: 90 MB at the worst.
KEPT_CHARACTERS = 300_000
# Page sizes are few; whoever sends a thousand different ones has them reckoned again.
KEPT_MEASURES = 256


class Operation:
    """One operation of a document, which alone is executed."""

    __slots__ = ("_document", "_measures", "_pages", "_schema", "node")

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode) -> None:
        self.node = node
        self._schema = schema
        self._document = document
        self._pages: tuple[str, ...] | None = None
        self._measures: dict[tuple[int | None, ...], Measure] = {}

    @property
    def kind(self) -> OperationType:
        """Query or mutation."""
        return self.node.operation

    def measure(self, variables: dict[str, Any]) -> Measure:
        """Measure what it asks for with these variables; reckoned anew only for page sizes not seen before."""
        if self._pages is not None:
            known = self._measures.get(_sizes(self._pages, variables))
            if known is not None:
                return known
        walk = Walk(self._schema, self._document, variables)
        try:
            measure = walk.measure(self.node)
        except NestedTooDeeply:
            raise refused_document(
                Code.VALIDATION_FAILED,
                f"查询嵌套超过 {NESTING} 层；请减少嵌套层数",
                f"the query is nested more than {NESTING} levels deep; select fewer levels",
            ) from None
        self._pages = tuple(sorted(walk.page_variables))
        if len(self._measures) < KEPT_MEASURES:
            self._measures[_sizes(self._pages, variables)] = measure
        return measure


class Document:
    """A parsed document. `selections` belongs to the cache of completed objects."""

    __slots__ = ("_errors", "_operations", "_schema", "ast", "selections")

    def __init__(self, schema: GraphQLSchema, ast: DocumentNode) -> None:
        self.ast = ast
        self.selections: Selections = {}
        self._schema = schema
        self._errors: list[GraphQLError] | None = None
        self._operations = [
            Operation(schema, ast, node) for node in ast.definitions if isinstance(node, OperationDefinitionNode)
        ]

    def operation(self, name: str | None) -> Operation:
        """Find the operation that is asked for; refused when that is not clear, or cannot be executed here."""
        found = [
            operation
            for operation in self._operations
            if name is None or (operation.node.name and operation.node.name.value == name)
        ]
        if not found or (name is None and len(found) > 1):
            raise refused_document(
                Code.OPERATION_RESOLUTION_FAILURE,
                "请用 operationName 指定文档中的一个操作",
                "name one operation of the document in operationName",
            )
        # Of two with one name graphql-core executes the last; validation refuses them anyhow.
        operation = found[-1]
        kind = operation.kind
        if kind is OperationType.SUBSCRIPTION or self._schema.get_root_type(kind) is None:
            raise refused_document(
                Code.OPERATION_RESOLUTION_FAILURE,
                f"此接口不支持 {kind.value} 操作",
                f"no {kind.value} can be executed here",
            )
        return operation

    def validate(self) -> None:
        """Refuse a document that is not valid. The work is done the first time only."""
        if self._errors is None:
            self._errors = validate(self._schema, self.ast)
        if self._errors:
            raise refused_by_graphql(self._errors, Code.VALIDATION_FAILED)


class Documents:
    """Every document in use, by its text."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._kept: Cache[str, Document] = Cache(KEPT_CHARACTERS)

    def get(self, text: str) -> Document:
        """Give the document, not validated yet; refused when it cannot be read or is too long."""
        document = self._kept.get(text)
        if document is None:
            document = Document(self._schema, self._parsed(text))
            self._kept.put(text, document, len(text) + 100)
        return document

    def hold_to_limits(self, measure: Measure) -> None:
        """Refuse what asks for more than the limits allow, with every figure that is over."""
        if over := list(excesses(self._limits, measure)):
            zh, en = ("；".join(words) for words in zip(*over, strict=True))
            raise refused_document(Code.VALIDATION_FAILED, zh, en)

    def _parsed(self, text: str) -> DocumentNode:
        limits = self._limits
        if len(text) > limits.characters:
            raise _too_long("字符", "characters", len(text), limits.characters)
        try:
            ast = parse(Source(text), max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
        except GraphQLError as error:
            if f"more than {limits.tokens} tokens" in error.message:
                raise _too_long("词元", "tokens", f"> {limits.tokens}", limits.tokens) from None
            raise refused_by_graphql([error], Code.PARSE_FAILED) from None
        written = selections_written(ast)
        if written > limits.selections:
            raise _too_long("字段", "fields and fragment spreads", written, limits.selections)
        return ast


def _sizes(names: tuple[str, ...], variables: dict[str, Any]) -> tuple[int | None, ...]:
    """Left out, a variable has its default; null, it gives no size at all, which is told apart as 0."""
    return tuple(
        None if name not in variables else 0 if variables[name] is None else page_size(variables[name])
        for name in names
    )


def _too_long(zh: str, en: str, figure: int | str, limit: int) -> Exception:
    return refused_document(
        Code.VALIDATION_FAILED,
        f"文档有 {figure} 个{zh}，上限为 {limit}；请拆成多次请求",
        f"the document has {figure} {en}, the limit is {limit}; split it into several requests",
    )
