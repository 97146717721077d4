"""The public schema over the reference catalogue: what a frontend asks, and what it gets."""

from collections.abc import Callable
from typing import Any

import pytest

from registry.snapshot import Snapshot
from schema.public import FROZEN, PublicContext, public_schema
from schema.transport import GraphQLTransport
from tests.schema.asking import post

Ask = Callable[..., dict[str, Any]]

SCHEMA = public_schema()


def transport_over(snapshot: Snapshot) -> GraphQLTransport:
    """The public schema over one snapshot."""
    return GraphQLTransport(
        SCHEMA, lambda _: PublicContext(revision=snapshot.revision, snapshot=snapshot), frozen=FROZEN
    )


@pytest.fixture(scope="module")
def app(reference: Snapshot) -> GraphQLTransport:
    return transport_over(reference)


@pytest.fixture(scope="module")
def ask(app: GraphQLTransport) -> Ask:
    def asked(query: str, **variables: Any) -> dict[str, Any]:
        answer = post(app, query, variables=variables).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    return asked


def refused(app: GraphQLTransport, query: str, **variables: Any) -> str:
    """The code of the error that a question is answered with."""
    error = post(app, query, variables=variables).json()["errors"][0]
    assert " / " in error["message"], "said in both languages"
    return str(error["extensions"]["code"])


def test_the_registry_says_what_it_holds_and_that_it_is_illustrative(ask: Ask) -> None:
    registry = ask("{ registry { matterCount internalMatterCount bundleCount revision illustrative notice } }")[
        "registry"
    ]
    assert (registry["matterCount"], registry["internalMatterCount"], registry["bundleCount"]) == (1017, 0, 41)
    assert registry["illustrative"]
    assert "示例" in registry["notice"]


PAGE = """query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: MatterOrder, $search: String) {
  matters(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, search: $search) {
    nodes { code } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.mark.parametrize("order", [None, "CODE", "NAME", "PROMISED_LIMIT"])
@pytest.mark.parametrize("size", [100, 37])
def test_every_matter_is_reached_by_paging_both_ways_each_exactly_once(ask: Ask, order: str | None, size: int) -> None:
    forwards, backwards = [], []
    cursor, more = None, True
    while more:
        page = ask(PAGE, first=size, after=cursor, orderBy=order)["matters"]
        forwards += [node["code"] for node in page["nodes"]]
        cursor, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    cursor, more = None, True
    while more:
        page = ask(PAGE, last=size, before=cursor, orderBy=order)["matters"]
        backwards = [node["code"] for node in page["nodes"]] + backwards
        cursor, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]
    assert len(forwards) == len(set(forwards)) == 1017
    assert backwards == forwards


def test_what_was_searched_for_is_paged_in_its_order_too(ask: Ask) -> None:
    whole = [node["code"] for node in ask(PAGE, first=100, search="登记")["matters"]["nodes"]]
    halves, cursor = [], None
    for _ in range(4):
        page = ask(PAGE, first=25, after=cursor, search="登记")["matters"]
        halves += [node["code"] for node in page["nodes"]]
        cursor = page["pageInfo"]["endCursor"]
    assert halves == whole
    assert ask(PAGE, last=5, before=cursor, search="登记")["matters"]["nodes"] == [{"code": c} for c in whole[94:99]]


def test_a_page_knows_whether_there_is_more_on_either_side(ask: Ask) -> None:
    first = ask(PAGE, first=10)["matters"]["pageInfo"]
    assert (first["hasPreviousPage"], first["hasNextPage"]) == (False, True)
    second = ask(PAGE, first=10, after=first["endCursor"])["matters"]["pageInfo"]
    assert (second["hasPreviousPage"], second["hasNextPage"]) == (True, True)
    last = ask(PAGE, last=10)["matters"]["pageInfo"]
    assert (last["hasPreviousPage"], last["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(
    "arguments",
    [
        "", "first: 0", "first: 101", "first: -1", "last: 101", "first: 1, last: 1",
        'first: 1, after: "nonsense"', 'first: 1, after: ""', 'first: 1, after: "W10"', 'first: 1, after: "WyJDT0RFIiwxXQ"',
        'first: 1, after: "WyJDT0RFIixudWxsXQ"', 'first: 1, after: "WyJDT0RFIixbXV0"', 'first: 1, after: "8J-Yig"',
        'first: 1, filter: {departments: ["no such"]}', 'first: 1, filter: {region: "no such"}', 'first: 1, filter: {bundle: ""}',
    ],
)  # fmt: skip
def test_a_page_that_cannot_be_cut_is_bad_input(app: GraphQLTransport, arguments: str) -> None:
    called = f"matters({arguments})" if arguments else "matters"
    assert refused(app, f"{{ {called} {{ nodes {{ code }} }} }}") == "BAD_USER_INPUT"


def test_a_cursor_of_another_order_is_refused(app: GraphQLTransport, ask: Ask) -> None:
    cursor = ask(PAGE, first=1, orderBy="NAME")["matters"]["pageInfo"]["endCursor"]
    assert refused(app, PAGE, first=1, after=cursor, orderBy="CODE") == "BAD_USER_INPUT"


COUNT = "query ($filter: MatterFilter, $search: String) { matters(first: 1, filter: $filter, search: $search) { totalCount } }"


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({"departments": ["HZ-GA", "HZ-MZ"]}, lambda m, s: m.department in ("HZ-GA", "HZ-MZ")),
        ({"types": ["LICENCE"]}, lambda m, s: m.type.name == "LICENCE"),
        ({"serviceObjects": ["ENTERPRISE"]}, lambda m, s: "ENTERPRISE" in {o.name for o in m.service_objects}),
        ({"immediate": True}, lambda m, s: m.handling.name == "IMMEDIATE"),
        ({"visits": [0]}, lambda m, s: m.visits == 0),
        ({"maxVisits": 1}, lambda m, s: m.visits <= 1),
        ({"maxVisits": 1, "visits": [1, 2]}, lambda m, s: m.visits == 1),
        ({"fee": True}, lambda m, s: m.fee is True),
        ({"batch": "第一批"}, lambda m, s: True),
        ({"bundle": "HZ-YJS-01"}, lambda m, s: m.code in {x.matter for x in s.holdings.bundles["HZ-YJS-01"].members}),
        ({"channels": ["KIOSK"]}, lambda m, s: _has(m, "KIOSK")),
        ({"channels": ["KIOSK", "MOBILE"]}, lambda m, s: _has(m, "KIOSK") and _has(m, "MOBILE")),
        ({"channels": []}, lambda m, s: True),
        (
            {"levels": ["TOWN"], "immediate": True},
            lambda m, s: m.level.name == "TOWN" and m.handling.name == "IMMEDIATE",
        ),
        ({"types": []}, lambda m, s: False),
    ],
)
def test_filters_keep_exactly_what_satisfies_them(
    ask: Ask, reference: Snapshot, given: dict[str, Any], holds: Callable[[Any, Snapshot], bool]
) -> None:
    expected = sum(holds(matter, reference) for matter in reference.matters.records)
    assert ask(COUNT, filter=given)["matters"]["totalCount"] == expected


def _has(matter: Any, channel: str) -> bool:
    return any(offer.channel.name == channel and offer.status.name == "AVAILABLE" for offer in matter.offers)


def test_a_districts_own_offer_goes_before_the_citys(ask: Ask, reference: Snapshot) -> None:
    late = next(
        matter
        for matter in reference.matters.records
        if any(offer.region == "330127" and offer.status.name == "PLANNED" for offer in matter.offers)
    )
    query = """query ($code: String!) { matter(code: $code) {
      here: offers(channel: KIOSK, region: "330127") { status } there: offers(channel: KIOSK, region: "330106") { status } } }"""
    answer = ask(query, code=late.code)["matter"]
    assert answer == {"here": [{"status": "PLANNED"}], "there": [{"status": "AVAILABLE"}]}
    counts = {
        region: ask(COUNT, filter={"channels": ["KIOSK"], "region": region})["matters"]["totalCount"]
        for region in ("330106", "330127")
    }
    planned = sum(
        any(offer.region == "330127" and offer.status.name == "PLANNED" for offer in matter.offers)
        for matter in reference.matters.records
    )
    assert counts["330127"] == counts["330106"] - planned


def test_each_matter_has_its_four_channels_and_what_nothing_is_said_of_is_unknown(ask: Ask) -> None:
    unknown = 0
    for batch in ("first", "last"):
        data = ask(f"{{ matters({batch}: 100) {{ nodes {{ offers {{ channel status }} }} }} }}")
        for node in data["matters"]["nodes"]:
            channels = [offer["channel"] for offer in node["offers"]]
            assert set(channels) == {"MOBILE", "PC", "KIOSK", "HALL"}
            assert channels == sorted(channels, key=["MOBILE", "PC", "KIOSK", "HALL"].index)
            unknown += sum(offer["status"] == "UNKNOWN" for offer in node["offers"])
    assert unknown > 0


def test_facets_count_as_if_their_own_filter_were_not_set(ask: Ask) -> None:
    query = """query ($filter: MatterFilter) { matters(first: 1, filter: $filter) { totalCount facets {
      departments { value { code } count } types { value count } channels { channel status count } } } }"""
    free = ask(query)["matters"]
    police = ask(query, filter={"departments": ["HZ-GA"]})["matters"]
    assert sum(facet["count"] for facet in free["facets"]["departments"]) == 1017
    assert police["facets"]["departments"] == free["facets"]["departments"]
    assert sum(facet["count"] for facet in police["facets"]["types"]) == police["totalCount"]
    for channel in ("MOBILE", "PC", "KIOSK"):
        counts = [f["count"] for f in free["facets"]["channels"] if f["channel"] == channel]
        assert sum(counts) >= 1017  # a district's own status may differ from the city's


def test_bundles_hold_their_matters_in_order(ask: Ask, reference: Snapshot) -> None:
    query = """{ bundles(first: 100) { totalCount nodes {
      code forms members { position condition matter { code name } } leadDepartment { code } } } }"""
    bundles = ask(query)["bundles"]
    assert bundles["totalCount"] == len(bundles["nodes"]) == 41
    for node in bundles["nodes"]:
        held = reference.holdings.bundles[node["code"]]
        assert [member["position"] for member in node["members"]] == list(range(1, len(held.members) + 1))
        assert [member["matter"]["code"] for member in node["members"]] == [member.matter for member in held.members]
        assert node["forms"] == ["ONLINE", "MOBILE", "ONE_WINDOW"]


def test_bundles_are_found_by_what_people_call_them(ask: Ask) -> None:
    query = "query ($search: String) { bundles(first: 3, search: $search) { nodes { name } } }"
    assert ask(query, search="生孩子")["bundles"]["nodes"][0]["name"] == "新生儿出生一件事"


@pytest.mark.parametrize("kind", ["matters", "bundles", "places"])
def test_a_node_is_fetched_again_by_its_id(ask: Ask, kind: str) -> None:
    node = ask(f"{{ {kind}(first: 1) {{ nodes {{ __typename id code }} }} }}")[kind]["nodes"][0]
    again = ask("query ($id: ID!) { node(id: $id) { __typename id } }", id=node["id"])["node"]
    assert again == {"__typename": node["__typename"], "id": node["id"]}


def test_departments_are_nodes_and_regions_are_the_thirteen_and_their_city(ask: Ask) -> None:
    data = ask("{ departments { id code name } regions { code name level parent } }")
    assert len(data["departments"]) == 35
    assert ask("query ($id: ID!) { node(id: $id) { ... on Department { name } } }", id=data["departments"][0]["id"])
    assert [region["code"] for region in data["regions"] if region["parent"] == "330100"] == [
        "330102", "330103", "330104", "330105", "330106", "330108", "330109",
        "330110", "330111", "330112", "330122", "330127", "330182",
    ]  # fmt: skip


@pytest.mark.parametrize("given", ["", "nonsense", "TWF0dGVy", "VW5rbm93bjp4", "\U0001f600"])
def test_an_id_that_is_none_of_ours_is_bad_input(app: GraphQLTransport, given: str) -> None:
    assert refused(app, "query ($id: ID!) { node(id: $id) { id } }", id=given) == "BAD_USER_INPUT"


def test_a_code_that_nothing_has_gives_null(ask: Ask) -> None:
    assert ask('{ matter(code: "x") { code } bundle(code: "x") { code } }') == {"matter": None, "bundle": None}


def test_searching_says_what_matched(ask: Ask) -> None:
    query = 'query { matters(first: 1, search: "身份证丢了") { edges { matched node { name } } } }'
    edge = ask(query)["matters"]["edges"][0]
    assert edge["node"]["name"] == "居民身份证丢失补领"
    assert "身份证丢了" in edge["matched"]


def test_every_vocabulary_is_given_in_words(ask: Ask) -> None:
    vocabularies = {
        v["name"]: v["words"] for v in ask("{ vocabularies { name words { name code zh en } } }")["vocabularies"]
    }
    assert vocabularies["Channel"][0] == {"name": "MOBILE", "code": "mobile", "zh": "掌上办", "en": "mobile"}
    assert all(name in SCHEMA.type_map for name in vocabularies)
