"""Limits: what a document costs is known before it costs anything."""

from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, parse
from graphql.language import OperationDefinitionNode

from schema.limits import CEILING, Limits, Measure, NestedTooDeeply, Walk, selections_written
from schema.transport import Context, GraphQLTransport
from tests.schema.asking import code, post

SCHEMA = build_schema(
    """
    type Query { matters(first: Int, last: Int, after: String): Matters matter(code: ID): Matter
      a(x: [Int]): Int }
    type Matters { totalCount: Int edges: [Edge!]! nodes: [Matter!]! }
    type Edge { cursor: String node: Matter! }
    type Department { code: ID name: String }
    type Offer { channel: String steps: [String!] }
    type Bundle { code: ID name: String matters(first: Int = 10): [Matter!] }
    type Matter {
      code: ID name: String department: Department! offers: [Offer!]! bundles: [Bundle!]! related: [Matter]
    }
    """
)
APP = GraphQLTransport(SCHEMA, lambda request: Context())


def measured(query: str, variables: dict[str, Any] | None = None) -> Measure:
    document = parse(query)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return Walk(SCHEMA, document, variables).measure(operation)


def cost(query: str, variables: dict[str, Any] | None = None) -> int:
    return measured(query, variables).cost


# Figures


def test_a_field_costs_one_and_a_list_five_times_what_is_under_it() -> None:
    assert cost("{ matter { code } }") == 2
    assert cost("{ matter { offers { channel steps } } }") == 1 + 1 + 5 * 2


def test_a_page_multiplies_the_lists_of_its_connection_and_nothing_else() -> None:
    assert cost("{ matters(first: 100) { totalCount } }") == 2
    assert cost("{ matters(first: 100) { totalCount edges { node { code } } } }") == 1 + 1 + 1 + 100 * 2
    assert cost("{ matters(last: 7) { nodes { offers { channel } } } }") == 1 + 1 + 7 * (1 + 5)


def test_a_page_that_is_a_list_itself_multiplies_what_is_under_it() -> None:
    assert cost("{ matter { bundles { matters(first: 3) { code } } } }") == 1 + 1 + 5 * (1 + 3)


def test_a_page_behind_a_fragment_costs_the_same() -> None:
    query = "{ matters(first: 9) { ...P } } fragment P on Matters { ...Q }"
    query += " fragment Q on Matters { nodes { code } }"
    assert cost(query) == cost("{ matters(first: 9) { nodes { code } } }")
    assert cost("{ ... on Query { matters(first: 9) { ... { nodes { code } } } } }") == 11


@pytest.mark.parametrize(
    ("first", "items"),
    [(3, 3), (3.0, 3), (-5, 1), (0, 1), (None, 1), ("x", 1), (True, 1), ([], 1), ({}, 1), (10**400, CEILING)],
)
def test_a_page_size_in_a_variable_counts_and_an_absurd_one_does_no_harm(first: Any, items: int) -> None:
    assert cost("query ($f: Int) { matters(first: $f) { nodes { code } } }", {"f": first}) == min(CEILING, 2 + items)


def test_a_page_size_may_be_a_default_or_missing() -> None:
    assert cost("query ($f: Int = 4) { matters(first: $f) { nodes { code } } }") == 6
    assert cost("query ($f: Int) { matters(first: $f) { nodes { code } } }") == 3
    assert cost("{ matters { nodes { code } } }") == 3
    assert cost("{ matters(first: " + "9" * 9000 + ") { nodes { code } } }") == CEILING


def test_depth_aliases_and_root_fields_count_through_fragments() -> None:
    query = "{ one: matter { ...M } ...R } fragment M on Matter { n: name }"
    query += " fragment R on Query { two: a three: a }"
    assert measured(query)[:3] == (2, 4, 3)


def test_chained_fragments_are_visited_once_each() -> None:
    chain = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(80))
    assert measured("{ ...F0 } " + chain + " fragment F80 on Query { x: a }").aliases == CEILING


def test_unknown_names_and_cycles_are_left_for_validation() -> None:
    assert cost("{ nowhere { at { all } } ...Unknown }") == 3
    assert cost("{ ...A } fragment A on Query { a ...B } fragment B on Nothing { ...A }") == 1
    for query in ("{ ...A } fragment A on Query { a ...A }", "{ ...Unknown }", "{ ... on Nothing { a } }"):
        assert code(post(APP, query)) == "GRAPHQL_VALIDATION_FAILED"


def test_nesting_through_fragments_is_bounded_whichever_comes_first() -> None:
    links = [f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(500)]
    end = "fragment F500 on Query { a }"
    for chain in (links, links[::-1]):
        with pytest.raises(NestedTooDeeply):
            measured(" ".join(["{ ...F0 }", *chain, end]))
    # The second chain ends in the first, which is remembered: neither goes deep by itself.
    with pytest.raises(NestedTooDeeply):
        measured(" ".join(["{ ...F440 ...F401 }", *links[401:], end]))


def test_selections_are_counted_as_written() -> None:
    assert selections_written(parse("{ a a ... { a } ...F } fragment F on Query { a } query B { a }")) == 7


# Introspection


def test_the_standard_introspection_query_passes() -> None:
    everything = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert post(APP, everything).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "{ __schema { types { "
        + " ".join(f"a{i}: fields {{ type {{ fields {{ name }} }} }}" for i in range(20))
        + " } } }",
        '{ __type(name: "Query") { ' + "ofType { " * 20 + "name" + " }" * 20 + " } }",
    ],
)
def test_introspection_that_grows_is_refused(query: str) -> None:
    assert code(post(APP, query)) == "GRAPHQL_VALIDATION_FAILED"


# What the limits refuse


def test_a_page_of_a_hundred_matters_with_everything_passes() -> None:
    query = """
    query ($first: Int!) { matters(first: $first) { totalCount edges { cursor node {
      code name department { code name } offers { channel steps } bundles { code name }
    } } } }"""
    assert cost(query, {"first": 100}) < Limits().cost / 2
    assert "GRAPHQL_VALIDATION_FAILED" not in post(APP, query, variables={"first": 100}).text


@pytest.mark.parametrize(
    "query",
    [
        "{ matters(first: 100000) { nodes { code } } }",
        "{ matter { " + "related { " * 20 + "code" + " }" * 20 + " } }",
        "{ " + " ".join(f"a{i}: a" for i in range(61)) + " }",
        "{ " + "a " * 21 + "}",
        "{ " + "a " * 401 + "}",
        "{ a(x: [" + "1 " * 4001 + "]) }",
        "{ a } #" + "x" * 100_000,
    ],
)
def test_what_is_over_a_limit_is_refused_with_figure_limit_and_advice(query: str) -> None:
    response = post(APP, query)
    assert (response.status_code, code(response)) == (400, "GRAPHQL_VALIDATION_FAILED")
    message = response.json()["errors"][0]["message"]
    assert "上限为" in message
    assert "the limit is" in message


def test_the_cost_follows_the_variables_of_each_request() -> None:
    query = "query ($f: Int!) { matters(first: $f) { nodes { code } } }"
    statuses = [post(APP, query, variables={"f": first}).status_code for first in (10, 100_000, 10, 100_000)]
    assert statuses == [200, 400, 200, 400]


def test_the_cost_is_told_when_it_is_asked_for() -> None:
    answer = post(APP, "{ matter { code } }", extensions={"cost": True}).json()
    assert answer["extensions"] == {"cost": {"requested": 2, "limit": 50_000}}
    assert "extensions" not in post(APP, "{ matter { code } }", extensions={"cost": 1}).json()


@pytest.mark.parametrize(
    "query",
    [
        "{ a " * 10_000 + "}" * 10_000,
        "{ matter " * 150 + "{ code }" + "}" * 150,
        "{ a(x: " + "[" * 10_000 + "]" * 10_000 + ") }",
        "{ a(x: " + "{x: " * 10_000 + "}" * 10_000 + ") }",
        "query ($x: " + "[" * 10_000 + "Int" + "]" * 10_000 + ") { a }",
        "{ a " + "@skip(if: false) " * 5_000 + "}",
        "{ " + "a " * 5_000 + "}",
        "{ " + " ".join(f"z: a(x: {i})" for i in range(1_000)) + "}",
        "{ " + "matter { related { related { code } } } " * 90 + "}",
        "{ ...F0 } " + " ".join(f"fragment F{i} on Query {{ ...F{i + 1} }}" for i in range(390)),
        "{ " + " ".join(f"...F{i}" for i in range(390)) + " }",
        "#\n" * 50_000,
        '"""' * 30_000,
    ],
)
def test_a_document_made_to_exhaust_is_refused(query: str) -> None:
    response = post(APP, query)
    assert response.status_code == 400
    assert code(response) in ("GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED")
