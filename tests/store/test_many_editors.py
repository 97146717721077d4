"""Thirty-two editors, a thousand edits on one bundle at once: no gap, nothing lost, every refusal tells the newest version.

MATTERS_TEST_EDITS sets how many edits are tried; fewer by default, so that a check stays short.
"""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread

import pytest
from sqlalchemy import Engine

from registry.access import Actor, Grant, Role
from registry.changes.drafting import open_draft, save_draft
from registry.changes.refusals import BaseMoved, NoDraft, NothingChanged, StaleVersion
from registry.changes.releasing import publish_bundle
from registry.editing.drafts import Seen, Terms
from registry.editing.edits import Known, SetCondition, SetField, apply_all
from registry.editing.log import EditKind
from registry.store.audit import chain_breaks
from registry.store.connect import open_engine, reading
from registry.store.drafts import edits_after, read_draft
from registry.store.holdings import read_bundle
from registry.store.versions import versions_of
from tests.make import make_bundle, make_holdings, make_matter
from tests.store.editing_city import ADMIN, EVERYWHERE, load

EDITORS = 32
EDITS = int(os.environ.get("MATTERS_TEST_EDITS", "512"))
MEMBERS = [f"M-{n}" for n in range(1, EDITORS + 1)]


@dataclass
class Editing:
    """An editor at work with a connection of their own: what was accepted, and what was refused and how."""

    number: int
    url: str
    accepted: dict[int, str] = field(default_factory=dict)
    refused: list[tuple[int, int]] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def work(self, edits: int, pace: float = 0.8) -> None:
        engine, chance = open_engine(self.url), random.Random(self.number)  # noqa: S311
        try:
            for n in range(edits):
                # Now in a crowd, now alone: some edits are refused and some are not.
                time.sleep(chance.uniform(0, pace))
                self.edit(engine, n)
        except Exception as error:
            self.failures.append(error)
        finally:
            engine.dispose()

    def edit(self, engine: Engine, n: int) -> None:
        with reading(engine) as connection:
            draft = read_draft(connection, "B-1")
        seen = draft.version if draft else 0
        said = f"{self.number}.{n}"
        # Two in one edit: that both are there shows that edits are whole.
        wanted = SetCondition(MEMBERS[self.number], said), SetField("summary", said)
        try:
            saved = save_draft(engine, Seen("B-1", seen), wanted, Actor(f"editor-{self.number}", EDITOR))
        except StaleVersion as refused:
            self.refused.append((seen, refused.current))
        except NoDraft:
            open_draft(engine, "B-1", Actor(f"editor-{self.number}", EDITOR))
        else:
            self.accepted[saved.version] = said


EDITOR = (Grant(Role.EDITOR, frozenset({"GA"})),)


@pytest.fixture
def url(engine: Engine) -> str:
    bundle = make_bundle("B-1", MEMBERS)
    load(engine, make_holdings(*(make_matter(code, offers=EVERYWHERE) for code in MEMBERS), bundle))
    open_draft(engine, "B-1", ADMIN)
    return engine.url.render_as_string(hide_password=False)


def at_once(*works: Callable[[], None]) -> None:
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_thirty_two_editors_at_once_lose_nothing(engine: Engine, url: str) -> None:
    editors = [Editing(number, url) for number in range(EDITORS)]
    at_once(*(lambda editor=editor: editor.work(EDITS // EDITORS) for editor in editors))
    assert [error for editor in editors for error in editor.failures] == []
    accepted = {version: said for editor in editors for version, said in editor.accepted.items()}
    refused = [pair for editor in editors for pair in editor.refused]
    assert len(accepted) + len(refused) == EDITS // EDITORS * EDITORS
    with reading(engine) as connection:
        draft, log = read_draft(connection, "B-1"), edits_after(connection, "B-1", 0)
        published = read_bundle(connection, "B-1")
        assert list(chain_breaks(connection)) == []
    # Gapless, and every accepted edit is in the log with what it said.
    assert [edit.version for edit in log] == list(range(1, draft.version + 1))
    assert {edit.version: edit.operations[1].value for edit in log if edit.operations} == accepted
    # Every refused one was told a newer version than it had seen.
    assert all(seen < current <= draft.version for seen, current in refused)
    assert refused, "nobody ever met another"
    # What stands is what the log leads to: nothing was lost on the way.
    operations = [operation for edit in log for operation in edit.operations]
    assert apply_all(published, operations, Known(MEMBERS)) == draft.content
    latest = {said.split(".")[0]: said for _, said in sorted(accepted.items())}
    conditions = {
        str(place): member.condition for place, member in enumerate(draft.content.members) if member.condition
    }
    assert conditions == latest


def test_editors_and_publishers_at_once_leave_gapless_versions(engine: Engine, url: str) -> None:
    editors = [Editing(number, url) for number in range(8)]
    versions: list[int] = []

    def publish() -> None:
        own = open_engine(url)
        for _ in range(12):
            with reading(own) as connection:
                draft = read_draft(connection, "B-1")
            try:
                if draft:
                    versions.append(publish_bundle(own, Seen("B-1", draft.version), Terms(), ADMIN).number)
            except (StaleVersion, NoDraft, NothingChanged, BaseMoved):
                pass
        own.dispose()

    at_once(*(lambda editor=editor: editor.work(20, pace=0.1) for editor in editors), *[publish] * 3)
    assert [error for editor in editors for error in editor.failures] == []
    with reading(engine) as connection:
        log, found = edits_after(connection, "B-1", 0), versions_of(connection, "B-1")
        published = read_bundle(connection, "B-1")
        assert list(chain_breaks(connection)) == []
    assert [version.number for version in found] == list(range(1, len(found) + 1))
    assert sorted(versions) == [version.number for version in found[1:]]
    assert [version.revision for version in found] == list(range(1, len(found) + 1))
    assert found[-1].content == published
    assert [edit.version for edit in log] == list(range(1, len(log) + 1))
    accepted = {version: said for editor in editors for version, said in editor.accepted.items()}
    assert {edit.version for edit in log if edit.kind is EditKind.EDITED} == accepted.keys()
