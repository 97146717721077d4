"""OpenID Connect: what a provider's signed token says of who asks, believed only after every check.

A refusal says that the token is not accepted, not why: the reason goes to the log.
"""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt

from registry.access import Actor, Grant
from registry.settings import Settings
from schema.errors import Unauthenticated
from schema.signing_keys import Patience, SigningKeys

logger = logging.getLogger(__name__)

# Signed with a private key, checked with the public one. HMAC is not among them: whoever
# knows its key can sign, and what is published everybody knows. Neither is `none`.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
REQUIRED = ("iss", "aud", "sub", "exp", "iat")
# What else a provider signs (an identity for another purpose, a logout) is no token to come in with.
TYPES = ("jwt", "at+jwt")
CLOCK_SKEW = 60
TOKEN_CHARACTERS = 16_000
SUBJECT_CHARACTERS = 255


class _Refused(Exception):
    """A check of ours that a token does not pass."""


class OpenID:
    """Accepts the tokens of one provider, made for one audience."""

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        self._issuer = settings.oidc_issuer or ""
        self._audience = settings.oidc_audience or ""
        self._claim = settings.oidc_roles_claim
        self._roles = settings.oidc_roles
        self._host = urlsplit(self._issuer).hostname
        self._keys = SigningKeys(self._issuer, patience)

    def actor(self, token: str, request: str | None) -> Actor:
        """Who the token's subject is. Without a role it is somebody who may do nothing.

        Raises Unauthenticated, and CannotVerify when the provider must be asked and doesn't answer.
        """
        try:
            claims = self._claims(token)
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("登录已过期，请重新登录", "the sign-in has expired; sign in again") from None
        except (jwt.PyJWTError, _Refused) as error:
            logger.info("request %s: a token is refused: %s: %s", request, type(error).__name__, error)
            raise not_accepted() from None
        return Actor(f"oidc:{claims['sub']}@{self._host}", self._grants(claims), request)

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > TOKEN_CHARACTERS:
            raise _Refused("too long")
        header = jwt.get_unverified_header(token)
        # Before a key is looked for: what can't be accepted makes nobody ask the provider.
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise _Refused("algorithm")
        kind = header.get("typ", "JWT")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in TYPES:
            raise _Refused("type")
        claims: dict[str, Any] = jwt.decode(
            token,
            self._key(header.get("kid"), algorithm),
            algorithms=ALGORITHMS,
            audience=self._audience,
            issuer=self._issuer,
            leeway=CLOCK_SKEW,
            options={"require": list(REQUIRED), "enforce_minimum_key_length": True},
        )
        subject = claims["sub"]
        if not 0 < len(subject) <= SUBJECT_CHARACTERS or not subject.isprintable():
            raise _Refused("subject")
        if "cnf" in claims:
            # Its holder must prove to have a key as well, which nothing here asks for.
            raise _Refused("bound to a key")
        return claims

    def _key(self, kid: str | None, algorithm: str) -> jwt.PyJWK:
        for key in self._keys.named(kid):
            try:
                return jwt.PyJWK(key, key.get("alg") or algorithm)
            except jwt.PyJWTError:
                continue
        raise _Refused("key")

    def _grants(self, claims: Mapping[str, Any]) -> tuple[Grant, ...]:
        held = roles_in(claims, self._claim)
        return tuple(grant for value, grant in self._roles if value in held)


def not_accepted() -> Unauthenticated:
    """The refusal of a token for whatever reason."""
    return Unauthenticated("令牌无效，请重新登录", "the token is not accepted; sign in again")


def roles_in(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """The roles in a claim: a list, or a text with spaces or commas between; within other claims if it has dots."""
    found: Any = claims
    # A claim's own name may hold dots: `https://city.example/roles`.
    for part in (name,) if name in claims else name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = found.replace(",", " ").split()
    return frozenset(role for role in found if isinstance(role, str)) if isinstance(found, list) else frozenset()
