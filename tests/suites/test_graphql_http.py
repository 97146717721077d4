"""The audit of graphql-http: what a server must, should and may do to speak GraphQL over HTTP."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from graphql import build_schema
from starlette.types import ASGIApp

from schema.transport import Context, GraphQLTransport
from tests.suites.node import NodeMissing, node_and_npm, run

AUDITS = 61


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application on a free port of the loopback; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            server.should_exit = True
            thread.join()


def failed_audits(url: str) -> list[str]:
    """The audits that were not passed; there must be as many as we know of."""
    results = [json.loads(line) for line in run("audit.mjs", url).splitlines()]
    assert len(results) == AUDITS
    return [f"{r['id']} {r['name']}: {r['reason']}" for r in results if r["status"] != "ok"]


@pytest.fixture(autouse=True)
def _node() -> None:
    try:
        node_and_npm()
    except NodeMissing as missing:
        pytest.skip(str(missing))


def test_a_read_only_schema_passes_every_audit() -> None:
    app = GraphQLTransport(build_schema("type Query { answer: Int }"), lambda request: Context(revision=1))
    with served(app) as url:
        assert failed_audits(url) == []


def test_a_schema_that_writes_passes_every_audit() -> None:
    schema = build_schema("type Query { answer: Int } type Mutation { change: Int }")
    app = GraphQLTransport(schema, lambda request: Context(), threaded=True)
    with served(app) as url:
        assert failed_audits(url) == []
