"""GraphQL over HTTP: every way to ask, and every way to ask wrongly."""

import asyncio
import json
import logging
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema
from starlette.types import Message

from registry.errors import RegistryError, UnknownMatter
from schema.requests import GRAPHQL_RESPONSE, JSON, Request, answer_media
from schema.transport import Context, GraphQLTransport
from tests.schema.asking import NEWER, code, get, post, send


class Unauthenticated(RegistryError):
    code = "UNAUTHENTICATED"


def raising(error: Exception) -> Any:
    def resolve(*_: object, **__: object) -> None:
        raise error

    return resolve


def small_schema() -> GraphQLSchema:
    schema = build_schema(
        """
        scalar Anything
        type Query {
          hello(name: String = "world"): String
          double(number: Int!): Int
          any(value: Anything): String
          nothing: Int!
          unknown: String
          broken: String
          broken_many: [Int]
          forbidden: String
          unwritable: Anything
        }
        type Mutation { change: Int }
        type Subscription { tick: Int }
        """
    )
    assert schema.query_type
    assert schema.mutation_type
    query = schema.query_type.fields
    query["hello"].resolve = lambda *_, name: f"hello {name}"
    query["double"].resolve = lambda *_, number: number * 2
    query["any"].resolve = lambda *_, value: json.dumps(value)[:20]
    query["unknown"].resolve = raising(UnknownMatter("11A"))
    query["broken"].resolve = raising(ValueError("the password is 123"))
    query["broken_many"].resolve = lambda *_: ["secret"] * 20
    query["forbidden"].resolve = raising(GraphQLError("不可 / no", extensions={"code": "FORBIDDEN"}))
    query["unwritable"].resolve = lambda *_: 2**100
    schema.mutation_type.fields["change"].resolve = lambda *_: 1
    return schema


def serve(**options: Any) -> GraphQLTransport:
    options.setdefault("context", lambda request: Context())
    return GraphQLTransport(small_schema(), **options)


APP = serve()


# What can be asked, and how


def test_a_query_is_answered_by_post_and_by_get() -> None:
    for response in (post(APP, "{ hello }"), get(APP, "{ hello }")):
        assert response.status_code == 200
        assert response.json() == {"data": {"hello": "hello world"}}


def test_variables_and_the_operation_are_taken_from_the_address_too() -> None:
    query = "query A($n: Int!) { double(number: $n) } query B { hello }"
    address = {"query": query, "variables": '{"n": 21}', "operationName": "A", "extensions": "{}"}
    assert send(APP, "GET", params=address).json() == {"data": {"double": 42}}


def test_an_empty_operation_name_in_the_address_is_none() -> None:
    assert send(APP, "GET", params={"query": "{ hello }", "operationName": ""}).status_code == 200


def test_unknown_parameters_are_ignored() -> None:
    assert post(APP, "{ hello }", doc_id="x").status_code == 200
    assert send(APP, "GET", params={"query": "{ hello }", "utm": "x"}).status_code == 200


def test_head_is_a_get_without_the_body() -> None:
    whole, head = (send(APP, method, params={"query": "{ hello }"}) for method in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_a_mutation_is_executed_by_post() -> None:
    response = post(APP, "mutation { change }")
    assert response.json() == {"data": {"change": 1}}
    assert response.headers["cache-control"] == "no-store"


def test_a_mutation_over_get_is_refused() -> None:
    for accept in (NEWER, JSON):
        response = get(APP, "mutation { change }", accept)
        assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_a_subscription_is_refused() -> None:
    response = post(APP, "subscription { tick }")
    assert (response.status_code, code(response)) == (400, "OPERATION_RESOLUTION_FAILURE")


def test_a_mutation_that_the_schema_does_not_have_is_refused() -> None:
    app = GraphQLTransport(build_schema("type Query { a: Int }"), lambda request: Context())
    response = post(app, "mutation { __typename }")
    assert (response.status_code, code(response)) == (400, "OPERATION_RESOLUTION_FAILURE")


def test_options_tells_the_methods_and_others_are_refused() -> None:
    options = send(APP, "OPTIONS")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    for method in ("PUT", "DELETE", "PATCH"):
        assert send(APP, method).status_code == 405


def test_only_the_named_operation_is_executed() -> None:
    query = "query A { hello } mutation B { change }"
    assert post(APP, query, operationName="A").json() == {"data": {"hello": "hello world"}}
    for name in (None, "C", ""):
        assert code(post(APP, query, operationName=name)) == "OPERATION_RESOLUTION_FAILURE"


def test_a_schema_that_writes_is_executed_in_a_thread() -> None:
    assert post(serve(threaded=True), "mutation { change }").json() == {"data": {"change": 1}}


def test_a_browser_gets_the_page_and_a_program_an_answer() -> None:
    app = serve(page=lambda: b"<!doctype html>")
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = send(app, "GET", headers=browser)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.text == "<!doctype html>"
    assert send(app, "GET", headers=browser, params={"query": "{ hello }"}).json()["data"]
    assert send(app, "GET", headers={"Accept": "*/*"}).status_code == 400
    assert send(APP, "GET", headers=browser).status_code == 400


# Media types and status codes


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (NEWER, GRAPHQL_RESPONSE),
        (f"{JSON}, {NEWER}", GRAPHQL_RESPONSE),
        (f"{NEWER}, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{NEWER};q=0.5, {JSON}", JSON),
        (f"{JSON};q=0, */*", GRAPHQL_RESPONSE),
        (f"{NEWER};q=0, */*;q=0.1", JSON),
        ("Application/JSON; Charset=UTF-8", JSON),
        (f"{JSON}; charset=gbk, {NEWER}", GRAPHQL_RESPONSE),
        (f"{JSON}; charset=gbk", None),
        (f"{JSON}; q=x", None),
        (f"{JSON}; q=nan", None),
        ("text/html", None),
        ("text/html, */*;q=0.1", JSON),
        ("*/*;q=0", None),
        (";;,,=", None),
    ],
)
def test_the_media_type_is_negotiated(accept: str | None, media: str | None) -> None:
    assert answer_media(accept) == media


def test_what_cannot_be_given_is_not_acceptable() -> None:
    assert get(APP, "{ hello }", "text/html").status_code == 406


def test_the_media_type_is_named_with_its_charset() -> None:
    assert post(APP, "{ hello }").headers["content-type"] == f"{NEWER}; charset=utf-8"
    assert post(APP, "{ hello }").headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("\0", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ('{ hello(name: "\\uD800") }', "GRAPHQL_PARSE_FAILED"),
        ("{ nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Query { hello }", "OPERATION_RESOLUTION_FAILURE"),
        ("query ($n: Int!) { double(number: $n) }", "BAD_USER_INPUT"),
    ],
)
def test_a_request_error_has_no_data_and_a_status_for_its_media_type(query: str, expected: str) -> None:
    newer, older = post(APP, query), post(APP, query, JSON)
    assert (newer.status_code, older.status_code) == (400, 200)
    assert newer.json() == older.json()
    assert code(newer) == expected
    assert "data" not in newer.json()


def test_data_with_errors_is_a_partial_success() -> None:
    newer, older = post(APP, "{ hello unknown }"), post(APP, "{ hello unknown }", JSON)
    assert (newer.status_code, older.status_code) == (294, 200)
    assert newer.json()["data"] == {"hello": "hello world", "unknown": None}


def test_data_that_is_null_is_still_an_answer() -> None:
    response = post(APP, "{ nothing }")
    assert response.status_code == 294
    assert response.json()["data"] is None


# Requests that are not in order


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_read(media: str) -> None:
    response = send(APP, "POST", content='{"query": "{ hello }"}', headers={"Content-Type": media})
    assert (response.status_code, code(response)) == (415, "BAD_REQUEST")


@pytest.mark.parametrize(
    "headers",
    [{"Content-Type": f"{JSON}; charset=gbk"}, {"Content-Type": JSON, "Content-Encoding": "gzip"}, {}],
)
def test_only_plain_utf8_is_read(headers: dict[str, str]) -> None:
    assert send(APP, "POST", content=b'{"query": "{ hello }"}', headers=headers).status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"text"',
        b"{}",
        b'[{"query": "{ hello }"}]',
        b"\xff",
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b'{"query": NaN}',
        b'\xef\xbb\xbf{"query": "{ hello }"}',
        b'{"query": null}',
        b'{"query": "{ hello }", "variables": []}',
        b'{"query": "{ hello }", "variables": "{}"}',
        b'{"query": "{ hello }", "operationName": 1}',
        b'{"query": "{ hello }", "extensions": false}',
        b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 500 + b"]" * 500 + b"}}",
    ],
)
def test_a_body_that_is_no_request_is_a_bad_request(body: bytes) -> None:
    response = send(APP, "POST", content=body, headers={"Content-Type": JSON})
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "query=",
        "query=%FF",
        "query=%7B&query=%7D",
        "query=a&variables=%7B",
        "query=a&variables=[]",
        "%00=1&" * 999,
    ],
)
def test_an_address_that_is_no_request_is_a_bad_request(address: str) -> None:
    response = send(APP, "GET", address)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("value", ["1e999", "9" * 5000, "-0", "1.5", "true", '"\\u0000"', "[[[]]]", '{"a": {}}'])
def test_strange_values_are_an_answer_or_an_input_error(value: str) -> None:
    for query in ("query ($v: Anything) { any(value: $v) }", "query ($v: Int!) { double(number: $v) }"):
        body = json.dumps({"query": query})[:-1] + f', "variables": {{"v": {value}}}}}'
        response = send(APP, "POST", content=body, headers={"Content-Type": JSON, "Accept": NEWER})
        assert response.status_code in (200, 400)


def test_of_duplicate_json_keys_the_last_counts() -> None:
    body = b'{"query": "{ nowhere }", "query": "{ hello }"}'
    assert send(APP, "POST", content=body, headers={"Content-Type": JSON}).json()["data"]


def conversation(app: GraphQLTransport, events: list[Message], **headers: str) -> tuple[list[Message], int]:
    """What the application says to these events, and how many of them it took."""
    said: list[Message] = []
    left = list(events)

    async def receive() -> Message:
        return left.pop(0)

    async def hear(message: Message) -> None:
        said.append(message)

    named = [(b"content-type", b"application/json"), *((k.encode(), v.encode()) for k, v in headers.items())]
    scope = {"type": "http", "method": "POST", "headers": named, "path": "/", "query_string": b""}
    asyncio.run(app(scope, receive, hear))
    return said, len(events) - len(left)


def test_a_body_over_the_limit_is_not_read_to_its_end() -> None:
    chunk: Message = {"type": "http.request", "body": b" " * 400_000, "more_body": True}
    said, taken = conversation(APP, [chunk] * 10)
    assert (said[0]["status"], taken) == (413, 3)


def test_a_body_declared_over_the_limit_is_not_read_at_all() -> None:
    for declared in ("1000001", "9" * 5000):
        said, taken = conversation(APP, [], **{"content-length": declared})
        assert (said[0]["status"], taken) == (413, 0)


def test_a_client_that_goes_away_is_no_error() -> None:
    begun: Message = {"type": "http.request", "body": b"{", "more_body": True}
    assert conversation(APP, [begun, {"type": "http.disconnect"}]) == ([], 2)


def test_a_client_that_does_not_wait_for_the_answer_is_no_error() -> None:
    async def gone(_: Message) -> None:
        raise OSError

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}"}

    scope = {"type": "http", "method": "GET", "headers": [], "query_string": b"query={hello}"}
    asyncio.run(APP(scope, receive, gone))


# Errors


def test_a_domain_error_comes_in_both_languages_with_its_code() -> None:
    error = post(APP, "{ unknown }").json()["errors"][0]
    assert error == {
        "message": "没有编码为“11A”的事项 / no matter has the code “11A”",
        "locations": [{"line": 1, "column": 3}],
        "path": ["unknown"],
        "extensions": {"code": "BAD_USER_INPUT"},
    }


def test_an_unexpected_error_shows_an_id_that_the_log_explains(caplog: pytest.LogCaptureFixture) -> None:
    response = post(APP, "{ broken hello }")
    assert response.json()["data"]["hello"]
    assert "password" not in response.text
    assert code(response) == "INTERNAL_SERVER_ERROR"
    error_id = response.json()["errors"][0]["message"].split()[-5].rstrip(",")
    assert error_id in caplog.text
    assert "the password is 123" in caplog.text
    assert "Traceback" in caplog.text


def test_a_value_that_cannot_be_shown_is_our_fault_and_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    response = post(APP, "{ broken_many }")
    assert "secret" not in response.text
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"INTERNAL_SERVER_ERROR"}
    assert len(response.json()["errors"]) == 20
    assert 0 < len(caplog.records) <= 3


def test_an_error_with_a_code_of_its_own_is_shown_as_it_is() -> None:
    error = post(APP, "{ forbidden }").json()["errors"][0]
    assert (error["message"], error["extensions"]) == ("不可 / no", {"code": "FORBIDDEN"})


def test_an_argument_found_wrong_only_in_execution_is_the_clients_error() -> None:
    response = post(APP, "query ($n: Int = 1) { double(number: $n) }", variables={"n": None})
    assert (response.status_code, code(response)) == (294, "BAD_USER_INPUT")


def test_an_answer_that_cannot_be_written_is_an_internal_error(caplog: pytest.LogCaptureFixture) -> None:
    response = post(APP, "{ unwritable }")
    assert (response.status_code, code(response)) == (500, "INTERNAL_SERVER_ERROR")
    assert caplog.records[0].levelno == logging.ERROR


def test_a_token_that_is_not_valid_is_unauthenticated() -> None:
    def context(request: Request) -> Context:
        assert request.header("authorization") == "Bearer x"
        raise Unauthenticated("令牌无效", "the token is not valid")

    for threaded in (False, True):
        response = get(serve(context=context, threaded=threaded), "{ hello }", JSON, Authorization="Bearer x")
        assert (response.status_code, code(response)) == (401, "UNAUTHENTICATED")
        assert response.headers["www-authenticate"] == "Bearer"


def test_headers_of_the_context_are_sent() -> None:
    app = serve(context=lambda request: Context(headers={"X-Revision": "7"}))
    assert post(app, "{ hello }").headers["x-revision"] == "7"


def test_the_host_decides_nothing() -> None:
    assert get(APP, "{ hello }", Host="evil.example").json() == get(APP, "{ hello }").json()


def test_only_http_is_served() -> None:
    with pytest.raises(RuntimeError):
        asyncio.run(APP({"type": "lifespan"}, None, None))  # type: ignore[arg-type]
