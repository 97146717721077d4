"""Routes and journeys over GraphQL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from registry.snapshot import Snapshot
from registry.words import Channel
from schema.transport import GraphQLTransport
from tests.schema.asking import get, post
from tests.schema.test_public import transport_over

ROUTE = """query ($matter: String!, $wish: WishInput, $at: DateTime) { route(matter: $matter, wish: $wish, at: $at) {
  chosen { channel url reason { code } } verdicts { channel taken standing reason { code text textEn } remedy remedyEn }
  place { name known openNow nextOpening } hall { name telephone } begin documents { name } } }"""
JOURNEY = """query ($bundle: String!, $wish: WishInput, $at: DateTime) { journey(bundle: $bundle, wish: $wish, at: $at) {
  whole { channel possible blockedBy { code matter { code name } reason { code text } } }
  legs { channel members { matter { code } } place { name } }
  members { position code applies } branches { code }
  totals { together { visits materials workingDays } oneByOne { visits materials workingDays } } } }"""
THURSDAY = "2020-10-15T10:00"
MATTER, BUNDLE = "HZ-GA-036", "HZ-YJS-01"


@pytest.fixture(scope="module")
def app(reference: Snapshot) -> GraphQLTransport:
    return transport_over(reference)


def asked(app: GraphQLTransport, query: str, **variables: Any) -> Any:
    answer = post(app, query, variables=variables).json()
    assert "errors" not in answer, answer
    return next(iter(answer["data"].values()))


def test_a_matter_is_routed_to_the_mobile_first_and_the_others_say_why_not(app: GraphQLTransport) -> None:
    route = asked(app, ROUTE, matter=MATTER, at=THURSDAY)
    assert route["chosen"]["channel"] == "MOBILE"
    assert [verdict["channel"] for verdict in route["verdicts"]] == [channel.name for channel in Channel]
    assert [verdict["taken"] for verdict in route["verdicts"]] == [True, False, False, False]
    assert all(verdict["reason"]["text"] and verdict["reason"]["textEn"] for verdict in route["verdicts"][1:])


def test_whoever_wants_help_is_sent_to_the_hall_with_its_hours(app: GraphQLTransport) -> None:
    wish = {"preference": "ELDERLY", "region": "330106"}
    route = asked(app, ROUTE, matter=MATTER, wish=wish, at="2020-10-03T10:00")
    assert route["chosen"]["channel"] == "HALL"
    assert route["place"]["name"] == "西湖区公安办证中心"
    assert (route["place"]["openNow"], route["place"]["nextOpening"]) == (False, "2020-10-09T08:30:00+08:00")


def test_a_moment_without_a_zone_is_the_citys(app: GraphQLTransport) -> None:
    here, there = (asked(app, ROUTE, matter=MATTER, at=at) for at in ("2020-10-15T10:00", "2020-10-15T02:00Z"))
    assert here == there


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (ROUTE, {"matter": "nothing"}),
        (JOURNEY, {"bundle": "nothing"}),
        (ROUTE, {"matter": MATTER, "wish": {"region": "999999"}}),
        (ROUTE, {"matter": MATTER, "wish": {"position": {"longitude": 500.0, "latitude": 0.0}}}),
        (ROUTE, {"matter": MATTER, "at": "9999-12-31T23:59:59Z"}),
        (ROUTE, {"matter": MATTER, "at": "0001-01-01T00:00:00+14:00"}),
        (ROUTE, {"matter": MATTER, "at": "tomorrow"}),
    ],
)
def test_what_cannot_be_routed_is_bad_input(app: GraphQLTransport, query: str, variables: dict[str, Any]) -> None:
    errors = post(app, query, variables=variables).json()["errors"]
    assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_bundle_is_done_as_a_whole_and_its_totals_say_what_that_saves(app: GraphQLTransport) -> None:
    journey = asked(app, JOURNEY, bundle=BUNDLE, at=THURSDAY)
    assert {whole["channel"] for whole in journey["whole"] if whole["possible"]} == {"MOBILE", "PC", "HALL"}
    assert [leg["channel"] for leg in journey["legs"]] == ["MOBILE"]
    assert journey["totals"]["together"]["materials"] < journey["totals"]["oneByOne"]["materials"]
    assert [member["code"] for member in journey["branches"]] == [
        member["code"] for member in journey["members"] if member["applies"] == "DEPENDS"
    ]


def test_what_a_person_knows_decides_the_branches(app: GraphQLTransport) -> None:
    branches = [member["code"] for member in asked(app, JOURNEY, bundle=BUNDLE, at=THURSDAY)["branches"]]
    wish = {"applies": [{"matter": code, "applies": False} for code in branches]}
    journey = asked(app, JOURNEY, bundle=BUNDLE, wish=wish, at=THURSDAY)
    done = [member["matter"]["code"] for leg in journey["legs"] for member in leg["members"]]
    assert not journey["branches"]
    assert not set(done) & set(branches)


def test_a_member_without_its_mobile_offer_is_named(reference: Snapshot) -> None:
    member = reference.holdings.bundles[BUNDLE].members[2].matter
    matter = reference.holdings.matters[member]
    poorer = replace(matter, offers=tuple(o for o in matter.offers if o.channel is not Channel.MOBILE))
    holdings = replace(reference.holdings, matters={**reference.holdings.matters, member: poorer})
    journey = asked(transport_over(Snapshot(holdings, 2, None)), JOURNEY, bundle=BUNDLE, at=THURSDAY)
    (mobile,) = (whole for whole in journey["whole"] if whole["channel"] == "MOBILE")
    assert [blocked["matter"]["code"] for blocked in mobile["blockedBy"]] == [member]
    assert mobile["blockedBy"][0]["reason"]["code"] == "UNKNOWN"
    assert [leg["channel"] for leg in journey["legs"]] == ["PC"]


def test_a_route_for_now_is_not_kept_and_one_for_a_moment_is(app: GraphQLTransport) -> None:
    now = get(app, f'{{ route(matter: "{MATTER}") {{ chosen {{ channel }} }} }}')
    then = get(app, f'{{ route(matter: "{MATTER}", at: "{THURSDAY}") {{ chosen {{ channel }} }} }}')
    assert now.headers["Cache-Control"] == "no-store"
    assert "ETag" not in now.headers
    assert "ETag" in then.headers


def test_every_bundle_has_a_journey(app: GraphQLTransport, reference: Snapshot) -> None:
    ask: Callable[[str], Any] = lambda code: asked(app, JOURNEY, bundle=code, at=THURSDAY)  # noqa: E731
    assert all(ask(code)["legs"] for code in reference.holdings.bundles)
