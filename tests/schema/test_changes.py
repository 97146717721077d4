"""What changed, by GraphQL and as an Atom feed: from memory, without a gap, and the same names in both."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Engine

from registry.access import administrator
from registry.announcements import Announcement, Changed, recent
from registry.changes.closing import close
from registry.closures import Closure
from registry.holdings import Holdings
from registry.settings import Settings
from registry.snapshot import Snapshot
from registry.store.current import Current
from registry.words import Channel, RecordAction, RecordKind
from schema.app import build_app
from schema.atom import ENTRIES, atom_feed
from tests.schema.asking import post
from tests.schema.following import Still
from tests.schema.serving import served
from tests.schema.test_public import transport_over
from tests.waiting import eventually

CHANGES = """query ($after: Int!, $first: Int) { changes(after: $after, first: $first) {
  revision since complete hasNextPage
  nodes { revision event publishedAt summary changeCount changes { kind code action } } } }"""
ATOM = {"a": "http://www.w3.org/2005/Atom"}
NOON = datetime(2020, 10, 22, 12, 0, 0, 5, tzinfo=UTC)
EVENT = "0ab1c2d3-0000-4000-8000-{:012}"


def published(*summaries: str, changes: tuple[Changed, ...] | None = None) -> Snapshot:
    """A registry with a revision for each summary."""
    told = [
        Announcement(number, EVENT.format(number), NOON, summary, len(changes or ()) or 9_000, changes)
        for number, summary in enumerate(summaries, start=1)
    ]
    return Snapshot(Holdings(), len(told), NOON, recent(told, len(told), EVENT.format(0)))


def test_whoever_keeps_a_copy_learns_what_to_ask_for_anew() -> None:
    changed = (Changed(RecordKind.MATTER, "HZ-GA-001", RecordAction.CHANGE),)
    snapshot = published("one", "two", "three", changes=changed)
    answer = post(transport_over(snapshot), CHANGES, variables={"after": 1, "first": 1}).json()["data"]["changes"]
    assert answer == {
        "revision": 3, "since": 0, "complete": True, "hasNextPage": True,
        "nodes": [{
            "revision": 2, "event": EVENT.format(2), "publishedAt": "2020-10-22T12:00:00.000005+00:00", "summary": "two",
            "changeCount": 1, "changes": [{"kind": "MATTER", "code": "HZ-GA-001", "action": "CHANGE"}],
        }],
    }  # fmt: skip


def test_what_is_too_long_to_list_is_null_and_not_empty() -> None:
    answer = post(transport_over(published("all")), CHANGES, variables={"after": 0}).json()["data"]["changes"]
    assert [(node["changeCount"], node["changes"]) for node in answer["nodes"]] == [(9_000, None)]


def test_whoever_comes_too_late_is_told_so(reference: Snapshot) -> None:
    answer = post(transport_over(reference), CHANGES, variables={"after": 0}).json()["data"]["changes"]
    assert answer == {"revision": 1, "since": 1, "complete": False, "hasNextPage": False, "nodes": []}


@pytest.mark.parametrize("first", [0, 101])
def test_a_page_of_another_size_is_refused(reference: Snapshot, first: int) -> None:
    error = post(transport_over(reference), CHANGES, variables={"after": 1, "first": first}).json()["errors"][0]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.fixture
def client(reference_engine: Engine) -> Iterator[httpx.Client]:
    app = build_app(Current(reference_engine), Settings())
    with served(app, "on") as address, httpx.Client(base_url=address) as client:
        yield client


def test_a_change_is_in_both_feeds_under_one_name(client: httpx.Client, reference_engine: Engine) -> None:
    def newer() -> list[dict[str, object]]:
        asked = {"query": CHANGES, "variables": {"after": 1}}
        nodes: list[dict[str, object]] = client.post("/graphql", json=asked).json()["data"]["changes"]["nodes"]
        return nodes

    assert newer() == []
    tag = client.get("/changes.atom").headers["ETag"]
    unchanged = client.get("/changes.atom", headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    closure = Closure("", "检修", NOON, channel=Channel.KIOSK)
    close(reference_engine, closure, administrator("cli:陈"))
    assert eventually(lambda: len(newer()) == 1)
    (node,) = newer()
    answer = client.get("/changes.atom", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    newest, first = ET.fromstring(answer.content).findall("a:entry", ATOM)  # noqa: S314  # it is our own
    assert newest.findtext("a:id", None, ATOM) == f"urn:uuid:{node['event']}"
    assert newest.findtext("a:content", None, ATOM) == "新增停办 C-1 · closure C-1 added"
    assert "too many to list" in str(first.findtext("a:content", None, ATOM))
    assert "陈" not in answer.text


def test_the_feed_has_what_rfc_4287_requires() -> None:
    # A summary may hold what a person typed, even what XML can't say.
    hostile = "<b>&\x00\x1b“标题”\ud800\uffff]]>"
    changes = (Changed(RecordKind.LINK, "https://a.cn/?x=1&y=<2>", RecordAction.REMOVE),)
    feed = ET.fromstring(atom_feed(published("one", hostile, changes=changes)))  # noqa: S314
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for element in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"a:{name}", ATOM)
            assert only.text
        assert str(element.findtext("a:id", None, ATOM)).startswith("urn:uuid:")
        assert element.findtext("a:updated", None, ATOM) == "2020-10-22T12:00:00.000005Z"
    # An author of the feed is one of each entry; an entry without a link has content.
    assert feed.findtext("a:author/a:name", None, ATOM)
    contents = [entry.findtext("a:content", None, ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert contents == ["移除网址 https://a.cn/?x=1&y=<2> · address https://a.cn/?x=1&y=<2> removed"] * 2
    ids = [element.text for element in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids)) == 3
    (self_link,) = feed.findall("a:link", ATOM)
    assert (self_link.get("rel"), self_link.get("href")) == ("self", "changes.atom")
    titles = [entry.findtext("a:title", None, ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert titles == ["2: <b>&\ufffd\ufffd“标题”\ufffd\ufffd]]>", "1: one"], "the newest first"


def test_the_feed_is_bounded_and_an_empty_one_is_valid_too() -> None:
    long = ET.fromstring(atom_feed(published(*map(str, range(ENTRIES + 5)))))  # noqa: S314
    assert len(long.findall("a:entry", ATOM)) == ENTRIES
    empty = ET.fromstring(atom_feed(Snapshot(Holdings(), 0, None)))  # noqa: S314
    assert empty.findtext("a:updated", None, ATOM) == "1970-01-01T00:00:00Z"
    assert empty.findtext("a:id", None, ATOM)


def test_what_a_request_says_of_its_host_is_not_believed() -> None:
    with served(build_app(Still(published("one")), Settings())) as address:
        answer = httpx.get(
            f"{address}/changes.atom", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
        )
        assert "evil.example" not in answer.text
        assert httpx.head(f"{address}/changes.atom").status_code == 200
