"""The public schema: what frontends may ask. Anonymous, read only, answered from the snapshot."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import strawberry
from graphql import GraphQLSchema
from strawberry import ID, Parent
from strawberry.schema.config import StrawberryConfig

from registry import announcements, bundles, finder, matters, places, words
from registry.errors import RegistryError
from registry.snapshot import Snapshot
from schema.changes import Changes, find_changes
from schema.connections import Connection, MatterConnection, Slice
from schema.filters import (
    BundleFilter,
    MatterFilter,
    PlaceFilter,
    bundle_criteria,
    matter_criteria,
    place_criteria,
)
from schema.matters import Bundle, Matter
from schema.past import find_bundle
from schema.places import Department, Place, Region
from schema.routes import Journey, Route, find_journey, find_route
from schema.transport import Context
from schema.types import Info, Node, field, holds, read_node_id
from schema.words import Vocabulary, describe_words, forget_null_defaults

Argument = strawberry.argument

strawberry.enum(finder.MatterOrder, description="How matters may be sorted.")

First = Annotated[int | None, Argument(description="The first so many, 1 to 100. Give this or `last`.")]
After = Annotated[str | None, Argument(description="Only what comes after this cursor.")]
Last = Annotated[int | None, Argument(description="The last so many, 1 to 100. Give this or `first`.")]
Before = Annotated[str | None, Argument(description="Only what comes before this cursor.")]
Search = Annotated[
    str | None,
    Argument(
        description="As people type it: colloquial, pinyin, initials, traditional, with slips. Finds 300 at most."
    ),
]

# Records of these classes never change within a revision.
FROZEN: frozenset[type] = frozenset(
    (matters.Matter, matters.Offer, matters.Material, matters.TimeLimit, bundles.Bundle, bundles.Effort,
     places.Department, places.Region, places.Place, announcements.Announcement, announcements.Changed)
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class PublicContext(Context):
    """What a public request reads: one snapshot, and since when the database has not answered, if it doesn't."""

    snapshot: Snapshot
    unreachable_since: datetime | None = None


class UnknownNode(RegistryError):
    """An id that none of our nodes has."""


def _unreachable_since(registry: Parent[Any], info: Info) -> Any:
    # It may change within a revision: an answer that tells it is not kept.
    info.context.volatile = True
    return info.context.unreachable_since


@strawberry.type(description="The registry as a whole.")
class Registry:
    """What is held, as of when."""

    revision: int = field(description="The number of the published state; one more with every change.")
    published_at: datetime | None = field(description="When that state was published.")
    matter_count: int = field(description="How many public matters it holds.")
    internal_matter_count: int = field(description="How many internal office matters it holds.")
    bundle_count: int = field(description="How many bundles it holds.")
    illustrative: bool = field(
        description="Whether anything held is made up for show, since no official list is public."
    )
    unreachable_since: datetime | None = field(
        resolver=_unreachable_since,
        description="Since when the database does not answer and this is the last state known; null: it answers.",
    )
    notice: str | None = field(description="What to tell people who see illustrative data; Chinese, then English.")


NOTICE = (
    "示例数据：事项名称为真实种类，其属性为示意，并非官方目录。"
    " / Illustrative data: real kinds of matters with plausible attributes, not an official catalogue."
)


def _registry(info: Info) -> Any:
    snapshot = holds(info)
    by_catalogue = snapshot.matters.by("catalogue")
    return Registry(
        revision=snapshot.revision,
        published_at=snapshot.published_at,
        matter_count=by_catalogue.get(words.Catalogue.PUBLIC, 0).bit_count(),
        internal_matter_count=by_catalogue.get(words.Catalogue.INTERNAL, 0).bit_count(),
        bundle_count=len(snapshot.holdings.bundles),
        illustrative=snapshot.illustrative,
        notice=NOTICE if snapshot.illustrative else None,
    )


def _matter(info: Info, code: Annotated[str, Argument(description="The matter's code.")]) -> Any:
    return holds(info).holdings.matters.get(code)


def _matters(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    search: Search = None,
    filter: Annotated[MatterFilter | None, Argument(description="Which matters; public ones if absent.")] = None,
    order_by: Annotated[
        finder.MatterOrder | None, Argument(description="RELEVANCE: best match first if searched for, else by code.")
    ] = finder.MatterOrder.RELEVANCE,
) -> Any:
    snapshot = holds(info)
    criteria = matter_criteria(snapshot, filter)
    found = finder.find_matters(snapshot, criteria, search, order_by)
    return Slice(found, found.page(first, after, last, before), criteria.region)


def _bundles(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    search: Search = None,
    filter: Annotated[BundleFilter | None, Argument(description="Which bundles.")] = None,
) -> Any:
    snapshot = holds(info)
    found = finder.find_bundles(snapshot, bundle_criteria(snapshot, filter), search)
    return Slice(found, found.page(first, after, last, before))


def _places(
    info: Info,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    filter: Annotated[PlaceFilter | None, Argument(description="Which places.")] = None,
) -> Any:
    snapshot = holds(info)
    found = finder.find_places(snapshot, place_criteria(snapshot, filter))
    return Slice(found, found.page(first, after, last, before))


def _departments(info: Info) -> Any:
    return list(holds(info).holdings.departments.values())


def _regions(info: Info) -> Any:
    return list(holds(info).holdings.regions.values())


def _node(info: Info, id: Annotated[ID, Argument(description="The id that a node gave of itself.")]) -> Any:
    held = holds(info).holdings
    kinds = {
        "Matter": held.matters,
        "Bundle": held.bundles,
        "Department": held.departments,
        "Place": held.places,
    }
    kind, code = read_node_id(id) or ("", "")
    if kind not in kinds:
        raise UnknownNode(f"“{id[:80]}”不是本登记库给出的 id", f"“{id[:80]}” is not an id that this registry gave")
    return kinds[kind].get(code)


@strawberry.type(description="What may be asked. Lists are paged by `first` or `last`, from 1 to 100.")
class Query:
    """The public root."""

    registry: Registry = field(resolver=_registry, description="The registry as a whole.")
    matter: Matter | None = field(resolver=_matter, description="The matter with a code; null: there is none.")
    matters: MatterConnection = field(resolver=_matters, description="Matters, searched, filtered, sorted and paged.")
    bundle: Bundle | None = field(
        resolver=find_bundle, description="The bundle with a code, now or at a moment; null: none."
    )
    bundles: Connection[Bundle] = field(resolver=_bundles, description="Bundles, searched, filtered and paged.")
    places: Connection[Place] = field(resolver=_places, description="Halls and kiosks, filtered and paged.")
    route: Route = field(
        resolver=find_route, description="Which channel to go to with a matter, and why not the others."
    )
    journey: Journey = field(resolver=find_journey, description="How to do a bundle: on which channels, in which legs.")
    departments: list[Department] = field(resolver=_departments, description="All departments, by code.")
    regions: list[Region] = field(resolver=_regions, description="All regions, by code, former ones included.")
    vocabularies: list[Vocabulary] = field(
        resolver=Vocabulary.all,
        description="The words behind the enums, in Chinese and English, with national codes.",
    )
    changes: Changes = field(
        resolver=find_changes, description="What changed after a revision; the same is at /changes.atom."
    )
    node: Node | None = field(resolver=_node, description="Any node by its id; null: it is no longer held.")


def public_schema() -> GraphQLSchema:
    """The public schema, as graphql-core executes it."""
    made = strawberry.Schema(Query, types=[Matter, Bundle, Department, Place], config=StrawberryConfig())
    return forget_null_defaults(describe_words(made._schema))
