"""Announcements: what outsiders are told of a change, so that who keeps a copy knows what to ask for anew.

They say which records changed and how, never by whom, nor what was in them before.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, takewhile

from registry.audit import Entry
from registry.errors import RegistryError
from registry.words import RecordAction, RecordKind

# A change of more records than this is told without its list: whoever keeps a copy reads everything anew.
LISTED_AT_MOST = 1_000
# What is held in memory: so many announcements, with so many records in all their lists.
HELD_AT_MOST = 1_000
RECORDS_HELD_AT_MOST = 20_000
# What one page gives at most, however many announcements were asked for.
PAGE_MAX = 100
RECORDS_A_PAGE = 2_000

# The audit log's words for what outsiders see. What it has no word for here concerns drafts, tokens and the like.
KINDS = {kind.code: kind for kind in RecordKind}
ACTIONS = {action.code: action for action in RecordAction}


class BadPage(RegistryError):
    """A page of changes that can't be given."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One record that was added, changed or removed."""

    kind: RecordKind
    code: str
    action: RecordAction


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told of one revision. `event` is its name for ever, the same in every feed and delivery.

    `changes` are `total` records, or None if those are too many to list.
    """

    revision: int
    event: str
    published_at: datetime
    summary: str
    total: int
    changes: tuple[Changed, ...] | None


@dataclass(frozen=True, slots=True)
class Page:
    """Announcements after a revision, oldest first. Not `complete`: some of those are no longer held, so none is given."""

    announcements: tuple[Announcement, ...]
    complete: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class Recent:
    """The newest announcements, oldest first, without a gap up to the newest revision.

    `since` is the revision after which none is missing. `feed` names the registry's
    announcements as a whole, for ever; None before the first.
    """

    since: int = 0
    announcements: tuple[Announcement, ...] = ()
    feed: str | None = None

    @property
    def newest(self) -> int:
        """The revision up to which they reach."""
        return self.since + len(self.announcements)

    def page(self, after: int, first: int) -> Page:
        """The first so many after a revision; fewer if their lists are long. Raises BadPage."""
        if not 1 <= first <= PAGE_MAX:
            raise BadPage(f"first 应为 1 至 {PAGE_MAX}，而不是 {first}", f"first is from 1 to {PAGE_MAX}, not {first}")
        if after < self.since:
            return Page((), complete=False, has_next=False)
        newer = self.announcements[after - self.since :]
        size = min(first, _fitting(newer, RECORDS_A_PAGE))
        return Page(newer[:size], complete=True, has_next=size < len(newer))


def told(entries: Iterable[Entry]) -> tuple[Changed, ...]:
    """What outsiders are told of a change's entries: each record once.

    An entry in the log's more particular words ("revert", "override") is a change like any other.
    """
    seen = [entry for entry in entries if entry.kind in KINDS]
    found: dict[tuple[str, str], Changed] = {}
    for entry in chain((e for e in seen if e.action in ACTIONS), seen):
        changed = Changed(KINDS[entry.kind], entry.subject, ACTIONS.get(entry.action, RecordAction.CHANGE))
        found.setdefault((entry.kind, entry.subject), changed)
    return tuple(found.values())


def recent(announcements: Iterable[Announcement], newest: int, feed: str | None) -> Recent:
    """What is held of announcements up to the newest revision: the same in every process."""
    backwards = sorted(announcements, key=lambda each: each.revision, reverse=True)
    unbroken = [
        each for each, expected in zip(backwards, range(newest, 0, -1), strict=False) if each.revision == expected
    ]
    kept = unbroken[: min(HELD_AT_MOST, _fitting(unbroken, RECORDS_HELD_AT_MOST))]
    return Recent(newest - len(kept), tuple(reversed(kept)), feed)


def new_event() -> str:
    """A name for an announcement that no other will ever have."""
    return str(uuid.uuid4())


def feed_of(first_event: str) -> str:
    """The name of all announcements of a registry, by the first of them."""
    return str(uuid.uuid5(uuid.UUID(first_event), "feed"))


def _fitting(announcements: Iterable[Announcement], records: int) -> int:
    """How many of them have so many records in their lists together; one always fits."""
    within = takewhile(lambda total: total <= records, _totals(announcements))
    return max(1, sum(1 for _ in within))


def _totals(announcements: Iterable[Announcement]) -> Iterator[int]:
    total = 0
    for each in announcements:
        total += len(each.changes or ())
        yield total
