"""Generated catalogues, wishes and moments that routing is tried on."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from registry.bundles import Bundle, Member
from registry.closures import Closure
from registry.holdings import Holdings
from registry.hours import parse_hours
from registry.matters import Material, Matter, Offer, TimeLimit, offer_order
from registry.opening import CITY_ZONE
from registry.places import Place
from registry.routing.wishes import Wish
from registry.routing.words import Device, Preference
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
