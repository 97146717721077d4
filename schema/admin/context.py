"""Who asks, and what their request reads and changes."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from registry.access import Actor, Permission
from registry.finder import PAGE_MAX, BadPage
from registry.opening import CITY_ZONE
from registry.snapshot import Snapshot
from registry.store.connect import Store
from schema.transport import Context
from schema.types import Info

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class AdminContext(Context):
    """Who asks, the snapshot that is current, and the store in which changes are made."""

    actor: Actor
    snapshot: Snapshot
    store: Store


def asking(info: Info) -> Actor:
    """Who asks."""
    return cast(AdminContext, info.context).actor


def store(info: Info) -> Store:
    """Where changes are made, and what readers never see is read."""
    return cast(AdminContext, info.context).store


def in_the_city(moment: datetime) -> datetime:
    """A moment, by the city's clock where it names no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)


def page_size(first: int) -> int:
    """How many are asked for. Raises BadPage unless 1 to 100 are."""
    if not 1 <= first <= PAGE_MAX:
        raise BadPage(f"first 应为 1 至 {PAGE_MAX}", f"first is a number from 1 to {PAGE_MAX}")
    return first


def must_read(info: Info, kind: str, subject: str, departments: Collection[str]) -> None:
    """Raises Forbidden if who asks may not see what is being edited for any of these departments."""
    asking(info).must(Permission.READ_DRAFTS, kind, subject, departments)


def must_hold(info: Info, permission: Permission, kind: str) -> None:
    """Raises Forbidden if who asks holds the permission for nothing at all."""
    actor = asking(info)
    if not actor.holds(permission):
        actor.must(permission, kind, kind)


def within(info: Info, permission: Permission, items: Iterable[tuple[T, Collection[str]]]) -> Iterator[T]:
    """Of items with the departments each is of, those for which who asks holds the permission."""
    actor = asking(info)
    return (item for item, departments in items if actor.may(permission, departments))
