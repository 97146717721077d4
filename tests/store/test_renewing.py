"""From revision to revision: what is read of what changed is what would be read of everything, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.changes.closing import close
from registry.changes.linking import override_link
from registry.changes.releasing import Reversion, publish_bundle, revert_bundle
from registry.closures import Closure, LinkState
from registry.editing.drafts import Terms
from registry.editing.edits import AddMember, SetField
from registry.editing.history import bundle_as_of, published_at
from registry.snapshot import Snapshot
from registry.store import renewing
from registry.store.connect import writing
from registry.store.current import read_snapshot
from registry.store.tables import announcements, revisions
from registry.words import Channel, LifeStage
from tests.make import make_department, make_matter, make_place, make_region
from tests.store.editing_city import ADMIN, EVERYWHERE, PAUL, approved, city, load, seen

NOW = datetime.now(UTC)


def publish(engine: Engine, name: str = "改名") -> None:
    wanted = SetField("name", name), SetField("life_stages", (LifeStage.BIRTH,))
    publish_bundle(engine, seen(approved(engine, *wanted)), Terms(), PAUL)


def add_a_matter(engine: Engine) -> None:
    held = city()
    new = make_matter("M-0", name="居住证", offers=EVERYWHERE, department="XX")
    load(
        engine,
        replace(
            held, departments={**held.departments, "XX": make_department("XX")}, matters={**held.matters, "M-0": new}
        ),
    )


def take_a_matter_out(engine: Engine) -> None:
    held = city()
    load(engine, replace(held, matters={code: matter for code, matter in held.matters.items() if code != "M-6"}))


def move_places(engine: Engine) -> None:
    held, region = city(), make_region("330104", parent="330100")
    load(engine, replace(held, regions={**held.regions, "330104": region}, places={"P1": make_place(region="330104")}))


CHANGES = {
    "publish": publish,
    "add": add_a_matter,
    "remove": take_a_matter_out,
    "places": move_places,
    "close": lambda engine: close(engine, Closure("", "升级", NOW, channel=Channel.MOBILE), ADMIN),
    "link": lambda engine: override_link(engine, "https://x.example", LinkState.BROKEN, NOW.date(), ADMIN),
}


def same(one: Snapshot, other: Snapshot) -> None:
    """Both say the same of everything, by whatever index."""
    assert (one.holdings, one.revision, one.history, one.recent) == (
        other.holdings, other.revision, other.history, other.recent,
    )  # fmt: skip
    assert one.bundles_of == other.bundles_of
    assert one.places_by == other.places_by
    for shelf, twin in ((one.matters, other.matters), (one.bundles, other.bundles), (one.places, other.places)):
        assert shelf.records == twin.records
        for dimension in shelf.dimensions:
            assert shelf.by(dimension) == twin.by(dimension)
    for text in ("事项", "改名", "一件事", "居住证"):
        assert one.search_matters(text) == other.search_matters(text)
        assert one.search_bundles(text) == other.search_bundles(text)


@pytest.fixture
def held(engine: Engine) -> Snapshot:
    load(engine, city())
    made = read_snapshot(engine)
    made.warm()
    for shelf in (made.bundles, made.places):
        for dimension in shelf.dimensions:
            shelf.by(dimension)
    return made


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_renewed_is_what_would_be_read_anew(engine: Engine, held: Snapshot, change: str) -> None:
    CHANGES[change](engine)
    same(read_snapshot(engine, held), read_snapshot(engine))


def test_several_revisions_may_be_caught_up_with_at_once(engine: Engine, held: Snapshot) -> None:
    for change in CHANGES.values():
        change(engine)
    same(read_snapshot(engine, held), read_snapshot(engine))


def test_what_did_not_change_is_neither_read_nor_made_again(engine: Engine, held: Snapshot) -> None:
    publish(engine)
    made = read_snapshot(engine, held)
    assert made.holdings.matters is held.holdings.matters
    assert made.holdings.bundles["B-2"] is held.holdings.bundles["B-2"]
    assert made.matter_search is held.matter_search
    assert made.matters.by("offer") is held.matters.by("offer")
    assert made.history["B-1"].versions[-1].content is made.holdings.bundles["B-1"]


def test_a_revision_that_does_not_tell_what_it_changed_is_read_whole(engine: Engine, held: Snapshot) -> None:
    publish(engine)
    with writing(engine) as connection:
        connection.execute(announcements.update().where(announcements.c.revision == 2).values(changes=sa.null()))
    made = read_snapshot(engine, held)
    assert made.holdings.matters is not held.holdings.matters
    assert made.holdings.bundles["B-1"].name == "改名"


def test_a_change_of_very_many_records_is_read_whole(
    engine: Engine, held: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "MOST", 0)
    publish(engine)
    assert read_snapshot(engine, held).holdings.matters is not held.holdings.matters


def test_a_backup_put_back_and_changed_otherwise_is_read_whole(engine: Engine, held: Snapshot) -> None:
    publish(engine, "从未发生")
    never = read_snapshot(engine, held)
    with writing(engine) as connection:
        connection.execute(sa.text("DELETE FROM bundle_versions WHERE revision > 1"))
        connection.execute(sa.text("UPDATE audit SET revision = NULL WHERE revision > 1"))
        connection.execute(announcements.delete().where(announcements.c.revision > 1))
        connection.execute(revisions.delete().where(revisions.c.number > 1))
        connection.execute(sa.text("UPDATE bundles SET name = 'B-1一件事', version = 1, life_stages = '[]'"))
    publish(engine, "另一次")
    publish(engine, "再一次")
    same(read_snapshot(engine, never), read_snapshot(engine))


def test_the_past_is_known_from_the_first_version_on(engine: Engine, held: Snapshot) -> None:
    publish(engine)
    revert_bundle(engine, Reversion("B-1", 2, 1), Terms(), PAUL)
    now = read_snapshot(engine, held)
    first, second, third = now.history["B-1"].versions

    def name(moment: datetime) -> str | None:
        bundle = bundle_as_of(now.history, "B-1", moment)
        return bundle and bundle.name

    just = timedelta(microseconds=1)
    assert [name(moment) for moment in (first.at - just, first.at, second.at - just, second.at, third.at)] == [
        None, "B-1一件事", "B-1一件事", "改名", "B-1一件事",
    ]  # fmt: skip
    assert published_at(now.history, now.holdings.bundles["B-1"]) == third.at
    assert bundle_as_of(now.history, "B-9", third.at) is None


def test_a_bundle_that_was_taken_out_is_not_there_from_then_on(engine: Engine, held: Snapshot) -> None:
    load(engine, replace(city(), bundles={}))
    now = read_snapshot(engine, held)
    assert bundle_as_of(now.history, "B-1", NOW + timedelta(hours=1)) is None
    assert bundle_as_of(now.history, "B-1", now.history["B-1"].versions[0].at) == held.holdings.bundles["B-1"]


def test_an_added_member_is_shared_with_the_version_before(engine: Engine, held: Snapshot) -> None:
    publish_bundle(engine, seen(approved(engine, AddMember("M-5"))), Terms(), PAUL)
    publish(engine)
    first, second, third = (each.content for each in read_snapshot(engine).history["B-1"].versions)
    assert second.members[0] is first.members[0]
    assert third.members is not None
    assert second.forms is first.forms
