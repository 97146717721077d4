"""What holds of every route and journey, over generated catalogues and wishes."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby, product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.holdings import Holdings
from registry.matters import Offer, offer_order
from registry.routing.journey import Journey, journey
from registry.routing.policy import HANGZHOU
from registry.routing.route import Route, route
from registry.routing.wishes import Wish
from registry.routing.words import Applies, ReasonCode, Standing
from registry.snapshot import Snapshot
from registry.words import Channel, OfferStatus, OnlineDepth
from tests.domain.routing_strategies import moments, regions, snapshots, wishes
from tests.holdings import holdings as any_holdings

generous = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def rank(way: Route, wish: Wish) -> tuple[bool, int]:
    """How good the chosen channel is, best first. A hall that only answers comes after all that can finish."""
    return not way.chosen.can_finish, HANGZHOU.order_for(wish.preference).index(way.chosen.channel)


def is_whole(way: Route) -> None:
    """A route as it must be, whatever was asked."""
    assert tuple(verdict.channel for verdict in way.verdicts) == HANGZHOU.order
    assert [verdict for verdict in way.verdicts if verdict.taken] == [way.chosen]
    assert way.hall.name
    assert way.chosen.can_finish or way.chosen.channel is Channel.HALL
    for verdict in way.verdicts:
        assert (verdict.reason is None) == verdict.taken
        if verdict.reason is not None:
            passed = verdict.reason.code in (ReasonCode.BETTER_CHANNEL, ReasonCode.PREFERS_HALL, ReasonCode.PARTLY)
            assert verdict.standing is (Standing.PASSED_OVER if passed else Standing.IMPOSSIBLE)
        for reason in filter(None, (verdict.reason, *verdict.notes)):
            assert all(reason.text)
            assert reason.remedy is None or all(reason.remedy)
    places = [verdict.place for verdict in way.verdicts if verdict.place]
    for place in places:
        assert not (place.open_now and place.next_opening != place.moment)


@generous
@given(snapshots(), wishes, moments)
def test_there_is_always_a_route_and_a_hall_answer(snapshot: Snapshot, wish: Wish, moment: datetime) -> None:
    for code in snapshot.holdings.matters:
        is_whole(route(snapshot, code, wish, moment))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(any_holdings(), wishes, moments)
def test_there_is_a_route_over_any_holdings_the_registry_could_have(
    holdings: Holdings, wish: Wish, moment: datetime
) -> None:
    snapshot = Snapshot(holdings, 1, None)
    for region in (None, *holdings.regions):
        for code in holdings.matters:
            is_whole(route(snapshot, code, replace(wish, region=region), moment))
        for code in holdings.bundles:
            is_in_order(journey(snapshot, code, replace(wish, region=region), moment))


@generous
@given(snapshots(), wishes, moments)
def test_the_first_channel_that_can_finish_is_taken(snapshot: Snapshot, wish: Wish, moment: datetime) -> None:
    for code in snapshot.holdings.matters:
        way = route(snapshot, code, wish, moment)
        able = {verdict.channel for verdict in way.verdicts if verdict.can_finish}
        order = HANGZHOU.order_for(wish.preference)
        assert way.chosen.channel is next((channel for channel in order if channel in able), Channel.HALL)


@generous
@given(snapshots(), wishes, moments, st.sampled_from(Channel), regions)
def test_an_available_offer_more_never_worsens_a_route(
    snapshot: Snapshot, wish: Wish, moment: datetime, channel: Channel, region: str
) -> None:
    held = snapshot.holdings
    more = Offer(channel, region, OfferStatus.AVAILABLE, depth=OnlineDepth.WHOLE)
    for code, matter in held.matters.items():
        kept = [offer for offer in matter.offers if offer.key != more.key]
        richer = replace(matter, offers=tuple(sorted([*kept, more], key=offer_order)))
        if len(kept) < len(matter.offers):
            continue
        after = Snapshot(replace(held, matters={**held.matters, code: richer}), 1, None)
        assert rank(route(after, code, wish, moment), wish) <= rank(route(snapshot, code, wish, moment), wish)


@generous
@given(snapshots(), wishes, moments, st.randoms(use_true_random=False))
def test_the_order_of_input_rows_changes_nothing(snapshot: Snapshot, wish: Wish, moment: datetime, dice: Any) -> None:
    def shuffled(records: Any) -> dict[str, Any]:
        return dict(dice.sample(list(records.items()), len(records)))

    held = snapshot.holdings
    mixed = {
        code: replace(matter, offers=tuple(dice.sample(matter.offers, len(matter.offers))))
        for code, matter in shuffled(held.matters).items()
    }
    kinds = (held.regions, held.departments, held.places, mixed, held.bundles, held.closures, held.links)
    other = Snapshot(Holdings(*map(shuffled, kinds)), 1, None)
    for code in held.matters:
        assert route(snapshot, code, wish, moment).verdicts == route(other, code, wish, moment).verdicts
    ours, theirs = (journey(each, "B", wish, moment) for each in (snapshot, other))
    assert (ours.whole, ours.together, ours.one_by_one) == (theirs.whole, theirs.together, theirs.one_by_one)
    assert [(leg.channel, leg.place) for leg in ours.legs] == [(leg.channel, leg.place) for leg in theirs.legs]


@generous
@given(snapshots(), wishes, moments)
def test_the_zone_in_which_one_asks_changes_nothing(snapshot: Snapshot, wish: Wish, moment: datetime) -> None:
    for code in snapshot.holdings.matters:
        assert route(snapshot, code, wish, moment) == route(snapshot, code, wish, moment.astimezone(UTC))


def counted(found: Journey) -> list[Any]:
    return [member for member in found.members if member.applies is not Applies.NO]


def is_in_order(found: Journey) -> None:
    """Legs cover the living members that count once each, in order, no two in a row on one channel."""
    living = [member for member in counted(found) if member.route is not None]
    assert [member for leg in found.legs for member in leg.members] == living
    channels = [leg.channel for leg in found.legs]
    assert channels == [channel for channel, _ in groupby(channels)]
    assert found.together.visits == sum(channel in HANGZHOU.on_site for channel in channels)
    assert all(leg.place for leg in found.legs if leg.channel is Channel.HALL)
    known = (found.together.materials, found.one_by_one.materials)
    assert (known[0] is None) == (known[1] is None)
    assert known[0] is None or known[0] <= known[1]


@generous
@given(snapshots(), wishes, moments)
def test_a_bundle_is_possible_on_a_channel_iff_all_its_applicable_members_are(
    snapshot: Snapshot, wish: Wish, moment: datetime
) -> None:
    found = journey(snapshot, "B", wish, moment)
    is_in_order(found)
    assert [whole.channel for whole in found.whole] == list(HANGZHOU.order)
    for rank_, whole in enumerate(found.whole):
        unable = {m.code for m in counted(found) if m.route is None or not m.route.verdicts[rank_].can_finish}
        assert {blocked.matter for blocked in whole.blocked_by} == unable
        assert whole.possible is not bool(unable)


@generous
@given(snapshots(), wishes, moments, st.booleans())
def test_no_other_journey_is_better_than_the_legs(
    snapshot: Snapshot, wish: Wish, moment: datetime, single: bool
) -> None:
    policy = replace(HANGZHOU, single_channel_first=single)
    found = journey(snapshot, "B", wish, moment, policy)
    order = policy.order_for(wish.preference)
    able = [
        [verdict.channel for verdict in member.route.verdicts if verdict.can_finish] or [Channel.HALL]
        for member in counted(found)
        if member.route is not None
    ]
    ways = [way for way in product(*able) if not single or len(set(way)) == 1] or list(product(*able))

    def cost(way: tuple[Channel, ...]) -> tuple[int, int, list[int]]:
        legs = [channel for channel, _ in groupby(way)]
        ranks = [order.index(channel) for channel in way]
        if len(legs) <= 1 and single:
            return (0, 0, ranks)  # one channel that carries all: the best in order, whatever its visits
        return (sum(channel in policy.on_site for channel in legs), len(legs) - 1, ranks)

    taken = tuple(leg.channel for leg in found.legs for _ in leg.members)
    assert cost(taken) == min(map(cost, ways))
    if order == policy.order:
        singles = [way for way in product(*able) if len(set(way)) == 1]
        visits = [sum(channel in policy.on_site for channel, _ in groupby(way)) for way in singles]
        assert found.together.visits is not None
        assert all(found.together.visits <= each for each in visits)
