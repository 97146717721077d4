"""A process killed while it loads, anywhere, leaves the old registry or the new one, whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.exchange.writing import export
from registry.holdings import Holdings
from registry.plans import plan_change
from registry.store.connect import reading
from registry.store.holdings import read_holdings
from registry.store.revisions import current_revision
from registry.words import Channel
from tests.make import make_bundle, make_department, make_holdings, make_matter, make_offer, unnumbered
from tests.waiting import kills

KILLS = kills(12)
MATTERS = 160


def catalogue(first: int, name: str) -> Holdings:
    matters = [
        make_matter(f"M-{n:03}", name=f"{name}{n}", offers=[make_offer(), make_offer(Channel.PC)])
        for n in range(first, first + MATTERS)
    ]
    codes = [matter.code for matter in matters]
    bundles = [make_bundle(f"B-{n}", members=codes[n * 5 : n * 5 + 5]) for n in range(30)]
    return make_holdings(make_department(f"D{first}"), *matters, *bundles)


OLD = catalogue(0, "旧")
# Half of it goes, half of it changes, as much is new.
NEW = catalogue(MATTERS // 2, "新")


class Loader:
    """The process that loads, and what it says."""

    def __init__(self, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.loading", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def start(self, folder: Path) -> int:
        self.process.stdin.write(f"{folder}\n")
        return int(self.process.stdout.readline())

    def said(self) -> list[str]:
        self.process.stdin.write("\n")
        return list(iter(lambda: self.process.stdout.readline().strip(), "over"))

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


@pytest.fixture
def loader(engine):
    made = Loader(engine.url.render_as_string(hide_password=False))
    yield made
    made.stop()


def put_back(engine, target: Holdings) -> int:
    """Bring the registry to this; its revision then."""
    load_holdings(engine, lambda held: plan_change(held, target), administrator("someone"), "back")
    with reading(engine) as connection:
        return current_revision(connection).number


def timed(engine, loader: Loader, folder: Path) -> float:
    """How many seconds a load takes that nobody kills."""
    put_back(engine, OLD)
    begin = time.perf_counter()
    loader.start(folder)
    assert loader.said() == ["begun", "ended"]
    return time.perf_counter() - begin


def test_a_killed_load_leaves_the_old_or_the_new_registry(engine, loader, tmp_path):
    export(NEW, tmp_path, "csv")
    whole = min(timed(engine, loader, tmp_path) for _ in range(3))
    chance = random.Random(50)  # noqa: S311  # the same moments in every run
    outcomes: Counter[tuple[bool, bool]] = Counter()
    before, held = 0, NEW
    for _ in range(KILLS):
        if held != OLD:
            before = put_back(engine, OLD)
        child = loader.start(tmp_path)
        time.sleep(chance.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        said = loader.said()
        with reading(engine) as connection:
            held, revision = unnumbered(read_holdings(connection)), current_revision(connection).number
        assert (held, revision) in ((OLD, before), (NEW, before + 1))
        assert "ended" not in said or held == NEW
        outcomes["begun" in said, held == NEW] += 1
    # Many of them struck while the transaction was open.
    assert outcomes[True, False] >= KILLS // 10, outcomes
    put_back(engine, NEW)
