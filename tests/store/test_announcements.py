"""The outbox: every revision is announced in its own transaction, and held in memory without a gap."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import Role, administrator
from registry.announcements import Changed
from registry.audit import Entry
from registry.changes.closing import close, reopen
from registry.changes.granting import grant
from registry.changes.loads import load_holdings
from registry.changes.publishing import publish
from registry.closures import Closure
from registry.holdings import Holdings
from registry.plans import Plan, plan_change
from registry.store.announcements import announcement_of, read_recent
from registry.store.connect import open_engine, reading, writing
from registry.store.current import Current, read_snapshot
from registry.store.migrate import migrate
from registry.store.tables import announcements, revisions
from registry.tokens import Wanted
from registry.words import Channel, RecordAction, RecordKind
from tests.make import make_holdings, make_matter

TESTS = administrator("cli:陈")
KIOSKS = Closure("", "检修", datetime(2020, 10, 22, tzinfo=UTC), channel=Channel.KIOSK)


def load(engine: Engine, *names: str) -> None:
    target = make_holdings(*(make_matter(f"M-{number}", name=name) for number, name in enumerate(names)))

    def plan(held: Holdings) -> Plan:
        return plan_change(held, target)

    load_holdings(engine, plan, TESTS, "a load")


def test_a_change_is_announced_with_its_records_and_without_who_or_what(engine: Engine) -> None:
    load(engine, "甲", "乙")
    load(engine, "甲", "丙")
    with reading(engine) as connection:
        told = announcement_of(connection, 2)
        row = connection.execute(sa.select(announcements).where(announcements.c.revision == 2)).one()
    assert told.changes == (Changed(RecordKind.MATTER, "M-1", RecordAction.CHANGE),)
    assert (told.revision, told.summary, told.total) == (2, "a load", 1)
    assert "陈" not in str(row)
    assert "丙" not in str(row)


def test_a_load_too_long_to_list_says_how_many(reference_engine: Engine) -> None:
    (told,) = read_snapshot(reference_engine).recent.announcements
    assert told.changes is None
    assert told.total > 1_000


def test_what_readers_do_not_see_is_not_announced(engine: Engine) -> None:
    grant(engine, Wanted(Role.READER), TESTS)
    assert read_snapshot(engine).recent.announcements == ()


def test_a_change_that_fails_announces_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            publish(connection, TESTS, "a change", [Entry("add", "matter", "M-1", None, {})])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with reading(engine) as connection:
        assert connection.execute(sa.select(announcements)).all() == []


def test_what_is_followed_is_what_would_be_read_afresh(engine: Engine) -> None:
    load(engine, "甲")
    current = Current(engine)
    for _ in range(3):
        closure = close(engine, KIOSKS, TESTS)
        current.refresh()
        reopen(engine, closure.code, KIOSKS.starts, TESTS)
        load(engine, str(closure))
        current.refresh()
        assert current.snapshot.recent == read_snapshot(engine).recent
    assert current.snapshot.recent.newest == 10
    assert [each.revision for each in current.snapshot.recent.announcements] == list(range(1, 11))


def test_an_older_state_that_is_put_back_is_read_afresh(engine: Engine) -> None:
    for name in ("甲", "乙", "丙"):
        load(engine, name)
    held = read_snapshot(engine).recent
    with writing(engine) as connection:
        connection.execute(announcements.update().where(announcements.c.revision == 3).values(event="another"))
    with reading(engine) as connection:
        again = read_recent(connection, 3, held)
    assert [each.event for each in again.announcements][:2] == [each.event for each in held.announcements][:2]
    assert again.announcements[2].event == "another"


def test_the_feeds_name_stays(engine: Engine) -> None:
    assert read_snapshot(engine).recent.feed is None
    load(engine, "甲")
    feed = read_snapshot(engine).recent.feed
    load(engine, "乙")
    assert feed is not None
    assert read_snapshot(engine).recent.feed == feed


def test_what_was_published_before_is_announced_as_it_was_logged(blank_url: str) -> None:
    engine = open_engine(blank_url)
    migrate(engine)
    load(engine, "甲", "乙")
    load(engine, "甲", "丙")
    close(engine, KIOSKS, TESTS)
    load(engine, *map(str, range(1_200)))
    with writing(engine) as connection:
        connection.execute(revisions.insert().values(number=5, published_at=KIOSKS.starts, actor="x", summary="empty"))
    before = read_snapshot(engine).recent
    assert (before.since, before.newest) == (5, 5), "a revision nobody announced is a gap"
    migrate(engine, "0006")
    migrate(engine)
    after = read_snapshot(engine).recent
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(announcements)) == 5
    assert [(each.revision, each.total, each.changes is None) for each in after.announcements] == [
        (1, 5, False), (2, 1, False), (3, 1, False), (4, 1_200, True), (5, 0, False),
    ]  # fmt: skip
    assert after.announcements[2].changes == (Changed(RecordKind.CLOSURE, "C-1", RecordAction.ADD),)
    engine.dispose()
