"""Versions, releases and schedules: what was published, how, and what is planned to be."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent

from registry.access import Permission
from registry.editing import drafts, versions
from registry.store.connect import reading
from registry.store.schedules import read_schedules
from registry.store.versions import read_releases, version_of, versions_of
from schema.admin.context import must_hold, must_read, page_size, store
from schema.admin.drafts import Code, Difference, concerned, said_differences
from schema.matters import Bundle
from schema.types import Info, field, holds

VOCABULARIES = (versions.Origin, drafts.ScheduleState)
for vocabulary in VOCABULARIES:
    strawberry.enum(vocabulary, description=(vocabulary.__doc__ or "").split("\n")[0])


def _differences(version: Parent[versions.BundleVersion], info: Info) -> Any:
    with reading(store(info)) as connection:
        before = version_of(connection, version.bundle, version.number - 1)
        if before is None:
            # A file that was loaded may have raised the number by more than one.
            earlier = [each for each in versions_of(connection, version.bundle) if each.number < version.number]
            before = earlier[-1] if earlier else None
    if before is None or before.content is None or version.content is None:
        return []
    return said_differences(info, before.content, version.content)


@strawberry.type(description="Something that stood in the way of a publication, and was overridden.")
class Overridden:
    """GraphQL's view of versions.Overridden."""

    code: str = field(description="For programs, such as PROMISE_BROKEN.")
    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")


@strawberry.type(description="A published version of a bundle. It never changes.")
class BundleVersion:
    """GraphQL's view of versions.BundleVersion."""

    bundle: str = field(description="The bundle's code.")
    number: int = field(description="The version's number.")
    published_at: datetime = field(description="When it was published.")
    revision: int = field(description="The revision with which readers saw it.")
    author: str = field(description="Who published it.")
    origin: versions.Origin = field(description="How it came to be.")
    note: str | None = field(description="What was said with it.")
    reviewed_by: str | None = field(description="Who approved it; null: nobody.")
    unreviewed: bool = field(description="Whether it was published although nobody had reviewed it.")
    override: str | None = field(description="Why it was published although something stood in the way.")
    overridden: list[Overridden] = field(description="What stood in the way.")
    reverted_from: int | None = field(description="The earlier version that it puts back; null: none.")
    release: str | None = field(description="The code of the release it was part of; null: none.")
    content: Bundle | None = field(description="The bundle; null: with it the bundle was taken out of the registry.")
    differences: list[Difference] = field(
        resolver=_differences, description="What differs from the version before it, in words."
    )


@strawberry.type(description="A bundle's part in a release.")
class Released:
    """GraphQL's view of versions.Released."""

    bundle: str = field(description="The bundle's code.")
    before: int = field(description="The version before it.")
    number: int = field(description="The version it published.")


@strawberry.type(description="Several bundles that were published at once, all or none.")
class Release:
    """GraphQL's view of versions.Release."""

    code: str = field(description="The release's code, such as R-2.")
    at: datetime = field(description="When it was published.")
    revision: int = field(description="The revision with which readers saw it.")
    author: str = field(description="Who published it.")
    items: list[Released] = field(description="The bundles.")
    note: str | None = field(description="What was said with it.")
    undoes: str | None = field(description="The code of the release that it undoes; null: none.")
    undone_by: str | None = field(description="The code of the release that undid it; null: none.")


@strawberry.type(description="A draft at a version.")
class DraftSeen:
    """GraphQL's view of drafts.Seen."""

    bundle: str = field(description="The bundle's code.")
    version: int = field(description="The version of the draft.")


def _note(schedule: Parent[drafts.Schedule]) -> Any:
    return schedule.terms.note


def _override(schedule: Parent[drafts.Schedule]) -> Any:
    return schedule.terms.override


@strawberry.type(description="A publication planned for a moment, all or none.")
class Schedule:
    """GraphQL's view of drafts.Schedule."""

    code: str = field(description="The schedule's code, such as S-1.")
    due: datetime = field(description="When it is to be published.")
    author: str = field(description="Who planned it.")
    planned_at: datetime = field(description="When it was planned.")
    items: list[DraftSeen] = field(description="The drafts, at the versions that will be published or none.")
    state: drafts.ScheduleState = field(description="What became of it.")
    note: str | None = field(resolver=_note, description="What is said with it.")
    override: str | None = field(resolver=_override, description="Why, although something stands in the way.")
    ended_at: datetime | None = field(description="When it was done, failed or was cancelled; null: it is waiting.")
    reason: str | None = field(description="Why it failed or was cancelled.")
    release: str | None = field(description="The code of the release it made; null: none.")


def history(
    info: Info,
    bundle: Code,
    first: Annotated[int, strawberry.argument(description="The newest so many, 1 to 100.")] = 20,
    before: Annotated[int | None, strawberry.argument(description="Only versions before this number.")] = None,
) -> Any:
    """The bundle's versions, the newest first."""
    must_read(info, "history", bundle, concerned(holds(info), bundle))
    with reading(store(info)) as connection:
        found = versions_of(connection, bundle)
    wanted = [version for version in found if before is None or version.number < before]
    return wanted[::-1][: page_size(first)]


def releases(info: Info) -> Any:
    """All releases, the newest first."""
    must_hold(info, Permission.READ_DRAFTS, "release")
    with reading(store(info)) as connection:
        return list(read_releases(connection).values())[::-1]


def schedules(
    info: Info,
    everything: Annotated[bool, strawberry.argument(description="Those that are over too.")] = False,
) -> Any:
    """What is planned, the next first."""
    must_hold(info, Permission.READ_DRAFTS, "schedule")
    with reading(store(info)) as connection:
        known = read_schedules(connection).values()
    return [each for each in known if everything or each.state is drafts.ScheduleState.WAITING]
