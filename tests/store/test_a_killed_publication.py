"""A process killed while it publishes, anywhere, leaves all of it done or nothing, and the log's chain whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.bundles import Bundle
from registry.changes.scheduling import Planned, schedule_bundles
from registry.editing.drafts import ScheduleState, Terms
from registry.editing.edits import SetField
from registry.store.audit import chain_breaks
from registry.store.connect import writing
from registry.store.drafts import read_drafts
from registry.store.holdings import read_kind
from registry.store.revisions import current_revision
from registry.store.schedules import read_schedules
from registry.store.tables import announcements
from registry.store.versions import read_releases, versions_of
from tests.store.editing_city import ADMIN, city, edited, load, seen
from tests.waiting import kills

KILLS = kills(12)


class Publisher:
    """The process that publishes, and what it says."""

    def __init__(self, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.store.publishing", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def start(self, what: str) -> int:
        self.process.stdin.write(f"{what}\n")
        return int(self.process.stdout.readline())

    def said(self) -> list[str]:
        self.process.stdin.write("\n")
        return list(iter(lambda: self.process.stdout.readline().strip(), "over"))

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


@pytest.fixture
def publisher(engine: Engine) -> Iterator[Publisher]:
    load(engine, city())
    made = Publisher(engine.url.render_as_string(hide_password=False))
    yield made
    made.stop()


@dataclass(frozen=True)
class Everything:
    """All that a publication touches."""

    revision: int
    bundles: dict[str, Bundle]
    newest: dict[str, tuple[int, Bundle | None]]
    drafts: tuple[str, ...]
    waiting: tuple[str, ...]
    releases: int
    announced: int


def everything(engine: Engine) -> Everything:
    """Read by a writer, which waits until the database has rolled back or finished what the dead one began."""
    with writing(engine) as connection:
        assert list(chain_breaks(connection)) == []
        bundles = read_kind(connection, Bundle)
        newest = {code: versions_of(connection, code)[-1] for code in bundles}
        return Everything(
            current_revision(connection).number,
            bundles,
            {code: (version.revision, version.content) for code, version in newest.items()},
            tuple(draft.bundle for draft in read_drafts(connection)),
            tuple(s.code for s in read_schedules(connection).values() if s.state is ScheduleState.WAITING),
            len(read_releases(connection)),
            connection.scalar(sa.select(sa.func.count()).select_from(announcements)) or 0,
        )


def prepare(engine: Engine, what: str, name: str) -> str:
    """Drafts to publish, planned if they are to fall due; gives what to tell the publisher."""
    drafts = [edited(engine, SetField("name", name), actor=ADMIN, bundle=bundle) for bundle in ("B-1", "B-2")]
    if what == "publish":
        return str(drafts[0].version)
    due = datetime.now(UTC) + timedelta(days=1)
    schedule_bundles(engine, tuple(map(seen, drafts)), Planned(due, Terms()), ADMIN)
    return "due"


def is_whole(before: Everything, after: Everything, what: str, name: str) -> bool:
    """Whether everything was published; asserts that nothing was, if not."""
    if after.revision == before.revision:
        assert after == before
        return False
    done = ("B-1",) if what == "publish" else ("B-1", "B-2")
    assert after.revision == before.revision + 1 == after.announced
    assert {code for code in after.bundles if after.bundles[code] != before.bundles[code]} == set(done)
    assert all(
        (after.bundles[code].name, after.newest[code]) == (name, (after.revision, after.bundles[code])) for code in done
    )
    assert after.drafts == tuple(code for code in before.drafts if code not in done)
    assert (after.waiting, after.releases - before.releases) == ((), len(done) - 1)
    return True


def timed(engine: Engine, publisher: Publisher, what: str) -> float:
    """How many seconds it takes if nobody kills it."""
    order = prepare(engine, what, f"计时{time.monotonic()}")
    begin = time.perf_counter()
    publisher.start(order)
    assert publisher.said() == ["begun", "ended"]
    return time.perf_counter() - begin


@pytest.mark.parametrize("what", ["publish", "due"])
def test_a_killed_publication_is_wholly_done_or_not_at_all(engine: Engine, publisher: Publisher, what: str) -> None:
    whole = min(timed(engine, publisher, what) for _ in range(3))
    chance = random.Random(50)  # noqa: S311  # the same moments in every run
    outcomes: Counter[tuple[bool, bool]] = Counter()
    published, name, order = True, "", ""
    for n in range(KILLS):
        # What was planned and not published is still waiting: it is what the next process finds.
        if published:
            name = f"第{n}次"
            order = prepare(engine, what, name)
        before = everything(engine)
        child = publisher.start(order)
        time.sleep(chance.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        said = publisher.said()
        published = is_whole(before, everything(engine), what, name)
        assert published or "ended" not in said
        outcomes["begun" in said, published] += 1
    # Many of them struck while it was at work.
    assert outcomes[True, False] >= KILLS // 10, outcomes
