"""What holds of every route and journey, over generated catalogues and wishes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.bundles import Bundle, Member
from registry.closures import Closure
from registry.holdings import Holdings
from registry.hours import parse_hours
from registry.matters import Material, Matter, Offer, TimeLimit, offer_order
from registry.opening import CITY_ZONE
from registry.places import Place
from registry.routing.journey import Journey, journey
from registry.routing.policy import HANGZHOU
from registry.routing.route import Route, route
from registry.routing.wishes import Wish
from registry.routing.words import Applies, Device, Preference, ReasonCode, Standing
from registry.snapshot import Snapshot
from registry.words import (
    Channel,
    HandlingArea,
    LimitUnit,
    LoginLevel,
    MatterState,
    OfferStatus,
    OnlineDepth,
    PlaceKind,
    ServiceObject,
)
from tests.domain import routing_city as city
from tests.holdings import holdings as any_holdings

FIRST = date(2020, 9, 20)
days = st.integers(0, 30).map(lambda number: FIRST + timedelta(days=number))
moments = st.datetimes(datetime(2020, 9, 20), datetime(2020, 10, 20)).map(lambda at: at.replace(tzinfo=CITY_ZONE))
regions = st.sampled_from(list(city.REGIONS))
hours = st.sampled_from([None, "24/7", "Mo-Fr 08:30-12:00,13:30-17:00; PH off", "Mo-Su 07:00-21:00"]).map(
    lambda text: text and parse_hours(text)
)


def maybe(values: Any) -> Any:
    return st.none() | values


@st.composite
def places(draw: Any) -> Place:
    at = draw(maybe(st.tuples(st.floats(119, 121), st.floats(29, 31)))) or (None, None)
    return Place(
        code=draw(st.sampled_from("ABCDEFGH")), name="处", kind=draw(st.sampled_from(PlaceKind)), region=draw(regions),
        longitude=at[0], latitude=at[1], hours=draw(hours), departments=draw(st.sampled_from([(), (), ("MZ",), ("GA",)])),
    )  # fmt: skip


likely = st.sampled_from([OfferStatus.AVAILABLE] * 6 + list(OfferStatus))
offers = st.builds(
    Offer, st.sampled_from(Channel), st.just("330100") | regions, likely, maybe(st.sampled_from("ABCDEFGHI")),
    st.sampled_from([None, "https://new.example/", "https://new.example/", city.BROKEN_URL]),
    maybe(st.sampled_from(LoginLevel)), st.sampled_from([None, OnlineDepth.WHOLE, OnlineDepth.WHOLE, *OnlineDepth]),
    st.none() | hours, st.none() | st.none() | days, st.none() | st.none() | days, st.none() | st.just("因"),
)  # fmt: skip
materials = maybe(st.lists(st.sampled_from("证照表单").map(Material), max_size=3).map(tuple))
limits = maybe(st.integers(0, 20).map(lambda amount: TimeLimit(amount, LimitUnit.WORKING_DAY)))


@st.composite
def matters(draw: Any, code: str) -> Matter:
    held = draw(st.lists(offers, max_size=6, unique_by=lambda offer: offer.key))
    return Matter(
        code, code, draw(st.sampled_from(["MZ", "GA", "无"])), visits=draw(st.sampled_from([None, 0, 0, 1])),
        service_objects=draw(st.sampled_from([(), (ServiceObject.PERSON,), (ServiceObject.ENTERPRISE,)])),
        state=draw(st.sampled_from([MatterState.IN_USE] * 6 + list(MatterState))),
        handling_area=draw(maybe(st.sampled_from(HandlingArea))), materials=draw(materials),
        promised_limit=draw(limits), effective_from=draw(st.none() | st.none() | days),
        effective_to=draw(st.none() | st.none() | days), offers=tuple(sorted(held, key=offer_order)),
    )  # fmt: skip


closures = st.builds(
    Closure, st.sampled_from("abc"), st.just("停"), moments, maybe(moments), maybe(st.sampled_from(Channel)),
    maybe(st.sampled_from("ABCD")), maybe(st.sampled_from("123")), maybe(regions),
).filter(lambda closure: closure.channel or closure.place or closure.matter)  # fmt: skip
wishes = st.builds(
    Wish, maybe(st.sampled_from(Device)), maybe(regions), maybe(st.sampled_from(ServiceObject)),
    maybe(st.sampled_from(LoginLevel)), maybe(st.tuples(st.floats(119, 121), st.floats(29, 31))),
    maybe(st.sampled_from(Preference)), st.dictionaries(st.sampled_from("1234"), st.booleans()),
)  # fmt: skip


@st.composite
def snapshots(draw: Any) -> Snapshot:
    held = {code: draw(matters(code)) for code in draw(st.sets(st.sampled_from("123"), min_size=1))}
    members = draw(st.lists(st.sampled_from("1234"), unique=True, max_size=4))
    conditions = st.sampled_from([None, None, "若有"])
    bundle = Bundle("B", "B", "MZ", members=tuple(Member(code, draw(conditions)) for code in members))
    placed = {place.code: place for place in draw(st.lists(places(), max_size=6))}
    closed = {closure.code: closure for closure in draw(st.lists(closures, max_size=2))}
    links = city.city([]).holdings.links
    return Snapshot(Holdings(city.REGIONS, city.DEPARTMENTS, placed, held, {"B": bundle}, closed, links), 1, None)


generous = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
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
