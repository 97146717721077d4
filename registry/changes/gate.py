"""What stands before publishing: a review, and what the change would break. Passed in the publication's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from registry.access import Actor, Permission
from registry.bundles import Bundle
from registry.changes.finding import changed_since
from registry.changes.refusals import BaseMoved, Blocked, NeedsReview, NothingChanged, SayWhy
from registry.editing.drafts import Draft, Terms
from registry.editing.editable import BadValue, checked_text
from registry.editing.versions import Overridden
from registry.impact.impact import impact
from registry.snapshot import Snapshot
from registry.store.holdings import read_bundled
from registry.store.revisions import current_revision


@dataclass(frozen=True, slots=True)
class Gate:
    """Who wants to publish, on which terms, in which transaction."""

    connection: Connection
    actor: Actor
    terms: Terms
    moment: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """How something passed: what stood in its way, and the reason for going on."""

    override: str | None = None
    overridden: tuple[Overridden, ...] = ()


def open_gate(connection: Connection, actor: Actor, terms: Terms, moment: datetime) -> Gate:
    """The gate, the terms' texts put in order. Raises SayWhy for an empty reason, BadValue."""
    override = checked_text("override", terms.override)
    if terms.override is not None and override is None:
        raise SayWhy("override")
    return Gate(connection, actor, Terms(checked_text("note", terms.note), override), moment)


def may_publish(gate: Gate, *bundles: Bundle) -> None:
    """Raises Forbidden if the actor may not publish for a department that leads any of these."""
    for code, lead in dict.fromkeys((bundle.code, bundle.lead_department) for bundle in bundles):
        gate.actor.must(Permission.PUBLISH_BUNDLE, "bundle", code, (lead,))


def is_unreviewed(gate: Gate, published: Bundle, draft: Draft) -> bool:
    """Whether it goes out without a review: raises NeedsReview unless the actor may do that."""
    if draft.approved_by is not None:
        return False
    if not gate.actor.may(Permission.PUBLISH_UNREVIEWED, (published.lead_department,)):
        raise NeedsReview(published.code)
    return True


def must_follow(gate: Gate, published: Bundle, draft: Draft) -> None:
    """Raises BaseMoved if the draft is of another version than the one published, NothingChanged if it changes nothing."""
    if draft.based_on != published.version:
        meanwhile = changed_since(gate.connection, published, draft.based_on)
        raise BaseMoved(published.code, draft.based_on, published.version, meanwhile)
    if draft.content == published:
        raise NothingChanged(published.code)


def must_break_nothing(gate: Gate, contents: Sequence[Bundle]) -> list[Passed]:
    """How each passes. Raises Blocked for what can't be overridden or isn't, Forbidden for one who may not override."""
    revision = current_revision(gate.connection)
    holdings = read_bundled(gate.connection, contents)
    snapshot = Snapshot(holdings, revision.number, revision.published_at)
    return [_passed(gate, snapshot, content) for content in contents]


def _passed(gate: Gate, snapshot: Snapshot, content: Bundle) -> Passed:
    for field in ("lead_department", "cooperating_departments"):
        _must_be_held(snapshot, field, content)
    blockers = impact(snapshot, content, gate.moment).blockers
    if not blockers:
        return Passed()
    if gate.terms.override is None or not all(blocker.overridable for blocker in blockers):
        raise Blocked(content.code, sorted(blockers, key=lambda blocker: blocker.overridable))
    gate.actor.must(Permission.OVERRIDE_IMPACT, "bundle", content.code, (content.lead_department,))
    return Passed(gate.terms.override, tuple(Overridden(each.code, each.zh, each.en) for each in blockers))


def _must_be_held(snapshot: Snapshot, field: str, content: Bundle) -> None:
    named: str | tuple[str, ...] = getattr(content, field)
    for code in (named,) if isinstance(named, str) else named:
        if code not in snapshot.holdings.departments:
            raise BadValue(field, f"部门“{code}”已不在库", f"department “{code}” is no longer held")
