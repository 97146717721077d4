"""Several bundles at once, and at a moment: all or none, undone in one step, once, visibly, on both databases."""

from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import Actor, Forbidden
from registry.changes.refusals import BadSchedule, NeedsReview, StaleVersion, UnknownRelease, UnknownSchedule
from registry.changes.releasing import publish_bundle, release_bundles, undo_release
from registry.changes.scheduling import Planned, cancel_schedule, publish_due, schedule_bundles
from registry.editing.drafts import Schedule, ScheduleState, Seen, Terms
from registry.editing.edits import AddMember, SetField
from registry.store.connect import open_engine, reading, writing
from registry.store.current import read_snapshot
from registry.store.schedules import read_schedules
from registry.store.tables import audit, drafts
from tests.store.editing_city import ADMIN, ANN, PAUL, approved, bundle_in, city, draft_in, edited, load, seen

PLAIN = Terms()
NOW = datetime.now(UTC)
SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _city(engine: Engine) -> None:
    load(engine, city())


def two(engine: Engine) -> tuple[Seen, Seen]:
    """Approved drafts of both bundles."""
    return seen(approved(engine, AddMember("M-5"))), seen(approved(engine, SetField("name", "改名"), bundle="B-2"))


def planned(engine: Engine, *items: Seen, due: datetime = SOON) -> Schedule:
    return schedule_bundles(engine, items, Planned(due, Terms("计划")), PAUL)


def state(engine: Engine, code: str) -> Schedule:
    with reading(engine) as connection:
        return read_schedules(connection)[code]


def told(engine: Engine) -> list[tuple[str, str]]:
    query = sa.select(audit.c.action, audit.c.actor).where(audit.c.kind == "schedule").order_by(audit.c.id)
    with reading(engine) as connection:
        return [(row.action, row.actor) for row in connection.execute(query)]


def test_a_release_is_one_revision_and_is_undone_in_one_step(engine: Engine) -> None:
    before = bundle_in(engine).members, bundle_in(engine, "B-2").name
    release = release_bundles(engine, two(engine), Terms("一批"), PAUL)
    assert (release.code, release.revision, [item.number for item in release.items]) == ("R-1", 2, [2, 2])
    assert (len(bundle_in(engine).members), bundle_in(engine, "B-2").name) == (4, "改名")
    undone = undo_release(engine, "R-1", PLAIN, PAUL)
    assert (bundle_in(engine).members, bundle_in(engine, "B-2").name) == before
    assert (undone.code, undone.undoes, undone.revision, bundle_in(engine).version) == ("R-2", "R-1", 3, 3)
    with pytest.raises(UnknownRelease):
        undo_release(engine, "R-1", PLAIN, PAUL)
    undo_release(engine, "R-2", PLAIN, PAUL)
    assert (len(bundle_in(engine).members), bundle_in(engine).version) == (4, 4)


def test_a_release_of_which_one_is_refused_publishes_none(engine: Engine) -> None:
    first, second = two(engine)
    for items, refusal in (
        ((first, Seen("B-2", 99)), StaleVersion),
        ((first, seen(edited(engine, SetField("summary", "改"), bundle="B-2"))), NeedsReview),
        ((first, first), BadSchedule),
        ((), BadSchedule),
    ):
        with pytest.raises(refusal):
            release_bundles(engine, items, PLAIN, PAUL)
    assert (read_snapshot(engine).revision, draft_in(engine).version) == (1, first.version)
    assert second


def test_a_release_is_not_undone_over_what_was_published_since(engine: Engine) -> None:
    release_bundles(engine, two(engine), PLAIN, PAUL)
    publish_bundle(engine, seen(approved(engine, SetField("summary", "其后"))), PLAIN, PAUL)
    with pytest.raises(StaleVersion) as refused:
        undo_release(engine, "R-1", PLAIN, PAUL)
    assert "简介：未知 → 其后" in refused.value.zh
    assert bundle_in(engine, "B-2").name == "改名"


def test_what_is_planned_is_published_when_due_and_not_before(engine: Engine) -> None:
    schedule = planned(engine, seen(approved(engine, AddMember("M-5"))))
    assert publish_due(engine, NOW) == ()
    (done,) = publish_due(engine, SOON)
    assert (done.code, done.state, state(engine, "S-1")) == (schedule.code, ScheduleState.DONE, done)
    assert (bundle_in(engine).version, draft_in(engine)) == (2, None)
    assert publish_due(engine, LATER) == ()
    assert told(engine) == [("plan", "paul"), ("done", "paul")]


def test_several_planned_together_are_one_release(engine: Engine) -> None:
    planned(engine, *two(engine))
    (done,) = publish_due(engine, SOON)
    assert (done.release, read_snapshot(engine).revision) == ("R-1", 2)
    undo_release(engine, "R-1", PLAIN, PAUL)
    assert bundle_in(engine, "B-2").name == "B-2一件事"


def test_it_is_done_once_however_many_ask_at_the_same_time(engine: Engine) -> None:
    planned(engine, seen(approved(engine, AddMember("M-5"))))
    url = engine.url.render_as_string(hide_password=False)
    done: list[Schedule] = []

    def ask() -> None:
        own = open_engine(url)
        done.extend(publish_due(own, SOON))
        own.dispose()

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [schedule.code for schedule in done] == ["S-1"]
    assert bundle_in(engine).version == 2


def test_a_draft_edited_since_makes_it_fail_with_the_reason_on_record(engine: Engine) -> None:
    planned(engine, *two(engine))
    edited(engine, SetField("summary", "其后"), bundle="B-2")
    (failed,) = publish_due(engine, SOON)
    assert failed.state is ScheduleState.FAILED
    assert "其后" in failed.reason
    assert (bundle_in(engine).version, read_snapshot(engine).revision) == (1, 1)
    assert told(engine) == [("plan", "paul"), ("fail", "paul")]
    assert publish_due(engine, LATER) == ()


def test_one_that_fails_leaves_the_others_to_be_published(engine: Engine) -> None:
    first, second = two(engine)
    planned(engine, first)
    planned(engine, second, due=LATER)
    edited(engine, SetField("summary", "其后"))
    assert [schedule.state for schedule in publish_due(engine, LATER)] == [ScheduleState.FAILED, ScheduleState.DONE]


def test_what_is_published_by_hand_is_not_published_again_when_due(engine: Engine) -> None:
    item = seen(approved(engine, AddMember("M-5")))
    planned(engine, item)
    publish_bundle(engine, item, PLAIN, PAUL)
    assert (state(engine, "S-1").state, publish_due(engine, SOON)) == (ScheduleState.CANCELLED, ())
    assert told(engine) == [("plan", "paul"), ("cancel", "paul")]


def test_what_is_planned_can_be_cancelled_until_it_is_over(engine: Engine) -> None:
    planned(engine, seen(approved(engine, AddMember("M-5"))))
    with pytest.raises(Forbidden):
        cancel_schedule(engine, "S-1", None, ANN)
    assert cancel_schedule(engine, "S-1", "不发了", PAUL).state is ScheduleState.CANCELLED
    assert publish_due(engine, SOON) == ()
    for code in ("S-1", "S-9"):
        with pytest.raises(UnknownSchedule):
            cancel_schedule(engine, code, None, ADMIN)


def test_nothing_is_planned_for_the_past_or_that_would_be_refused_now(engine: Engine) -> None:
    item = seen(approved(engine, AddMember("M-5")))
    with pytest.raises(BadSchedule):
        planned(engine, item, due=NOW - timedelta(days=1))
    with pytest.raises(NeedsReview):
        planned(engine, seen(edited(engine, SetField("summary", "改"))))
    for actor in (ANN, Actor("nobody")):
        with pytest.raises(Forbidden):
            schedule_bundles(engine, (item,), Planned(SOON, PLAIN), actor)


def test_a_fault_of_ours_shows_too_and_keeps_no_other_back(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    first, second = two(engine)
    planned(engine, first)
    planned(engine, second, due=LATER)
    with writing(engine) as connection:
        connection.execute(drafts.update().where(drafts.c.bundle == "B-1").values(content={"nonsense": 1}))
    failed, done = publish_due(engine, LATER)
    assert (failed.state, done.state) == (ScheduleState.FAILED, ScheduleState.DONE)
    assert "TypeError" in failed.reason
    assert "S-1" in caplog.text
