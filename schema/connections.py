"""Relay connections over what the finder found: pages, counts and facets, each computed only if asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import Parent

from registry import finder, words
from registry.finder import Found, Page
from registry.search import Hit
from schema.matters import Matter
from schema.places import Department
from schema.types import Info, field, holds

N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Slice:
    """What a connection shows: what was found, the page of it, and the region that was asked about."""

    found: Found[Any]
    page: Page[Any]
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A record on a page, with its cursor and, if it was searched for, what matched."""

    cursor: str
    node: Any
    hit: Hit | None


def _matched(edge: Parent[Any]) -> Any:
    return list(edge.hit.matched) if edge.hit else []


@strawberry.type(description="A record with its place in the list.")
class Edge(Generic[N]):
    """The Relay edge."""

    cursor: str = field(description="Where it stands: for `after` and `before`.")
    node: N = field(description="The record.")
    matched: list[str] = field(
        resolver=_matched,
        description="If it was searched for: the words of its name and keywords that matched.",
    )


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """The Relay page info."""

    has_next_page: bool = field(description="Whether more comes after.")
    has_previous_page: bool = field(description="Whether more comes before.")
    start_cursor: str | None = field(description="The cursor of the first record of the page.")
    end_cursor: str | None = field(description="The cursor of the last record of the page.")


def _located(connection: Parent[Any]) -> Any:
    hits = connection.found.hits
    return [Located(cursor, node, hits.get(node.code)) for cursor, node in connection.page.records]


def _nodes(connection: Parent[Any]) -> Any:
    return [node for _, node in connection.page.records]


def _page_info(connection: Parent[Any]) -> Any:
    page = connection.page
    cursors = [cursor for cursor, _ in page.records]
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def _total_count(connection: Parent[Any]) -> Any:
    return connection.found.count


@strawberry.type(description="A page of a list.")
class Connection(Generic[N]):
    """The Relay connection, with `nodes` for those who need no cursors."""

    edges: list[Edge[N]] = field(resolver=_located, description="The page's records, each with its cursor.")
    nodes: list[N] = field(resolver=_nodes, description="The page's records.")
    page_info: PageInfo = field(resolver=_page_info, description="Where the page stands.")
    total_count: int = field(resolver=_total_count, description="How many there are on all pages.")


@strawberry.type(description="How many there are of a value.")
class Count(Generic[N]):
    """A value of a facet; generic over what the value is."""

    value: N | None = field(description="The value; null: unknown.")
    count: int = field(description="How many matters have it.")


@strawberry.type(description="How many there are of a batch.")
class BatchCount(Count[str]):
    """A value of the batch facet."""


@strawberry.type(description="How many there are of a number of visits.")
class VisitsCount(Count[int]):
    """A value of the visits facet."""


@strawberry.type(description="How many matters a channel has in a status.")
class ChannelCount:
    """A value of the channel facet."""

    channel: words.Channel = field(description="The channel.")
    status: words.OfferStatus = field(description="The status of its offer; UNKNOWN if nothing is said of it.")
    count: int = field(description="How many matters.")


def _facet(dimension: str) -> Callable[[Any], Any]:
    def counts(facets: Parent[Any]) -> Any:
        return [Count(value=value, count=count) for value, count in facets.found.facet(dimension)]

    return counts


def _departments(facets: Parent[Any], info: Info) -> Any:
    known = holds(info).holdings.departments
    return [Count(value=known.get(code), count=count) for code, count in facets.found.facet("department")]


def _channels(facets: Parent[Any], info: Info) -> Any:
    counts = finder.channel_facet(holds(info), facets.found, facets.region)
    return [ChannelCount(channel=pair.channel, status=pair.status, count=count) for pair, count in counts]


@strawberry.type(description="Counts for a finder. Each facet counts as if its own filter were not set; most first.")
class MatterFacets:
    """The facets of matters."""

    departments: list[Count[Department]] = field(resolver=_departments, description="By department.")
    types: list[Count[words.MatterType]] = field(resolver=_facet("type"), description="By 事项类型.")
    service_objects: list[Count[words.ServiceObject]] = field(
        resolver=_facet("service_object"), description="By 服务对象; one matter may count in several."
    )
    levels: list[Count[words.AuthorityLevel]] = field(resolver=_facet("level"), description="By 行使层级.")
    life_stages: list[Count[words.LifeStage]] = field(
        resolver=_facet("life_stage"),
        description="By stage of life; one matter may count in several or none.",
    )
    handlings: list[Count[words.Handling]] = field(resolver=_facet("handling"), description="Immediate or committed.")
    visits: list[VisitsCount] = field(resolver=_facet("visits"), description="By number of visits.")
    batches: list[BatchCount] = field(resolver=_facet("batch"), description="By batch.")
    states: list[Count[words.MatterState]] = field(resolver=_facet("state"), description="By state.")
    channels: list[ChannelCount] = field(resolver=_channels, description="By channel and status.")


def _itself(connection: Parent[Any]) -> Any:
    return connection


@strawberry.type(description="A page of matters.")
class MatterConnection(Connection[Matter]):
    """Matters also have facets."""

    facets: MatterFacets = field(resolver=_itself, description="Counts over all pages, for a finder.")
