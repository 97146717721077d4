"""Webhooks: who outside is told of every change by a request to an address of theirs. Pure."""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime

from registry.errors import RegistryError
from registry.secret import Secret
from registry.words import Word

# As Standard Webhooks writes a secret: this, and base64 of 24 to 64 bytes.
PREFIX = "whsec_"
BYTES_AT_LEAST, BYTES_AT_MOST = 24, 64
BYTES_MADE = 32


class DeliveryState(Word):
    """Where the delivery of one announcement to one webhook stands."""

    PENDING = "pending", "待送达", "to be delivered"
    DELIVERED = "delivered", "已送达", "delivered"
    DEAD = "dead", "已放弃", "given up"


class BadSecret(RegistryError):
    """A secret that nothing can be signed with."""

    def __init__(self) -> None:
        form = f"{PREFIX}… (base64, {BYTES_AT_LEAST}-{BYTES_AT_MOST} bytes)"
        super().__init__(f"密钥应形如 {form}；不填则自动生成", f"a secret is {form}; without one it is made for you")


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of every change since it was added. What signs for it is not here.

    `internal`: it may lie inside the network. Else nothing is sent there, whatever its name leads to.
    """

    code: str
    url: str
    internal: bool
    added_by: str
    added_at: datetime
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for when a webhook is; without a secret one is made."""

    url: str
    internal: bool = False
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """A new webhook with its secret; without it, when this is the answer to a retry."""

    webhook: Webhook
    secret: Secret | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of one announcement to one webhook: what came of the last of its attempts, if any was made.

    An attempt without an `outcome` is under way, or was cut off: nobody knows whether it arrived.
    """

    code: str
    webhook: str
    revision: int
    event: str
    state: DeliveryState
    attempts: int = 0
    attempted_at: datetime | None = None
    outcome: str | None = None


def new_secret() -> Secret:
    """A secret that nobody can guess."""
    return Secret(PREFIX + base64.b64encode(secrets.token_bytes(BYTES_MADE)).decode())


def key_of(secret: Secret) -> bytes:
    """The bytes that a secret signs with. Raises BadSecret."""
    try:
        key = base64.b64decode(secret.text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret from None
    if not secret.text.startswith(PREFIX) or not BYTES_AT_LEAST <= len(key) <= BYTES_AT_MOST:
        raise BadSecret
    return key
