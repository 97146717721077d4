"""Drafts: one a bundle, edited by expected version, nothing lost; submitted and reviewed, on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from registry.access import Actor, Forbidden, Grant, Role
from registry.bundles import Member
from registry.changes.drafting import discard_draft, open_draft, rebase_draft, save_draft
from registry.changes.refusals import (
    NoDraft,
    NothingChanged,
    NotSubmitted,
    SayWhy,
    SecondPerson,
    StaleVersion,
)
from registry.changes.reviewing import (
    MembersApproved,
    Verdict,
    approve_members,
    comment_on_draft,
    review_bundle,
    submit_bundle,
)
from registry.editing.drafts import DraftState, RemarkKind, Seen
from registry.editing.edits import AddMember, MoveMember, NoSuchMember, RemoveMember, SetCondition, SetField
from registry.editing.log import EditKind
from registry.errors import UnknownBundle
from registry.store.connect import reading
from registry.store.drafts import edits_after
from registry.store.tables import audit
from tests.store.editing_city import (
    ADMIN,
    ANN,
    BEN,
    PAUL,
    RITA,
    SUN,
    WANG,
    approved,
    bundle_in,
    city,
    draft_in,
    edited,
    load,
    seen,
)


@pytest.fixture(autouse=True)
def _city(engine: Engine) -> None:
    load(engine, city())


def told(engine: Engine, kind: str = "draft") -> list[tuple[str, str]]:
    """Action and actor of what the log holds of drafts."""
    query = sa.select(audit.c.action, audit.c.actor).where(audit.c.kind == kind).order_by(audit.c.id)
    with reading(engine) as connection:
        return [(row.action, row.actor) for row in connection.execute(query)]


def test_a_draft_is_a_full_copy_of_what_is_published(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    assert (draft.content, draft.based_on, draft.version) == (bundle_in(engine), 1, 1)
    assert draft_in(engine) == draft


def test_who_opens_a_draft_that_there_is_goes_on_with_it_and_is_seen_to(engine: Engine) -> None:
    edited(engine, AddMember("M-5"))
    resumed = open_draft(engine, "B-1", BEN)
    assert [(editor.name, editor.edits) for editor in resumed.editors] == [("ann", 1), ("ben", 0)]
    assert (resumed.version, resumed.content.members[-1]) == (2, Member("M-5"))
    assert told(engine) == [("open", "ann"), ("edit", "ann"), ("resume", "ben")]


def test_an_edit_is_applied_whole_and_logged(engine: Engine) -> None:
    operations = (AddMember("M-5", 1, "双胞胎"), RemoveMember("M-2"), SetField("name", "新名称"))
    draft = edited(engine, *operations)
    assert draft.content.members == (Member("M-5", "双胞胎"), Member("M-1"), Member("M-3"))
    assert (draft.content.name, bundle_in(engine).name) == ("新名称", "B-1一件事")
    with reading(engine) as connection:
        opened, edit = edits_after(connection, "B-1", 0)
    assert (opened.kind, edit.kind, edit.operations, edit.author) == (
        EditKind.OPENED,
        EditKind.EDITED,
        operations,
        "ann",
    )


def test_of_several_operations_one_that_makes_no_sense_leaves_nothing(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    with pytest.raises(NoSuchMember):
        save_draft(engine, seen(draft), (AddMember("M-5"), RemoveMember("M-9")), ANN)
    assert draft_in(engine) == draft
    with pytest.raises(NothingChanged):
        save_draft(engine, seen(draft), (), ANN)


def test_a_stale_edit_is_refused_with_the_current_version_and_what_changed_meanwhile(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    save_draft(engine, seen(draft), (AddMember("M-5"), MoveMember("M-3", 1)), BEN)
    save_draft(engine, Seen("B-1", 2), (SetField("summary", "简介"),), BEN)
    with pytest.raises(StaleVersion) as refused:
        save_draft(engine, seen(draft), (RemoveMember("M-1"),), ANN)
    assert (refused.value.code, refused.value.current) == ("STALE_VERSION", 3)
    assert [zh for zh, _ in refused.value.meanwhile] == [
        "第 2 次（ben）：新增事项“M-5 事项M-5”（末位）；事项“M-3 事项M-3”移到第 1 位",
        "第 3 次（ben）：简介：简介",
    ]
    assert "adds matter “M-5 事项M-5” at the end" in refused.value.en


def test_a_version_seen_of_a_discarded_draft_never_fits_the_next_one(engine: Engine) -> None:
    first = edited(engine, AddMember("M-5"))
    discard_draft(engine, seen(first), ANN)
    assert draft_in(engine) is None
    second = edited(engine, RemoveMember("M-2"))
    assert (first.version, second.opened, second.version) == (2, 3, 4)
    with pytest.raises(StaleVersion):
        save_draft(engine, seen(first), (RemoveMember("M-1"),), ANN)
    with reading(engine) as connection:
        assert [edit.version for edit in edits_after(connection, "B-1", 0)] == [1, 2, 3, 4]


def test_without_a_draft_nothing_can_be_saved_submitted_or_discarded(engine: Engine) -> None:
    none = Seen("B-1", 1)
    for change in (
        lambda: save_draft(engine, none, (AddMember("M-5"),), ANN),
        lambda: submit_bundle(engine, none, None, ANN),
        lambda: discard_draft(engine, none, ANN),
    ):
        with pytest.raises(NoDraft):
            change()
    with pytest.raises(UnknownBundle):
        open_draft(engine, "B-9", ADMIN)


@pytest.mark.parametrize("actor", [SUN, WANG, RITA, PAUL], ids=lambda actor: actor.name)
def test_only_editors_of_the_leading_department_edit(engine: Engine, actor: Actor) -> None:
    draft = open_draft(engine, "B-1", ANN)
    for change in (
        lambda: open_draft(engine, "B-1", actor),
        lambda: save_draft(engine, seen(draft), (AddMember("M-5"),), actor),
        lambda: submit_bundle(engine, seen(draft), None, actor),
        lambda: discard_draft(engine, seen(draft), actor),
    ):
        with pytest.raises(Forbidden):
            change()
    assert draft_in(engine) == draft
    assert told(engine)[1:] == [("refuse", actor.name)] * 4


def test_a_bundle_passes_to_another_department_only_by_who_may_edit_for_both(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    passing = (SetField("lead_department", "WJ"),)
    with pytest.raises(Forbidden):
        save_draft(engine, seen(draft), passing, ANN)
    both = Actor("both", (Grant(Role.EDITOR, frozenset({"GA", "WJ"})),))
    assert save_draft(engine, seen(draft), passing, both).content.lead_department == "WJ"


def test_a_submitted_draft_is_approved_by_a_second_person(engine: Engine) -> None:
    draft = approved(engine, AddMember("M-5"))
    assert (draft.state, draft.approved_by, draft.submitted_by) == (DraftState.APPROVED, "rita", "ann")
    assert draft_in(engine) == draft
    assert [remark.kind for remark in draft.remarks] == [RemarkKind.SUBMITTED, RemarkKind.APPROVED]


@pytest.mark.parametrize("name", ["ann", "ben"])
def test_neither_who_submitted_nor_who_edited_reviews_whatever_their_role(engine: Engine, name: str) -> None:
    edited(engine, AddMember("M-5"), actor=BEN)
    submitted = submit_bundle(engine, seen(draft_in(engine)), None, ANN)
    with pytest.raises(SecondPerson) as refused:
        review_bundle(engine, seen(submitted), Verdict(approve=True), replace(ADMIN, name=name))
    assert refused.value.code == "SECOND_PERSON_NEEDED"
    assert draft_in(engine) == submitted
    assert told(engine)[-1] == ("refuse", name)


def test_who_asks_for_changes_says_which_and_the_draft_can_be_submitted_again(engine: Engine) -> None:
    submitted = submit_bundle(engine, seen(edited(engine, AddMember("M-5"))), "请审", ANN)
    with pytest.raises(SayWhy):
        review_bundle(engine, seen(submitted), Verdict(approve=False, comment="  "), RITA)
    asked = review_bundle(engine, seen(submitted), Verdict(approve=False, comment="顺序不对"), RITA)
    assert (asked.state, asked.remarks[-1].text) == (DraftState.CHANGES_ASKED, "顺序不对")
    assert submit_bundle(engine, seen(asked), None, ANN).state is DraftState.SUBMITTED


def test_an_edit_voids_the_approval(engine: Engine) -> None:
    approved(engine, AddMember("M-5"))
    draft = edited(engine, RemoveMember("M-5"), RemoveMember("M-1"))
    assert (draft.state, draft.approved_by, draft.submitted_by) == (DraftState.OPEN, None, None)


def test_only_what_was_submitted_and_changes_something_is_reviewed(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    with pytest.raises(NothingChanged):
        submit_bundle(engine, seen(draft), None, ANN)
    with pytest.raises(NotSubmitted):
        review_bundle(engine, seen(draft), Verdict(approve=True), RITA)
    submitted = submit_bundle(engine, seen(edited(engine, AddMember("M-5"))), None, ANN)
    with pytest.raises(NotSubmitted):
        submit_bundle(engine, seen(submitted), None, ANN)


def test_a_cooperating_department_comments_and_approves_its_own_members_only(engine: Engine) -> None:
    draft = edited(engine, SetCondition("M-3", "外地户籍"))
    assert comment_on_draft(engine, seen(draft), "可以", WANG).remarks[-1].author == "wang"
    assert approve_members(engine, seen(draft), MembersApproved(("M-3",)), WANG).approved_members == ("M-3",)
    with pytest.raises(Forbidden):
        approve_members(engine, seen(draft), MembersApproved(("M-1",)), WANG)
    for change in (comment_on_draft, approve_members):
        with pytest.raises(Forbidden):
            change(engine, seen(draft), "可以" if change is comment_on_draft else MembersApproved(("M-3",)), SUN)
    with pytest.raises(NoSuchMember):
        approve_members(engine, seen(draft), MembersApproved(("M-5",)), WANG)


def test_an_approval_of_a_member_is_void_once_the_member_is_changed_and_not_before(engine: Engine) -> None:
    draft = edited(engine, SetCondition("M-3", "外地户籍"))
    approve_members(engine, seen(draft), MembersApproved(("M-3",)), WANG)
    assert edited(engine, MoveMember("M-3", 1)).approved_members == ("M-3",)
    assert edited(engine, SetCondition("M-3", None)).approved_members == ()


def test_a_draft_is_carried_over_to_a_version_published_since_and_both_changes_stay(engine: Engine) -> None:
    draft = edited(engine, AddMember("M-5"), SetField("summary", "草稿的"), SetField("name", "草稿的名称"))
    load(engine, city(members=["M-2", "M-1", "M-3"], name="导入的名称", keywords=("词",)))
    carried = rebase_draft(engine, seen(draft), ANN)
    assert [member.matter for member in carried.content.members] == ["M-2", "M-1", "M-3", "M-5"]
    assert (carried.content.keywords, carried.content.summary, carried.content.name) == (
        ("词",),
        "草稿的",
        "草稿的名称",
    )
    assert (carried.based_on, carried.version, carried.content.version) == (2, 3, 2)
    assert "导入的名称 → 草稿的名称" in carried.remarks[-1].text
    assert draft_in(engine) == carried
    with pytest.raises(NothingChanged):
        rebase_draft(engine, seen(carried), ANN)


def test_the_draft_of_a_bundle_that_a_load_took_out_can_only_be_discarded(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    held = city()
    load(engine, replace(held, bundles={"B-2": held.bundles["B-2"]}))
    with pytest.raises(UnknownBundle):
        save_draft(engine, seen(draft), (AddMember("M-5"),), ANN)
    discard_draft(engine, seen(draft), ANN)
    assert draft_in(engine) is None


def test_a_retry_of_an_edit_is_not_another_edit(engine: Engine) -> None:
    draft = open_draft(engine, "B-1", ANN)
    first = save_draft(engine, seen(draft), (AddMember("M-5"),), ANN, idempotency_key="k")
    assert save_draft(engine, seen(draft), (AddMember("M-5"),), ANN, idempotency_key="k") == first
    assert draft_in(engine) == first
