"""What stands before publishing: a review, and what the change would break. Passed in the publication's own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from registry.access import Actor, Permission
from registry.bundles import Bundle
from registry.changes.finding import changed_since
from registry.changes.refusals import BaseMoved, Blocked, NeedsReview, NothingChanged, SayWhy
from registry.drafts import Draft, Terms
from registry.editable import BadValue, checked_text
from registry.impact.impact import impact
from registry.snapshot import Snapshot
from registry.store.holdings import read_holdings
from registry.store.revisions import current_revision
from registry.versions import Overridden


@dataclass(frozen=True, slots=True)
class Gate:
    """Who wants to publish, on which terms, and what is published at that moment."""

    connection: Connection
    actor: Actor
    terms: Terms
    moment: datetime
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Passed:
    """How something passed: what stood in its way, and the reason for going on."""

    override: str | None = None
    overridden: tuple[Overridden, ...] = ()


def open_gate(connection: Connection, actor: Actor, terms: Terms, moment: datetime) -> Gate:
    """The gate over what is published now. Raises SayWhy if the terms hold an empty reason."""
    override = checked_text("override", terms.override)
    if terms.override is not None and override is None:
        raise SayWhy("override")
    cleaned = Terms(checked_text("note", terms.note), override)
    revision = current_revision(connection)
    return Gate(
        connection, actor, cleaned, moment, Snapshot(read_holdings(connection), revision.number, revision.published_at)
    )


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


def must_break_nothing(gate: Gate, content: Bundle) -> Passed:
    """Raises Blocked for what can't be overridden or isn't, Forbidden for one who may not override it."""
    for field in ("lead_department", "cooperating_departments"):
        _must_be_held(gate, field, content)
    blockers = impact(gate.snapshot, content, gate.moment).blockers
    if not blockers:
        return Passed()
    if gate.terms.override is None or not all(blocker.overridable for blocker in blockers):
        raise Blocked(content.code, sorted(blockers, key=lambda blocker: blocker.overridable))
    gate.actor.must(Permission.OVERRIDE_IMPACT, "bundle", content.code, (content.lead_department,))
    return Passed(gate.terms.override, tuple(Overridden(each.code, each.zh, each.en) for each in blockers))


def _must_be_held(gate: Gate, field: str, content: Bundle) -> None:
    named: str | Iterable[str] = getattr(content, field)
    for code in (named,) if isinstance(named, str) else named:
        if code not in gate.snapshot.holdings.departments:
            raise BadValue(field, f"部门“{code}”已不在库", f"department “{code}” is no longer held")
