"""The audit of graphql-http: what a server must, should and may do to speak GraphQL over HTTP."""

import json
from pathlib import Path

from graphql import build_schema

from registry.access import Role
from registry.snapshot import Snapshot
from schema.transport import Context, GraphQLTransport
from tests.schema.analysing import analysts_over, desk_over
from tests.schema.editing import found
from tests.schema.serving import served
from tests.schema.test_public import transport_over
from tests.suites.node import run

AUDITS = 61


def failed_audits(*url_and_token: str) -> list[str]:
    """The audits that were not passed; there must be as many as we know of."""
    results = [json.loads(line) for line in run("audit.mjs", *url_and_token).splitlines()]
    assert len(results) == AUDITS
    return [f"{r['id']} {r['name']}: {r['reason']}" for r in results if r["status"] != "ok"]


def test_a_read_only_schema_passes_every_audit() -> None:
    app = GraphQLTransport(build_schema("type Query { answer: Int }"), lambda request: Context(revision=1))
    with served(app) as url:
        assert failed_audits(url) == []


def test_a_schema_that_writes_passes_every_audit() -> None:
    schema = build_schema("type Query { answer: Int } type Mutation { change: Int }")
    app = GraphQLTransport(schema, lambda request: Context(), threaded=True)
    with served(app) as url:
        assert failed_audits(url) == []


def test_the_public_schema_passes_every_audit(reference: Snapshot) -> None:
    with served(transport_over(reference)) as url:
        assert failed_audits(url) == []


def test_the_admin_schema_passes_every_audit_for_who_is_signed_in(tmp_path: Path) -> None:
    city = found(tmp_path)
    with served(city.app) as address:
        assert failed_audits(f"{address}/admin/graphql", city.secrets[Role.READER, "all"]) == []


def test_the_analysts_schema_passes_every_audit(tmp_path: Path) -> None:
    with desk_over(tmp_path) as desk, served(analysts_over(desk)) as url:
        assert failed_audits(url) == []
