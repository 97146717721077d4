"""What publishing costs those who read: latency of the public API while a bundle is published every second, and without.

A real server, on a real socket, in a process of its own; it publishes too, through its
admin schema, so that readers and the publication share one interpreter: the worst case.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson

from benchmarks.table import show
from registry.access import Role, administrator
from registry.bundles import Bundle
from registry.changes.drafting import open_draft, save_draft
from registry.changes.granting import grant
from registry.changes.loads import load_holdings
from registry.changes.releasing import publish_bundle
from registry.editing.drafts import Seen, Terms
from registry.editing.edits import SetField
from registry.editing.history import HELD, extended
from registry.editing.versions import BundleVersion
from registry.exchange.reference import reference_holdings
from registry.plans import plan_change
from registry.recorded import plain, read_back
from registry.store.connect import open_engine
from registry.store.migrate import migrate
from registry.tokens import Wanted

PAGE = """query Page($after: String) { matters(first: 20, after: $after) { nodes {
  code name visits department { name } offers { channel status } bundles { code name version } } pageInfo { endCursor } } }"""
ONE = "query One($code: String!) { bundle(code: $code) { name version members { position matter { name } } } }"
REVERT = """mutation Back($seen: Int!, $to: Int!) {
  bundleRevert(input: {bundle: "HZ-YJS-01", expectedVersion: $seen, to: $to}) { errors { code message } } }"""
SECONDS = 8.0
ROUNDS = 4
LIMIT = 1.2


def main() -> None:
    """In turn without and with, several times over, so that whatever else the machine does meets both."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as (address, token):
        asked = list(_questions(address))
        publisher = Publisher(address, token)
        still, busy = [], []
        for _ in range(ROUNDS):
            still += _latencies(address, asked)
            with publisher.at_work():
                busy += _latencies(address, asked)
    rows = [
        (name, at(still), at(busy), at(busy) / at(still))
        for name, at in (("median", _quantile(50)), ("95 of 100", _quantile(95)), ("99 of 100", _quantile(99)))
    ]
    show(
        f"边发布边读 · reading while publishing, ms, {len(still) + len(busy):,} requests, {publisher.published} publications",
        ("latency", "without", "a publication a second", "×"),
        rows,
        f"the limit at the median is {LIMIT} ×; a publication took {statistics.median(publisher.took) * 1000:.0f} ms",
    )

    _past()


def _past() -> None:
    """What the history of all bundles takes in memory, each edited again and again, read as it is from the database."""
    held = reference_holdings().bundles
    rows: list[tuple[object, ...]] = []
    for each in (100, HELD):
        versions = (version for bundle in held.values() for version in _versions(bundle, each))
        tracemalloc.start()
        history = extended({}, versions, {})
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        count = sum(len(past.versions) for past in history.values())
        rows.append((f"{len(held)} bundles, {each:,} versions of each", size / 2**20, size / count))
    show(
        "往日版本 · the past in memory",
        ("what", "MiB", "bytes a version"),
        rows,
        f"of a bundle {HELD:,} are held at most",
    )


def _versions(bundle: Bundle, count: int) -> Iterator[BundleVersion]:
    """Edited one thing at a time: a text, the order."""
    at = datetime(2020, 1, 1, tzinfo=UTC)
    for number in range(1, count + 1):
        content = replace(bundle, version=number, summary=f"第 {number} 版的简介，与从前的都不相同")
        if number % 2:
            content = replace(content, members=bundle.members[::-1])
        read = read_back(Bundle, orjson.loads(orjson.dumps(plain(content))))
        yield BundleVersion(bundle.code, number, at + timedelta(hours=number), number, "benchmark", read)


class Publisher:
    """Publishes one bundle to and fro, once a second."""

    def __init__(self, address: str, token: str) -> None:
        self._client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"})
        self._version = 2
        self._stopping = threading.Event()
        self.published = 0
        self.took: list[float] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While this lasts."""
        self._stopping.clear()
        thread = threading.Thread(target=self._work)
        thread.start()
        yield
        self._stopping.set()
        thread.join()

    def _work(self) -> None:
        while not self._stopping.wait(1.0):
            to = 1 if self._version % 2 == 0 else 2
            start = time.perf_counter()
            answer = self._client.post(
                "/admin/graphql", json={"query": REVERT, "variables": {"seen": self._version, "to": to}}
            ).json()
            self.took.append(time.perf_counter() - start)
            assert answer["data"]["bundleRevert"]["errors"] == [], answer
            self._version += 1
            self.published += 1


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, str]]:
    database = f"sqlite:///{folder}/registry.sqlite"
    token = _prepared(database)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"MATTERS_DATABASE": database, "MATTERS_LAKE": str(folder / "lake")}
    command = [sys.executable, "-m", "registry", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while not _answers(address):
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
        time.sleep(2)  # its indexes are made meanwhile
        yield address, token
    finally:
        process.terminate()
        process.wait()


def _prepared(database: str) -> str:
    """The reference catalogue with a second version of a bundle, and a publisher's token."""
    engine, admin = open_engine(database), administrator("benchmark")
    migrate(engine)
    load_holdings(engine, lambda held: plan_change(held, reference_holdings()), admin, "the reference catalogue")
    opened = open_draft(engine, "HZ-YJS-01", admin)
    wanted = (SetField("summary", "另一句"), SetField("name", "新生儿出生一件事（改）"))
    saved = save_draft(engine, Seen("HZ-YJS-01", opened.version), wanted, admin)
    publish_bundle(engine, Seen("HZ-YJS-01", saved.version), Terms(), admin)
    secret = grant(engine, Wanted(Role.ADMINISTRATOR, days=1), admin).secret
    engine.dispose()
    assert secret is not None
    return secret.text


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def _questions(address: str) -> Iterator[dict[str, Any]]:
    """Pages one after the other, and the bundles."""
    after: str | None = None
    for number in range(1, 41):
        question: dict[str, Any] = {"query": PAGE, "variables": {"after": after}}
        yield question
        yield {"query": ONE, "variables": {"code": f"HZ-YJS-{number:02}"}}
        page = httpx.post(f"{address}/graphql", json=question).json()["data"]["matters"]
        after = page["pageInfo"]["endCursor"]


def _latencies(address: str, asked: list[dict[str, Any]]) -> list[float]:
    """One request after the other for some seconds; milliseconds each."""
    taken: list[float] = []
    with httpx.Client(base_url=address) as client:
        until = time.perf_counter() + SECONDS
        while (start := time.perf_counter()) < until:
            response = client.post("/graphql", json=asked[len(taken) % len(asked)])
            taken.append((time.perf_counter() - start) * 1000)
            assert response.status_code == 200
    return taken


def _quantile(percent: int) -> Any:
    return lambda taken: statistics.quantiles(taken, n=100)[percent - 1]


if __name__ == "__main__":
    main()
