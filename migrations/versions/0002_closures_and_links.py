"""Closures, and what is known of addresses.

Follows 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "closures",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("matter", sa.String(length=80), nullable=True),
        sa.Column("region", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "channel IS NOT NULL OR place IS NOT NULL OR matter IS NOT NULL", name=op.f("ck_closures_of_something")
        ),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_closures_period")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_closures")),
    )
    op.create_table(
        "links",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("override", sa.String(length=24), nullable=True),
        sa.Column("override_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_links")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("links")
    op.drop_table("closures")
