"""Asks an ASGI application in the process, as a client would over HTTP."""

import asyncio
from typing import Any

import httpx
from starlette.types import ASGIApp

NEWER = "application/graphql-response+json"


def send(app: ASGIApp, method: str, address: str = "", **request: Any) -> httpx.Response:
    """One request of any kind; `address` is what follows the question mark, as it is."""

    async def sent() -> httpx.Response:
        # An exception that gets out of the application is a failure of the test.
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            client.headers.pop("accept")
            return await client.request(method, f"/graphql?{address}", **request)

    return asyncio.run(sent())


def post(app: ASGIApp, query: Any, accept: str = NEWER, **parameters: Any) -> httpx.Response:
    """A query by POST, with the other parameters of the request beside it."""
    return send(app, "POST", json={"query": query, **parameters}, headers={"Accept": accept})


def get(app: ASGIApp, query: str, accept: str = NEWER, **headers: str) -> httpx.Response:
    """A query by GET, with further headers (an underscore stands for a hyphen)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(app, "GET", params={"query": query}, headers={"Accept": accept, **named})


def code(response: httpx.Response) -> str:
    """The code of the first error."""
    return str(response.json()["errors"][0]["extensions"]["code"])
