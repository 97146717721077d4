"""Review of a draft: submitting it, what others say of it, and the second person's verdict."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.audit import Entry
from registry.bundles import Bundle
from registry.changes.finding import draft_seen, held_bundle
from registry.changes.once import once
from registry.changes.publishing import changing
from registry.changes.refusals import NothingChanged, NotSubmitted, SayWhy, SecondPerson
from registry.editing.drafts import Draft, DraftState, Remark, RemarkKind, Seen
from registry.editing.editable import checked_text
from registry.editing.edits import NoSuchMember
from registry.recorded import plain
from registry.store.audit import write_entries
from registry.store.drafts import add_remark, put_draft
from registry.store.holdings import departments_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer says. One who asks for changes says which."""

    approve: bool
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class MembersApproved:
    """What a cooperating department says of its own members, by the matters' codes."""

    matters: tuple[str, ...]
    comment: str | None = None


@once
def submit_bundle(
    engine: Engine | Connection, seen: Seen, note: str | None, actor: Actor, idempotency_key: str | None = None
) -> Draft:
    """Ask for a review of the draft that was seen.

    Raises StaleVersion, NoDraft, NothingChanged, NotSubmitted (it is submitted or approved already), Forbidden.
    """
    with changing(engine, actor) as connection:
        published = held_bundle(connection, seen.bundle)
        actor.must(Permission.EDIT_BUNDLE, "draft", seen.bundle, (published.lead_department,))
        draft = draft_seen(connection, seen)
        if draft.state not in (DraftState.OPEN, DraftState.CHANGES_ASKED):
            raise NotSubmitted(seen.bundle, (draft.state.zh, draft.state.en))
        if replace(draft.content, version=published.version) == published:
            raise NothingChanged(seen.bundle)
        submitted = replace(draft, state=DraftState.SUBMITTED, submitted_by=actor.name)
        return _said(connection, draft, submitted, _remark(RemarkKind.SUBMITTED, draft, note, actor), actor)


@once
def review_bundle(
    engine: Engine | Connection, seen: Seen, verdict: Verdict, actor: Actor, idempotency_key: str | None = None
) -> Draft:
    """Approve the draft that was submitted, as it was seen, or ask for changes.

    Raises SecondPerson for whoever submitted or edited it, whatever their role; StaleVersion,
    NoDraft, NotSubmitted, SayWhy, Forbidden.
    """
    with changing(engine, actor) as connection:
        published = held_bundle(connection, seen.bundle)
        actor.must(Permission.REVIEW_BUNDLE, "draft", seen.bundle, (published.lead_department,))
        draft = draft_seen(connection, seen)
        if draft.state is not DraftState.SUBMITTED:
            raise NotSubmitted(seen.bundle, (draft.state.zh, draft.state.en))
        if actor.name in (draft.submitted_by, *draft.authors):
            raise SecondPerson(actor, seen.bundle)
        kind = RemarkKind.APPROVED if verdict.approve else RemarkKind.CHANGES_ASKED
        remark = _remark(kind, draft, verdict.comment, actor)
        if remark.text is None and not verdict.approve:
            raise SayWhy("comment")
        reviewed = replace(draft, state=DraftState[kind.name])
        return _said(connection, draft, reviewed, remark, actor)


@once
def comment_on_draft(
    engine: Engine | Connection, seen: Seen, text: str, actor: Actor, idempotency_key: str | None = None
) -> Draft:
    """Say something of the draft: anybody of a department that leads, cooperates or has a member in it.

    Raises StaleVersion, NoDraft, SayWhy, Forbidden.
    """
    with changing(engine, actor) as connection:
        published = held_bundle(connection, seen.bundle)
        draft = draft_seen_by(connection, seen, published, actor)
        remark = _remark(RemarkKind.COMMENT, draft, text, actor)
        if remark.text is None:
            raise SayWhy("text")
        return _said(connection, draft, draft, remark, actor)


@once
def approve_members(
    engine: Engine | Connection, seen: Seen, approved: MembersApproved, actor: Actor, idempotency_key: str | None = None
) -> Draft:
    """Approve members of one's own department as they stand in the draft that was seen.

    Raises StaleVersion, NoDraft, NoSuchMember, Forbidden.
    """
    with changing(engine, actor) as connection:
        published = held_bundle(connection, seen.bundle)
        draft = draft_seen_by(connection, seen, published, actor)
        members = {member.matter: member for member in draft.content.members}
        departments = departments_of(connection, approved.matters)
        for matter in approved.matters:
            if matter not in members or matter not in departments:
                raise NoSuchMember(matter)
            actor.must(Permission.APPROVE_MEMBERS, "draft", seen.bundle, (departments[matter],))
        if not approved.matters:
            raise NothingChanged(seen.bundle)
        remark = _remark(RemarkKind.MEMBERS_APPROVED, draft, approved.comment, actor)
        remark = replace(remark, members=tuple(members[matter] for matter in dict.fromkeys(approved.matters)))
        return _said(connection, draft, draft, remark, actor)


def draft_seen_by(connection: Connection, seen: Seen, published: Bundle, actor: Actor) -> Draft:
    """The draft that was seen, if the actor is of a department that has to do with it."""
    departments = {published.lead_department, *published.cooperating_departments}
    departments |= set(departments_of(connection, [member.matter for member in published.members]).values())
    if not actor.may(Permission.APPROVE_MEMBERS, departments):
        # One who comes in only with the draft, by its cooperation or by a new member.
        content = draft_seen(connection, seen).content
        departments |= {content.lead_department, *content.cooperating_departments}
        departments |= set(departments_of(connection, [member.matter for member in content.members]).values())
    actor.must(Permission.APPROVE_MEMBERS, "draft", seen.bundle, departments)
    return draft_seen(connection, seen)


def _remark(kind: RemarkKind, draft: Draft, text: str | None, actor: Actor) -> Remark:
    return Remark(kind, actor.name, datetime.now(UTC), draft.version, checked_text("text", text))


def _said(connection: Connection, before: Draft, after: Draft, remark: Remark, actor: Actor) -> Draft:
    add_remark(connection, after.bundle, remark)
    if after != before:
        put_draft(connection, after)
    said = {"version": after.version, "state": after.state.name, "text": remark.text, "members": plain(remark.members)}
    was = {"version": before.version, "state": before.state.name}
    write_entries(connection, None, actor, [Entry(remark.kind.name.lower(), "draft", after.bundle, was, said)])
    return replace(after, remarks=(*after.remarks, remark))
