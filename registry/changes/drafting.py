"""Editing a bundle's draft: opening and resuming it, saving edits, carrying it over to a newer version, discarding it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.audit import Entry, entry
from registry.bundles import Bundle
from registry.changes.finding import draft_seen, held_bundle, known_to, names_in, published_version
from registry.changes.once import once
from registry.changes.publishing import changing
from registry.changes.refusals import NoDraft, NothingChanged
from registry.editing.drafts import Draft, DraftState, Editor, Remark, RemarkKind, Seen
from registry.editing.edits import Operation, apply_all
from registry.editing.log import Edit, EditKind, written
from registry.editing.rebasing import rebased
from registry.store.audit import write_entries
from registry.store.drafts import add_edit, add_remark, last_edit, put_draft, read_draft, remove_draft
from registry.store.holdings import read_bundle


@once
def open_draft(engine: Engine | Connection, bundle: str, actor: Actor, idempotency_key: str | None = None) -> Draft:
    """Begin to edit a bundle, or go on with the draft there is: a bundle has one. Raises UnknownBundle, Forbidden."""
    with changing(engine, actor) as connection:
        published = held_bundle(connection, bundle)
        actor.must(Permission.EDIT_BUNDLE, "draft", bundle, (published.lead_department,))
        now = datetime.now(UTC)
        draft = read_draft(connection, bundle)
        if draft is None:
            draft = _begun(connection, published, actor, now)
        elif all(editor.name != actor.name for editor in draft.editors):
            write_entries(connection, None, actor, [Entry("resume", "draft", bundle, None, {"version": draft.version})])
        draft = replace(draft, editors=_with_editor(draft, actor, now, edits=0))
        put_draft(connection, draft)
    return draft


@once
def save_draft(
    engine: Engine | Connection,
    seen: Seen,
    operations: tuple[Operation, ...],
    actor: Actor,
    idempotency_key: str | None = None,
) -> Draft:
    """Apply operations to the draft that was seen, all or none: one edit, and what was approved no longer is.

    Raises StaleVersion, NoDraft, NothingChanged, Forbidden, and what an operation is refused with.
    """
    with changing(engine, actor) as connection:
        published = held_bundle(connection, seen.bundle)
        actor.must(Permission.EDIT_BUNDLE, "draft", seen.bundle, (published.lead_department,))
        draft = draft_seen(connection, seen)
        if not operations:
            raise NothingChanged(seen.bundle)
        content = apply_all(draft.content, operations, known_to(connection, operations))
        if content.lead_department != draft.content.lead_department:
            # It passes from one to the other, so both must agree.
            for lead in (draft.content.lead_department, content.lead_department):
                actor.must(Permission.EDIT_BUNDLE, "draft", seen.bundle, (lead,))
        edit = Edit(seen.bundle, draft.version + 1, datetime.now(UTC), actor.name, EditKind.EDITED, operations)
        return _edited(connection, draft, content, edit, actor)


@once
def rebase_draft(engine: Engine | Connection, seen: Seen, actor: Actor, idempotency_key: str | None = None) -> Draft:
    """Carry the draft over to the version that was published since it was opened; one edit.

    Where both changed the same in different ways the draft's stays, and a remark says
    what the published one was. Raises StaleVersion, NoDraft, NothingChanged, Forbidden.
    """
    with changing(engine, actor) as connection:
        published = held_bundle(connection, seen.bundle)
        actor.must(Permission.EDIT_BUNDLE, "draft", seen.bundle, (published.lead_department,))
        draft = draft_seen(connection, seen)
        base = published_version(connection, seen.bundle, draft.based_on)
        if draft.based_on == published.version or base.content is None:
            raise NothingChanged(seen.bundle)
        now = datetime.now(UTC)
        carried = rebased(base.content, draft.content, published, names_in(connection, draft.content, published))
        edit = Edit(seen.bundle, draft.version + 1, now, actor.name, EditKind.REBASED)
        draft = replace(draft, based_on=published.version)
        draft = _edited(connection, draft, carried.content, edit, actor)
        text = "\n".join(f"{zh} / {en}" for zh, en in carried.conflicts) or None
        remark = Remark(RemarkKind.REBASED, actor.name, now, draft.version, text)
        add_remark(connection, seen.bundle, remark)
    return replace(draft, remarks=(*draft.remarks, remark))


@once
def discard_draft(engine: Engine | Connection, seen: Seen, actor: Actor, idempotency_key: str | None = None) -> Draft:
    """Give up the draft that was seen; gives it back as it was. Its edits stay on record.

    Raises StaleVersion, NoDraft, Forbidden.
    """
    with changing(engine, actor) as connection:
        # A load may have taken the bundle out; its draft can still be discarded.
        draft = read_draft(connection, seen.bundle)
        if draft is None:
            raise NoDraft(seen.bundle)
        held = read_bundle(connection, seen.bundle) or draft.content
        actor.must(Permission.EDIT_BUNDLE, "draft", seen.bundle, (held.lead_department,))
        draft = draft_seen(connection, seen)
        remove_draft(connection, seen.bundle)
        before = {"version": draft.version, "based_on": draft.based_on}
        write_entries(connection, None, actor, [Entry("discard", "draft", seen.bundle, before, None)])
    return draft


def _begun(connection: Connection, published: Bundle, actor: Actor, now: datetime) -> Draft:
    version = last_edit(connection, published.code) + 1
    add_edit(connection, Edit(published.code, version, now, actor.name, EditKind.OPENED))
    after = {"version": version, "based_on": published.version}
    write_entries(connection, None, actor, [Entry("open", "draft", published.code, None, after)])
    return Draft(published.code, published.version, version, version, actor.name, now, published)


def _edited(connection: Connection, draft: Draft, content: Bundle, edit: Edit, actor: Actor) -> Draft:
    """The draft after an edit, written with it: whatever was submitted or approved is so no longer."""
    edited = replace(
        draft,
        content=content,
        version=edit.version,
        state=DraftState.OPEN,
        submitted_by=None,
        editors=_with_editor(draft, actor, edit.at, edits=1),
    )
    put_draft(connection, edited)
    add_edit(connection, edit)
    before: dict[str, Any] = {"version": draft.version, "state": draft.state.name}
    after: dict[str, Any] = {"version": edit.version, "state": edited.state.name}
    if content != draft.content:
        changed = entry(draft.content, content)
        before |= {"content": changed.before}
        after |= {"content": changed.after}
    after["operations"] = written(edit.operations)
    action = "rebase" if edit.kind is EditKind.REBASED else "edit"
    write_entries(connection, None, actor, [Entry(action, "draft", draft.bundle, before, after)])
    return edited


def _with_editor(draft: Draft, actor: Actor, now: datetime, edits: int) -> tuple[Editor, ...]:
    known = {editor.name: editor for editor in draft.editors}
    editor = known.get(actor.name, Editor(actor.name, now, now))
    known[actor.name] = replace(editor, seen=now, edits=editor.edits + edits)
    return tuple(known.values())
