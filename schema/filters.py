"""What clients may filter by, and how it becomes the registry's criteria.

An absent or null field filters nothing; within a list any value will do; different
fields must all hold.
"""

from collections.abc import Collection, Hashable
from typing import Any

import strawberry

from registry import words
from registry.finder import ChannelStatus, Criteria
from registry.snapshot import Snapshot
from schema.types import field, must_be_held


@strawberry.input(description="A channel together with a status of its offer.")
class ChannelStatusInput:
    """GraphQL's way in for finder.ChannelStatus."""

    channel: words.Channel = field(description="The channel.")
    status: words.OfferStatus = field(description="The status its offer has; UNKNOWN if nothing is said of it.")


@strawberry.input(description="Which matters. Fields combine: all must hold; within a list, any value will do.")
class MatterFilter:
    """Filters for matters."""

    catalogue: words.Catalogue | None = field(
        default=words.Catalogue.PUBLIC,
        description="Public matters, unless internal ones (or, by null, both) are wanted.",
    )
    departments: list[str] | None = field(default=None, description="Codes of departments responsible.")
    types: list[words.MatterType] | None = field(default=None, description="事项类型.")
    service_objects: list[words.ServiceObject] | None = field(default=None, description="Who applies.")
    levels: list[words.AuthorityLevel] | None = field(default=None, description="行使层级.")
    channels: list[words.Channel] | None = field(
        default=None, description="Channels that must all be available (in the region, if one is given)."
    )
    channel_status: list[ChannelStatusInput] | None = field(
        default=None,
        description="Channels with the status that each must have; to find what is missing or unknown.",
    )
    region: str | None = field(
        default=None,
        description="A region's code: channel filters hold there; alone: available there on some channel.",
    )
    bundle: str | None = field(default=None, description="The code of a bundle of which it is a member.")
    batch: str | None = field(default=None, description="The batch it was published in.")
    life_stages: list[words.LifeStage] | None = field(
        default=None, description="Stages of life, its own or its bundles'."
    )
    immediate: bool | None = field(default=None, description="Decided on the spot (即办件), or not (承诺件).")
    visits: list[int] | None = field(default=None, description="Numbers of visits; [0] is 跑零次.")
    max_visits: int | None = field(default=None, description="At most so many visits; unknown ones are left out.")
    fee: bool | None = field(default=None, description="With a fee, or known to be free.")
    states: list[words.MatterState] | None = field(default=None, description="In use, paused, cancelled.")


@strawberry.input(description="Which bundles. Fields combine: all must hold; within a list, any value will do.")
class BundleFilter:
    """Filters for bundles."""

    departments: list[str] | None = field(default=None, description="Codes of departments leading or cooperating.")
    audience: words.Audience | None = field(default=None, description="For people or for enterprises.")
    life_stages: list[words.LifeStage] | None = field(default=None, description="Stages of life.")
    forms: list[words.BundleForm] | None = field(default=None, description="Promises, any of which it makes.")
    matter: str | None = field(default=None, description="The code of a matter that is a member.")
    batch: str | None = field(default=None, description="The batch it was published in.")


@strawberry.input(description="Which places. Fields combine: all must hold; within a list, any value will do.")
class PlaceFilter:
    """Filters for places."""

    kind: words.PlaceKind | None = field(default=None, description="Halls, specialised halls or kiosks.")
    regions: list[str] | None = field(default=None, description="Codes of the regions they lie in.")


def matter_criteria(snapshot: Snapshot, given: MatterFilter | None) -> Criteria:
    """The criteria for matters. Raises UnknownCode for a code that is not held."""
    wanted = given or MatterFilter()
    held = snapshot.holdings
    must_be_held(wanted.departments, held.departments, "部门", "department")
    must_be_held(_listed(wanted.bundle), held.bundles, "一件事", "bundle")
    must_be_held(_listed(wanted.region), held.regions, "区划", "region")
    visits = wanted.visits
    if wanted.max_visits is not None:
        counted = [n for n in snapshot.matters.by("visits") if isinstance(n, int) and n <= wanted.max_visits]
        visits = [n for n in counted if visits is None or n in visits]
    handling = None if wanted.immediate is None else [HANDLING[wanted.immediate]]
    return Criteria(
        _given(
            catalogue=_listed(wanted.catalogue), department=wanted.departments, type=wanted.types,
            service_object=wanted.service_objects, level=wanted.levels, bundle=_listed(wanted.bundle),
            batch=_listed(wanted.batch), life_stage=wanted.life_stages, handling=handling, visits=visits,
            fee=_listed(wanted.fee), state=wanted.states,
        ),
        statuses=(
            *(ChannelStatus(channel, words.OfferStatus.AVAILABLE) for channel in wanted.channels or ()),
            *(ChannelStatus(pair.channel, pair.status) for pair in wanted.channel_status or ()),
        ),
        region=wanted.region,
    )  # fmt: skip


def bundle_criteria(snapshot: Snapshot, given: BundleFilter | None) -> Criteria:
    """The criteria for bundles. Raises UnknownCode for a code that is not held."""
    wanted = given or BundleFilter()
    must_be_held(wanted.departments, snapshot.holdings.departments, "部门", "department")
    must_be_held(_listed(wanted.matter), snapshot.holdings.matters, "事项", "matter")
    return Criteria(
        _given(
            department=wanted.departments, audience=_listed(wanted.audience), life_stage=wanted.life_stages,
            form=wanted.forms, matter=_listed(wanted.matter), batch=_listed(wanted.batch),
        )
    )  # fmt: skip


def place_criteria(snapshot: Snapshot, given: PlaceFilter | None) -> Criteria:
    """The criteria for places. Raises UnknownCode for a code that is not held."""
    wanted = given or PlaceFilter()
    must_be_held(wanted.regions, snapshot.holdings.regions, "区划", "region")
    return Criteria(_given(kind=_listed(wanted.kind), region=wanted.regions))


HANDLING = {True: words.Handling.IMMEDIATE, False: words.Handling.COMMITTED}


def _listed(value: Any) -> list[Any] | None:
    return None if value is None else [value]


def _given(**dimensions: Collection[Hashable] | None) -> dict[str, tuple[Hashable, ...]]:
    return {dimension: tuple(values) for dimension, values in dimensions.items() if values is not None}
