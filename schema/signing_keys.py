"""The public keys with which an OpenID provider's tokens are checked: found by discovery, kept, asked for anew.

Keys that are known go on working while the provider is away, for a day. A key that is
not known is asked for, but not more than once in a while, whoever shows a token that
names one.
"""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from registry.settings import is_loopback
from schema.errors import CannotVerify

logger = logging.getLogger(__name__)

# A key as the provider publishes it (RFC 7517).
JWK = dict[str, Any]
# Public-key algorithms only: a secret among published keys is no secret.
KINDS = ("RSA", "EC", "OKP")
# As much as is read of an answer, and how long is waited for each part of it.
ANSWER_BYTES = 1_000_000
TIMEOUT = 3.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. Keys are asked for anew after `fresh`, not trusted any more after `longest`, never asked for twice
    within `pause`; who waits for another's question waits for `turn`.
    """

    fresh: float = 3_600
    longest: float = 86_400
    pause: float = 10
    turn: float = 5


@dataclass(frozen=True, slots=True)
class _Kept:
    keys: tuple[JWK, ...] = ()
    since: float = float("-inf")

    def named(self, kid: str | None) -> tuple[JWK, ...]:
        if kid is None:
            # A token need not name its key where there is only one.
            return self.keys if len(self.keys) == 1 else ()
        return tuple(key for key in self.keys if key.get("kid") == kid)


class SigningKeys:
    """The keys of the provider with this issuer address."""

    def __init__(self, issuer: str, patience: Patience | None = None) -> None:
        self._issuer = issuer
        self._patience = patience or Patience()
        self._lock = threading.Lock()
        self._kept = _Kept()
        self._asked = float("-inf")
        self._answers = True

    def named(self, kid: str | None) -> tuple[JWK, ...]:
        """The keys of this name, usually one; none if the provider has none. Raises CannotVerify if it doesn't say."""
        found = self._trusted(kid)
        if found and time.monotonic() - self._kept.since < self._patience.fresh:
            return found
        before = self._kept
        # Whoever has a key that will do doesn't wait for those who ask for newer ones.
        if not self._lock.acquire(timeout=0 if found else self._patience.turn):
            if found:
                return found
            raise CannotVerify
        try:
            if self._kept is before:
                self._ask()
        finally:
            self._lock.release()
        found = self._trusted(kid)
        if not found and not self._answers:
            raise CannotVerify
        return found

    def _trusted(self, kid: str | None) -> tuple[JWK, ...]:
        kept = self._kept
        return kept.named(kid) if time.monotonic() - kept.since < self._patience.longest else ()

    def _ask(self) -> None:
        now = time.monotonic()
        if now - self._asked < self._patience.pause:
            return
        self._asked = now
        try:
            self._kept = _Kept(tuple(_usable(self._published())), now)
            self._answers = True
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            self._answers = False
            logger.warning("the keys of %s can't be had: %s: %s", self._issuer, type(error).__name__, error)

    def _published(self) -> Any:
        tls = httpx.create_ssl_context()
        tls.load_default_certs()  # the machine's own, an intranet's among them
        with httpx.Client(timeout=TIMEOUT, verify=tls, follow_redirects=False) as client:
            found = _read(client, self._issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self._issuer:
                raise ValueError(f"it says that it is {found.get('issuer')!r}")
            address = found.get("jwks_uri")
            url = urlsplit(address if isinstance(address, str) else "")
            if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.hostname or "")):
                raise ValueError(f"its jwks_uri is {address!r}")
            return _read(client, str(address)).get("keys")


def _read(client: httpx.Client, address: str) -> dict[str, Any]:
    body = b""
    with client.stream("GET", address, headers={"Accept": "application/json"}) as answer:
        if answer.status_code != 200:
            raise ValueError(f"{address} answers {answer.status_code}")
        for part in answer.iter_bytes():
            body += part
            if len(body) > ANSWER_BYTES:
                raise ValueError(f"{address} answers more than {ANSWER_BYTES} bytes")
    content = orjson.loads(body)
    if not isinstance(content, dict):
        raise ValueError(f"{address} answers no JSON object")
    return content


def _usable(published: object) -> Iterable[JWK]:
    if not isinstance(published, list):
        raise ValueError("it publishes no keys")
    for key in published:
        if isinstance(key, dict) and key.get("kty") in KINDS and key.get("use", "sig") == "sig":
            yield key
