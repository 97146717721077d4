"""Requests per second for a page of 50 matters, in process: ours beside graphql-core as it comes, and beside sending bytes.

The rivals: graphql-core's own `graphql_sync` with the same resolvers (what a library's
view does before HTTP), and an application that sends the same bytes without thinking.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import orjson
from graphql import graphql_sync

from benchmarks.generate import generated
from benchmarks.table import show
from registry.snapshot import Snapshot
from schema.public import FROZEN, PublicContext, public_schema
from schema.transport import GraphQLTransport

# No matter takes a million visits: `$n` makes a request that was never answered before, and changes nothing.
PAGE = """query Page($after: String, $n: Int) { matters(first: 50, after: $after, filter: {maxVisits: $n}) { pageInfo { endCursor } nodes {
  code name visits department { code name } promisedLimit { text } offers { channel status url } bundles { code name } } } }"""
SECONDS = 3.0


def main() -> None:
    """One core, one process; each for a few seconds."""
    snapshot = Snapshot(generated(1017), 1, None)
    schema = public_schema()
    cursors = _cursors(schema, snapshot)

    def variables(number: int) -> dict[str, Any]:
        return {"after": cursors[number % len(cursors)], "n": 1_000_000 + number}

    transport = GraphQLTransport(schema, lambda _: PublicContext(revision=1, snapshot=snapshot), frozen=FROZEN)
    body = _ask(transport, {"query": PAGE, "variables": variables(0)})

    async def bytes_only(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    def stock(number: int) -> None:
        context = PublicContext(revision=1, snapshot=snapshot)
        result = graphql_sync(schema, PAGE, context_value=context, variable_values=variables(number))
        orjson.dumps(result.formatted)

    rates = {
        "graphql-core as it comes (graphql_sync and orjson)": _rate(stock),
        "ours, variables changing": _rate(lambda n: _ask(transport, {"query": PAGE, "variables": variables(n)})),
        "ours, repeated": _rate(lambda _: _ask(transport, {"query": PAGE, "variables": variables(0)})),
        "an application that sends the same bytes": _rate(lambda _: _ask(bytes_only, {"query": PAGE})),
    }
    base = rates["graphql-core as it comes (graphql_sync and orjson)"]
    show(
        f"每秒请求 · requests a second, 50 matters, {len(body):,} bytes an answer",
        ("what", "requests/s", "× graphql-core"),
        [(name, rate, rate / base) for name, rate in rates.items()],
    )


def _cursors(schema: Any, snapshot: Snapshot) -> list[str]:
    query = "{ matters(first: 100) { edges { cursor } } }"
    result = graphql_sync(schema, query, context_value=PublicContext(revision=1, snapshot=snapshot))
    assert result.data is not None, result.errors
    return [edge["cursor"] for edge in result.data["matters"]["edges"]]


def _rate(request: Callable[[int], object]) -> float:
    request(0)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        count += 1
        request(count)
    return count / (time.perf_counter() - start)


_loop = asyncio.new_event_loop()


def _ask(application: Any, question: dict[str, Any]) -> bytes:
    body = orjson.dumps(question)
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"accept", b"application/json")],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    _loop.run_until_complete(application(scope, receive, send))
    assert sent[0]["status"] == 200, sent
    return b"".join(message.get("body", b"") for message in sent[1:])


if __name__ == "__main__":
    main()
