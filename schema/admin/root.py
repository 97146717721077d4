"""The roots of the admin schema: every question and every change, by name."""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from schema.admin import audit, editing, impacts, offers, people, publishing, versions

# A field called like a module would hide it from those that follow.
from schema.admin import drafts as drafted
from schema.admin import webhooks as outside
from schema.types import field
from schema.words import describe_words, forget_null_defaults

VOCABULARIES = tuple(
    vocabulary for room in (people, impacts, offers, drafted, versions, outside) for vocabulary in room.VOCABULARIES
)


@strawberry.type(description="What those who are signed in may ask.")
class Query:
    """The admin root for questions."""

    me: people.Me = field(resolver=people.me, description="Who is asking, and what they may do.")
    draft: drafted.Draft | None = field(
        resolver=drafted.draft, description="The draft of a bundle; null: nobody is editing it."
    )
    drafts: list[drafted.Draft] | None = field(
        resolver=drafted.all_drafts, description="What is being edited, by bundle, as far as you may see it."
    )
    impact: impacts.Impact | None = field(
        resolver=drafted.impact, description="What publishing a bundle's draft would do; null: there is no such bundle."
    )
    history: list[versions.BundleVersion] | None = field(
        resolver=versions.history, description="The versions of a bundle that were published, the newest first."
    )
    releases: list[versions.Release] | None = field(
        resolver=versions.releases, description="What was published at once, the newest first."
    )
    schedules: list[versions.Schedule] | None = field(
        resolver=versions.schedules, description="What is planned to be published, the next first."
    )
    audit_log: audit.AuditPage | None = field(
        resolver=audit.audit_log, description="Who did what to which record, the newest first."
    )
    offer_preview: offers.OfferPreview | None = field(
        resolver=offers.offer_preview, description="What a change of offers would do; needed before `offerChange`."
    )
    webhooks: list[outside.Webhook] | None = field(
        resolver=outside.webhooks, description="Who outside is told of every change."
    )
    deliveries: list[outside.Delivery] | None = field(
        resolver=outside.deliveries, description="What was sent to webhooks, waits or was given up, the newest first."
    )
    tokens: list[people.Token] | None = field(
        resolver=people.tokens, description="The tokens that were granted, those that no longer hold too."
    )


def change(resolve: Callable[..., Any], description: str) -> Any:
    """A mutation. Each has one argument, `input`."""
    return strawberry.mutation(resolver=resolve, description=description)


@strawberry.type(description="What those who are signed in may change. Each change is all or nothing.")
class Mutation:
    """The admin root for changes."""

    draft_open: editing.DraftPayload = change(editing.draft_open, "Begin to edit a bundle, or go on with its draft.")
    draft_save: editing.DraftPayload = change(editing.draft_save, "Edit a draft: all operations or none.")
    draft_rebase: editing.DraftPayload = change(
        editing.draft_rebase, "Carry a draft over to the version that was published since it was opened."
    )
    draft_discard: editing.DraftPayload = change(editing.draft_discard, "Give a draft up; its edits stay on record.")
    draft_comment: editing.DraftPayload = change(editing.draft_comment, "Say something of a draft.")
    draft_approve_members: editing.DraftPayload = change(
        editing.draft_approve_members, "Approve members of your own department, as they stand in a draft."
    )
    bundle_submit: editing.DraftPayload = change(editing.bundle_submit, "Ask for a review of a draft.")
    bundle_review: editing.DraftPayload = change(
        editing.bundle_review, "Approve a draft that somebody else edited and submitted, or ask for changes."
    )
    bundle_publish: publishing.BundlePublishPayload = change(
        publishing.bundle_publish, "Publish a draft as the bundle's next version."
    )
    bundle_revert: publishing.BundlePublishPayload = change(
        publishing.bundle_revert, "Publish an earlier version of a bundle as its next one."
    )
    bundle_schedule: publishing.SchedulePayload = change(
        publishing.bundle_schedule, "Plan to publish a draft at a moment."
    )
    release_publish: publishing.ReleasePayload = change(
        publishing.release_publish, "Publish several drafts at once, all or none."
    )
    release_schedule: publishing.SchedulePayload = change(
        publishing.release_schedule, "Plan to publish several drafts at a moment, all or none."
    )
    release_undo: publishing.ReleasePayload = change(
        publishing.release_undo, "Put back, in one step, what was published before a release."
    )
    schedule_cancel: publishing.SchedulePayload = change(
        publishing.schedule_cancel, "Give up a publication that was planned."
    )
    offer_change: offers.OfferChangePayload = change(
        offers.offer_change, "Suspend, resume, plan or correct offers, one or many at once, as previewed."
    )
    webhook_add: outside.WebhookAddPayload = change(outside.webhook_add, "Tell an address of every change from now on.")
    webhook_remove: outside.WebhookRemovePayload = change(outside.webhook_remove, "Send nothing more to a webhook.")
    webhook_retry: outside.WebhookRetryPayload = change(
        outside.webhook_retry, "Send again, at once, what was given up or waits."
    )
    token_grant: people.TokenGrantPayload = change(people.token_grant, "Give a role to whoever shows a new secret.")
    token_revoke: people.TokenRevokePayload = change(people.token_revoke, "Take a token back, at once.")


def admin_schema() -> GraphQLSchema:
    """The admin schema, as graphql-core executes it."""
    made = strawberry.Schema(Query, Mutation, config=StrawberryConfig())
    return forget_null_defaults(describe_words(made._schema, VOCABULARIES))
