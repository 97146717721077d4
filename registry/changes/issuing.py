"""Writing versions: bundle, version, log and revision in one transaction. Nothing here asks who may."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from registry.access import Actor
from registry.audit import Entry, entry
from registry.bundles import Bundle
from registry.changes.publishing import publish
from registry.editing.drafts import ScheduleState, Terms
from registry.editing.versions import BundleVersion, Release, Released
from registry.recorded import plain
from registry.store.audit import write_entries
from registry.store.drafts import remove_draft
from registry.store.holdings import put
from registry.store.schedules import put_schedule, read_schedules
from registry.store.versions import add_versions, put_release, read_releases


@dataclass(frozen=True, slots=True)
class Next:
    """What shall take the place of a published bundle. The version's moment and revision are set when it is written."""

    old: Bundle
    content: Bundle
    version: BundleVersion

    def having(self, **fields: Any) -> "Next":
        """The same with other fields of the version."""
        return replace(self, version=replace(self.version, **fields))


def next_version(old: Bundle, content: Bundle, actor: Actor, moment: datetime, **fields: Any) -> Next:
    """The next version of a bundle, with this content."""
    numbered = replace(content, version=old.version + 1)
    return Next(old, numbered, BundleVersion(old.code, numbered.version, moment, 0, actor.name, numbered, **fields))


def issue(connection: Connection, actor: Actor, summary: str, issued: Sequence[Next]) -> tuple[BundleVersion, ...]:
    """Publish them all as one revision; gives the versions as written."""
    put(connection, Bundle, [each.content for each in issued])
    revision = publish(connection, actor, summary, [_entry(each) for each in issued])
    written = tuple(
        replace(each.version, revision=revision.number, published_at=revision.published_at or each.version.published_at)
        for each in issued
    )
    add_versions(connection, written)
    return written


def end_drafts(connection: Connection, actor: Actor, versions: Sequence[BundleVersion]) -> None:
    """Remove the drafts that were published, and cancel what else was planned for them."""
    published = {version.bundle for version in versions}
    for bundle in published:
        remove_draft(connection, bundle)
    for schedule in read_schedules(connection).values():
        waiting = schedule.state is ScheduleState.WAITING
        if waiting and any(item.bundle in published for item in schedule.items):
            reason = "其草稿已另行发布 / a draft of it was published otherwise"
            ended = replace(schedule, state=ScheduleState.CANCELLED, ended_at=versions[0].published_at, reason=reason)
            put_schedule(connection, ended)
            tell_of_schedule(connection, actor, "cancel", ended)


def add_release(
    connection: Connection, actor: Actor, versions: Sequence[BundleVersion], terms: Terms, undoes: str | None = None
) -> Release:
    """Write the release that these versions are; it bears the code they name."""
    release = Release(
        versions[0].release or "", versions[0].published_at, versions[0].revision, actor.name,
        tuple(Released(version.bundle, version.number - 1, version.number) for version in versions),
        terms.note, undoes,
    )  # fmt: skip
    put_release(connection, release)
    return release


def next_release(connection: Connection) -> str:
    """The code that no release had yet."""
    return f"R-{len(read_releases(connection)) + 1}"


def tell_of_schedule(connection: Connection, actor: Actor, action: str, schedule: Any) -> None:
    """Write what became of a schedule into the log."""
    after = {"state": schedule.state.name, "due": plain(schedule.due), "items": plain(schedule.items)}
    after |= {"reason": schedule.reason} if schedule.reason else {}
    before = None if schedule.state is ScheduleState.WAITING else {"state": ScheduleState.WAITING.name}
    write_entries(connection, None, actor, [Entry(action, "schedule", schedule.code, before, after)])


def _entry(issued: Next) -> Entry:
    """What the log keeps of a publication: what changed, and how it came to be published."""
    version = issued.version
    changed = entry(issued.old, issued.content)
    how = {
        name: plain(getattr(version, name))
        for name in ("note", "reviewed_by", "unreviewed", "override", "overridden", "reverted_from", "release")
        if getattr(version, name)
    }
    action = "revert" if version.reverted_from else "publish"
    return Entry(action, changed.kind, changed.subject, changed.before, (changed.after or {}) | {"how": how})
