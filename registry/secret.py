"""Secrets: what somebody shows to be let in. Told once, and written nowhere."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Self

# So that scanners of leaked secrets, and people, see what it is. 256 random bits follow.
PREFIX = "mr_"
FORM = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


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
