"""Processes that import on demand, and may be killed while they do.

For each order on its standard input, a line of JSON, it starts a process for each file,
and says their numbers. They begin together; each says `begun`, what came of it, then
waits to be killed or told to go. The line after ends them, and `over` is the answer.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from registry.lake.intake import import_cases
from tests.store.lakes import CITY, opened


class Importer:
    """The process that starts those that import, and what they say."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.importing"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def start(self, database: str, folder: Path, *paths: Path) -> list[int]:
        """Start an import of each file, all at once; the numbers of their processes."""
        self._say({"database": database, "folder": str(folder), "paths": [str(path) for path in paths]})
        numbers: list[int] = self._said()
        return numbers

    def wait(self, count: int) -> list[Any]:
        """What so many of them say next, in the order they say it."""
        return [self._said() for _ in range(count)]

    def end(self) -> list[Any]:
        """End them; what they had said until then."""
        self._say("end")
        return list(iter(self._said, "over"))

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def _say(self, word: Any) -> None:
        self.process.stdin.write(json.dumps(word) + "\n")

    def _said(self) -> Any:
        return json.loads(self.process.stdout.readline())


def say(word: Any) -> None:
    os.write(1, json.dumps(word).encode() + b"\n")


def bring_in(database: str, folder: str, path: str) -> None:
    say("begun")
    try:
        with opened(database, Path(folder)) as lake:
            counts = import_cases(lake, [Path(path)], holdings=CITY)
        say([counts.read, counts.accepted, counts.rejected, counts.unchanged, counts.replaced, counts.withdrawn])
    except Exception as error:
        say(repr(error))
    signal.pause()


def fork(order: dict[str, Any]) -> list[int]:
    gate, opener = os.pipe()
    children = []
    for path in order["paths"]:
        child = os.fork()
        if child == 0:
            os.close(opener)
            os.read(gate, 1)
            bring_in(order["database"], order["folder"], path)
        children.append(child)
    os.close(gate)
    say(children)
    os.close(opener)
    return children


def main() -> None:
    # What the first lake has to import, every child has then.
    with tempfile.TemporaryDirectory() as folder, opened(f"sqlite:///{folder}/registry.sqlite", Path(folder)) as lake:
        lake.table("cases")
    while line := sys.stdin.readline():
        children = fork(json.loads(line))
        # Until the next line the numbers stay these children's own, so that a signal can't hit another.
        sys.stdin.readline()
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main()
