"""Reading a GraphQL request out of an HTTP request, by the GraphQL over HTTP specification.

Everything here ends in a `Parameters` or in a refusal that says what to send instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.types import Receive, Scope

from schema.errors import Code, refusal
from schema.renderings import CALLED_JSON, Rendering

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
PARAMETERS = ("query", "operationName", "variables", "extensions")
# The least weight that says anything: 0 is a refusal.
SMALLEST = 0.001


class Disconnected(Exception):
    """The client went away before it had said everything."""


@dataclass(slots=True)
class Request:
    """One HTTP request, the media type its answer will have, and the file it is to be if it is one.

    An answer that is to be a file and turns out an error is an error in JSON.
    """

    scope: Scope
    media: str = JSON
    rendering: Rendering | None = None

    @property
    def method(self) -> str:
        """In capitals."""
        return str(self.scope["method"])

    def header(self, name: str) -> str | None:
        """Read the header, several joined by a comma; `name` in lower case."""
        wanted = name.encode("latin-1")
        values = [value.decode("latin-1") for key, value in self.scope["headers"] if key == wanted]
        return ", ".join(values) if values else None


@dataclass(slots=True)
class Parameters:
    """What is asked. `canonical` is the variables as sorted JSON, for keys."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    canonical: bytes = b"{}"
    # The one extension there is: {"cost": true} asks for the cost in the answer.
    cost: bool = False


def negotiate(request: Request, renderings: Sequence[Rendering]) -> None:
    """Settle what the answer will be: by `format` in the address if it is there, else by the Accept header."""
    wanted = _query_string(request).get("format") if renderings else None
    by_name = {rendering.name: rendering for rendering in renderings}
    if wanted not in (None, CALLED_JSON, *by_name):
        names = "、".join((CALLED_JSON, *by_name))
        raise refusal(
            Code.BAD_REQUEST, f"format 须为 {names} 之一", f"format is one of {names.replace('、', ', ')}", 406
        )
    by_media = {rendering.media: rendering for rendering in renderings}
    media = answer_media(request.header("accept"), tuple(by_media)) if wanted is None else JSON
    if media is None:
        named = [GRAPHQL_RESPONSE, JSON, *by_media]
        raise refusal(Code.BAD_REQUEST, f"Accept 须包含 {' 或 '.join(named)}", f"accept {' or '.join(named)}", 406)
    request.rendering = by_media.get(media) if wanted is None else by_name.get(wanted)
    request.media = JSON if request.rendering else media


@lru_cache(maxsize=128)
def answer_media(accept: str | None, files: tuple[str, ...] = ()) -> str | None:
    """Choose the media type of the answer, None when nothing the client takes can be given.

    Without a preference it is application/json, which every client understands. At
    equal weight the newer type is chosen, but only where it is named. One of `files` is
    given only where it is named, and then goes before JSON of the same weight.
    """
    if not accept or not accept.strip():
        return JSON
    weights = {JSON: (0, 0.0), GRAPHQL_RESPONSE: (0, 0.0)} | dict.fromkeys(files, (0, 0.0))
    for media, weight in _accepted(accept):
        # The most specific range decides, whatever its weight (RFC 9110, 12.5.1).
        specific = {"*/*": 1, "application/*": 2}.get(media, 3)
        for known, (best, _) in weights.items():
            if specific >= best and (media == known or (specific < 3 and known not in files)):
                weights[known] = (specific, weight)
    named, newer = weights[GRAPHQL_RESPONSE]
    older = weights[JSON][1]
    heaviest = max(files, key=lambda media: weights[media][1], default=JSON)
    if heaviest in files and weights[heaviest][1] >= max(newer, older, SMALLEST):
        return heaviest
    if newer > older or (newer and newer == older and named == 3):
        return GRAPHQL_RESPONSE
    return JSON if older else None


def wants_page(request: Request) -> bool:
    """Whether this is a browser opening the address, rather than a program asking."""
    first = (request.header("accept") or "").split(",")[0].split(";")[0]
    return first.strip().lower() == "text/html" and "query" not in _query_string(request)


def from_query_string(request: Request) -> Parameters:
    """Read the parameters of a GET."""
    return _checked(_query_string(request))


async def from_body(request: Request, receive: Receive, limit: int) -> Parameters:
    """Read the parameters of a POST, and its body no further than the limit, in bytes."""
    _check_content_type(request)
    body = await _body(request, receive, limit)
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise refusal(
            Code.BAD_REQUEST, "请求体不是有效的 UTF-8 JSON", f"the body is not valid JSON in UTF-8: {error}"
        ) from None
    if isinstance(content, list):
        raise refusal(
            Code.BAD_REQUEST,
            "不支持批量请求，请逐个发送",
            "batches are not supported; send one request at a time",
        )
    if not isinstance(content, dict):
        raise refusal(Code.BAD_REQUEST, "请求体必须是 JSON 对象", "the body must be a JSON object")
    return _checked(content)


def _accepted(accept: str) -> list[tuple[str, float]]:
    """List the media ranges of an Accept header with their weights; those of another charset left out."""
    ranges = []
    for item in accept.split(","):
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        values = dict(part.partition("=")[::2] for part in parameters)
        try:
            weight = float(values.get("q", "1"))
        except ValueError:
            continue
        if values.get("charset", "utf-8").strip('"') in ("utf-8", "utf8") and 0 <= weight <= 1:
            ranges.append((media, weight))
    return ranges


def _query_string(request: Request) -> dict[str, Any]:
    """Read the known parameters in the address. One that is empty is one left out."""
    try:
        pairs = parse_qsl(request.scope.get("query_string", b"").decode("ascii"), errors="strict", max_num_fields=100)
    except ValueError:
        raise refusal(
            Code.BAD_REQUEST,
            "地址中的参数不是有效的 UTF-8，或者过多",
            "the parameters in the address are not valid UTF-8, or too many",
        ) from None
    known = [(name, value) for name, value in pairs if name in (*PARAMETERS, "format")]
    content: dict[str, Any] = dict(known)
    if len(content) < len(known):
        raise refusal(Code.BAD_REQUEST, "同一参数出现了两次", "a parameter is given twice")
    for name in ("variables", "extensions"):
        if name in content:
            content[name] = _json(name, content[name])
    return content


def _json(name: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise refusal(Code.BAD_REQUEST, f"{name} 不是有效的 JSON", f"{name} is not valid JSON: {error}") from None


def _checked(content: Mapping[str, Any]) -> Parameters:
    query = content.get("query")
    if not isinstance(query, str):
        raise refusal(Code.BAD_REQUEST, "缺少 query，它必须是字符串", "query is required, and is a string")
    operation_name = content.get("operationName")
    if not isinstance(operation_name, str | None):
        raise refusal(Code.BAD_REQUEST, "operationName 必须是字符串", "operationName must be a string")
    for name in ("variables", "extensions"):
        if not isinstance(content.get(name), dict | None):
            raise refusal(Code.BAD_REQUEST, f"{name} 必须是 JSON 对象", f"{name} must be a JSON object")
    variables = content.get("variables") or {}
    try:
        canonical = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise refusal(Code.BAD_REQUEST, "variables 嵌套过深", "variables are nested too deeply") from None
    cost = (content.get("extensions") or {}).get("cost") is True
    return Parameters(query, operation_name, variables, canonical, cost)


def _check_content_type(request: Request) -> None:
    """Refuse all but JSON. No form can send it, so no page of another origin can post here unasked."""
    message = Message()
    message["content-type"] = request.header("content-type") or ""
    charset = str(message.get_param("charset", "utf-8")).lower()
    encoding = (request.header("content-encoding") or "identity").lower()
    declared = request.header("content-type") and message.get_content_type() == JSON
    if not declared or charset not in ("utf-8", "utf8") or encoding != "identity":
        raise refusal(
            Code.BAD_REQUEST,
            "请以 Content-Type: application/json（UTF-8，不压缩）发送",
            "send it as Content-Type: application/json (UTF-8, not compressed)",
            415,
        )


async def _body(request: Request, receive: Receive, limit: int) -> bytes:
    declared = request.header("content-length") or ""
    # int() refuses thousands of digits, and nobody needs more than eighteen.
    size = int(declared[:18]) if declared.isascii() and declared.isdigit() else 0
    parts: list[bytes] = []
    more = True
    while more and size <= limit:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Disconnected
        parts.append(event.get("body", b""))
        more = event.get("more_body", False)
        size = max(size, sum(map(len, parts))) if more else sum(map(len, parts))
    if size > limit:
        raise refusal(
            Code.BAD_REQUEST,
            f"请求体超过上限 {limit} 字节",
            f"the body is over the limit of {limit} bytes",
            413,
        )
    return b"".join(parts)
