"""The audit log as a chain: the request, the hash of the row before, and the row's own.

Follows 0004. Rows that are there already are chained in the order of their ids, as
`registry.chain` hashed them when this was written.
"""

import hashlib
import json
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SAID = ("id", "revision", "at", "actor", "request", "action", "kind", "subject", "before", "after")
KINDS: dict[str, Any] = {
    "at": sa.DateTime(timezone=True),
    "before": sa.JSON(none_as_null=True),
    "after": sa.JSON(none_as_null=True),
}
BATCH = 1_000


def upgrade() -> None:
    """Add the columns, chain what is there, note where the chain ends."""
    with op.batch_alter_table("audit") as table:
        table.add_column(sa.Column("request", sa.Text(), nullable=True))
        table.add_column(sa.Column("previous", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    _chain()
    with op.batch_alter_table("audit") as table:
        table.alter_column("previous", existing_type=sa.String(length=64), nullable=False)
        table.alter_column("hash", existing_type=sa.String(length=64), nullable=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("audit_head")
    with op.batch_alter_table("audit") as table:
        for column in ("hash", "previous", "request"):
            table.drop_column(column)


def _chain() -> None:
    connection = op.get_bind()
    columns: list[sa.ColumnClause[Any]] = [sa.column(name, KINDS.get(name)) for name in (*SAID, "previous", "hash")]
    audit = sa.table("audit", *columns)
    put = audit.update().where(audit.c.id == sa.bindparam("row")).values(
        previous=sa.bindparam("before_it"), hash=sa.bindparam("its_own")
    )  # fmt: skip
    rows = connection.execute(sa.select(*(audit.c[name] for name in SAID)).order_by(audit.c.id)).fetchall()
    previous, done = "0" * 64, []
    for row in rows:
        its_own = _hash(row, previous)
        done.append({"row": row.id, "before_it": previous, "its_own": its_own})
        previous = its_own
    for start in range(0, len(done), BATCH):
        connection.execute(put, done[start : start + BATCH])
    if done:
        head = sa.table("audit_head", sa.column("id"), sa.column("last"), sa.column("hash"))
        connection.execute(head.insert().values(id=1, last=done[-1]["row"], hash=previous))


def _hash(row: Any, previous: str) -> str:
    # SQLite keeps no zone: what is kept is UTC.
    at = row.at.replace(tzinfo=UTC) if row.at.tzinfo is None else row.at.astimezone(UTC)
    said = [at.isoformat(timespec="microseconds") if name == "at" else getattr(row, name) for name in SAID]
    written = json.dumps([*said, previous], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
