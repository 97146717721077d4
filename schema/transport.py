"""GraphQL over HTTP, for any graphql-core schema whose resolvers are plain functions.

It follows the GraphQL over HTTP specification (September 2026): GET and POST,
`application/graphql-response+json` and `application/json`, one operation a request.
Nothing is decided by the Host header or the address a request seems to come to.
"""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from graphql import ExecutionContext, ExecutionResult, GraphQLError, GraphQLSchema, OperationType
from starlette.types import Receive, Scope, Send

from registry.errors import RegistryError
from schema.answers import OVERHEAD, Answered, Answers, Kept, RememberingExecution, entity_tag, is_current
from schema.documents import Document, Documents
from schema.errors import (
    Code,
    Refusal,
    explained,
    refusal,
    refused_by_graphql,
    refused_by_registry,
    status_of,
    unexpected,
)
from schema.limits import STANDARD, Limits, Measure
from schema.renderings import File, Rendering
from schema.requests import (
    GRAPHQL_RESPONSE,
    JSON,
    Disconnected,
    Parameters,
    Request,
    from_body,
    from_query_string,
    negotiate,
    wants_page,
)

ALLOW = "GET, HEAD, POST, OPTIONS"
PARTIAL_SUCCESS = 294
# A page that another page shows within itself can be made to be clicked unawares.
UNFRAMED = {"X-Frame-Options": "DENY"}


@dataclass(slots=True)
class Context:
    """The `context_value` of one request; each schema has its own subclass.

    `revision` is what the answer is keyed by, a number or more; None means that it is never kept.
    A resolver sets `volatile` when what it returns depends on more than revision,
    document and variables, on the clock for one: such an answer is not kept.
    `headers` are sent with every answer, and are set when the context is made.
    """

    revision: Hashable = None
    volatile: bool = False
    headers: dict[str, str] = field(default_factory=dict)


class Reply(NamedTuple):
    """One HTTP response."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


class GraphQLTransport:
    """An ASGI application that answers for one schema, whatever the path.

    `frozen` are the classes whose instances say the same for a whole revision.
    `threaded` makes the context and executes in a worker thread, for schemas that
    wait for a database. `page` makes the HTML for a browser that opens the address.
    `renderings` are the files that answers can be given as.
    """

    def __init__(  # noqa: PLR0913  # each has a default, and is given by name
        self,
        schema: GraphQLSchema,
        context: Callable[[Request], Context],
        *,
        limits: Limits = STANDARD,
        frozen: frozenset[type] = frozenset(),
        threaded: bool = False,
        page: Callable[[], bytes] | None = None,
        renderings: Sequence[Rendering] = (),
    ) -> None:
        self.schema = schema
        self._context = context
        self._limits = limits
        self._frozen = frozen
        self._threaded = threaded
        self._page = page
        self._renderings = renderings
        self._documents = Documents(schema, limits)
        self._answers = Answers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever it is."""
        if scope["type"] != "http":
            raise RuntimeError(f"only HTTP is served here, not {scope['type']}")
        request = Request(scope)
        try:
            reply = await self._reply(request, receive)
        except Disconnected:
            return
        except Refusal as refused:
            reply = _refused(refused, request)
        except Exception as error:
            # The boundary: whatever went wrong, the client gets an answer and the log the reason.
            reply = _refused(unexpected(error), request)
        # The client may be gone by now, which is no fault of anyone's.
        with suppress(OSError):
            await _send(reply, send, with_body=request.method != "HEAD")

    async def _reply(self, request: Request, receive: Receive) -> Reply:
        if request.method == "OPTIONS":
            return Reply(204, {"Allow": ALLOW})
        if request.method not in ("GET", "HEAD", "POST"):
            raise _method_refused(
                ALLOW, f"不支持 {request.method} 方法", f"the method {request.method} is not supported"
            )
        if self._page is not None and request.method != "POST" and wants_page(request):
            request.media = "text/html"
            return Reply(200, _headers(request, "no-cache") | UNFRAMED, self._page())
        negotiate(request, self._renderings)
        if request.method == "POST":
            parameters = await from_body(request, receive, self._limits.body_bytes)
        else:
            parameters = from_query_string(request)
        if self._threaded:
            return await asyncio.to_thread(self._answer, request, parameters)
        return self._answer(request, parameters)

    def _answer(self, request: Request, parameters: Parameters) -> Reply:
        try:
            context = self._context(request)
        except RegistryError as error:
            raise refused_by_registry(error) from None
        if context.revision is None:
            return self._executed(request, parameters, context, None)
        kept = self._answers.of(context.revision)
        found = kept.answers.get(_key(request, parameters))
        if found is None:
            return self._executed(request, parameters, context, kept)
        return _cacheable(request, context, found)

    def _executed(self, request: Request, parameters: Parameters, context: Context, kept: Kept | None) -> Reply:
        document = self._documents.get(parameters.query)
        operation = document.operation(parameters.operation_name)
        if operation.kind is not OperationType.QUERY and request.method != "POST":
            raise _method_refused("POST", "变更操作只能用 POST 发送", "a mutation is sent by POST only")
        measure = operation.measure(parameters.variables)
        self._documents.hold_to_limits(measure)
        document.validate()
        execution = self._prepared(document, parameters, context, kept)
        file, failed = self._done(execution, request, parameters, measure)
        if failed or kept is None or context.volatile or operation.kind is not OperationType.QUERY:
            partial = failed and request.media == GRAPHQL_RESPONSE
            headers = _headers(request, "no-store", file.name) | context.headers
            return Reply(PARTIAL_SUCCESS if partial else 200, headers, file.body)
        answered = Answered(file.body, entity_tag(file.body), file.name)
        weight = len(file.body) + len(parameters.query) + len(parameters.canonical) + OVERHEAD
        kept.answers.put(_key(request, parameters), answered, weight)
        return _cacheable(request, context, answered)

    def _prepared(
        self, document: Document, parameters: Parameters, context: Context, kept: Kept | None
    ) -> ExecutionContext:
        """What graphql-core's `execute` makes first, with the caches handed to it."""
        execution = RememberingExecution.build(
            self.schema,
            document.ast,
            context_value=context,
            raw_variable_values=parameters.variables,
            operation_name=parameters.operation_name,
            is_awaitable=_never,
        )
        if isinstance(execution, list):
            raise refused_by_graphql(execution, Code.BAD_USER_INPUT)
        if kept is not None and isinstance(execution, RememberingExecution):
            execution.frozen = self._frozen
            execution.objects = kept.objects
            execution.selections = document.selections
        return execution

    def _done(
        self, execution: ExecutionContext, request: Request, parameters: Parameters, measure: Measure
    ) -> tuple[File, bool]:
        """Execute. Gives what is sent, in JSON without a name, and whether there are errors in it."""
        if request.rendering is not None:
            write = request.rendering.plan(execution)
            data = _without_errors(_run(execution))
            try:
                return write(data), False
            except RegistryError as error:
                raise refused_by_registry(error) from None
        result = _run(execution)
        content: dict[str, Any] = {"data": result.data}
        if result.errors:
            content["errors"] = explained(result.errors)
        if parameters.cost:
            content["extensions"] = {"cost": {"requested": measure.cost, "limit": self._limits.cost}}
        return File("", orjson.dumps(content)), bool(result.errors)


def _run(execution: ExecutionContext) -> ExecutionResult:
    """Do the rest of what graphql-core's `execute` does."""
    try:
        data = execution.execute_operation(execution.operation, None)
    except GraphQLError as error:
        execution.collected_errors.add(error, None)
        data = None
    return execution.build_response(data, execution.collected_errors.errors)  # type: ignore[arg-type]


def _without_errors(result: ExecutionResult) -> dict[str, Any]:
    """The data. A file has no room for errors, and is not given with a part missing: they are the answer instead."""
    if result.errors:
        errors = explained(result.errors)
        raise Refusal(errors, max(status_of(error["extensions"]["code"]) for error in errors))
    return result.data or {}


def _never(_value: Any) -> bool:
    """Every resolver is a plain function. Asking each value costs a tenth of an execution or more."""
    return False


def _key(request: Request, parameters: Parameters) -> Hashable:
    form = request.rendering.name if request.rendering else None
    return (parameters.query, parameters.canonical, parameters.operation_name, parameters.cost, form)


def _headers(request: Request, cache_control: str, filename: str = "") -> dict[str, str]:
    held = {"Content-Type": f"{request.media}; charset=utf-8", "Cache-Control": cache_control, "Vary": "Accept"}
    if request.rendering is not None and filename:
        media = request.rendering.media
        held["Content-Type"] = f"{media}; charset=utf-8" if media.startswith("text/") else media
        held["Content-Disposition"] = f'attachment; filename="{filename}"'
    return held


def _cacheable(request: Request, context: Context, answered: Answered) -> Reply:
    """Give an answer the client may keep, or word that the one it has still holds."""
    headers = _headers(request, "no-cache", answered.filename) | {"ETag": answered.tag} | context.headers
    # RFC 9110 knows 304 for GET and HEAD only.
    if request.method != "POST" and is_current(answered.tag, request.header("if-none-match")):
        del headers["Content-Type"]
        return Reply(304, headers)
    return Reply(200, headers, answered.body)


def _method_refused(allow: str, zh: str, en: str) -> Refusal:
    refused = refusal(Code.BAD_REQUEST, zh, en, 405)
    refused.headers["Allow"] = allow
    return refused


def _refused(refused: Refusal, request: Request) -> Reply:
    as_it_was = refused.well_formed and request.media == JSON and request.rendering is None
    body = orjson.dumps({"errors": refused.errors})
    return Reply(200 if as_it_was else refused.status, _headers(request, "no-store") | refused.headers, body)


async def _send(reply: Reply, send: Send, *, with_body: bool) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    if reply.status not in (204, 304):
        headers.append((b"content-length", str(len(reply.body)).encode("ascii")))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body if with_body else b""})
