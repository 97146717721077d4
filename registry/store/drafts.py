"""Drafts, their edits and what was said of them, in and out of their tables."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bundles import Bundle, Member
from registry.editing.drafts import Draft, Editor, Remark
from registry.editing.log import Edit, read_operations, written
from registry.recorded import plain, read_back
from registry.store.tables import draft_edits, draft_remarks, drafts


def read_draft(connection: Connection, bundle: str) -> Draft | None:
    """The bundle's draft with all that was said of it; None if nobody is editing it."""
    return next(iter(_drafts(connection, drafts.c.bundle == bundle)), None)


def read_drafts(connection: Connection) -> tuple[Draft, ...]:
    """All drafts, by bundle."""
    return tuple(sorted(_drafts(connection, sa.true()), key=lambda draft: draft.bundle))


def put_draft(connection: Connection, draft: Draft) -> None:
    """Write a draft, whether there was one already or not; its remarks have a table of their own."""
    row: dict[str, Any] = {name: getattr(draft, name) for name in draft.__slots__ if name != "remarks"}
    row |= {"content": plain(draft.content), "editors": plain(draft.editors)}
    its = drafts.c.bundle == draft.bundle
    if not connection.execute(drafts.update().where(its).values(row)).rowcount:
        connection.execute(drafts.insert().values(row))


def remove_draft(connection: Connection, bundle: str) -> None:
    """Remove a draft. Its edits and remarks stay."""
    connection.execute(drafts.delete().where(drafts.c.bundle == bundle))


def add_edit(connection: Connection, edit: Edit) -> None:
    """Add an accepted edit to the log."""
    row: dict[str, Any] = {name: getattr(edit, name) for name in edit.__slots__}
    connection.execute(draft_edits.insert().values(row | {"operations": written(edit.operations)}))


def edits_after(connection: Connection, bundle: str, version: int) -> tuple[Edit, ...]:
    """A bundle's edits after a number, in order."""
    its = (draft_edits.c.bundle == bundle, draft_edits.c.version > version)
    rows = connection.execute(sa.select(draft_edits).where(*its).order_by(draft_edits.c.version)).mappings()
    return tuple(Edit(**dict(row) | {"operations": read_operations(row["operations"])}) for row in rows)


def last_edit(connection: Connection, bundle: str) -> int:
    """The number of the bundle's last edit, over all its drafts; 0 if it never was edited."""
    newest = sa.select(sa.func.max(draft_edits.c.version)).where(draft_edits.c.bundle == bundle)
    return connection.scalar(newest) or 0


def add_remark(connection: Connection, bundle: str, remark: Remark) -> None:
    """Add what somebody said of a draft."""
    row: dict[str, Any] = {name: getattr(remark, name) for name in remark.__slots__}
    connection.execute(draft_remarks.insert().values(row | {"bundle": bundle, "members": plain(remark.members)}))


def remarks_since(connection: Connection, bundle: str, version: int) -> tuple[Remark, ...]:
    """What was said of a bundle's drafts from a version on."""
    its = (draft_remarks.c.bundle == bundle, draft_remarks.c.version >= version)
    rows = connection.execute(sa.select(draft_remarks).where(*its).order_by(draft_remarks.c.id)).mappings()
    return tuple(
        Remark(
            **{name: row[name] for name in Remark.__slots__}
            | {"members": read_back(tuple[Member, ...], row["members"])}
        )
        for row in rows
    )


def _drafts(connection: Connection, wanted: sa.ColumnElement[bool]) -> list[Draft]:
    rows = connection.execute(sa.select(drafts).where(wanted)).mappings().all()
    return [
        Draft(
            **dict(row)
            | {
                "content": read_back(Bundle, row["content"]),
                "editors": read_back(tuple[Editor, ...], row["editors"]),
                "remarks": remarks_since(connection, row["bundle"], row["opened"]),
            }
        )
        for row in rows
    ]
