"""Who asks, and what their request reads and changes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from registry.access import Actor, Permission
from registry.finder import PAGE_MAX, BadPage
from registry.opening import CITY_ZONE
from registry.snapshot import Snapshot
from registry.store.connect import Store
from schema.transport import Context
from schema.types import Info


@dataclass(slots=True, kw_only=True)
class AdminContext(Context):
    """Who asks, the snapshot that is current, and the store in which changes are made.

    `cases` counts those of the last twelve months on bundles, as far as they are
    known, which takes a look into the lake: at most once in a request.
    """

    actor: Actor
    snapshot: Snapshot
    store: Store
    cases: Callable[[Iterable[str], date], Mapping[str, int]]
    counted: Mapping[str, int] | None = None


def asking(info: Info) -> Actor:
    """Who asks."""
    return cast(AdminContext, info.context).actor


def store(info: Info) -> Store:
    """Where changes are made, and what readers never see is read."""
    return cast(AdminContext, info.context).store


def people(info: Info, bundle: str) -> int | None:
    """The cases of the last twelve months on a bundle; None: unknown."""
    context = cast(AdminContext, info.context)
    if context.counted is None:
        today = datetime.now(CITY_ZONE).date()
        context.counted = context.cases(context.snapshot.holdings.bundles, today)
    return context.counted.get(bundle)


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
