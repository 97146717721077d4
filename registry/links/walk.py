"""The walk from host to host."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import httpx

from registry.links.asking import Gate, ask, open_client
from registry.links.meaning import Answer, Finding, Trail, address, onward, settles, went_astray
from registry.links.options import Options
from registry.links.sightings import Sighting


async def look_at(urls: Iterable[str], *, options: Options, on_seen: Callable[[Sighting], None]) -> None:
    """Look once at each address; `on_seen` is given each sighting as soon as there is one.

    May be cancelled at any time: what was seen until then has been given. What `on_seen`
    raises ends the walk and is raised here.
    """
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        start = address(url)
        by_host[start.host if isinstance(start, httpx.URL) else ""].append(url)
    async with open_client(options) as client:
        walk = _Walk(options, client, on_seen)
        walks = [asyncio.create_task(walk.along(hosts_urls)) for hosts_urls in by_host.values()]
        try:
            await asyncio.gather(*walks)
        finally:
            for one in walks:
                one.cancel()
            await asyncio.gather(*walks, return_exceptions=True)


class _Walk:
    def __init__(self, options: Options, client: httpx.AsyncClient, on_seen: Callable[[Sighting], None]) -> None:
        self._options = options
        self._client = client
        self._on_seen = on_seen
        self._gate = Gate(options)

    async def along(self, urls: list[str]) -> None:
        """Look at the addresses of one host, one after the other."""
        for url in urls:
            self._on_seen(await self._look(url))

    async def _look(self, url: str) -> Sighting:
        trail = Trail()
        step = address(url)
        while isinstance(step, httpx.URL):
            step = went_astray(trail, step, self._options.redirects) or await self._step(trail, step)
        return Sighting(
            url=url,
            at=datetime.now(UTC),
            outcome=step.outcome,
            status=trail.status,
            detail=step.detail,
            redirected_to=str(trail.hops[-1]) if len(trail.hops) > 1 else None,
            seconds=trail.seconds,
        )

    async def _step(self, trail: Trail, url: httpx.URL) -> httpx.URL | Finding:
        trail.hops.append(url)
        answer = await self._ask("HEAD", trail)
        if not settles(answer):
            answer = await self._ask("GET", trail)
        if isinstance(answer, Finding):
            trail.status = None
            return answer
        trail.status = answer.status
        return onward(trail, answer)

    async def _ask(self, method: str, trail: Trail) -> Answer | Finding:
        url = trail.hops[-1]
        async with self._gate.turn(url.host):
            begun = time.monotonic()
            try:
                return await ask(self._client, method, url, self._options)
            finally:
                trail.seconds += time.monotonic() - begun
