"""Publishing drafts, one or several at once, and going back: to an earlier version, or behind a whole release."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.changes.finding import bundle_seen, draft_seen, held_bundle, published_version
from registry.changes.gate import Gate, is_unreviewed, may_publish, must_break_nothing, must_follow, open_gate
from registry.changes.issuing import Next, add_release, end_drafts, issue, next_release, next_version
from registry.changes.once import once
from registry.changes.publishing import changing
from registry.changes.refusals import BadSchedule, NeedsReview, NoSuchVersion, NothingChanged, UnknownRelease
from registry.editing.drafts import Seen, Terms
from registry.editing.versions import BundleVersion, Origin, Release
from registry.store.versions import put_release, read_releases


@dataclass(frozen=True, slots=True)
class Reversion:
    """To which earlier version a bundle shall go back; `version` is the published one that the person saw."""

    bundle: str
    version: int
    to: int


@once
def publish_bundle(
    engine: Engine | Connection, seen: Seen, terms: Terms, actor: Actor, idempotency_key: str | None = None
) -> BundleVersion:
    """Publish the draft that was seen as the bundle's next version; readers see it within a second.

    Raises StaleVersion, NoDraft, BaseMoved, NothingChanged, NeedsReview, Blocked (with the code of what
    stands in the way), SayWhy, Forbidden.
    """
    with changing(engine, actor) as connection:
        (version,) = publish_drafts(connection, (seen,), terms, actor)
    return version


@once
def release_bundles(
    engine: Engine | Connection,
    items: tuple[Seen, ...],
    terms: Terms,
    actor: Actor,
    idempotency_key: str | None = None,
) -> Release:
    """Publish several drafts at once, as one revision, all or none. Raises what `publish_bundle` does, BadSchedule."""
    with changing(engine, actor) as connection:
        code = next_release(connection)
        versions = publish_drafts(connection, items, terms, actor, release=code)
        return add_release(connection, actor, versions, terms)


@once
def revert_bundle(
    engine: Engine | Connection, back: Reversion, terms: Terms, actor: Actor, idempotency_key: str | None = None
) -> BundleVersion:
    """Publish an earlier version of the bundle again, as its next one. An open draft stays, to be carried over.

    Raises StaleVersion, NoSuchVersion, NothingChanged, NeedsReview (that version never was reviewed),
    Blocked, SayWhy, Forbidden.
    """
    with changing(engine, actor) as connection:
        actor.must(
            Permission.PUBLISH_BUNDLE, "bundle", back.bundle, (held_bundle(connection, back.bundle).lead_department,)
        )
        bundle_seen(connection, Seen(back.bundle, back.version))
        gate = open_gate(connection, actor, terms, datetime.now(UTC))
        version = _past_impact(gate, [_former(gate, back.bundle, back.to)])
        (written,) = issue(connection, actor, f"put back version {back.to} of {back.bundle}", version)
    return written


@once
def undo_release(
    engine: Engine | Connection, release: str, terms: Terms, actor: Actor, idempotency_key: str | None = None
) -> Release:
    """Put back, in one step, what was published before a release; that is a release too, and can be undone.

    Raises UnknownRelease, StaleVersion for a bundle that was published again since, and what `revert_bundle` does.
    """
    with changing(engine, actor) as connection:
        undone = read_releases(connection).get(release)
        if undone is None or undone.undone_by is not None:
            actor.must(Permission.PUBLISH_BUNDLE, "release", release)
            raise UnknownRelease(release)
        for item in undone.items:
            lead = held_bundle(connection, item.bundle).lead_department
            actor.must(Permission.PUBLISH_BUNDLE, "release", release, (lead,))
            bundle_seen(connection, Seen(item.bundle, item.number))
        gate = open_gate(connection, actor, terms, datetime.now(UTC))
        code = next_release(connection)
        former = _past_impact(gate, [_former(gate, item.bundle, item.before, code) for item in undone.items])
        written = issue(connection, actor, f"undo release {release}", former)
        made = add_release(connection, actor, written, gate.terms, undoes=release)
        put_release(connection, replace(undone, undone_by=made.code))
    return made


def publish_drafts(
    connection: Connection, items: Sequence[Seen], terms: Terms, actor: Actor, release: str | None = None
) -> tuple[BundleVersion, ...]:
    """Publish drafts in a change under way, as one revision."""
    gate = open_gate(connection, actor, terms, datetime.now(UTC))
    issued = cleared(gate, items, release)
    written = issue(connection, actor, f"publish {', '.join(item.bundle for item in items)}", issued)
    end_drafts(connection, actor, written)
    return written


def cleared(gate: Gate, items: Sequence[Seen], release: str | None = None) -> list[Next]:
    """The versions that would be published, each past the gate. Raises what stands in the way of the first that isn't."""
    if not items or len({item.bundle for item in items}) < len(items):
        raise BadSchedule("请列出要发布的一件事，每个一次", "name the bundles to publish, each once")
    ready = [_ready(gate, item, release) for item in items]
    return _past_impact(gate, ready)


def _ready(gate: Gate, seen: Seen, release: str | None) -> Next:
    published = held_bundle(gate.connection, seen.bundle)
    may_publish(gate, published)
    draft = draft_seen(gate.connection, seen)
    may_publish(gate, draft.content)
    must_follow(gate, published, draft)
    unreviewed = is_unreviewed(gate, published, draft)
    return next_version(
        published, draft.content, gate.actor, gate.moment,
        note=gate.terms.note, reviewed_by=draft.approved_by, unreviewed=unreviewed, release=release,
    )  # fmt: skip


def _former(gate: Gate, bundle: str, number: int, release: str | None = None) -> Next:
    published = held_bundle(gate.connection, bundle)
    old = published_version(gate.connection, bundle, number)
    if old.content is None:
        raise NoSuchVersion(bundle, number)
    may_publish(gate, published, old.content)
    if replace(old.content, version=published.version) == published:
        raise NothingChanged(bundle)
    if old.unreviewed and not gate.actor.may(Permission.PUBLISH_UNREVIEWED, (published.lead_department,)):
        raise NeedsReview(bundle)
    return next_version(
        published, old.content, gate.actor, gate.moment, origin=Origin.REVERT, reverted_from=number,
        note=gate.terms.note, reviewed_by=old.reviewed_by, unreviewed=old.unreviewed, release=release,
    )  # fmt: skip


def _past_impact(gate: Gate, ready: Sequence[Next]) -> list[Next]:
    passed = must_break_nothing(gate, [each.content for each in ready])
    return [
        each.having(override=how.override, overridden=how.overridden) for each, how in zip(ready, passed, strict=True)
    ]
