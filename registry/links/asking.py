"""Asks a site for a page, politely: one request at a time to a host, pauses, and no more than is needed."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from registry.links.guard import GuardedTransport, InsideTheNetwork, UnknownHost
from registry.links.meaning import Answer, Finding, no_answer
from registry.links.options import Options

# As much of a page as is read: enough to notice that the line drops.
PEEK_BYTES = 4096

# ssl.OP_LEGACY_SERVER_CONNECT, named from Python 3.12 on. Browsers speak to such old
# servers, so they are not broken for people; nothing secret is sent.
OLD_SERVERS_TOO = 0x4

# ValueError: what a site sends may be no text, no number, no address. It must not end the walk.
NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, UnknownHost, InsideTheNetwork, OSError, ValueError)


@dataclass(slots=True)
class _Turns:
    """Whose turn it is at one host, and from when on."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_from: float = 0.0


class Gate:
    """Lets requests through: so many in all, one at a time to a host, with a pause between two."""

    def __init__(self, options: Options) -> None:
        self._pause = options.pause
        self._slots = asyncio.Semaphore(options.at_once)
        self._hosts: defaultdict[str, _Turns] = defaultdict(_Turns)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at a host, and hold it. Who waits for a host takes nobody's slot."""
        turns = self._hosts[host.rstrip(".")]
        async with turns.lock:
            await asyncio.sleep(turns.free_from - time.monotonic())
            async with self._slots:
                try:
                    yield
                finally:
                    turns.free_from = time.monotonic() + self._pause


def open_client(options: Options) -> httpx.AsyncClient:
    """A client that keeps no cookies and no connections, and follows no redirect by itself."""
    tls = options.tls
    if tls is None:
        tls = httpx.create_ssl_context(trust_env=False)
        tls.load_default_certs()  # the machine's own, an intranet's among them
        tls.options |= OLD_SERVERS_TOO
    # A kept connection could serve another name at the same number, whose certificate was never shown.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    return httpx.AsyncClient(
        transport=GuardedTransport(options, verify=tls, trust_env=False, limits=limits),
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx.Timeout(options.read, connect=options.connect),
        headers={
            "User-Agent": options.agent,
            "Accept": "text/html,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
            "Connection": "close",
        },
    )


async def ask(client: httpx.AsyncClient, method: str, url: httpx.URL, options: Options) -> Answer | Finding:
    """A site's answer, or what its absence means. Raises nothing but cancellation."""
    try:
        async with asyncio.timeout(options.total), client.stream(method, url) as response:
            if response.is_success:
                await _peek(response, options.peek)
            return Answer(response.status_code, response.headers)
    except NO_ANSWER as error:
        return no_answer(error)


async def _peek(response: httpx.Response, seconds: float) -> None:
    """Read how a page begins, as it came over the line. A slow page is still a page."""
    read = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in response.aiter_raw():
                read += len(part)
                if read >= PEEK_BYTES:
                    return
    except (TimeoutError, httpx.ReadTimeout):
        return
