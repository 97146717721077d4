"""Drafts and their edits, versions, releases and schedules of bundles.

Follows 0005. Every bundle there is gets its first version: as the log says it was last
loaded, by whom and when.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PLAIN = ("code", "name", "lead_department", "name_en", "summary", "audience", "batch", "version", "state")
LISTS = ("cooperating_departments", "life_stages", "forms", "keywords")
DATES = ("effective_from", "effective_to")
EFFORT = ("steps", "materials", "visits", "days")


def upgrade() -> None:
    """Make their tables, and the first versions."""
    op.create_table(
        "draft_edits",
        sa.Column("bundle", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("operations", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bundle", "version", name=op.f("pk_draft_edits")),
    )
    op.create_table(
        "draft_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_remarks")),
    )
    with op.batch_alter_table("draft_remarks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_remarks_bundle"), ["bundle"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("bundle", sa.String(length=80), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("bundle", name=op.f("pk_drafts")),
    )
    op.create_table(
        "schedules",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("release", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_schedules")),
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index("ix_schedules_state", ["state", "due"], unique=False)

    op.create_table(
        "bundle_versions",
        sa.Column("bundle", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reviewed_by", sa.Text(), nullable=True),
        sa.Column("unreviewed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("overridden", sa.JSON(), nullable=False),
        sa.Column("reverted_from", sa.Integer(), nullable=True),
        sa.Column("release", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_bundle_versions_revision_revisions")),
        sa.PrimaryKeyConstraint("bundle", "number", name=op.f("pk_bundle_versions")),
    )
    with op.batch_alter_table("bundle_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bundle_versions_revision"), ["revision"], unique=False)

    op.create_table(
        "releases",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("undoes", sa.String(length=80), nullable=True),
        sa.Column("undone_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_releases_revision_revisions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_releases")),
    )
    _write_first_versions(op.get_bind())


def downgrade() -> None:
    """Undo it."""
    op.drop_table("releases")
    with op.batch_alter_table("bundle_versions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bundle_versions_revision"))

    op.drop_table("bundle_versions")
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.drop_index("ix_schedules_state")

    op.drop_table("schedules")
    op.drop_table("drafts")
    with op.batch_alter_table("draft_remarks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_remarks_bundle"))

    op.drop_table("draft_remarks")
    op.drop_table("draft_edits")


def _write_first_versions(connection: sa.Connection) -> None:
    bundles = sa.table(
        "bundles",
        *(sa.column(name) for name in PLAIN),
        *(sa.column(name, sa.JSON) for name in LISTS),
        *(sa.column(name, sa.Date) for name in DATES),
        *(sa.column(f"{when}_{what}") for when in ("before", "after") for what in EFFORT),
        sa.column("promised_limit_amount"), sa.column("promised_limit_unit"), sa.column("illustrative", sa.Boolean),
    )  # fmt: skip
    versions = sa.table(
        "bundle_versions",
        *(sa.column(name) for name in ("bundle", "number", "revision", "author", "origin")),
        sa.column("published_at", sa.DateTime(timezone=True)),
        sa.column("content", sa.JSON), sa.column("overridden", sa.JSON),
    )  # fmt: skip
    loads = _last_loads(connection)
    for row in connection.execute(sa.select(bundles)).mappings().all():
        if row["code"] in loads:
            content = _content(row, _members(connection, row["code"]))
            first = {"bundle": row["code"], "number": row["version"], "origin": "IMPORT", "content": content}
            connection.execute(versions.insert().values(**first, **loads[row["code"]], overridden=[]))


def _last_loads(connection: sa.Connection) -> dict[str, dict[str, object]]:
    audit = sa.table(
        "audit", *map(sa.column, ("id", "revision", "kind", "subject", "actor")),
        sa.column("at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    of_bundles = sa.select(audit).where(audit.c.kind == "bundle", audit.c.revision.is_not(None)).order_by(audit.c.id)
    rows = connection.execute(of_bundles).mappings()
    return {
        row["subject"]: {"revision": row["revision"], "author": row["actor"], "published_at": row["at"]} for row in rows
    }


def _members(connection: sa.Connection, bundle: str) -> list[dict[str, object]]:
    members = sa.table("members", *map(sa.column, ("bundle", "position", "matter", "condition")))
    of_it = sa.select(members).where(members.c.bundle == bundle).order_by(members.c.position)
    return [{"matter": row["matter"], "condition": row["condition"]} for row in connection.execute(of_it).mappings()]


def _content(row: sa.RowMapping, members: list[dict[str, object]]) -> dict[str, object]:
    amount, unit = row["promised_limit_amount"], row["promised_limit_unit"]
    return {
        **{name: row[name] for name in (*PLAIN, *LISTS, "illustrative")},
        **{name: row[name] and row[name].isoformat() for name in DATES},
        **{when: {what: row[f"{when}_{what}"] for what in EFFORT} for when in ("before", "after")},
        "promised_limit": None if amount is None else {"amount": amount, "unit": unit},
        "members": members,
    }
