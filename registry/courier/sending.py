"""Sends a message once: no redirects, nowhere inside the network unless that was agreed, and not for long."""

import asyncio
import ssl
from datetime import datetime
from functools import cache

import httpx

from registry import __version__
from registry.courier.message import body_of, headers_of
from registry.courier.terms import Terms
from registry.links.asking import NO_ANSWER
from registry.links.guard import GuardedTransport, InsideTheNetwork
from registry.links.meaning import no_answer
from registry.links.options import Options
from registry.store.deliveries import Attempt, Outcome

AGENT = f"matter-registry/{__version__} (webhooks)"


async def send(attempt: Attempt, terms: Terms, now: datetime) -> Outcome:
    """Make an attempt. Raises nothing but cancellation: whatever goes wrong at the other end is an outcome."""
    body = body_of(attempt.announcement)
    headers = {"User-Agent": AGENT, "Connection": "close", **headers_of(attempt.delivery, body, attempt.secret, now)}
    try:
        async with (
            asyncio.timeout(terms.total),
            _client(attempt.webhook.internal, terms) as client,
            # The body of the answer is nothing to us, and may be without an end.
            client.stream("POST", attempt.webhook.url, content=body, headers=headers) as response,
        ):
            return Outcome(response.is_success, f"HTTP {response.status_code}")
    except InsideTheNetwork:
        return Outcome(
            False,
            "地址在内部网络，未发送；确需如此请加 --internal / it leads inside the network: add it with --internal",
        )
    except NO_ANSWER as error:
        said = no_answer(error).detail
        return Outcome(False, " / ".join(said) if said else str(error))


def _client(internal: bool, terms: Terms) -> httpx.AsyncClient:
    # A kept connection could serve another name at the same number.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncClient(
        transport=GuardedTransport(Options(private=internal), verify=_certificates(), trust_env=False, limits=limits),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(terms.total, connect=terms.connect),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Those that httpx trusts, and the machine's own: an intranet's are among them."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
