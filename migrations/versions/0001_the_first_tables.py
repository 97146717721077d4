"""The first tables: regions, departments, places, matters, offers, bundles, members, revisions, audit.

Follows none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "departments",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )
    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("parent", sa.String(length=80), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successors", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent"], ["regions.code"], name=op.f("fk_regions_parent_regions"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_revisions")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["revision"], ["revisions.number"], name=op.f("fk_audit_revision_revisions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_revision"), ["revision"], unique=False)
        batch_op.create_index("ix_audit_subject", ["kind", "subject"], unique=False)

    op.create_table(
        "bundles",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lead_department", sa.String(length=80), nullable=False),
        sa.Column("cooperating_departments", sa.JSON(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("audience", sa.String(length=24), nullable=True),
        sa.Column("life_stages", sa.JSON(), nullable=False),
        sa.Column("promised_limit_amount", sa.Integer(), nullable=True),
        sa.Column("promised_limit_unit", sa.String(length=24), nullable=True),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("before_steps", sa.Integer(), nullable=True),
        sa.Column("before_materials", sa.Integer(), nullable=True),
        sa.Column("before_visits", sa.Integer(), nullable=True),
        sa.Column("before_days", sa.Integer(), nullable=True),
        sa.Column("after_steps", sa.Integer(), nullable=True),
        sa.Column("after_materials", sa.Integer(), nullable=True),
        sa.Column("after_visits", sa.Integer(), nullable=True),
        sa.Column("after_days", sa.Integer(), nullable=True),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_department"], ["departments.code"], name=op.f("fk_bundles_lead_department_departments")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bundles")),
    )
    op.create_table(
        "matters",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.String(length=80), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=True),
        sa.Column("catalog_code", sa.Text(), nullable=True),
        sa.Column("task_code", sa.Text(), nullable=True),
        sa.Column("task_handle_item", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("catalogue", sa.String(length=24), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=True),
        sa.Column("service_objects", sa.JSON(), nullable=False),
        sa.Column("life_stages", sa.JSON(), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=True),
        sa.Column("handling", sa.String(length=24), nullable=True),
        sa.Column("statutory_limit_amount", sa.Integer(), nullable=True),
        sa.Column("statutory_limit_unit", sa.String(length=24), nullable=True),
        sa.Column("no_statutory_limit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("promised_limit_amount", sa.Integer(), nullable=True),
        sa.Column("promised_limit_unit", sa.String(length=24), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.Column("visits_reason", sa.Text(), nullable=True),
        sa.Column("handle_forms", sa.JSON(), nullable=False),
        sa.Column("fee", sa.Boolean(), nullable=True),
        sa.Column("fee_standard", sa.Text(), nullable=True),
        sa.Column("pays_online", sa.Boolean(), nullable=True),
        sa.Column("by_appointment", sa.Boolean(), nullable=True),
        sa.Column("mails_result", sa.Boolean(), nullable=True),
        sa.Column("materials", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.JSON(), nullable=False),
        sa.Column("handling_area", sa.String(length=24), nullable=True),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("illustrative", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("visits >= 0", name=op.f("ck_matters_visits")),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_matters_department_departments")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_matters")),
    )
    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_matters_department"), ["department"], unique=False)

    op.create_table(
        "places",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("telephone", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("illustrative", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_places_latitude")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_places_longitude")),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name=op.f("fk_places_region_regions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_places")),
    )
    op.create_table(
        "members",
        sa.Column("bundle", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=80), nullable=False),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_members_position")),
        sa.ForeignKeyConstraint(
            ["bundle"], ["bundles.code"], name=op.f("fk_members_bundle_bundles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["matter"], ["matters.code"], name=op.f("fk_members_matter_matters")),
        sa.PrimaryKeyConstraint("bundle", "position", name=op.f("pk_members")),
        sa.UniqueConstraint("bundle", "matter", name=op.f("uq_members_bundle")),
    )
    op.create_table(
        "offers",
        sa.Column("matter", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("region", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("login", sa.String(length=24), nullable=True),
        sa.Column("depth", sa.String(length=24), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_offers_validity")),
        sa.ForeignKeyConstraint(
            ["matter"], ["matters.code"], name=op.f("fk_offers_matter_matters"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["region"], ["regions.code"], name=op.f("fk_offers_region_regions")),
        sa.PrimaryKeyConstraint("matter", "channel", "region", "place", name=op.f("pk_offers")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("offers")
    op.drop_table("members")
    op.drop_table("places")
    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_matters_department"))

    op.drop_table("matters")
    op.drop_table("bundles")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject")
        batch_op.drop_index(batch_op.f("ix_audit_revision"))

    op.drop_table("audit")
    op.drop_table("revisions")
    op.drop_table("regions")
    op.drop_table("departments")
