"""The application: the only place where things are put together."""

import base64
import hashlib
import re
import sys
from asyncio import to_thread
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

from graphql import print_schema
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request as HTTPRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from registry.changes.punctual import Punctual
from registry.courier.courier import Courier
from registry.errors import RegistryError
from registry.figures.people import cases_of_bundles
from registry.settings import Settings
from registry.store.connect import Store, open_engine
from registry.store.current import Current
from schema.admin import AdminContext, admin_schema
from schema.analysts.serving import LateDesk, analysts_transport, anyone, who_may_see_rates
from schema.atom import PATH, Feed
from schema.identity import Identity
from schema.limits import Limits
from schema.openid import OpenID
from schema.public import FROZEN, PublicContext, public_schema
from schema.request_ids import WithRequestIds
from schema.requests import Request
from schema.transport import GraphQLTransport

if TYPE_CHECKING:
    from registry.figures.desk import Desk


def create_app(settings: Settings | None = None) -> Starlette:
    """The ASGI application; `uvicorn --factory schema.app:create_app` serves it.

    Reads the newest revision before it returns. A wrong setting, or a database that
    does not answer, ends the start with one sentence.
    """
    try:
        settings = settings or Settings.from_environment()
        store = open_engine(settings.database)
        current = Current(store)
    except RegistryError as error:
        sys.exit(f"matters: {error}")
    return build_app(current, settings, store, beside=(Punctual(store), Courier(store)))


class Running(Protocol):
    """Something at work beside the requests, for as long as the application is served."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, and return when it has."""


def build_app(
    current: Current, settings: Settings, store: Store | None = None, beside: Sequence[Running] = ()
) -> Starlette:
    """The application over a snapshot that is being followed; it starts and stops that, and what runs beside it.

    Without a store nobody can sign in, so only what is public is served.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running = (current, *beside)
        for each in running:
            each.start()
        yield
        for each in reversed(running):
            await to_thread(each.stop)
        desk.close()

    def context(_request: Request) -> PublicContext:
        snapshot, since = current.snapshot, current.unreachable_since
        # Readers of an old state are told so on every answer, kept ones included.
        headers = {"Registry-Unreachable-Since": since.isoformat()} if since else {}
        return PublicContext(revision=snapshot.revision, headers=headers, snapshot=snapshot, unreachable_since=since)

    page = partial(_page, current, files("schema").joinpath("page.html").read_text(encoding="utf-8"))
    schema = public_schema()
    sdl = print_schema(schema)
    desk = LateDesk(partial(_desk, current, settings))
    identity = Identity(store, OpenID(settings) if settings.oidc_issuer else None) if store is not None else None
    transport = GraphQLTransport(schema, context, limits=Limits(cost=settings.cost_limit), frozen=FROZEN, page=page)

    async def front_page(_request: HTTPRequest) -> Response:
        return Response(page(), media_type="text/html; charset=utf-8")

    async def schema_text(_request: HTTPRequest) -> Response:
        return PlainTextResponse(sdl)

    async def alive(_request: HTTPRequest) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: HTTPRequest) -> Response:
        since = current.unreachable_since
        state: dict[str, Any] = {
            "status": "reading from memory" if since else "ok",
            "revision": current.snapshot.revision,
            "databaseUnreachableSince": since.isoformat() if since else None,
        }
        return JSONResponse(state)

    editors = [Route("/admin/graphql", _admin(current, settings, store, identity))] if store and identity else []
    return Starlette(
        routes=[
            Route("/", front_page),
            Route("/graphql", transport),
            *editors,
            *_analysts(current, settings, identity, desk),
            Route("/schema.graphql", schema_text),
            Route(f"/{PATH}", Feed(lambda: current.snapshot).answer),
            Route("/healthz", alive),
            Route("/readyz", ready),
        ],
        middleware=[
            Middleware(
                CORSMiddleware, allow_origins=settings.origins, allow_methods=["GET", "POST"],
                allow_headers=["Content-Type", "If-None-Match"], expose_headers=["ETag", "Content-Disposition", "Registry-Unreachable-Since"],
            ),
            Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5),
        ],
        lifespan=lifespan,
    )  # fmt: skip


def _admin(current: Current, settings: Settings, store: Store, identity: Identity) -> ASGIApp:
    """The admin schema for those who are signed in."""

    def context(request: Request) -> AdminContext:
        actor = identity.actor(request)
        # Whoever has just changed something must not be told what was there before.
        current.refresh()
        return AdminContext(
            actor=actor, snapshot=current.snapshot, store=store, cases=partial(cases_of_bundles, settings)
        )

    page = _admin_page()
    limits = Limits(cost=settings.cost_limit)
    return WithRequestIds(GraphQLTransport(admin_schema(), context, limits=limits, threaded=True, page=lambda: page))


def _admin_page() -> bytes:
    """The page for a browser. The one script that it allows is its own."""
    text = files("schema").joinpath("admin.html").read_text(encoding="utf-8")
    script = re.search(r"<script>(.*)</script>", text, re.DOTALL)
    digest = hashlib.sha256(script[1].encode() if script else b"").digest()
    return text.replace("{script}", f"sha256-{base64.b64encode(digest).decode()}").encode()


def _analysts(current: Current, settings: Settings, identity: Identity | None, desk: LateDesk) -> list[Route]:
    """The analysts' schema, for anyone or for those who may see rates."""
    permit = anyone if settings.analysts == "open" else who_may_see_rates(identity)
    transport = analysts_transport(lambda: current.snapshot, desk, cost_limit=settings.cost_limit, permit=permit)
    sdl = print_schema(transport.schema)

    async def schema_text(_request: HTTPRequest) -> Response:
        return PlainTextResponse(sdl)

    return [
        Route("/analysts/graphql", WithRequestIds(transport)),
        Route("/analysts/schema.graphql", schema_text),
    ]


def _desk(current: Current, settings: Settings) -> "Desk":
    from registry.figures.desk import open_desk

    return open_desk(settings, lambda: current.snapshot)


def _page(current: Current, template: str) -> bytes:
    """What a browser sees: what is held, and whether it is made up for show."""
    snapshot = current.snapshot
    held = {
        "{matters}": str(len(snapshot.holdings.matters)),
        "{bundles}": str(len(snapshot.holdings.bundles)),
        "{revision}": str(snapshot.revision),
        "{notice}": "" if snapshot.illustrative else " hidden",
    }
    return re.sub("|".join(map(re.escape, held)), lambda found: held[found[0]], template).encode()
