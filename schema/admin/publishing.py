"""Publishing drafts now or at a moment, one or several at once, and going back."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from registry.changes.releasing import Reversion, publish_bundle, release_bundles, revert_bundle, undo_release
from registry.changes.scheduling import Planned, cancel_schedule, schedule_bundles
from registry.editing.drafts import Seen, Terms
from registry.editing.versions import BundleVersion as HeldVersion
from schema.admin.context import asking, in_the_city, store
from schema.admin.editing import BUNDLE, EXPECTED
from schema.admin.payloads import INPUT, KEY, Payload, or_errors
from schema.admin.versions import BundleVersion, Release, Schedule
from schema.matters import Bundle
from schema.types import Info, field

NOTE = "What is said with it, for the history."
OVERRIDE = "Why it is published although something stands in the way; absent: then it is not."
AT = "When; a moment without a zone is the city's time."


@strawberry.type(description="What came of publishing a bundle.")
class BundlePublishPayload(Payload):
    """The bundle as readers see it within a second."""

    bundle: Bundle | None = field(default=None, description="The bundle as published; null: nothing was done.")
    revision: int | None = field(default=None, description="The revision that shows it.")
    version: BundleVersion | None = field(default=None, description="The version, as the history has it.")


@strawberry.type(description="What came of a release.")
class ReleasePayload(Payload):
    """The release."""

    release: Release | None = field(default=None, description="The release; null: nothing was done.")
    revision: int | None = field(default=None, description="The revision that shows it.")


@strawberry.type(description="What came of planning.")
class SchedulePayload(Payload):
    """The schedule."""

    schedule: Schedule | None = field(default=None, description="The schedule; null: nothing was done.")


@strawberry.input(description="A bundle's draft, as it was seen.")
class DraftSeenInput:
    """GraphQL's way in for drafts.Seen."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)


@strawberry.input(description="Publish a draft.")
class BundlePublishInput:
    """The way in for publishing."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    note: str | None = field(default=None, description=NOTE)
    override: str | None = field(default=None, description=OVERRIDE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Publish an earlier version of a bundle as its next one.")
class BundleRevertInput:
    """The way in for going back."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description="The published version that you saw.")
    to: int = field(description="The number of the version to put back.")
    note: str | None = field(default=None, description=NOTE)
    override: str | None = field(default=None, description=OVERRIDE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Plan to publish a draft at a moment.")
class BundleScheduleInput:
    """The way in for planning one."""

    bundle: str = field(description=BUNDLE)
    expected_version: int = field(description=EXPECTED)
    at: datetime = field(description=AT)
    note: str | None = field(default=None, description=NOTE)
    override: str | None = field(default=None, description=OVERRIDE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Publish several drafts at once, all or none.")
class ReleasePublishInput:
    """The way in for releasing."""

    items: list[DraftSeenInput] = field(description="The drafts, each bundle once.")
    note: str | None = field(default=None, description=NOTE)
    override: str | None = field(default=None, description=OVERRIDE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Plan to publish several drafts at a moment, all or none.")
class ReleaseScheduleInput:
    """The way in for planning several."""

    items: list[DraftSeenInput] = field(description="The drafts, each bundle once.")
    at: datetime = field(description=AT)
    note: str | None = field(default=None, description=NOTE)
    override: str | None = field(default=None, description=OVERRIDE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Put back, in one step, what was published before a release.")
class ReleaseUndoInput:
    """The way in for undoing."""

    release: str = field(description="The release's code.")
    note: str | None = field(default=None, description=NOTE)
    override: str | None = field(default=None, description=OVERRIDE)
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.input(description="Give up a publication that was planned.")
class ScheduleCancelInput:
    """The way in for cancelling."""

    code: str = field(description="The schedule's code.")
    reason: str | None = field(default=None, description="Why.")
    idempotency_key: str | None = field(default=None, description=KEY)


@or_errors(BundlePublishPayload)
def bundle_publish(info: Info, input: Annotated[BundlePublishInput, INPUT]) -> Any:
    """Publish."""
    seen, terms = Seen(input.bundle, input.expected_version), Terms(input.note, input.override)
    return _published(publish_bundle(store(info), seen, terms, asking(info), idempotency_key=input.idempotency_key))


@or_errors(BundlePublishPayload)
def bundle_revert(info: Info, input: Annotated[BundleRevertInput, INPUT]) -> Any:
    """Go back."""
    back, terms = Reversion(input.bundle, input.expected_version, input.to), Terms(input.note, input.override)
    return _published(revert_bundle(store(info), back, terms, asking(info), idempotency_key=input.idempotency_key))


@or_errors(SchedulePayload)
def bundle_schedule(info: Info, input: Annotated[BundleScheduleInput, INPUT]) -> Any:
    """Plan one."""
    seen = (Seen(input.bundle, input.expected_version),)
    return _planned(info, seen, input)


@or_errors(SchedulePayload)
def release_schedule(info: Info, input: Annotated[ReleaseScheduleInput, INPUT]) -> Any:
    """Plan several."""
    return _planned(info, _seen(input.items), input)


@or_errors(ReleasePayload)
def release_publish(info: Info, input: Annotated[ReleasePublishInput, INPUT]) -> Any:
    """Publish several."""
    items, terms = _seen(input.items), Terms(input.note, input.override)
    made: Any = release_bundles(store(info), items, terms, asking(info), idempotency_key=input.idempotency_key)
    return ReleasePayload(release=made, revision=made.revision)


@or_errors(ReleasePayload)
def release_undo(info: Info, input: Annotated[ReleaseUndoInput, INPUT]) -> Any:
    """Undo."""
    terms = Terms(input.note, input.override)
    made: Any = undo_release(store(info), input.release, terms, asking(info), idempotency_key=input.idempotency_key)
    return ReleasePayload(release=made, revision=made.revision)


@or_errors(SchedulePayload)
def schedule_cancel(info: Info, input: Annotated[ScheduleCancelInput, INPUT]) -> Any:
    """Cancel."""
    key = input.idempotency_key
    made: Any = cancel_schedule(store(info), input.code, input.reason, asking(info), idempotency_key=key)
    return SchedulePayload(schedule=made)


def _planned(info: Info, items: tuple[Seen, ...], input: BundleScheduleInput | ReleaseScheduleInput) -> Any:
    planned = Planned(in_the_city(input.at), Terms(input.note, input.override))
    made: Any = schedule_bundles(store(info), items, planned, asking(info), idempotency_key=input.idempotency_key)
    return SchedulePayload(schedule=made)


def _published(version: HeldVersion) -> BundlePublishPayload:
    made: Any = version
    return BundlePublishPayload(bundle=made.content, revision=made.revision, version=made)


def _seen(items: list[DraftSeenInput]) -> tuple[Seen, ...]:
    return tuple(Seen(item.bundle, item.expected_version) for item in items)
