"""A closure made at the shell changes a running server's answer, and its end changes it back."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.waiting import eventually

QUERY = '{ route(matter: "HZ-GA-036") { chosen { channel } } }'


@contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[str]:
    """`matters serve`, in a process of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as sink:
        command = [sys.executable, "-m", "registry", "serve", "--port", str(port)]
        process = subprocess.Popen(command, env=environment, stdout=sink, stderr=sink)
    address = f"http://127.0.0.1:{port}"
    try:
        assert eventually(lambda: _answers(address) or process.poll() is not None), log.read_text()
        assert process.poll() is None, log.read_text()
        yield address
    finally:
        process.terminate()
        assert process.wait(30) in (0, -15)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("blank_url", ["sqlite", "postgresql"], indirect=True)
def test_a_closure_is_seen_by_a_running_server_and_so_is_its_end(blank_url: str, tmp_path: Path) -> None:
    environment = os.environ | {"MATTERS_DATABASE": blank_url}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "registry", *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    with serving(environment, tmp_path / "log") as address:

        def chosen() -> str:
            answer = httpx.get(f"{address}/graphql", params={"query": QUERY}).json()
            return str(answer["data"]["route"]["chosen"]["channel"])

        assert chosen() == "MOBILE"
        code = run("close", "--channel", "mobile", "--reason", "系统升级").split()[0]
        assert eventually(lambda: chosen() == "PC")
        run("reopen", code)
        assert eventually(lambda: chosen() == "MOBILE")
        # One that ends by itself: nobody reopens it.
        soon = (datetime.now(UTC) + timedelta(seconds=8)).isoformat()
        run("close", "--channel", "mobile", "--reason", "短时维护", "--until", soon)
        assert eventually(lambda: chosen() == "PC") or datetime.now(UTC).isoformat() > soon
        assert eventually(lambda: chosen() == "MOBILE")
        assert "系统升级" in run("closures", "--all")
