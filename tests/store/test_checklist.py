"""The checklist: at each stage of a draft it says what is still needed, and whoever does that gets it published."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from registry.changes.drafting import open_draft
from registry.changes.refusals import Blocked, NeedsReview
from registry.changes.releasing import publish_bundle
from registry.changes.reviewing import MembersApproved, Verdict, approve_members, review_bundle, submit_bundle
from registry.checklist import Need, Step, ready, still_needed
from registry.editing.drafts import Draft, Terms
from registry.editing.edits import AddMember, RemoveMember, SetField, SetOrder
from registry.impact.impact import impact
from registry.store.current import read_snapshot
from tests.store.editing_city import ANN, PAUL, RITA, WANG, approved, city, edited, load, seen

CHANGE = SetField("summary", "新的说明")


@pytest.fixture
def stocked(sqlite_engine: Engine) -> Engine:
    load(sqlite_engine, city())
    return sqlite_engine


def needs(engine: Engine, draft: Draft) -> tuple[Need, ...]:
    snapshot = read_snapshot(engine)
    return still_needed(draft, impact(snapshot, draft.content, datetime.now(UTC)), snapshot.holdings)


def steps(found: tuple[Need, ...]) -> list[Step]:
    assert all(need.zh and need.en for need in found)
    return [need.step for need in found if need.required]


def test_from_an_open_draft_to_one_that_is_ready(stocked: Engine) -> None:
    draft = open_draft(stocked, "B-1", ANN)
    assert steps(needs(stocked, draft)) == [Step.CHANGE, Step.SUBMIT, Step.REVIEW]
    draft = edited(stocked, CHANGE)
    assert steps(needs(stocked, draft)) == [Step.SUBMIT, Step.REVIEW]
    draft = submit_bundle(stocked, seen(draft), None, ANN)
    assert steps(found := needs(stocked, draft)) == [Step.REVIEW]
    assert "ann" in found[-1].zh
    with pytest.raises(NeedsReview):
        publish_bundle(stocked, seen(draft), Terms(), PAUL)
    draft = review_bundle(stocked, seen(draft), Verdict(approve=True), RITA)
    assert ready(needs(stocked, draft))
    publish_bundle(stocked, seen(draft), Terms(), PAUL)


def test_who_asked_for_changes_and_which_is_said(stocked: Engine) -> None:
    draft = submit_bundle(stocked, seen(edited(stocked, CHANGE)), None, ANN)
    draft = review_bundle(stocked, seen(draft), Verdict(approve=False, comment="写得再短些"), RITA)
    found = needs(stocked, draft)
    assert steps(found) == [Step.SUBMIT, Step.REVIEW]
    assert any("rita要求修改（写得再短些）" in need.zh for need in found)


def test_what_breaks_a_promise_needs_a_reason_and_nothing_else(stocked: Engine) -> None:
    draft = approved(stocked, AddMember("M-6"))
    found = needs(stocked, draft)
    assert {need.step for need in found if need.required} == {Step.REASON}
    assert {need.member for need in found if need.step is Step.REASON} == {"M-6"}
    assert ready(found)
    with pytest.raises(Blocked):
        publish_bundle(stocked, seen(draft), Terms(), PAUL)
    publish_bundle(stocked, seen(draft), Terms(override="试点"), PAUL)


def test_an_empty_bundle_must_be_mended(stocked: Engine) -> None:
    draft = edited(stocked, *(RemoveMember(f"M-{n}") for n in (1, 2, 3)))
    found = needs(stocked, draft)
    assert steps(found) == [Step.MEND, Step.SUBMIT, Step.REVIEW]
    assert not ready(found)


def test_a_newer_version_must_be_taken_in_first(stocked: Engine) -> None:
    draft = edited(stocked, CHANGE)
    load(stocked, city(summary="载入的说明", version=2))
    assert steps(needs(stocked, draft))[0] is Step.REBASE


def test_cooperating_departments_are_asked_and_not_waited_for(stocked: Engine) -> None:
    draft = edited(stocked, SetOrder(("M-3", "M-2", "M-1")))
    (advice,) = [need for need in needs(stocked, draft) if need.step is Step.MEMBERS]
    assert (advice.required, "M-3" in advice.zh) == (False, True)
    draft = approve_members(stocked, seen(draft), MembersApproved(("M-3",)), WANG)
    assert Step.MEMBERS not in {need.step for need in needs(stocked, draft)}
