"""A real OpenID provider (npm oidc-provider) on the loopback, with keys of ours, so that some tokens can be forged."""

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from tests.suites.node import started
from tests.waiting import eventually

AUDIENCE = "urn:matters"
ELSEWHERE = "urn:elsewhere"
# Each client's roles, as the provider says them.
CLIENTS = {"editing": ["editors", "lunch"], "ruling": ["chiefs"], "visiting": []}


@dataclass(frozen=True)
class Key:
    """A private key by its name."""

    kid: str
    algorithm: str
    private: Any

    @property
    def jwk(self) -> dict[str, Any]:
        """As the provider takes it."""
        # The curves' algorithms have the same method as RSA's.
        kind: Any = jwt.get_algorithm_by_name(self.algorithm)
        written = kind.to_jwk(self.private, as_dict=True)
        written.pop("key_ops", None)
        return {**written, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


def make_key(kid: str, algorithm: str = "RS256") -> Key:
    """A new key for an algorithm."""
    match algorithm:
        case "ES256":
            return Key(kid, algorithm, ec.generate_private_key(ec.SECP256R1()))
        case "EdDSA":
            return Key(kid, algorithm, ed25519.Ed25519PrivateKey.generate())
        case _:
            return Key(kid, algorithm, rsa.generate_private_key(public_exponent=65537, key_size=2048))


@dataclass
class Running:
    """A provider that runs, and the paths that it was asked for among what it said."""

    issuer: str
    said: list[str] = field(default_factory=list)

    @property
    def keys_asked_for(self) -> int:
        """How often anybody asked for its keys."""
        return self.said.count("/jwks")

    def token(self, client: str = "editing", audience: str = AUDIENCE) -> str:
        """An access token, as a client gets it."""
        answer = httpx.post(
            f"{self.issuer}/token",
            data={"grant_type": "client_credentials", "resource": audience, "scope": "admin"},
            auth=(client, f"secret of {client}"),
        )
        return str(answer.raise_for_status().json()["access_token"])


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def provider(port: int, *keys: Key, issuer: str | None = None) -> Iterator[Running]:
    """A provider on a port, which signs with the first of the keys. `issuer` is who it says that it is."""
    running = Running(f"http://127.0.0.1:{port}")
    given = {
        "issuer": issuer or running.issuer,
        "port": port,
        "keys": [key.jwk for key in keys],
        "audiences": [AUDIENCE, ELSEWHERE],
        "clients": CLIENTS,
        "lifetime": 600,
    }
    with started("provider.mjs", json.dumps(given)) as process:
        listening = threading.Thread(target=_listen, args=(process, running.said), daemon=True)
        listening.start()
        assert eventually(lambda: "ready" in running.said or process.poll() is not None)
        assert process.poll() is None, running.said
        yield running
    listening.join()


def _listen(process: "subprocess.Popen[str]", said: list[str]) -> None:
    for line in process.stdout or ():
        said.append(line.strip())  # noqa: PERF401  # others read each as it comes
