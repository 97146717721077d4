"""The Atom feed of changes (RFC 4287), for readers that know feeds and no GraphQL.

Ids are names for ever, and no address depends on what a request says of its host:
links are relative to wherever the feed was found.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response

from registry.announcements import Announcement
from registry.snapshot import Snapshot
from schema.answers import entity_tag, is_current

MEDIA = "application/atom+xml"
PATH = "changes.atom"
ENTRIES = 100
# An entry names so many records and counts the rest.
NAMED = 100
ATOM = "http://www.w3.org/2005/Atom"
TITLE = "政务服务事项登记库：变更 · Matter Registry: changes"
AUTHOR = "政务服务事项登记库 · Matter Registry"
# An empty registry has published nothing, but its feed has an id and a moment.
NIL = "00000000-0000-0000-0000-000000000000"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# XML 1.0 can't say these, not even escaped.
UNSAYABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed:
    """The feed of whatever snapshot is current, written once a revision."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot
        self._written: tuple[Snapshot | None, bytes] = (None, b"")

    async def answer(self, request: Request) -> Response:
        """The feed, or that the one the reader has is still the newest."""
        body = self._current()
        headers = {"ETag": entity_tag(body), "Cache-Control": "no-cache"}
        if is_current(headers["ETag"], request.headers.get("if-none-match")):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=f"{MEDIA}; charset=utf-8", headers=headers)

    def _current(self) -> bytes:
        snapshot = self._snapshot()
        written, body = self._written
        if written is not snapshot:
            body = atom_feed(snapshot)
            self._written = (snapshot, body)
        return body


def atom_feed(snapshot: Snapshot) -> bytes:
    """The newest announcements, newest first, as an Atom document."""
    newest = snapshot.recent.announcements[: -ENTRIES - 1 : -1]
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": "zh"})
    _add(feed, "id", f"urn:uuid:{snapshot.recent.feed or NIL}")
    _add(feed, "title", TITLE)
    _add(feed, "updated", _moment(newest[0].published_at if newest else snapshot.published_at or EPOCH))
    SubElement(feed, "link", {"rel": "self", "type": MEDIA, "href": PATH})
    _add(SubElement(feed, "author"), "name", AUTHOR)
    for announcement in newest:
        feed.append(_entry(announcement))
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(announcement: Announcement) -> Element:
    entry = Element("entry")
    moment = _moment(announcement.published_at)
    _add(entry, "id", f"urn:uuid:{announcement.event}")
    _add(entry, "title", f"{announcement.revision}: {announcement.summary}")
    _add(entry, "updated", moment)
    _add(entry, "published", moment)
    _add(entry, "content", _named(announcement)).set("type", "text")
    return entry


def _named(announcement: Announcement) -> str:
    if announcement.changes is None:
        return f"更改了 {announcement.total} 条，不逐一列出 · {announcement.total} records changed, too many to list"
    lines = [
        f"{each.action.zh}{each.kind.zh} {each.code} · {each.kind.en} {each.code} {each.action.en}"
        for each in announcement.changes[:NAMED]
    ]
    if (more := announcement.total - len(lines)) > 0:
        lines.append(f"还有 {more} 条 · and {more} more")
    return "\n".join(lines)


def _add(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return child


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
