"""Request ids: one for each request, the client's own if it is well formed, told in the answer whatever that is."""

import re
import uuid
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.requests import Request

FORM = re.compile(r"[A-Za-z0-9._-]{1,80}")
KEY = "registry.request_id"


class WithRequestIds:
    """An application each of whose requests has an id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its id, and the answer back with it."""
        if scope["type"] == "http":
            given = Request(scope).header("x-request-id") or ""
            made = given if FORM.fullmatch(given) else str(uuid.uuid4())
            scope[KEY] = made

            async def tell(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = [*message.get("headers", ()), (b"x-request-id", made.encode("ascii"))]
                    message = {**message, "headers": headers}
                await send(message)

            await self._app(scope, receive, tell)
        else:
            await self._app(scope, receive, send)


def request_id(scope: MutableMapping[str, Any]) -> str | None:
    """The request's id; None if it was given none."""
    found: str | None = scope.get(KEY)
    return found
