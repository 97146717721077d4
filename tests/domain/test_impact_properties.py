"""What holds of every impact, over generated catalogues and edits."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.bundles import Bundle, Effort, Member
from registry.impact.channels import ChannelChange, Here, Standing
from registry.impact.impact import Impact, impact
from registry.impact.moves import OF_BUNDLES, OF_MATTERS, Move
from registry.impact.offers import offers_impact
from registry.impact.policy import HANGZHOU
from registry.impact.report import report
from registry.impact.words import TURNED, Turn
from registry.matters import Matter
from registry.rates.question import Question
from registry.rates.reckon import reckon
from registry.routing.journey import Journey, journey
from registry.routing.members import whole_on
from registry.routing.wishes import Wish
from registry.snapshot import Snapshot
from registry.words import BundleForm, Channel
from tests.domain.routing_strategies import limits, matters, maybe, moments, snapshots

MIRROR = {Turn.GAINED: Turn.LOST, Turn.LOST: Turn.GAINED}
numbers = maybe(st.integers(0, 3))
efforts = st.builds(Effort, numbers, numbers, numbers, numbers)
generous = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def bundles(draw: Any, codes: str = "1234", least: int = 0) -> Bundle:
    members = draw(st.lists(st.sampled_from(codes), unique=True, max_size=4, min_size=least))
    conditions = st.sampled_from([None, None, "若有"])
    return Bundle(
        "B", "B", "MZ", forms=tuple(draw(st.lists(st.sampled_from(BundleForm), unique=True))),
        promised_limit=draw(limits), before=draw(efforts), after=draw(efforts),
        members=tuple(Member(code, draw(conditions)) for code in members),
    )  # fmt: skip


def holding(snapshot: Snapshot, *bundles: Bundle, **news: Matter) -> Snapshot:
    """The snapshot rebuilt from scratch, with these bundles and matters in the place of those of their codes."""
    held = snapshot.holdings
    of_bundles = {**held.bundles, **{bundle.code: bundle for bundle in bundles}}
    return Snapshot(replace(held, bundles=of_bundles, matters={**held.matters, **news}), 1, None)


def districts(snapshot: Snapshot, day: date) -> list[str]:
    return [
        region.code
        for region in snapshot.holdings.regions.values()
        if region.parent and (region.valid_to is None or day <= region.valid_to)
    ]


def travelled(snapshot: Snapshot, moment: datetime, region: str | None) -> Journey:
    return journey(snapshot, "B", Wish(region=region), moment, HANGZHOU.routing)


def here(change: ChannelChange, region: str | None) -> Here | None:
    """What is said of a region; None where it is the same as of the city."""
    return next((each for each in change.everywhere if region in {one.code for one in each.regions}), None)


def obstacles(found: Iterable[Any]) -> list[Any]:
    return [(one.matter, one.reason.code) for one in found]


def stands_as(standing: Standing, way: Journey, channel: Channel) -> None:
    whole = next(each for each in way.whole if each.channel is channel)
    assert obstacles(standing.blocked_by) == obstacles(whole.blocked_by)
    assert standing.possible is (whole.possible and bool(way.bundle.members))


def rates(snapshot: Snapshot, day: date) -> dict[str, Fraction | None]:
    names = tuple(rate.name for rate in (*OF_BUNDLES, *OF_MATTERS))
    answers = reckon(Question(names, on=day), [], snapshot.holdings).totals.answers
    return {name: each.value for name, each in answers.items()}


def moved_as(moves: Iterable[Move], before: Snapshot, after: Snapshot, day: date) -> None:
    """All rates that differ between two snapshots, and no others."""
    old, new = rates(before, day), rates(after, day)
    found = {move.rate.name: (move.before.value, move.after.value) for move in moves if move.bundle is None}
    assert found == {name: (old[name], new[name]) for name in old if old[name] != new[name]}


@generous
@given(snapshots(), bundles(), moments)
def test_what_doesnt_change_has_no_impact(snapshot: Snapshot, bundle: Bundle, moment: datetime) -> None:
    found = impact(holding(snapshot, bundle), bundle, moment)
    assert found.nothing
    assert found.moves == ()
    assert report(found)[0].zh == "没有影响"


@generous
@given(snapshots(), bundles(), bundles(), moments)
def test_an_impact_is_the_difference_of_the_journeys_before_and_after(
    snapshot: Snapshot, old: Bundle, new: Bundle, moment: datetime
) -> None:
    before, after = holding(snapshot, old), holding(snapshot, new)
    found = impact(before, new, moment)
    for region in (None, *districts(snapshot, found.moment.date())):
        ways = [travelled(each, moment, region) for each in (before, after)]
        for change in found.channels:
            said = here(change, region) if region else change.city
            if said is not None:
                stands_as(said.before, ways[0], change.channel)
                stands_as(said.after, ways[1], change.channel)
            possible = [whole_on(change.channel, way.members, found.moment.date()).possible for way in ways]
            turn = (said or change.city).turn
            assert (turn in (Turn.KEPT, Turn.LOST)) is (possible[0] and bool(old.members))
            assert (turn in (Turn.KEPT, Turn.GAINED)) is (possible[1] and bool(new.members))
    whole = travelled(after, moment, None)
    sums = [(each.together.after, each.one_by_one.after) for each in found.figures]
    if new.members:
        assert [sums[0], sums[1], sums[3]] == [
            (whole.together.visits, whole.one_by_one.visits),
            (whole.together.materials, whole.one_by_one.materials),
            (whole.together.working_days, whole.one_by_one.working_days),
        ]
    moved_as(found.moves, before, after, found.moment.date())


@generous
@given(snapshots(), bundles(), bundles(), moments)
def test_the_way_back_gives_what_the_way_there_takes(
    snapshot: Snapshot, old: Bundle, new: Bundle, moment: datetime
) -> None:
    there, back = impact(holding(snapshot, old), new, moment), impact(holding(snapshot, new), old, moment)
    for one, other in zip(there.channels, back.channels, strict=True):
        assert turns(other) == {(key, MIRROR.get(turn, turn)) for key, turn in turns(one)}
    for one, other in zip(there.figures, back.figures, strict=True):
        assert one.together == replace(other.together, before=other.together.after, after=other.together.before)
    assert there.nothing or not back.nothing or there.members.twice
    assert [(move.before, move.after) for move in there.moves if not move.bundle] == [
        (move.after, move.before) for move in back.moves if not move.bundle
    ]
    assert there.members.added == tuple(code for code in back.members.removed)


def turns(change: ChannelChange) -> set[tuple[frozenset[str], Turn]]:
    groups: dict[Turn, frozenset[str]] = {}
    for each in change.districts:
        groups[each.turn] = groups.get(each.turn, frozenset()) | {region.code for region in each.regions}
    return {(frozenset(), change.turn), *((codes, turn) for turn, codes in groups.items())}


@generous
@given(snapshots(), bundles(), bundles(), moments)
def test_blockers_name_members_and_a_promise_breaks_iff_it_is_made_and_not_kept_any_more(
    snapshot: Snapshot, old: Bundle, new: Bundle, moment: datetime
) -> None:
    found = impact(holding(snapshot, old), new, moment)
    codes = {member.matter for member in new.members}
    assert {each.member for each in found.blockers if each.member is not None} <= codes
    lost = any(each.turn is Turn.LOST for promise in found.promises for each in promise.everywhere)
    unknown = set(found.members.unknown)
    blamed = {
        one.matter
        for promise in found.promises
        for each in promise.everywhere
        if each.turn is Turn.LOST
        for one in each.after.blocked_by
    }
    named = {each.member for each in found.blockers if each.code == "PROMISE_BROKEN" and not each.already}
    assert named == blamed - unknown
    assert lost or not named
    for blocker in found.blockers:
        assert blocker.zh
        assert blocker.en
    assert_whole(found)


def assert_whole(found: Impact) -> None:
    for text in report(found):
        assert text.zh
        assert text.en
        assert not set("{}[]") & set(text.zh.partition("]")[2] + text.en.partition("]")[2])


@generous
@given(snapshots(), bundles(codes="123", least=1), moments, st.data())
def test_a_change_of_offers_is_the_difference_of_the_journeys_before_and_after(
    snapshot: Snapshot, bundle: Bundle, moment: datetime, data: Any
) -> None:
    before = holding(snapshot, bundle)
    code = data.draw(st.sampled_from(sorted(snapshot.holdings.matters)))
    was = snapshot.holdings.matters[code]
    new = replace(was, offers=data.draw(matters(code)).offers)
    after = holding(snapshot, bundle, **{code: new})
    found = offers_impact(before, [new], moment)
    touched = {each.bundle.code: each for each in found.bundles}
    for region in (None, *districts(snapshot, found.moment.date())):
        ways = [travelled(each, moment, region) for each in (before, after)]
        for number, channel in enumerate(HANGZHOU.routing.order):
            possible = [way.whole[number].possible for way in ways]
            turn = Turn.KEPT if possible[0] else Turn.STILL_NOT
            if possible[0] is not possible[1]:
                turn = Turn.LOST if possible[0] else Turn.GAINED
            if "B" in touched:
                change = touched["B"].channels[number]
                said = here(change, region) if region else change.city
                assert (said or change.city).turn is turn
            else:
                assert turn not in TURNED, channel
    moved_as(found.moves, before, after, found.moment.date())
    assert offers_impact(before, [was], moment).nothing
