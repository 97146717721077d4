"""Announcements: what outsiders are told of each revision. Past ones are told of as the audit log has them.

Follows 0006.
"""

import uuid
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = ("region", "department", "place", "matter", "bundle", "closure", "link")
ACTIONS = ("add", "change", "remove")
LISTED_AT_MOST = 1_000
BATCH = 500


def upgrade() -> None:
    """Make the table, and announce what was published before."""
    made = op.create_table(
        "announcements",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(length=36), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_announcements_revision_revisions")),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_announcements")),
        sa.UniqueConstraint("event", name=op.f("uq_announcements_event")),
    )
    _announce(made)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("announcements")


def _announce(announcements: sa.Table) -> None:
    connection = op.get_bind()
    revisions = sa.table("revisions", sa.column("number"))
    audit = sa.table("audit", *map(sa.column, ("id", "revision", "action", "kind", "subject")))
    logged = connection.execute(
        sa.select(audit.c.revision, audit.c.kind, audit.c.subject, audit.c.action)
        .where(audit.c.revision.is_not(None), audit.c.kind.in_(KINDS))
        .order_by(audit.c.revision, audit.c.id)
    ).fetchall()
    changes = {number: _changes(rows) for number, rows in groupby(logged, key=lambda row: row.revision)}
    rows = [_row(number, changes.get(number, [])) for number in connection.scalars(sa.select(revisions.c.number))]
    for start in range(0, len(rows), BATCH):
        connection.execute(announcements.insert(), rows[start : start + BATCH])


def _changes(rows: Any) -> list[list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for _, kind, subject, action in rows:
        found.setdefault((kind, subject), [kind.upper(), subject, (action if action in ACTIONS else "change").upper()])
    return list(found.values())


def _row(number: int, changes: list[list[str]]) -> dict[str, Any]:
    listed = changes if len(changes) <= LISTED_AT_MOST else None
    return {"revision": number, "event": str(uuid.uuid4()), "total": len(changes), "changes": listed}
