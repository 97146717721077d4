"""The guard at the door: a file of addresses must not make this machine probe its own network."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpx

from registry.links.options import Options

# Global by the book, yet a cloud answers its own machines there (Azure; Oracle).
OTHERWISE_INSIDE = [ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24")]
GLOBAL_UNICAST = ip_network("2000::/3")
NAT64 = ip_network("64:ff9b::/96")

# A host may have many addresses; a look tries no more than these before it says "refused".
TRIES = 2


class UnknownHost(Exception):
    """The name has no address."""


class InsideTheNetwork(Exception):
    """The name leads to an address that is not the open internet's."""


def is_outside(address: str) -> bool:
    """Whether an IP address is on the open internet: not private, local, reserved or a cloud's own."""
    there = ip_address(address)
    if isinstance(there, IPv6Address):
        there = _hidden_in(there) or there
    if isinstance(there, IPv6Address):
        return there in GLOBAL_UNICAST and there.is_global
    return there.is_global and not there.is_multicast and not any(there in net for net in OTHERWISE_INSIDE)


def _hidden_in(there: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to, if it is of those that do."""
    if there in NAT64:
        return IPv4Address(int(there) & 0xFFFFFFFF)
    return there.ipv4_mapped or there.sixtofour


class GuardedTransport(httpx.AsyncHTTPTransport):
    """Resolves a name once, looks at what it found, and connects to that by number.

    So no second answer of a name server can lead elsewhere, and every hop of a
    redirect is looked at. Raises UnknownHost, InsideTheNetwork and httpx's errors.
    """

    def __init__(self, options: Options, **settings: Any) -> None:
        super().__init__(**settings)
        self._options = options

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first address of its host that takes a connection."""
        host = request.url.raw_host.decode("ascii").rstrip(".")
        first, *others = (await self._addresses(host))[:TRIES]
        for address in others:
            try:
                return await super().handle_async_request(_sent_to(first, request, host))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                first = address
        return await super().handle_async_request(_sent_to(first, request, host))

    async def _addresses(self, host: str) -> list[str]:
        try:
            found = await self._options.resolve(host)
        except (OSError, UnicodeError) as error:
            raise UnknownHost(str(error)) from error
        if not found:
            raise UnknownHost(host)
        # One inside is enough to refuse: which of them is used must not be the name server's choice.
        if not self._options.private and not all(is_outside(address) for address in found):
            raise InsideTheNetwork(host)
        return found


def _sent_to(address: str, request: httpx.Request, host: str) -> httpx.Request:
    """The same request to an IP address; its Host header and its certificate are still the name's."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )
