"""What was public when: every bundle as of any moment, in memory.

A version shares with the one before it whatever is equal, so it costs half a kilobyte
and not four. Of a bundle with very many versions the newest are held; who asks for
a moment before those is told so, and never that there was no such bundle.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from registry.bundles import Bundle
from registry.editing.versions import BundleVersion
from registry.errors import RegistryError

HELD = 1_000  # versions of one bundle


class TooLongAgo(RegistryError):
    """A moment before the oldest version that is held in memory."""

    code = "TOO_LONG_AGO"

    def __init__(self, bundle: str, first: datetime) -> None:
        super().__init__(
            f"“{bundle}”仅保留 {first.isoformat()} 起的版本",
            f"“{bundle}” is held as it was from {first.isoformat()} on",
        )


@dataclass(frozen=True, slots=True)
class Published:
    """A bundle as it was published at a moment; None: taken out."""

    at: datetime
    number: int
    content: Bundle | None


@dataclass(frozen=True, slots=True)
class Past:
    """A bundle's versions in order. `cut`: there were older ones, not held."""

    versions: tuple[Published, ...] = ()
    cut: bool = False


History = Mapping[str, Past]


def bundle_as_of(history: History, code: str, moment: datetime) -> Bundle | None:
    """The bundle that was public at an aware moment; None before the first version and once it was taken out.

    A moment to come gives what is public now. Raises TooLongAgo.
    """
    past = history.get(code, Past())
    before = bisect_right(past.versions, moment, key=lambda published: published.at)
    if before:
        return past.versions[before - 1].content
    if past.cut:
        raise TooLongAgo(code, past.versions[0].at)
    return None


def published_at(history: History, bundle: Bundle) -> datetime | None:
    """When this version of the bundle was published; None if that isn't held."""
    versions = history.get(bundle.code, Past()).versions
    place = bisect_right(versions, bundle.version, key=lambda published: published.number)
    found = versions[place - 1] if place else None
    return found.at if found and found.number == bundle.version else None


def extended(history: History, newer: Iterable[BundleVersion], held: Mapping[str, Bundle]) -> History:
    """The history with newer versions, in order; those that are `held` are the same objects as there."""
    made = dict(history)
    for version in newer:
        past = made.get(version.bundle, Past())
        before = next((each.content for each in reversed(past.versions) if each.content), None)
        content = version.content
        if content is not None:
            public = held.get(version.bundle)
            content = public if content == public else _sharing(content, before)
        versions = (*past.versions, Published(version.published_at, version.number, content))
        made[version.bundle] = Past(versions[-HELD:], past.cut or len(versions) > HELD)
    return made


def _sharing(content: Bundle, before: Bundle | None) -> Bundle:
    """The content with what it has in common with the version before held once."""
    if before is None:
        return content
    members = {member: member for member in before.members}
    same: dict[str, Any] = {
        field: getattr(before, field)
        for field in content.__slots__
        if getattr(content, field) == getattr(before, field)
    }
    return replace(content, **{"members": tuple(members.get(member, member) for member in content.members)} | same)
