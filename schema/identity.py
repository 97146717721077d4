"""Identity: from the bearer token of a request to who asks.

Only the Authorization header counts: no cookie, so that no page elsewhere can make a
browser act; no address, so that no log holds a token. Nothing is decided by Host.
"""

import logging
import platform
import re
from datetime import UTC, datetime

from registry.access import Actor
from registry.errors import StoreUnreachable
from registry.secret import FORM, PREFIX, Secret
from registry.settings import is_loopback
from registry.store.connect import Store
from registry.store.tokens import note_use, token_by_digest
from schema.errors import CannotVerify, Unauthenticated
from schema.openid import OpenID, not_accepted
from schema.request_ids import request_id
from schema.requests import Request

logger = logging.getLogger(__name__)

BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+)", re.IGNORECASE)
# What a proxy adds. Behind one, every request seems to come from this machine.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class Identity:
    """Tells who asks: by the tokens that were granted here, and those of an OpenID provider if there is one."""

    def __init__(self, store: Store, provider: OpenID | None = None) -> None:
        self._store = store
        self._provider = provider

    def actor(self, request: Request) -> Actor:
        """Who asks. Raises Unauthenticated, or CannotVerify: in doubt nobody is let in."""
        token = _bearer(request)
        if token.startswith(PREFIX):
            return self._granted(token, request)
        if self._provider is None:
            raise not_accepted()
        return self._provider.actor(token, request_id(request.scope))

    def _granted(self, secret: str, request: Request) -> Actor:
        if not FORM.fullmatch(secret):
            raise not_accepted()
        try:
            token = token_by_digest(self._store, Secret(secret).digest)
        except StoreUnreachable as error:
            # What the database's address is, is for the log only.
            logger.warning("%s", error)
            raise CannotVerify from None
        now = datetime.now(UTC)
        if token is None or not token.holds_at(now):
            raise not_accepted()
        if token.machine is not None and not (token.machine == platform.node() and _is_from_here(request)):
            raise not_accepted()
        try:
            note_use(self._store, token, now)
        except StoreUnreachable as error:
            logger.warning("%s", error)
        return Actor(token.holder, (token.grant,), request_id(request.scope))


def _bearer(request: Request) -> str:
    given = request.header("authorization")
    if given is None:
        raise Unauthenticated(
            "请先登录：须带 Authorization: Bearer 令牌", "sign in: send Authorization: Bearer and a token", "Bearer"
        )
    found = BEARER.fullmatch(given.strip())
    if found is None:
        raise not_accepted()
    return found[1]


def _is_from_here(request: Request) -> bool:
    client = request.scope.get("client")
    return client is not None and is_loopback(client[0]) and not any(map(request.header, FORWARDED))
