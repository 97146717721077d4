"""The caches: an answer is the same with them and without them, and is kept no longer than it holds."""

import gc
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, parse
from graphql.language import FragmentDefinitionNode, OperationDefinitionNode
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UnknownMatter
from schema.answers import Answers, Cache, entity_tag, is_current, is_free
from schema.transport import Context, GraphQLTransport
from tests.schema.asking import get, post, send

SDL = """
    interface Named { name: String! }
    type Department implements Named { name: String! head: Department }
    type Offer { channel: String! fragile: String! note(upper: Boolean = false): String }
    type Matter implements Named {
      name: String! number: Int department: Department! offers: [Offer!]! loose: [Offer] now: String
      next(steps: Int = 1): Matter named: [Named!]! item: Item
    }
    union Item = Offer | Department
    type Query { matters(first: Int = 3): [Matter!]!
      maybe: [Matter] matter(number: Int = 0): Matter now: String }
    type Mutation { change: Matter }
"""


@dataclass(frozen=True)
class Department:
    name: str
    head: "Department | None" = None


@dataclass(frozen=True)
class Offer:
    channel: str
    breaks: bool = False


@dataclass(frozen=True)
class Matter:
    number: int
    name: str
    department: Department
    offers: tuple[Offer, ...]


HALL = Department("大厅", Department("市政府"))
OFFERS = (Offer("移动"), Offer("PC"), Offer("自助", breaks=True), Offer("大厅"))
MATTERS = tuple(Matter(n, f"事项 {n}", HALL, OFFERS[n % 2 :: n % 3 + 1]) for n in range(8))
FROZEN = frozenset({Department, Offer, Matter})


def fragile(offer: Offer, _: object) -> str:
    if offer.breaks:
        raise UnknownMatter(offer.channel)
    return offer.channel


def moment(_: object, info: Any) -> str:
    info.context.volatile = True
    return "now"


def type_name(value: object, *_: object) -> str:
    return type(value).__name__


def graph() -> GraphQLSchema:
    schema = build_schema(SDL)

    def field(of: str, name: str) -> Any:
        return schema.type_map[of].fields[name]  # type: ignore[attr-defined]

    def next_matter(matter: Matter, _: object, steps: int) -> Matter | None:
        return MATTERS[matter.number + steps] if 0 <= matter.number + steps < len(MATTERS) else None

    field("Query", "matters").resolve = lambda *_, first: MATTERS[: max(0, first)]
    field("Query", "maybe").resolve = lambda *_: MATTERS
    field("Query", "matter").resolve = lambda *_, number: MATTERS[number % len(MATTERS)]
    field("Mutation", "change").resolve = lambda *_: MATTERS[0]
    field("Query", "now").resolve = field("Matter", "now").resolve = moment
    field("Matter", "next").resolve = next_matter
    field("Matter", "loose").resolve = lambda matter, _: matter.offers
    field("Matter", "named").resolve = lambda matter, _: [matter, matter.department]
    field("Matter", "item").resolve = lambda matter, _: [*matter.offers, matter.department][matter.number % 2]
    field("Offer", "fragile").resolve = fragile
    field("Offer", "note").resolve = lambda offer, _, upper: offer.channel.upper() if upper else offer.channel
    for abstract in ("Named", "Item"):
        schema.type_map[abstract].resolve_type = type_name  # type: ignore[attr-defined]
    return schema


SCHEMA = graph()


def cached(revision: int = 1) -> GraphQLTransport:
    return GraphQLTransport(SCHEMA, lambda request: Context(revision=revision), frozen=FROZEN)


PLAIN = GraphQLTransport(SCHEMA, lambda request: Context())


# The same with the caches and without

LEAVES = {
    "Query": ["now"],
    "Matter": ["name", "number", "now"],
    "Department": ["name"],
    "Offer": ["channel", "fragile", "note", "note(upper: true)", "note(upper: $yes)"],
    "Named": ["name"],
    "Item": [],
}
BRANCHES = {
    "Query": [
        ("matters", "Matter"),
        ("matters(first: $n)", "Matter"),
        ("maybe", "Matter"),
        ("matter", "Matter"),
    ],
    "Matter": [
        ("department", "Department"),
        ("offers", "Offer"),
        ("loose", "Offer"),
        ("next", "Matter"),
        ("next(steps: $n)", "Matter"),
        ("named", "Named"),
        ("item", "Item"),
    ],
    "Department": [("head", "Department")],
    "Offer": [],
    "Named": [],
    "Item": [],
}
NARROWER = {"Named": ["Matter", "Department"], "Item": ["Offer", "Department"]}
CONDITIONS = ["", "", "", "@include(if: $yes)", "@skip(if: $yes)", "@include(if: $no)", "@skip(if: false)"]


@st.composite
def selections(draw: st.DrawFn, of: str, depth: int) -> str:
    """The inside of a selection set of a type, with the fragments that `documents` defines."""
    written = ["__typename"]
    for _ in range(draw(st.integers(1, 4))):
        kinds = ["leaf"] + ["branch", "branch", "inline", "spread"] * (depth > 0)
        kind = draw(st.sampled_from(kinds))
        condition = draw(st.sampled_from(CONDITIONS))
        alias = draw(st.sampled_from(["", "", "", "x: ", "y: "]))
        if kind == "leaf" and LEAVES[of]:
            written.append(f"{alias}{draw(st.sampled_from(LEAVES[of]))} {condition}")
        elif kind == "branch" and BRANCHES[of]:
            name, returned = draw(st.sampled_from(BRANCHES[of]))
            written.append(f"{alias}{name} {condition} {{ {draw(selections(returned, depth - 1))} }}")
        elif kind == "inline":
            inner = draw(st.sampled_from([of, *NARROWER.get(of, [])]))
            written.append(f"... on {inner} {condition} {{ {draw(selections(inner, depth - 1))} }}")
        elif kind == "spread" and of != "Query":
            written.append(f"...{of}Fragment {condition}")
    return " ".join(written)


@st.composite
def documents(draw: st.DrawFn) -> str:
    query = draw(selections("Query", 4))
    used = {of: f"fragment {of}Fragment on {of} {{ {draw(selections(of, 0))} }}" for of in LEAVES}
    fragments = " ".join(text for of, text in used.items() if f"...{of}Fragment" in query)
    # Every variable is used somewhere, or validation would refuse most documents.
    always = "a: __typename @skip(if: $yes) b: __typename @skip(if: $no) c: matters(first: $n) { number }"
    return f"query ($yes: Boolean!, $no: Boolean!, $n: Int = 2) {{ {always} {query} }} {fragments}"


WARM = cached()


@settings(max_examples=150, deadline=None)
@given(documents(), st.booleans(), st.booleans(), st.integers(-1, 6))
def test_answers_are_the_same_with_the_caches_and_without(query: str, yes: bool, no: bool, n: int) -> None:
    variables = {"yes": yes, "no": no, "n": n}
    expected = post(PLAIN, query, variables=variables)
    # The first may find objects that earlier documents left, the third a whole answer.
    for app in (cached(), WARM, WARM):
        for _ in range(2):
            response = post(app, query, variables=variables)
            assert (response.status_code, response.content) == (expected.status_code, expected.content)


def test_the_random_documents_are_mostly_valid_and_reach_the_cache() -> None:
    app = cached()
    valid = []

    @settings(max_examples=100, deadline=None, database=None, derandomize=True)
    @given(documents())
    def tried(query: str) -> None:
        valid.append(post(app, query, variables={"yes": True, "no": False}).status_code != 400)

    tried()
    assert sum(valid) > len(valid) / 2
    assert len(app._answers.of(1).objects) > 50


# Completed objects


def free(selection: str) -> bool:
    document = parse(
        "{ f { " + selection + " } } fragment F on Matter { x: name ...G } fragment G on Matter { n(a: 1) }"
    )
    first, *others = document.definitions
    assert isinstance(first, OperationDefinitionNode)
    fragments = {node.name.value: node for node in others if isinstance(node, FragmentDefinitionNode)}
    return is_free(first.selection_set.selections[0].selection_set, fragments)  # type: ignore[attr-defined]


def test_only_selections_without_arguments_and_directives_are_free() -> None:
    assert free("a b: c { d ... { e } ... on Matter { f } }")
    for bound in (
        "a(x: 1)",
        "a { b(x: $c) }",
        "a @skip(if: true)",
        "... @include(if: $a) { b }",
        "...F",
        "...G @x",
    ):
        assert not free(bound)


def test_a_page_of_other_matters_finds_the_objects_of_an_earlier_one() -> None:
    app, resolved = cached(), []
    offer = SCHEMA.type_map["Offer"].fields["channel"]  # type: ignore[attr-defined]

    def channel(source: Offer, _: object) -> str:
        resolved.append(source)
        return source.channel

    offer.resolve = channel
    try:
        query = "query ($n: Int) { matters(first: $n) { name offers { channel } } }"
        post(app, query, variables={"n": 6})
        before = len(resolved)
        assert before == len(OFFERS)
        answer = post(app, query, variables={"n": 8})
        assert len(resolved) == before
    finally:
        offer.resolve = None
    assert answer.content == post(PLAIN, query, variables={"n": 8}).content


def test_an_object_is_not_taken_for_another_that_has_its_id() -> None:
    schema = build_schema("type Offer { channel: String } type Query { offer: Offer other: Int }")
    assert schema.query_type
    count = iter(range(1_000_000))
    # Each lives only as long as something holds it, so that ids come back.
    schema.query_type.fields["offer"].resolve = lambda *_: Offer(str(next(count)))
    app = GraphQLTransport(schema, lambda request: Context(revision=1), frozen=FROZEN)
    for n in range(300):
        answer = post(app, "{ offer { channel } }", variables={"n": n})
        assert answer.json()["data"]["offer"]["channel"] == str(n)
        gc.collect(0)


def test_a_selection_is_not_taken_for_another_of_a_forgotten_document() -> None:
    app = cached()
    app._documents._kept._capacity = 0
    for n in range(200):
        answer = post(app, f"{{ matter {{ alias{n}: name }} }}")
        assert answer.json() == {"data": {"matter": {f"alias{n}": "事项 0"}}}


def test_an_object_with_an_error_is_never_kept() -> None:
    app = cached()
    for _ in range(2):
        assert (
            post(app, "{ matters { loose { fragile } } }").content
            == post(PLAIN, "{ matters { loose { fragile } } }").content
        )
    kept = app._answers.of(1).objects
    assert len(kept) == len({offer for matter in MATTERS[:3] for offer in matter.offers if not offer.breaks}) + sum(
        not any(offer.breaks for offer in matter.offers) for matter in MATTERS[:3]
    )


def test_what_depends_on_the_clock_is_never_kept() -> None:
    app = cached()
    response = post(app, "{ matters { now } }")
    assert response.json()["data"]["matters"][0] == {"now": "now"}
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers
    kept = app._answers.of(1)
    assert (len(kept.answers), len(kept.objects)) == (0, 0)


# Whole answers


def test_an_answer_has_a_strong_tag_and_is_not_sent_again() -> None:
    app = cached()
    first = get(app, "{ matters { name } }")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["vary"] == "Accept"
    for known in (tag, f"W/{tag}", f'"other", W/{tag}', "*"):
        again = get(app, "{ matters { name } }", If_None_Match=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get(app, "{ matters { name } }", If_None_Match='"other"').content == first.content


def test_a_tag_is_honoured_even_where_nothing_is_kept_yet() -> None:
    tag = get(cached(), "{ matters { name } }").headers["etag"]
    assert get(cached(), "{ matters { name } }", If_None_Match=tag).status_code == 304


def test_a_post_is_answered_whole_whatever_the_client_has() -> None:
    app = cached()
    tag = post(app, "{ matters { name } }").headers["etag"]
    headers = {"If-None-Match": tag, "Content-Type": "application/json"}
    assert send(app, "POST", json={"query": "{ matters { name } }"}, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("header", "current"),
    [
        (None, False),
        ("", False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b" , "a"', True),
        ("*", True),
        ("a", False),
        ('"ab"', False),
    ],
)
def test_tags_are_compared_weakly(header: str | None, current: bool) -> None:
    assert is_current('"a"', header) is current


def test_the_tag_follows_the_content_not_the_revision() -> None:
    query = "{ matters { name } }"
    assert get(cached(1), query).headers["etag"] == get(cached(2), query).headers["etag"]
    assert entity_tag(b"a") != entity_tag(b"b")


def test_a_new_revision_drops_what_was_kept() -> None:
    context = Context(revision=1)
    app = GraphQLTransport(SCHEMA, lambda request: context, frozen=FROZEN)
    post(app, "{ matters { name } }")
    assert len(app._answers.of(1).answers) == 1
    context = Context(revision=2)
    post(app, "{ matter { name } }")
    kept = app._answers.of(2)
    assert (len(kept.answers), len(kept.objects)) == (1, 1)


def test_an_execution_of_an_earlier_revision_writes_into_its_own() -> None:
    answers = Answers()
    earlier = answers.of(1)
    later = answers.of(2)
    earlier.answers.put("key", (b"old", ""), 1)
    assert later.answers.get("key") is None


def test_an_answer_depends_on_variables_operation_and_extensions() -> None:
    app = cached()
    query = "query A($n: Int) { matters(first: $n) { name } } query B { matter { name } }"
    asked: list[dict[str, Any]] = [
        {"operationName": "A", "variables": {"n": 1}},
        {"operationName": "A", "variables": {"n": 2}},
        {"operationName": "A", "variables": {"n": True}},
        {"operationName": "A", "variables": {"n": 1}, "extensions": {"cost": True}},
        {"operationName": "B"},
    ]
    answers = [[post(app, query, **parameters).content for parameters in asked] for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(set(answers[0])) == len(asked)


def test_the_same_answer_serves_both_media_types() -> None:
    app = cached()
    newer, older = get(app, "{ matter { name } }"), get(app, "{ matter { name } }", "application/json")
    assert newer.content == older.content
    assert newer.headers["content-type"] != older.headers["content-type"]


def test_errors_mutations_and_contexts_without_a_revision_are_never_kept() -> None:
    app = cached()
    for query in ("{ matters { loose { fragile } } }", "mutation { change { name } }", "{ nowhere }", "{"):
        response = post(app, query)
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
    assert len(app._answers.of(1).answers) == 0
    assert "etag" not in post(PLAIN, "{ matter { name } }").headers


def test_headers_belong_to_the_request_and_are_not_kept() -> None:
    headers = {"X-Name": "first"}
    app = GraphQLTransport(SCHEMA, lambda request: Context(revision=1, headers=dict(headers)))
    assert post(app, "{ matter { name } }").headers["x-name"] == "first"
    headers["X-Name"] = "second"
    assert post(app, "{ matter { name } }").headers["x-name"] == "second"


# Bounds


def test_a_shelf_holds_its_weight_and_drops_what_was_used_longest_ago() -> None:
    cache: Cache[str, int] = Cache(16)
    for key in "abcdefgh":
        cache.put(key, 1, 2)
    assert cache.get("a") == 1
    cache.put("i", 1, 2)
    assert (cache.get("a"), cache.get("b"), len(cache)) == (1, None, 8)


def test_what_is_too_heavy_is_not_put_on_a_shelf() -> None:
    cache: Cache[str, int] = Cache(16)
    cache.put("a", 1, 3)
    assert cache.get("a") is None


def test_what_is_put_again_is_weighed_once() -> None:
    cache: Cache[str, int] = Cache(16)
    for _ in range(20):
        cache.put("a", 1, 2)
    cache.put("b", 1, 2)
    assert len(cache) == 2
