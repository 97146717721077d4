"""What an editor does to a draft, and what is said of it: pure, and nothing put right silently."""

from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles import Bundle, Effort, Member
from registry.editing.differences import FIELDS, DifferenceKind, differences
from registry.editing.editable import BadValue
from registry.editing.edits import (
    MEMBERS_MAX,
    AddMember,
    BadOrder,
    BadPosition,
    DuplicateMember,
    Known,
    MoveMember,
    NoSuchMember,
    Operation,
    RemoveMember,
    SetCondition,
    SetField,
    SetOrder,
    UnknownMember,
    apply,
    apply_all,
    named_by,
    said_of,
)
from registry.editing.log import read_operations, written
from registry.editing.rebasing import rebased
from registry.errors import RegistryError
from registry.matters import TimeLimit
from registry.words import Audience, BundleForm, LifeStage, LimitUnit, MatterState
from tests.make import make_bundle

MATTERS = [f"M-{n}" for n in range(1, 8)]
KNOWN = Known(MATTERS, ("GA", "WJ"))
BUNDLE = make_bundle("B-1", ["M-1", Member("M-2", "双胞胎"), "M-3"])


def matters(bundle: Bundle) -> list[str]:
    return [member.matter for member in bundle.members]


@pytest.mark.parametrize(
    ("operation", "order"),
    [
        (AddMember("M-4"), ["M-1", "M-2", "M-3", "M-4"]),
        (AddMember("M-4", 1), ["M-4", "M-1", "M-2", "M-3"]),
        (AddMember("M-4", 4), ["M-1", "M-2", "M-3", "M-4"]),
        (RemoveMember("M-2"), ["M-1", "M-3"]),
        (MoveMember("M-1", 3), ["M-2", "M-3", "M-1"]),
        (MoveMember("M-3", 1), ["M-3", "M-1", "M-2"]),
        (MoveMember("M-2", 2), ["M-1", "M-2", "M-3"]),
        (SetOrder(("M-3", "M-2", "M-1")), ["M-3", "M-2", "M-1"]),
    ],
)
def test_members_stand_where_they_were_put(operation: Operation, order: list[str]) -> None:
    assert matters(apply(BUNDLE, operation, KNOWN)) == order


def test_a_member_keeps_its_condition_wherever_it_goes() -> None:
    for operation in (MoveMember("M-2", 1), SetOrder(("M-3", "M-2", "M-1"))):
        assert Member("M-2", "双胞胎") in apply(BUNDLE, operation, KNOWN).members


def test_a_condition_is_set_and_taken_back() -> None:
    assert apply(BUNDLE, SetCondition("M-1", " 外地户籍 "), KNOWN).members[0] == Member("M-1", "外地户籍")
    assert apply(BUNDLE, SetCondition("M-2", "  "), KNOWN).members[1] == Member("M-2")


@pytest.mark.parametrize(
    ("operation", "refusal", "code"),
    [
        (AddMember("M-9"), UnknownMember, "UNKNOWN_MATTER"),
        (AddMember("M-1"), DuplicateMember, "DUPLICATE_MEMBER"),
        (AddMember("M-4", 0), BadPosition, "BAD_POSITION"),
        (AddMember("M-4", 5), BadPosition, "BAD_POSITION"),
        (RemoveMember("M-4"), NoSuchMember, "NO_SUCH_MEMBER"),
        (MoveMember("M-4", 1), NoSuchMember, "NO_SUCH_MEMBER"),
        (MoveMember("M-1", 4), BadPosition, "BAD_POSITION"),
        (SetCondition("M-4", None), NoSuchMember, "NO_SUCH_MEMBER"),
        (SetOrder(("M-1", "M-2")), BadOrder, "BAD_ORDER"),
        (SetOrder(("M-1", "M-2", "M-3", "M-3")), BadOrder, "BAD_ORDER"),
        (SetOrder(("M-1", "M-2", "M-4")), BadOrder, "BAD_ORDER"),
        (SetField("code", "B-2"), BadValue, "BAD_VALUE"),
        (SetField("version", 7), BadValue, "BAD_VALUE"),
        (SetField("name", " "), BadValue, "BAD_VALUE"),
        (SetField("name", 7), BadValue, "BAD_VALUE"),
        (SetField("summary", "a\x00b"), BadValue, "BAD_VALUE"),
        (SetField("summary", "字" * 4001), BadValue, "BAD_VALUE"),
        (SetField("lead_department", "SB"), BadValue, "BAD_VALUE"),
        (SetField("lead_department", None), BadValue, "BAD_VALUE"),
        (SetField("cooperating_departments", ("WJ", "SB")), BadValue, "BAD_VALUE"),
        (SetField("promised_limit", TimeLimit(-1, LimitUnit.DAY)), BadValue, "BAD_VALUE"),
        (SetField("before", Effort(steps=1_000_001)), BadValue, "BAD_VALUE"),
        (SetField("before", None), BadValue, "BAD_VALUE"),
        (SetField("forms", ("网上办",)), BadValue, "BAD_VALUE"),
        (SetField("forms", "网上办"), BadValue, "BAD_VALUE"),
        (SetField("audience", LifeStage.BIRTH), BadValue, "BAD_VALUE"),
        (SetField("state", None), BadValue, "BAD_VALUE"),
        (SetField("keywords", tuple(map(str, range(101)))), BadValue, "BAD_VALUE"),
        (SetField("effective_from", "2020-01-01"), BadValue, "BAD_VALUE"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_code(operation: Operation, refusal: type, code: str) -> None:
    with pytest.raises(refusal) as refused:
        apply(BUNDLE, operation, KNOWN)
    assert refused.value.code == code


def test_a_bundle_has_an_end_to_its_members_and_its_days() -> None:
    full = replace(BUNDLE, members=tuple(Member(str(n)) for n in range(MEMBERS_MAX)))
    with pytest.raises(BadValue):
        apply(full, AddMember("M-1"), KNOWN)
    days = (SetField("effective_from", date(2021, 1, 2)), SetField("effective_to", date(2021, 1, 1)))
    with pytest.raises(BadValue):
        apply_all(BUNDLE, days, KNOWN)


def test_fields_are_kept_as_files_can_carry_them() -> None:
    texts = apply(BUNDLE, SetField("summary", " 一\r\n二 "), KNOWN)
    lists = apply(BUNDLE, SetField("keywords", ["生孩子", " ", "生孩子", "出生证 "]), KNOWN)
    assert (texts.summary, lists.keywords) == ("一\n二", ("生孩子", "出生证"))
    assert apply(texts, SetField("summary", None), KNOWN).summary is None


VALUES: dict[str, Any] = {
    "name": st.sampled_from(["甲", "乙"]),
    "name_en": st.sampled_from(["One", None]),
    "summary": st.sampled_from(["简介", None]),
    "lead_department": st.sampled_from(["GA", "WJ"]),
    "cooperating_departments": st.sampled_from([(), ("WJ",), ("WJ", "GA")]),
    "audience": st.sampled_from([*Audience, None]),
    "life_stages": st.sampled_from([(), (LifeStage.BIRTH,)]),
    "promised_limit": st.sampled_from([None, TimeLimit(0, LimitUnit.DAY), TimeLimit(3, LimitUnit.WORKING_DAY)]),
    "forms": st.sampled_from([(), tuple(BundleForm)]),
    "before": st.sampled_from([Effort(), Effort(steps=3, days=0)]),
    "after": st.sampled_from([Effort(), Effort(1, 2, 3, 4)]),
    "keywords": st.sampled_from([(), ("词",)]),
    "batch": st.sampled_from(["第一批", None]),
    "state": st.sampled_from(MatterState),
    "effective_from": st.sampled_from([None, date(2020, 1, 1)]),
    "effective_to": st.sampled_from([None, date(2021, 1, 1)]),
}
some_matter = st.sampled_from(MATTERS)
conditions = st.sampled_from([None, "双胞胎", "外地户籍"])
operations = st.one_of(
    st.builds(AddMember, some_matter, st.none() | st.integers(1, 8), conditions),
    st.builds(RemoveMember, some_matter),
    st.builds(MoveMember, some_matter, st.integers(1, 8)),
    st.builds(SetOrder, st.permutations(MATTERS[:4]).map(tuple)),
    st.builds(SetCondition, some_matter, conditions),
    *(st.builds(SetField, st.just(field), values) for field, values in VALUES.items()),
)


def after(bundle: Bundle, wanted: list[Operation]) -> tuple[Bundle, list[Operation]]:
    """The bundle after those of the operations that make sense, and these."""
    done = []
    for operation in wanted:
        try:
            bundle = apply(bundle, operation, KNOWN)
        except RegistryError:
            continue
        done.append(operation)
    return bundle, done


edits = st.lists(operations, max_size=6)


@settings(max_examples=150, deadline=None)
@given(wanted=edits)
def test_members_are_never_there_twice_and_the_difference_is_empty_for_equals_only(wanted: list[Operation]) -> None:
    edited, _ = after(BUNDLE, wanted)
    assert len(set(matters(edited))) == len(edited.members)
    found = differences(BUNDLE, edited, {})
    assert (found == ()) is (edited == BUNDLE)
    named = {each.subject for each in found if each.of_member}
    assert {m for m in MATTERS if (m in matters(BUNDLE)) is not (m in matters(edited))} <= named
    assert {each.subject for each in found if not each.of_member} == {
        field for field in FIELDS if getattr(edited, field) != getattr(BUNDLE, field)
    }


@settings(max_examples=100, deadline=None)
@given(wanted=edits)
def test_every_edit_can_be_written_down_read_back_and_said(wanted: list[Operation]) -> None:
    assert read_operations(orjson.loads(orjson.dumps(written(wanted)))) == tuple(wanted)
    assert all(all(said_of(operation, {"M-1": "事项一"})) for operation in wanted)
    named = named_by(wanted)
    assert apply_or_refusal(
        wanted, Known(set(MATTERS) & set(named.matters), set(named.departments))
    ) == apply_or_refusal(wanted, KNOWN)


def apply_or_refusal(wanted: list[Operation], known: Known) -> Bundle | str:
    try:
        return apply_all(BUNDLE, wanted, known)
    except RegistryError as refused:
        return refused.code


def test_what_moved_is_named_and_not_all_that_moved_up_for_it() -> None:
    found = differences(BUNDLE, apply(BUNDLE, MoveMember("M-3", 1), KNOWN), {"M-3": "事项三"})
    assert [(each.kind, each.zh) for each in found] == [
        (DifferenceKind.MOVED, "事项“M-3 事项三”由第 3 位移到第 1 位"),
    ]


def test_differences_are_said_in_both_languages() -> None:
    wanted = (
        RemoveMember("M-1"), AddMember("M-4", 1), SetCondition("M-2", None),
        SetField("promised_limit", TimeLimit(0, LimitUnit.WORKING_DAY)), SetField("forms", (BundleForm.ONLINE,)),
        SetField("after", Effort(visits=0)), SetField("lead_department", "WJ"),
    )  # fmt: skip
    found = differences(BUNDLE, apply_all(BUNDLE, wanted, KNOWN), {"WJ": "卫健委", "GA": "公安局"})
    assert [each.zh for each in found] == [
        "移除事项“M-1”", "新增事项“M-4”（第 1 位）", "事项“M-2”不再限定适用对象",
        "牵头单位：GA 公安局 → WJ 卫健委", "承诺时限：未知 → 即办", "办理承诺：无 → 网上办", "改革后：未知 → 0次到场",
    ]  # fmt: skip
    assert found[4].en == "promised limit: unknown → on the spot"


@settings(max_examples=150, deadline=None)
@given(mine=edits, theirs=edits)
def test_carrying_over_keeps_both_changes(mine: list[Operation], theirs: list[Operation]) -> None:
    draft, published = after(BUNDLE, mine)[0], after(BUNDLE, theirs)[0]
    carried = rebased(BUNDLE, draft, published, {}).content
    for field in FIELDS:
        was, here, there = (getattr(side, field) for side in (BUNDLE, draft, published))
        assert getattr(carried, field) == (here if here != was else there)
    was, here, there = (set(matters(side)) for side in (BUNDLE, draft, published))
    assert set(matters(carried)) == (here | there) - (was - here) - (was - there)
    assert len(set(matters(carried))) == len(carried.members)


@settings(max_examples=100, deadline=None)
@given(wanted=edits)
def test_carrying_over_what_one_side_left_alone_gives_the_other(wanted: list[Operation]) -> None:
    edited, _ = after(BUNDLE, wanted)
    for mine, theirs in ((edited, BUNDLE), (BUNDLE, edited), (edited, edited)):
        assert rebased(BUNDLE, mine, theirs, {}).content == edited
        assert rebased(BUNDLE, mine, theirs, {}).conflicts == ()


def test_a_conflict_keeps_the_drafts_value_and_tells_the_others() -> None:
    mine = apply_all(BUNDLE, (SetField("name", "甲"), SetCondition("M-1", "甲"), SetCondition("M-3", "甲")), KNOWN)
    theirs = apply_all(BUNDLE, (SetField("name", "乙"), SetCondition("M-1", "乙"), RemoveMember("M-3")), KNOWN)
    carried = rebased(BUNDLE, mine, theirs, {})
    assert (carried.content.name, carried.content.members) == ("甲", (Member("M-1", "甲"), Member("M-2", "双胞胎")))
    assert [zh for zh, _ in carried.conflicts] == [
        "名称：乙 → 甲", "事项“M-1”适用于：甲", "事项“M-3”已被移除，对它的修改不再适用",
    ]  # fmt: skip
