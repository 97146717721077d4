"""Answers as files: chosen by the Accept header or by name, never half an answer, and errors stay JSON."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from graphql import ExecutionContext

from registry.errors import RefusedInput
from schema.errors import refusal
from schema.renderings import File, Rendering
from schema.requests import GRAPHQL_RESPONSE, JSON, answer_media
from schema.transport import Context, GraphQLTransport
from tests.schema.asking import code, post, send
from tests.schema.test_transport import small_schema

CSV, SHEET = "text/csv", "application/x-sheet"


def plan(execution: ExecutionContext) -> Callable[[dict[str, Any]], File]:
    names = [node.name.value for node in execution.operation.selection_set.selections]  # type: ignore[attr-defined]
    if len(names) > 1:
        raise refusal("BAD_REQUEST", "只能一个", "only one", 406)

    def write(data: dict[str, Any]) -> File:
        if data.get("hello") == "hello nobody":
            raise RefusedInput("无人", "nobody")
        return File("answer.csv", orjson.dumps(data) + b"\r\n")

    return write


RENDERINGS = (Rendering("csv", CSV, plan), Rendering("sheet", SHEET, plan))
APP = GraphQLTransport(small_schema(), lambda request: Context(revision=("a", 1)), renderings=RENDERINGS)


def get(query: str, accept: str | None = None, app: GraphQLTransport = APP, method: str = "GET", **more: str) -> Any:
    headers = {name.replace("_", "-"): value for name, value in more.items() if name != "format"}
    if accept is not None:
        headers["Accept"] = accept
    params = {"query": query} | ({"format": more["format"]} if "format" in more else {})
    return send(app, method, params=params, headers=headers)


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (CSV, CSV),
        (f"{CSV}, {JSON}", CSV),
        (f"{JSON}, {CSV}", CSV),
        (f"{CSV};q=0.5, {JSON}", JSON),
        (f"{CSV};q=0.9, */*;q=0.1", CSV),
        (f"{CSV};q=0, {JSON};q=0.2", JSON),
        (f"{CSV};q=0", None),
        ("text/*", None),
        ("*/*", JSON),
        (f"{SHEET};q=0.7, {CSV};q=0.8", CSV),
        (f"{GRAPHQL_RESPONSE}, {CSV};q=0.9", GRAPHQL_RESPONSE),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/csv; charset=gbk", None),
    ],
)
def test_a_file_is_given_where_it_is_named(accept: str, media: str | None) -> None:
    assert answer_media(accept, (CSV, SHEET)) == media


def test_a_file_comes_with_its_name_and_its_media_type() -> None:
    for response in (get("{ hello }", CSV), get("{ hello }", JSON, format="csv"), post(APP, "{ hello }", CSV)):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/csv; charset=utf-8"
        assert response.headers["content-disposition"] == 'attachment; filename="answer.csv"'
        assert response.content == b'{"hello":"hello world"}\r\n'
    assert get("{ hello }", SHEET).headers["content-type"] == SHEET
    assert get("{ hello }", CSV, format="json").json() == {"data": {"hello": "hello world"}}


def test_a_file_is_kept_beside_the_answer_and_has_a_tag_of_its_own() -> None:
    answer, file = get("{ hello }", JSON), get("{ hello }", CSV)
    assert answer.headers["etag"] != file.headers["etag"]
    assert get("{ hello }", CSV, if_none_match=file.headers["etag"]).status_code == 304
    assert get("{ hello }", CSV, if_none_match=answer.headers["etag"]).content == file.content
    assert get("{ hello }", JSON).json() == answer.json()
    head = get("{ hello }", CSV, method="HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(file.content)))


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("{ hello double(number: 1) }", 406, "BAD_REQUEST"),
        ("{ nowhere }", 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{", 400, "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", 400, "BAD_USER_INPUT"),
        ("{ forbidden }", 403, "FORBIDDEN"),
        ("{ broken }", 500, "INTERNAL_SERVER_ERROR"),
        ('{ hello(name: "nobody") }', 400, "BAD_USER_INPUT"),
    ],
)
def test_what_fails_is_an_error_in_json_whatever_was_wanted(query: str, status: int, expected: str) -> None:
    for response in (get(query, CSV), get(query, format="sheet")):
        assert (response.status_code, code(response)) == (status, expected)
        assert response.headers["content-type"] == "application/json; charset=utf-8"
        assert "content-disposition" not in response.headers


def test_a_format_that_there_is_not_is_refused_with_those_there_are() -> None:
    response = get("{ hello }", format="pdf")
    assert (response.status_code, code(response)) == (406, "BAD_REQUEST")
    assert "json, csv, sheet" in response.text
    assert send(APP, "GET", "query={hello}&format=csv&format=csv").status_code == 400
    assert "text/csv" in get("{ hello }", "image/png").text


def test_a_schema_without_files_gives_none() -> None:
    app = GraphQLTransport(small_schema(), lambda request: Context())
    assert get("{ hello }", CSV, app).status_code == 406
    assert get("{ hello }", JSON, app, format="csv").json() == {"data": {"hello": "hello world"}}
