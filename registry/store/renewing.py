"""From one revision to the next: only what was announced to have changed is read.

A publication must not make the readers of the same process wait, so it costs what
it changes, not what is held.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from registry.announcements import Recent
from registry.bundles import Bundle
from registry.holdings import Holdings
from registry.matters import Matter
from registry.places import Department, Place, Region
from registry.snapshot import Snapshot
from registry.store.closures import read_closures, read_links
from registry.store.holdings import read_kind
from registry.words import RecordKind

# A change of more records than this is read whole.
MOST = 500

KINDS: dict[RecordKind, tuple[str, type[Any]]] = {
    RecordKind.REGION: ("regions", Region),
    RecordKind.DEPARTMENT: ("departments", Department),
    RecordKind.PLACE: ("places", Place),
    RecordKind.MATTER: ("matters", Matter),
    RecordKind.BUNDLE: ("bundles", Bundle),
}

Codes = Mapping[RecordKind, Collection[str]]


def renewed(connection: Connection, held: Snapshot, recent: Recent) -> Holdings | None:
    """The holdings now, those held with what changed since; None if that isn't known and all must be read.

    Kinds of which nothing changed are the same objects.
    """
    changed = _changed_since(held, recent)
    if changed is None or sum(map(len, changed.values())) > MOST:
        return None
    parts: dict[str, Any] = {}
    for kind, (name, record) in KINDS.items():
        if codes := changed.get(kind):
            parts[name] = _merged(getattr(held.holdings, name), codes, read_kind(connection, record, codes))
    if RecordKind.CLOSURE in changed:
        parts["closures"] = read_closures(connection)
    if RecordKind.LINK in changed:
        parts["links"] = read_links(connection)
    return replace(held.holdings, **parts)


def _changed_since(held: Snapshot, recent: Recent) -> Codes | None:
    """The records that changed since a snapshot, by kind; None if not every revision since tells its own."""
    known = held.recent.announcements
    newer = recent.announcements[held.revision - recent.since :] if held.revision >= recent.since else None
    if newer is None or not known or held.recent.newest != held.revision or not _follows(held, recent):
        return None
    found: defaultdict[RecordKind, set[str]] = defaultdict(set)
    for announcement in newer:
        if announcement.changes is None:
            return None
        for change in announcement.changes:
            found[change.kind].add(change.code)
    return found


def _follows(held: Snapshot, recent: Recent) -> bool:
    """Whether the snapshot's own revision is the one that was announced: a backup put back has others."""
    place = held.revision - recent.since - 1
    return (
        0 <= place < len(recent.announcements)
        and recent.announcements[place].event == held.recent.announcements[-1].event
    )


def _merged(old: Mapping[str, Any], codes: Collection[str], fresh: Mapping[str, Any]) -> dict[str, Any]:
    merged = {code: fresh.get(code, record) for code, record in old.items() if code in fresh or code not in codes}
    if merged.keys() >= fresh.keys():
        return merged
    merged |= fresh
    return {code: merged[code] for code in sorted(merged)}
