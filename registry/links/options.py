"""How a walk behaves: how many at once, how long it waits, where it may go."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from registry import __version__


async def system_addresses(host: str) -> list[str]:
    """A host's IP addresses as this machine finds them, best first. Raises OSError, or UnicodeError for no name."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


@dataclass(frozen=True, slots=True)
class Options:
    """All times are in seconds.

    `pause` lies between two requests to one host. `total` bounds one request, from the
    name's resolution on; `connect` and `read` its parts; `peek` the reading of a page's
    beginning. With `private`, addresses inside the network are looked at too: only for
    a list of addresses that is trusted. `tls` replaces the certificates trusted.
    """

    at_once: int = 8
    pause: float = 1.0
    connect: float = 10.0
    read: float = 15.0
    total: float = 30.0
    peek: float = 3.0
    redirects: int = 5
    private: bool = False
    agent: str = f"matter-registry/{__version__} (checks the links of government services)"
    resolve: Callable[[str], Awaitable[list[str]]] = system_addresses
    tls: ssl.SSLContext | None = None
