"""Tokens: what a person shows who signs in without a provider. Pure; only the secret's digest is ever kept."""

from dataclasses import dataclass
from datetime import datetime

from registry.access import Grant, Role
from registry.secret import Secret


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
class Granted:
    """A new token with its secret; without it, when this is the answer to a retry."""

    token: Token
    secret: Secret | None = None
