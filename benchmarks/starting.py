"""From the command to the first answer, beside an empty Starlette application under the same server."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

from benchmarks.table import show

EMPTY = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/graphql", lambda request: PlainTextResponse("ok"))])
uvicorn.run(app, port=int(sys.argv[1]), log_level="error")
"""
QUERY = "/graphql?query=%7Bregistry%7BmatterCount%7D%7D"


def seconds_to_answer(command: Sequence[str], port: int, environment: dict[str, str]) -> float:
    """Start a server, ask until it answers, stop it."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{QUERY}") as answer:
                    answer.read()
                    return time.perf_counter() - start
            except (urllib.error.URLError, ConnectionError):
                if time.perf_counter() - start > 60:
                    raise
                time.sleep(0.005)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """In turn, five times, after one start that fills the database and the caches of the disk."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"MATTERS_DATABASE": f"sqlite:///{folder}/bench.sqlite", "MATTERS_LOG_LEVEL": "error"}
        times: dict[str, list[float]] = {"matters": [], "empty": []}
        for _ in range(6):
            port = _free_port()
            ours = [sys.executable, "-m", "registry", "serve", "--port", str(port)]
            times["matters"].append(seconds_to_answer(ours, port, environment))
            port = _free_port()
            times["empty"].append(seconds_to_answer([sys.executable, "-c", EMPTY, str(port)], port, {}))
    ours_s, empty_s = (statistics.median(times[name][1:]) for name in ("matters", "empty"))
    show(
        "从启动到首个应答 · from start to first answer",
        ("what", "seconds", "ratio to the empty application"),
        [
            ("matters serve, an empty database: migrate and load 1017 matters too", times["matters"][0], times["matters"][0] / empty_s),
            ("matters serve, 1017 matters in the database", ours_s, ours_s / empty_s),
            ("an empty Starlette application", empty_s, 1.0),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
