"""A real receiver of webhooks on the loopback, that behaves as it is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# How it may take a request, besides with a status.
HANG, CLOSE, DRIP = "hang", "close", "drip"


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> str:
        return self.headers["webhook-id"]

    @property
    def attempt(self) -> int:
        return int(self.headers["webhook-attempt"])


@dataclass
class Receiver:
    """Takes the next requests as `manners` say, and every one after those with 200."""

    url: str = ""
    manners: list[Any] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def events(self) -> list[str]:
        return [each.event for each in self.received]

    def take(self, received: Received) -> Any:
        with self.lock:
            self.received.append(received)
            return self.manners.pop(0) if self.manners else 200


@contextmanager
def receiver(*manners: Any) -> Iterator[Receiver]:
    """One on a free port. What hangs is let go at the end."""
    made = Receiver(manners=list(manners))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            manner = made.take(Received(self.path, headers, body))
            with suppress(OSError):
                self.answer(manner)

        def answer(self, manner: Any) -> None:
            if manner == HANG:
                made.released.wait()
            elif manner == CLOSE:
                self.connection.shutdown(socket.SHUT_RDWR)
            elif manner == DRIP:
                # Headers without an end, a byte now and then: no single read is slow.
                while not made.released.wait(0.02):
                    self.wfile.write(b"H")
            elif isinstance(manner, str):
                self.send_response(307)
                self.send_header("Location", manner)
                self.end_headers()
            else:
                self.send_response(manner)
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
