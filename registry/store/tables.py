"""The tables. A column bears the name of the field it holds; a time limit takes two."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, CheckConstraint, Column, Date, Float, ForeignKey, Integer, String, Text

from registry import words
from registry.access import Role
from registry.closures import LinkState
from registry.editing.drafts import DraftState, RemarkKind, ScheduleState
from registry.editing.log import EditKind
from registry.editing.versions import Origin
from registry.store.columns import (
    ExceptionsColumn,
    HoursColumn,
    MaterialsColumn,
    Moment,
    TextsColumn,
    WordColumn,
    WordsColumn,
)
from registry.webhooks import DeliveryState

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

CODE = String(80)
HASH = String(64)


def code(*arguments: Any, **options: Any) -> Column[str]:
    """A record's own code."""
    return Column("code", CODE, *arguments, primary_key=True, **options)


def name() -> Column[str]:
    """A record's Chinese name."""
    return Column("name", Text, nullable=False)


def illustrative() -> Column[bool]:
    """Whether the record is ours for show rather than an office's."""
    return Column("illustrative", Boolean, nullable=False, server_default=sa.false())


def limit(prefix: str) -> tuple[Column[int], Column[words.Word]]:
    """The two columns of a time limit."""
    return Column(f"{prefix}_amount", Integer), Column(f"{prefix}_unit", WordColumn(words.LimitUnit))


def lifetime() -> tuple[Column[Any], ...]:
    """Version, state and effective dates, alike for matters and bundles."""
    return (
        Column("batch", Text),
        Column("version", Integer, nullable=False, server_default="1"),
        Column("state", WordColumn(words.MatterState), nullable=False),
        Column("effective_from", Date),
        Column("effective_to", Date),
    )


regions = sa.Table(
    "regions", metadata, code(), name(),
    Column("level", WordColumn(words.RegionLevel), nullable=False),
    Column("parent", CODE, ForeignKey("regions.code", deferrable=True, initially="DEFERRED")),
    Column("name_en", Text),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("successors", TextsColumn, nullable=False),
)  # fmt: skip

departments = sa.Table(
    "departments", metadata, code(), name(),
    Column("short_name", Text),
    Column("name_en", Text),
    Column("telephone", Text),
    Column("address", Text),
)  # fmt: skip

places = sa.Table(
    "places", metadata, code(), name(),
    Column("kind", WordColumn(words.PlaceKind), nullable=False),
    Column("region", CODE, ForeignKey("regions.code"), nullable=False),
    Column("address", Text),
    Column("longitude", Float),
    Column("latitude", Float),
    Column("telephone", Text),
    Column("hours", HoursColumn),
    Column("exceptions", ExceptionsColumn, nullable=False),
    Column("departments", TextsColumn, nullable=False),
    illustrative(),
    CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
    CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
)  # fmt: skip

matters = sa.Table(
    "matters", metadata, code(), name(),
    Column("department", CODE, ForeignKey("departments.code"), nullable=False, index=True),
    Column("scheme", Text),
    Column("catalog_code", Text),
    Column("task_code", Text),
    Column("task_handle_item", Text),
    Column("name_en", Text),
    Column("catalogue", WordColumn(words.Catalogue), nullable=False),
    Column("type", WordColumn(words.MatterType)),
    Column("service_objects", WordsColumn(words.ServiceObject), nullable=False),
    Column("life_stages", WordsColumn(words.LifeStage), nullable=False),
    Column("level", WordColumn(words.AuthorityLevel)),
    Column("handling", WordColumn(words.Handling)),
    *limit("statutory_limit"),
    Column("no_statutory_limit", Boolean, nullable=False, server_default=sa.false()),
    *limit("promised_limit"),
    Column("visits", Integer),
    Column("visits_reason", Text),
    Column("handle_forms", WordsColumn(words.HandleForm), nullable=False),
    Column("fee", Boolean),
    Column("fee_standard", Text),
    Column("pays_online", Boolean),
    Column("by_appointment", Boolean),
    Column("mails_result", Boolean),
    Column("materials", MaterialsColumn),
    Column("conditions", Text),
    Column("legal_basis", TextsColumn, nullable=False),
    Column("handling_area", WordColumn(words.HandlingArea)),
    Column("keywords", TextsColumn, nullable=False),
    *lifetime(),
    illustrative(),
    CheckConstraint("visits >= 0", name="visits"),
)  # fmt: skip

offers = sa.Table(
    "offers", metadata,
    Column("matter", CODE, ForeignKey("matters.code", ondelete="CASCADE"), primary_key=True),
    Column("channel", WordColumn(words.Channel), primary_key=True),
    Column("region", CODE, ForeignKey("regions.code"), primary_key=True),
    # Empty for "wherever in the region": a primary key takes no NULL.
    Column("place", CODE, primary_key=True),
    Column("status", WordColumn(words.OfferStatus), nullable=False),
    Column("url", Text),
    Column("login", WordColumn(words.LoginLevel)),
    Column("depth", WordColumn(words.OnlineDepth)),
    Column("hours", HoursColumn),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("reason", Text),
    CheckConstraint("valid_from <= valid_to", name="validity"),
)  # fmt: skip

bundles = sa.Table(
    "bundles", metadata, code(), name(),
    Column("lead_department", CODE, ForeignKey("departments.code"), nullable=False),
    Column("cooperating_departments", TextsColumn, nullable=False),
    Column("name_en", Text),
    Column("summary", Text),
    Column("audience", WordColumn(words.Audience)),
    Column("life_stages", WordsColumn(words.LifeStage), nullable=False),
    *limit("promised_limit"),
    Column("forms", WordsColumn(words.BundleForm), nullable=False),
    *(Column(f"{when}_{what}", Integer)
      for when in ("before", "after") for what in ("steps", "materials", "visits", "days")),
    Column("keywords", TextsColumn, nullable=False),
    *lifetime(),
    illustrative(),
)  # fmt: skip

members = sa.Table(
    "members", metadata,
    Column("bundle", CODE, ForeignKey("bundles.code", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("matter", CODE, ForeignKey("matters.code"), nullable=False),
    Column("condition", Text),
    sa.UniqueConstraint("bundle", "matter"),
    CheckConstraint("position >= 1", name="position"),
)  # fmt: skip

closures = sa.Table(
    "closures", metadata, code(),
    Column("reason", Text, nullable=False),
    Column("starts", Moment, nullable=False),
    Column("ends", Moment),
    Column("channel", WordColumn(words.Channel)),
    # No foreign keys: a closure outlives what it closed, and then closes nothing.
    Column("place", CODE),
    Column("matter", CODE),
    Column("region", CODE),
    CheckConstraint("channel IS NOT NULL OR place IS NOT NULL OR matter IS NOT NULL", name="of_something"),
    CheckConstraint("starts <= ends", name="period"),
)  # fmt: skip

links = sa.Table(
    "links", metadata,
    Column("url", Text, primary_key=True),
    Column("state", WordColumn(LinkState), nullable=False),
    Column("since", Moment, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("detail", Text),
    Column("override", WordColumn(LinkState)),
    Column("override_until", Date),
)  # fmt: skip

bundle_versions = sa.Table(
    "bundle_versions", metadata,
    # No foreign key to bundles: the history of a bundle outlives it.
    Column("bundle", CODE, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published_at", Moment, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("content", sa.JSON(none_as_null=True)),
    Column("origin", WordColumn(Origin), nullable=False),
    Column("note", Text),
    Column("reviewed_by", Text),
    Column("unreviewed", Boolean, nullable=False, server_default=sa.false()),
    Column("override", Text),
    Column("overridden", sa.JSON, nullable=False),
    Column("reverted_from", Integer),
    Column("release", CODE),
)  # fmt: skip

releases = sa.Table(
    "releases", metadata, code(),
    Column("at", Moment, nullable=False),
    Column("revision", Integer, ForeignKey("revisions.number"), nullable=False),
    Column("author", Text, nullable=False),
    Column("items", sa.JSON, nullable=False),
    Column("note", Text),
    Column("undoes", CODE),
    Column("undone_by", CODE),
)  # fmt: skip

drafts = sa.Table(
    "drafts", metadata,
    Column("bundle", CODE, primary_key=True),
    Column("based_on", Integer, nullable=False),
    Column("opened", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("content", sa.JSON, nullable=False),
    Column("state", WordColumn(DraftState), nullable=False),
    Column("submitted_by", Text),
    Column("editors", sa.JSON, nullable=False),
)  # fmt: skip

# What was done to drafts and said of them, for ever: a bundle's edits are numbered on over all its drafts.
draft_edits = sa.Table(
    "draft_edits", metadata,
    Column("bundle", CODE, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("kind", WordColumn(EditKind), nullable=False),
    Column("operations", sa.JSON, nullable=False),
)  # fmt: skip

draft_remarks = sa.Table(
    "draft_remarks", metadata,
    Column("id", Integer, primary_key=True),
    Column("bundle", CODE, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("kind", WordColumn(RemarkKind), nullable=False),
    Column("text", Text),
    Column("members", sa.JSON, nullable=False),
)  # fmt: skip

schedules = sa.Table(
    "schedules", metadata, code(),
    Column("due", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("items", sa.JSON, nullable=False),
    Column("grants", sa.JSON, nullable=False),
    Column("state", WordColumn(ScheduleState), nullable=False),
    Column("terms", sa.JSON, nullable=False),
    Column("ended_at", Moment),
    Column("reason", Text),
    Column("release", CODE),
    sa.Index("ix_schedules_state", "state", "due"),
)  # fmt: skip

revisions = sa.Table(
    "revisions", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("published_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("summary", Text, nullable=False),
)  # fmt: skip

announcements = sa.Table(
    "announcements", metadata,
    Column("revision", Integer, ForeignKey("revisions.number"), primary_key=True, autoincrement=False),
    Column("event", String(36), nullable=False, unique=True),
    Column("total", Integer, nullable=False),
    # NULL: too many to list.
    Column("changes", sa.JSON(none_as_null=True)),
)  # fmt: skip

webhooks = sa.Table(
    "webhooks", metadata, code(),
    Column("url", Text, nullable=False),
    Column("internal", Boolean, nullable=False),
    # As it is, since it signs; NULL once the webhook is removed.
    Column("secret", String(100)),
    Column("added_by", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
    # Whose turn it is, and when: failures in a row, not before `due_at`, nobody else until `leased_until`.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment),
    Column("lease", String(36)),
    Column("leased_until", Moment),
)  # fmt: skip

deliveries = sa.Table(
    "deliveries", metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook", CODE, ForeignKey("webhooks.code"), nullable=False),
    Column("revision", Integer, ForeignKey("announcements.revision"), nullable=False),
    Column("state", WordColumn(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("attempted_at", Moment),
    Column("outcome", Text),
    sa.UniqueConstraint("webhook", "revision"),
    sa.Index("ix_deliveries_state", "state", "webhook"),
)  # fmt: skip

audit = sa.Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, ForeignKey("revisions.number"), index=True),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("request", Text),
    Column("action", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", sa.JSON(none_as_null=True)),
    Column("after", sa.JSON(none_as_null=True)),
    Column("previous", HASH, nullable=False),
    Column("hash", HASH, nullable=False),
    sa.Index("ix_audit_subject", "kind", "subject"),
)  # fmt: skip

# One row: where the chain of the log ends.
audit_head = sa.Table(
    "audit_head", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    Column("hash", HASH, nullable=False),
)  # fmt: skip

idempotency_keys = sa.Table(
    "idempotency_keys", metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("request", String(64), nullable=False),
    Column("outcome", sa.JSON),
)  # fmt: skip

tokens = sa.Table(
    "tokens", metadata, code(),
    Column("role", WordColumn(Role), nullable=False),
    Column("departments", TextsColumn, nullable=False),
    Column("name", Text, nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
    Column("machine", Text),
    # Of the secret, which itself is kept nowhere.
    Column("digest", String(64), nullable=False, unique=True),
    CheckConstraint("granted_at < expires_at", name="period"),
)  # fmt: skip
