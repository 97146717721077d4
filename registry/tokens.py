"""Tokens: what a person shows who signs in without a provider. Pure; only the secret's digest is ever kept."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from registry.access import Grant, Role

# So that scanners of leaked secrets, and people, see what it is. 256 random bits follow.
PREFIX = "mr_"
FORM = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Token:
    """A role given to whoever shows a secret, until it expires or is revoked. The secret itself is not here.

    `departments` empty: all of them. `machine`: accepted only from that machine itself.
    """

    code: str
    role: Role
    departments: tuple[str, ...]
    name: str
    granted_by: str
    granted_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    machine: str | None = None

    @property
    def grant(self) -> Grant:
        """What its holder may do."""
        return Grant(self.role, frozenset(self.departments))

    @property
    def holder(self) -> str:
        """Who its holder is in the audit log."""
        return f"token:{self.code} {self.name}".rstrip()

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is neither over nor revoked."""
        return self.revoked_at is None and moment < self.expires_at


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for when a token is: to whom which role is given, and for how many days."""

    role: Role
    departments: tuple[str, ...] = ()
    name: str = ""
    days: int = 30


@dataclass(frozen=True, slots=True)
class Secret:
    """What a token's holder shows. It is told once; no log, no table and no traceback holds it."""

    text: str = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """One that nobody can guess."""
        return cls(PREFIX + secrets.token_urlsafe(32))

    @property
    def digest(self) -> str:
        """What is kept of it. A random secret needs no slow hash: there is nothing to guess."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Granted:
    """A new token with its secret; without it, when this is the answer to a retry."""

    token: Token
    secret: Secret | None = None
