"""Publishing a draft, and going back: past a review and the impact, one version and one revision, on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import Actor, Forbidden, Grant, Role
from registry.changes.drafting import discard_draft, open_draft, rebase_draft, save_draft
from registry.changes.refusals import (
    BaseMoved,
    Blocked,
    NeedsReview,
    NoDraft,
    NoSuchVersion,
    NothingChanged,
    SayWhy,
    StaleVersion,
)
from registry.changes.releasing import Reversion, publish_bundle, revert_bundle
from registry.editing.drafts import Seen, Terms
from registry.editing.edits import AddMember, RemoveMember, SetField
from registry.editing.versions import BundleVersion, Origin
from registry.recorded import plain
from registry.store.connect import reading
from registry.store.current import read_snapshot
from registry.store.tables import audit
from registry.store.versions import versions_of
from registry.words import BundleForm
from tests.make import make_offer
from tests.store.editing_city import ADMIN, ANN, PAUL, RITA, approved, bundle_in, city, draft_in, edited, load, seen

PLAIN = Terms()
BREAKING = AddMember("M-6")
CHANGE = AddMember("M-5")


@pytest.fixture(autouse=True)
def _city(engine: Engine) -> None:
    load(engine, city())


def versions(engine: Engine, bundle: str = "B-1") -> tuple[BundleVersion, ...]:
    with reading(engine) as connection:
        return versions_of(connection, bundle)


def told(engine: Engine) -> sa.RowMapping:
    """The log's last entry of a bundle."""
    query = sa.select(audit).where(audit.c.kind == "bundle").order_by(audit.c.id.desc()).limit(1)
    with reading(engine) as connection:
        return connection.execute(query).mappings().one()


def test_publishing_writes_bundle_version_log_and_revision_and_ends_the_draft(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    version = publish_bundle(engine, seen(draft), Terms("加一项"), PAUL)
    assert (version.number, version.revision, version.author, version.note) == (2, 2, "paul", "加一项")
    assert (version.reviewed_by, version.unreviewed, version.override, version.origin) == (
        "rita",
        False,
        None,
        Origin.EDIT,
    )
    assert version.content == bundle_in(engine) == replace(draft.content, version=2)
    assert versions(engine)[1:] == (version,)
    assert read_snapshot(engine).revision == 2
    assert draft_in(engine) is None
    entry = told(engine)
    assert (entry["action"], entry["revision"], entry["actor"]) == ("publish", 2, "paul")
    assert entry["after"]["how"] == {"note": "加一项", "reviewed_by": "rita"}


def test_edits_after_publishing_are_another_draft_and_leak_nowhere(engine: Engine) -> None:
    publish_bundle(engine, seen(approved(engine, CHANGE)), PLAIN, PAUL)
    published = bundle_in(engine)
    edited(engine, RemoveMember("M-1"))
    assert bundle_in(engine) == published == versions(engine)[-1].content


def test_what_a_load_brings_changes_or_takes_out_gets_a_version_marked_as_an_import(engine: Engine) -> None:
    load(engine, city(name="改名"))
    held = city()
    load(engine, replace(held, bundles={"B-2": held.bundles["B-2"]}))
    load(engine, city())
    found = versions(engine)
    assert [(v.number, v.origin, v.author, v.content and v.content.name) for v in found] == [
        (1, Origin.IMPORT, "loader", "B-1一件事"),
        (2, Origin.IMPORT, "loader", "改名"),
        (3, Origin.IMPORT, "loader", None),
        (4, Origin.IMPORT, "loader", "B-1一件事"),
    ]
    assert [version.content.version for version in found if version.content] == [1, 2, 4]
    assert [version.number for version in versions(engine, "B-2")] == [1]


@pytest.mark.parametrize("given", [1, 2, 7])
def test_a_file_may_raise_a_bundles_version_and_never_lowers_it(engine: Engine, given: int) -> None:
    publish_bundle(engine, seen(approved(engine, CHANGE)), PLAIN, PAUL)
    load(engine, city(name="改名", version=given))
    assert bundle_in(engine).version == max(given, 3)
    before = read_snapshot(engine).revision
    load(engine, city(name="改名", version=given))
    assert read_snapshot(engine).revision == before


def test_without_a_review_it_is_not_published_but_by_who_may_and_then_marked(engine: Engine) -> None:
    draft = edited(engine, CHANGE)
    with pytest.raises(NeedsReview) as refused:
        publish_bundle(engine, seen(draft), PLAIN, PAUL)
    assert refused.value.code == "NEEDS_REVIEW"
    version = publish_bundle(engine, seen(draft), PLAIN, ADMIN)
    assert (version.unreviewed, version.reviewed_by) == (True, None)
    assert told(engine)["after"]["how"] == {"unreviewed": True}


def test_what_was_edited_after_its_approval_is_not_reviewed(engine: Engine) -> None:
    approved(engine, CHANGE)
    with pytest.raises(NeedsReview):
        publish_bundle(engine, seen(edited(engine, SetField("summary", "改"))), PLAIN, PAUL)


def test_a_broken_promise_stops_it_until_a_publisher_says_why_and_is_marked(engine: Engine) -> None:
    draft = approved(engine, BREAKING)
    with pytest.raises(Blocked) as refused:
        publish_bundle(engine, seen(draft), PLAIN, PAUL)
    assert refused.value.code == "PROMISE_BROKEN"
    assert "M-6" in refused.value.en
    with pytest.raises(SayWhy):
        publish_bundle(engine, seen(draft), Terms(override=" "), PAUL)
    assert (draft_in(engine), bundle_in(engine).version) == (draft, 1)
    version = publish_bundle(engine, seen(draft), Terms(override="试点"), PAUL)
    assert version.override == "试点"
    assert {each.code for each in version.overridden} == {"PROMISE_BROKEN"}
    how = told(engine)["after"]["how"]
    assert (how["override"], how["overridden"]) == ("试点", plain(version.overridden))


def test_a_reason_that_was_not_needed_is_no_override(engine: Engine) -> None:
    version = publish_bundle(engine, seen(approved(engine, CHANGE)), Terms(override="以防万一"), PAUL)
    assert (version.override, version.overridden) == (None, ())


def test_who_may_not_override_is_refused_whatever_reason_they_give(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry import access

    may = access.MAY | {Role.PUBLISHER: access.MAY[Role.PUBLISHER] - {access.Permission.OVERRIDE_IMPACT}}
    monkeypatch.setattr(access, "MAY", may)
    with pytest.raises(Forbidden):
        publish_bundle(engine, seen(approved(engine, BREAKING)), Terms(override="试点"), PAUL)


@pytest.mark.parametrize(
    ("operations", "code"), [((RemoveMember("M-1"), RemoveMember("M-2"), RemoveMember("M-3")), "EMPTY_BUNDLE")]
)
def test_what_the_catalogue_cannot_hold_is_not_published_whatever_the_reason(engine: Engine, operations, code) -> None:
    with pytest.raises(Blocked) as refused:
        publish_bundle(engine, seen(approved(engine, *operations)), Terms(override="试点"), PAUL)
    assert refused.value.code == code


def test_a_matter_that_a_load_took_away_since_stops_the_draft_and_can_be_removed_from_it(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    held = city()
    load(engine, replace(held, matters={code: matter for code, matter in held.matters.items() if code != "M-5"}))
    with pytest.raises(Blocked) as refused:
        publish_bundle(engine, seen(draft), Terms(override="试点"), PAUL)
    assert refused.value.code == "UNKNOWN_MATTER"
    assert edited(engine, RemoveMember("M-5")).content.members == bundle_in(engine).members


def test_only_publishers_of_the_leading_department_publish(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    for actor in (ANN, RITA, Actor("other", (Grant(Role.PUBLISHER, frozenset({"WJ"})),)), Actor("nobody")):
        with pytest.raises(Forbidden):
            publish_bundle(engine, seen(draft), PLAIN, actor)
        with pytest.raises(Forbidden):
            revert_bundle(engine, Reversion("B-1", 1, 1), PLAIN, actor)
    assert draft_in(engine) == draft


def test_a_stale_version_is_not_published(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    edited(engine, SetField("summary", "改"))
    with pytest.raises(StaleVersion) as refused:
        publish_bundle(engine, seen(draft), PLAIN, PAUL)
    assert refused.value.current == draft.version + 1


def test_a_base_that_moved_is_refused_with_what_changed_until_the_draft_is_carried_over(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    load(engine, city(name="导入的名称"))
    with pytest.raises(BaseMoved) as refused:
        publish_bundle(engine, seen(draft), PLAIN, PAUL)
    assert (refused.value.current, refused.value.meanwhile) == (
        2, (("名称：B-1一件事 → 导入的名称", "name: B-1一件事 → 导入的名称"),),
    )  # fmt: skip
    carried = rebase_draft(engine, seen(draft), ANN)
    version = publish_bundle(engine, seen(carried), PLAIN, ADMIN)
    assert (version.number, version.content.name, len(version.content.members)) == (3, "导入的名称", 4)


def test_a_draft_that_changes_nothing_is_not_published(engine: Engine) -> None:
    with pytest.raises(NothingChanged):
        publish_bundle(engine, seen(open_draft(engine, "B-1", ANN)), PLAIN, ADMIN)
    with pytest.raises(NoDraft):
        publish_bundle(engine, Seen("B-2", 1), PLAIN, ADMIN)


def test_a_retry_of_a_publication_publishes_once(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    first = publish_bundle(engine, seen(draft), PLAIN, PAUL, idempotency_key="k")
    assert publish_bundle(engine, seen(draft), PLAIN, PAUL, idempotency_key="k") == first
    assert len(versions(engine)) == 2


def test_an_earlier_version_is_published_again_as_the_next_one(engine: Engine) -> None:
    first = bundle_in(engine)
    publish_bundle(engine, seen(approved(engine, CHANGE)), PLAIN, PAUL)
    version = revert_bundle(engine, Reversion("B-1", 2, 1), Terms("退回"), PAUL)
    assert bundle_in(engine) == replace(first, version=3) == version.content
    assert (version.number, version.origin, version.reverted_from) == (3, Origin.REVERT, 1)
    assert (told(engine)["action"], told(engine)["after"]["how"]["reverted_from"]) == ("revert", 1)


def test_going_back_needs_the_version_that_is_published_and_one_that_was(engine: Engine) -> None:
    publish_bundle(engine, seen(approved(engine, CHANGE)), PLAIN, PAUL)
    with pytest.raises(StaleVersion) as refused:
        revert_bundle(engine, Reversion("B-1", 1, 1), PLAIN, PAUL)
    assert (refused.value.current, [zh for zh, _ in refused.value.meanwhile]) == (
        2,
        ["新增事项“M-5 事项M-5”（第 4 位）"],
    )
    for to in (0, 3):
        with pytest.raises(NoSuchVersion):
            revert_bundle(engine, Reversion("B-1", 2, to), PLAIN, PAUL)
    with pytest.raises(NothingChanged):
        revert_bundle(engine, Reversion("B-1", 2, 2), PLAIN, PAUL)


def test_going_back_breaks_no_promise_unasked_either(engine: Engine) -> None:
    publish_bundle(
        engine, seen(approved(engine, SetField("forms", (BundleForm.ONE_WINDOW,)))), Terms(override="缩"), PAUL
    )
    held = city(forms=(BundleForm.ONE_WINDOW,), version=2)
    hall_only = replace(held.matters["M-1"], offers=(make_offer(),))
    load(engine, replace(held, matters=dict(held.matters) | {"M-1": hall_only}))
    with pytest.raises(Blocked) as refused:
        revert_bundle(engine, Reversion("B-1", 2, 1), PLAIN, PAUL)
    assert refused.value.code == "PROMISE_BROKEN"


def test_what_went_out_unreviewed_comes_back_only_by_who_may_and_marked_again(engine: Engine) -> None:
    publish_bundle(engine, seen(edited(engine, CHANGE)), PLAIN, ADMIN)
    publish_bundle(engine, seen(approved(engine, RemoveMember("M-5"))), PLAIN, PAUL)
    with pytest.raises(NeedsReview):
        revert_bundle(engine, Reversion("B-1", 3, 2), PLAIN, PAUL)
    assert revert_bundle(engine, Reversion("B-1", 3, 2), PLAIN, ADMIN).unreviewed


def test_a_draft_outlives_a_going_back_and_is_carried_over(engine: Engine) -> None:
    publish_bundle(engine, seen(approved(engine, CHANGE)), PLAIN, PAUL)
    draft = edited(engine, SetField("summary", "改"))
    revert_bundle(engine, Reversion("B-1", 2, 1), PLAIN, PAUL)
    with pytest.raises(BaseMoved):
        publish_bundle(engine, seen(draft), PLAIN, ADMIN)
    carried = rebase_draft(engine, seen(draft), ANN)
    assert (carried.content.summary, len(carried.content.members)) == ("改", 3)
    discard_draft(engine, seen(carried), ANN)


def test_saving_after_publishing_needs_a_new_draft(engine: Engine) -> None:
    draft = approved(engine, CHANGE)
    publish_bundle(engine, seen(draft), PLAIN, PAUL)
    with pytest.raises(NoDraft):
        save_draft(engine, seen(draft), (RemoveMember("M-1"),), ANN)
