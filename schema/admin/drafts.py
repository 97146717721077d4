"""Drafts: what is being edited, by whom, how far it has come, what publishing it would do."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent

from registry import bundles
from registry.access import Permission
from registry.changes.finding import known_to, names_in
from registry.checklist import Step, ready, still_needed
from registry.editing import drafts
from registry.editing.differences import DifferenceKind, differences
from registry.editing.edits import apply_all
from registry.impact.impact import impact as impact_of
from registry.snapshot import Snapshot
from registry.store.connect import reading
from registry.store.drafts import read_draft, read_drafts
from schema.admin.context import asking, must_read, store
from schema.admin.impacts import Impact
from schema.admin.operations import DraftOperation
from schema.admin.operations import operations as do
from schema.matters import Bundle
from schema.types import Info, field, holds

VOCABULARIES = (drafts.DraftState, drafts.RemarkKind, DifferenceKind, Step)
for vocabulary in VOCABULARIES:
    strawberry.enum(vocabulary, description=(vocabulary.__doc__ or "").split("\n")[0])


@strawberry.type(description="Somebody who is editing.")
class Editor:
    """GraphQL's view of drafts.Editor."""

    name: str = field(description="Who.")
    since: datetime = field(description="Since when.")
    seen: datetime = field(description="When they last did something.")
    edits: int = field(description="How many edits of theirs were accepted.")


def _members(remark: Parent[drafts.Remark]) -> Any:
    return [member.matter for member in remark.members]


@strawberry.type(description="Something said of a draft.")
class Remark:
    """GraphQL's view of drafts.Remark."""

    kind: drafts.RemarkKind = field(description="What kind of remark.")
    author: str = field(description="Who said it.")
    at: datetime = field(description="When.")
    version: int = field(description="The version of the draft it was said of.")
    text: str | None = field(description="In words.")
    members: list[str] = field(resolver=_members, description="The codes of the members it approves.")


@strawberry.type(description="One difference between two versions of a bundle, in words.")
class Difference:
    """GraphQL's view of differences.Difference."""

    kind: DifferenceKind = field(description="Added, removed, moved or changed.")
    subject: str = field(description="The code of a member, or the name of a field.")
    of_member: bool = field(description="Whether the subject is a member.")
    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")


def _published(draft: Parent[drafts.Draft], info: Info) -> Any:
    return holds(info).holdings.bundles.get(draft.bundle)


def _base_moved(draft: Parent[drafts.Draft], info: Info) -> Any:
    published = holds(info).holdings.bundles.get(draft.bundle)
    return published is None or published.version != draft.based_on


def _differences(draft: Parent[drafts.Draft], info: Info) -> Any:
    published = holds(info).holdings.bundles.get(draft.bundle)
    return [] if published is None else said_differences(info, published, draft.content)


def _impact(draft: Parent[drafts.Draft], info: Info) -> Any:
    return impact_of(holds(info), draft.content, datetime.now(UTC))


def _needs(draft: Parent[drafts.Draft], info: Info) -> Any:
    return still_needed(draft, _impact(draft, info), holds(info).holdings)


def _ready(draft: Parent[drafts.Draft], info: Info) -> Any:
    return ready(_needs(draft, info))


@strawberry.type(description="Something that is still needed before a draft can be published.")
class Need:
    """GraphQL's view of checklist.Need."""

    step: Step = field(description="What somebody has to do.")
    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")
    required: bool = field(description="Whether it can't be published without; if not, it is better with it.")
    member: str | None = field(description="The code of the member it is about, if it is about one.")


@strawberry.type(description="A full copy of a published bundle that is being edited; a bundle has one at most.")
class Draft:
    """GraphQL's view of drafts.Draft."""

    bundle: str = field(description="The bundle's code.")
    published: Bundle | None = field(resolver=_published, description="The bundle as readers see it.")
    based_on: int = field(description="The published version that it is a copy of.")
    base_moved: bool = field(
        resolver=_base_moved, description="Whether another version was published since: carry it over by `draftRebase`."
    )
    version: int = field(description="The number of its last edit: what `expectedVersion` must be.")
    state: drafts.DraftState = field(description="How far it has come.")
    opened_by: str = field(description="Who began it.")
    opened_at: datetime = field(description="When.")
    submitted_by: str | None = field(description="Who asked for a review of it as it stands; null: nobody.")
    approved_by: str | None = field(description="Who approved it as it stands; null: nobody.")
    approved_members: list[str] = field(description="Codes of members that their departments approved as they stand.")
    editors: list[Editor] = field(description="Who is editing it.")
    remarks: list[Remark] = field(description="What was said of it, the oldest first.")
    content: Bundle = field(description="The bundle as it would be.")
    differences: list[Difference] = field(
        resolver=_differences, description="What differs from the published bundle, in words."
    )
    impact: Impact = field(resolver=_impact, description="What publishing it would do.")
    still_needed: list[Need] = field(
        resolver=_needs, description="To publish it you still need …, in the order in which to do it."
    )
    ready: bool = field(
        resolver=_ready, description="Whether it can be published now; a reason, where one is asked for, is given then."
    )


Code = Annotated[str, strawberry.argument(description="The bundle's code.")]


def draft(info: Info, bundle: Code) -> Any:
    """The bundle's draft."""
    with reading(store(info)) as connection:
        found = read_draft(connection, bundle)
    must_read(info, "draft", bundle, concerned(holds(info), bundle, found))
    return found


def all_drafts(info: Info) -> Any:
    """The drafts of which who asks may see."""
    with reading(store(info)) as connection:
        found = read_drafts(connection)
    actor, snapshot = asking(info), holds(info)
    return [each for each in found if actor.may(Permission.READ_DRAFTS, concerned(snapshot, each.bundle, each))]


def impact(
    info: Info,
    bundle: Code,
    operations: Annotated[
        list[DraftOperation] | None,
        strawberry.argument(description="As if these had been done to the draft, or to the bundle if it has none."),
    ] = None,
) -> Any:
    """What publishing the draft would do."""
    with reading(store(info)) as connection:
        found = read_draft(connection, bundle)
        must_read(info, "impact", bundle, concerned(holds(info), bundle, found))
        content = found.content if found else holds(info).holdings.bundles.get(bundle)
        if content is None:
            return None
        wanted = do(operations or [])
        return impact_of(holds(info), apply_all(content, wanted, known_to(connection, wanted)), datetime.now(UTC))


def concerned(snapshot: Snapshot, code: str, draft: drafts.Draft | None = None) -> frozenset[str]:
    """The departments that a bundle has to do with: they lead it, cooperate, or are responsible for a member."""
    published = snapshot.holdings.bundles.get(code)
    both: Iterable[bundles.Bundle] = filter(None, (published, draft.content if draft else None))
    found: set[str] = set()
    for bundle in both:
        found |= {bundle.lead_department, *bundle.cooperating_departments}
        found |= {
            snapshot.holdings.matters[member.matter].department
            for member in bundle.members
            if member.matter in snapshot.holdings.matters
        }
    return frozenset(found)


def said_differences(info: Info, old: bundles.Bundle, new: bundles.Bundle) -> Any:
    """What leads from one to the other, in words."""
    with reading(store(info)) as connection:
        return differences(old, new, names_in(connection, old, new))
