"""Changes of a draft: opening, saving, carrying over, discarding it; review and what others say of it."""

from typing import Annotated, Any

import strawberry

from registry.changes.drafting import discard_draft, open_draft, rebase_draft, save_draft
from registry.changes.reviewing import (
    MembersApproved,
    Verdict,
    approve_members,
    comment_on_draft,
    review_bundle,
    submit_bundle,
)
from registry.editing.drafts import Seen
from schema.admin.context import asking, store
from schema.admin.drafts import Draft
from schema.admin.operations import DraftOperation, operations
from schema.admin.payloads import INPUT, KEY, Payload, or_errors
from schema.types import Info, field

BUNDLE = "The bundle's code."
EXPECTED = "The version of the draft that you saw."


@strawberry.type(description="What came of a change of a draft.")
class DraftPayload(Payload):
    """The draft after it."""

    draft: Draft | None = field(default=None, description="The draft after it; null: nothing was done.")


@strawberry.input(description="Begin to edit a bundle, or go on with its draft.")
class DraftOpenInput:
    """The way in for opening."""

    bundle: str = field(description=BUNDLE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Edit a draft: all operations or none.")
class DraftSaveInput:
    """The way in for saving."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    operations: list[DraftOperation] = field(description="What is done to it, in this order.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Carry a draft over to the version that was published since it was opened.")
class DraftRebaseInput:
    """The way in for carrying over."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Give a draft up.")
class DraftDiscardInput:
    """The way in for discarding."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Say something of a draft.")
class DraftCommentInput:
    """The way in for commenting."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    text: str = field(description="What is said.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Approve members of your own department, as they stand in the draft.")
class DraftApproveMembersInput:
    """The way in for approving members."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    matters: list[str] = field(description="The members' codes.")
    comment: str | None = field(default=None, description="What is said of them.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Ask for a review of a draft.")
class BundleSubmitInput:
    """The way in for submitting."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    note: str | None = field(default=None, description="What the reviewer should know.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Approve a draft that somebody else submitted, or ask for changes.")
class BundleReviewInput:
    """The way in for reviewing."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    approve: bool = field(description="Whether it may be published as it stands; if not, changes are asked for.")
    comment: str | None = field(default=None, description="Which changes; or what else is said.")
    idempotency_key: str | None = field(default=None, description=KEY)


@or_errors(DraftPayload)
def draft_open(info: Info, input: Annotated[DraftOpenInput, INPUT]) -> Any:
    """Begin to edit, or go on."""
    made: Any = open_draft(store(info), input.bundle, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def draft_save(info: Info, input: Annotated[DraftSaveInput, INPUT]) -> Any:
    """Edit."""
    seen, wanted = Seen(input.bundle, input.expected_version), operations(input.operations)
    made: Any = save_draft(store(info), seen, wanted, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def draft_rebase(info: Info, input: Annotated[DraftRebaseInput, INPUT]) -> Any:
    """Carry over."""
    seen = Seen(input.bundle, input.expected_version)
    made: Any = rebase_draft(store(info), seen, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def draft_discard(info: Info, input: Annotated[DraftDiscardInput, INPUT]) -> Any:
    """Give up."""
    seen = Seen(input.bundle, input.expected_version)
    made: Any = discard_draft(store(info), seen, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def draft_comment(info: Info, input: Annotated[DraftCommentInput, INPUT]) -> Any:
    """Say something."""
    seen = Seen(input.bundle, input.expected_version)
    made: Any = comment_on_draft(store(info), seen, input.text, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def draft_approve_members(info: Info, input: Annotated[DraftApproveMembersInput, INPUT]) -> Any:
    """Approve members."""
    seen, approved = Seen(input.bundle, input.expected_version), MembersApproved(tuple(input.matters), input.comment)
    made: Any = approve_members(store(info), seen, approved, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def bundle_submit(info: Info, input: Annotated[BundleSubmitInput, INPUT]) -> Any:
    """Ask for a review."""
    seen = Seen(input.bundle, input.expected_version)
    made: Any = submit_bundle(store(info), seen, input.note, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)


@or_errors(DraftPayload)
def bundle_review(info: Info, input: Annotated[BundleReviewInput, INPUT]) -> Any:
    """Review."""
    seen, verdict = Seen(input.bundle, input.expected_version), Verdict(input.approve, input.comment)
    made: Any = review_bundle(store(info), seen, verdict, asking(info), idempotency_key=input.idempotency_key)
    return DraftPayload(draft=made)
