"""A site on loopback that behaves as badly as real ones do, and keeps book of who asked what."""

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

TEXTS = {
    "/fine": "200 OK",
    "/": "200 OK",
    "/index.html": "302 Found\r\nLocation: /",
    "/moved": "301 Moved Permanently\r\nLocation: /fine",
    "/to/front": "302 Found\r\nLocation: /",
    "/to/app": "302 Found\r\nLocation: alipays://platformapi/startapp",
    "/to/file": "302 Found\r\nLocation: file:///etc/passwd",
    "/to/nowhere": "302 Found",
    "/to/nonsense": "302 Found\r\nLocation: http://site.test:port/",
    "/to/busy": "302 Found\r\nLocation: //busy.test:{port}/fine",
    "/to/inside": "302 Found\r\nLocation: http://inside.test/",
    "/circle/a": "302 Found\r\nLocation: /circle/b",
    "/circle/b": "302 Found\r\nLocation: /circle/a#again",
    "/firewall": "302 Found\r\nSet-Cookie: passed=1\r\nLocation: /firewall",
    "/forbidden": "403 Forbidden",
    "/sign-in": "401 Unauthorized",
    "/too-many": "429 Too Many Requests",
    "/law": "451 Unavailable For Legal Reasons",
    "/later": "503 Service Unavailable\r\nRetry-After: 60",
    "/challenge": "503 Service Unavailable\r\ncf-mitigated: challenge",
    "/jiasule": "521 \r\nSet-Cookie: __jsluid_s=1; path=/",
    "/firewall-412": "412 Precondition Failed",
    "/missing": "404 Not Found",
    "/gone": "410 Gone",
    "/error": "500 Internal Server Error",
    "/overloaded": "503 Service Unavailable",
}
HEAD_REFUSED = {"/get-only/405": 405, "/get-only/501": 501, "/get-only/403": 403, "/get-only/404": 404}
PAGE = b"HTTP/1.1 200 OK\r\n"


@dataclass
class Unruly:
    """The site. `asked` holds method, host and path in the order of arrival."""

    port: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    sent: int = 0
    inside: Counter[str] = field(default_factory=Counter)
    most_of_a_host: int = 0
    most_in_all: int = 0
    silent: bool = False  # says nothing to those who speak TLS
    crowd: int = 0  # this many requests must be inside before one is let out; 0: none need be
    crowded: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str, host: str = "site.test", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            first = await reader.readexactly(1)
            if first == b"\x16":  # TLS, where none is spoken
                await self._other_language(writer)
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split("\r\n")[0].split(" ")
            host = head.lower().split("\r\nhost: ")[1].split("\r\n")[0].split(":")[0].rstrip(".")
            self.asked.append((method, host, path))
            self.headers.append(head)
            await self._counted(host, method, path, writer)
        writer.close()

    async def _other_language(self, writer: asyncio.StreamWriter) -> None:
        if not self.silent:
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            raise ConnectionError

    async def _counted(self, host: str, method: str, path: str, writer: asyncio.StreamWriter) -> None:
        self.inside[host] += 1
        self.most_of_a_host = max(self.most_of_a_host, self.inside[host])
        self.most_in_all = max(self.most_in_all, self.inside.total())
        try:
            if self.inside.total() >= self.crowd:
                self.crowded.set()
            await self.crowded.wait()
            await asyncio.sleep(0.001)  # lets in whoever would wrongly come at the same time
            await self._answer(method, path, writer)
            await writer.drain()
        finally:
            # Before the line is closed, so that a next request never finds this one still counted.
            self.inside[host] -= 1

    async def _answer(self, method: str, path: str, writer: asyncio.StreamWriter) -> None:
        behaviour = getattr(self, "_" + path.strip("/").replace("-", "_"), None)
        if path in HEAD_REFUSED:
            status = "200 OK" if method == "GET" else f"{HEAD_REFUSED[path]} No"
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        elif path.startswith("/chain/"):
            left = int(path.removeprefix("/chain/"))
            to = f"/chain/{left - 1}" if left > 1 else "/fine"
            writer.write(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())
        elif behaviour is None:
            writer.write(f"HTTP/1.1 {TEXTS[path].format(port=self.port)}\r\nContent-Length: 0\r\n\r\n".encode())
        elif method == "HEAD" and path != "/hang":
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        else:
            await behaviour(writer)

    async def _hang(self, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async def _lie(self, writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE + "Content-Length: 9\r\n\r\n404 页面不存在".encode())

    async def _drop_at_once(self, writer: asyncio.StreamWriter) -> None:
        pass

    async def _drop_in_head(self, writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE + b"Content-")

    async def _drop_in_body(self, writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE + b"Content-Length: 1000\r\n\r\n<html>")

    async def _nonsense(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\xff SSH-2.0-OpenSSH_9.9\r\n\r\n")

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE + b"Content-Length: 100000\r\n\r\n")
        await self._forever(writer, b"x")

    async def _drip_in_head(self, writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE + b"X-Long: ")
        await self._forever(writer, b"x")

    async def _huge(self, writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE + b"\r\n")
        await self._forever(writer, bytes(1 << 16))

    async def _forever(self, writer: asyncio.StreamWriter, part: bytes) -> None:
        while True:
            writer.write(part)
            await writer.drain()
            self.sent += len(part)
            await asyncio.sleep(0.005 if len(part) == 1 else 0)


@asynccontextmanager
async def unruly(tls: ssl.SSLContext | None = None) -> AsyncIterator[Unruly]:
    """The site, open for as long as one is in here."""
    site = Unruly()
    visits: set[asyncio.Task[None]] = set()

    def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.add(asyncio.ensure_future(site.serve(reader, writer)))

    server = await asyncio.start_server(visited, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits)
        await asyncio.sleep(0)  # lets the lines close
