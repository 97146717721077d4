"""The application with people who may sign in."""

import asyncio
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.types import ASGIApp

from registry.access import Role, administrator
from registry.changes.granting import grant
from registry.settings import Settings
from registry.snapshot import Snapshot
from registry.tokens import Granted, Wanted
from schema.app import build_app
from tests.schema.following import Still

ME = "{ me { name requestId grants { role departments permissions } } }"


def admin_app(engine: Engine, reference: Snapshot, settings: Settings | None = None) -> ASGIApp:
    """The whole application over a database, its snapshot standing still."""
    return build_app(Still(reference), settings or Settings(), engine)


def secret(engine: Engine, role: Role = Role.EDITOR, *departments: str) -> str:
    """The secret of a new token."""
    return told(grant(engine, Wanted(role, departments, "陈某"), administrator("tests")))


def told(granted: Granted) -> str:
    """The secret that is told with a new token."""
    assert granted.secret is not None
    return granted.secret.text


def ask_admin(
    app: ASGIApp,
    query: str,
    token: str | None = None,
    client: tuple[str, int] = ("127.0.0.1", 1),
    variables: dict[str, Any] | None = None,
    **headers: str,
) -> httpx.Response:
    """A query to the admin schema, as if from that address; an underscore in a header's name stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if token is not None:
        named["Authorization"] = f"Bearer {token}"

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as session:
            return await session.post(
                "/admin/graphql", json={"query": query, "variables": variables or {}}, headers=named
            )

    return asyncio.run(sent())
