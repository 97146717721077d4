"""Suspending, resuming, planning and correcting what channels offer, one or many at once."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from registry.access import Actor, Permission
from registry.audit import entry
from registry.changes.once import once
from registry.changes.publishing import changing, publish
from registry.errors import RegistryError
from registry.matters import Matter
from registry.offering.planning import Agreed, OfferPlan, plan_offers
from registry.offering.wanted import BadOfferChange, OfferChange
from registry.opening import CITY_ZONE
from registry.snapshot import Snapshot
from registry.store.audit import subjects_since
from registry.store.holdings import put, read_holdings
from registry.store.revisions import current_revision


class StaleOffers(RegistryError):
    """What was looked at is no longer so. `current` is the token of what is; `changed` the matters that changed since."""

    code = "STALE_VERSION"

    def __init__(self, current: str, changed: tuple[str, ...]) -> None:
        names = "、".join(changed)
        super().__init__(
            f"预览之后有变更{f'（{names}）' if names else ''}，未作任何更改；请重新预览",
            f"something changed after the preview{f' ({names})' if names else ''}; nothing was done: preview again",
        )
        self.current, self.changed = current, changed


@dataclass(frozen=True, slots=True)
class OffersChanged:
    """What was done: the revision that shows it, the matters that differ, and how many offers do."""

    revision: int
    matters: tuple[str, ...]
    offers: int


@once
def change_offers(
    engine: Engine | Connection, agreed: Agreed, actor: Actor, idempotency_key: str | None = None
) -> OffersChanged:
    """Do to all chosen offers what was previewed: all or nothing.

    The permission must be held for the department of every chosen matter. Raises
    Forbidden, StaleOffers, BadOfferChange, UnknownMatter, UnknownRegion, StoreUnreachable.
    """
    with changing(engine, actor) as connection:
        held = read_holdings(connection)
        for code in agreed.chosen.matters:
            matter = held.matters.get(code)
            departments = (matter.department,) if matter else ()
            actor.must(Permission.CHANGE_OFFERS, "matter", code, departments)
        snapshot = Snapshot(held, current_revision(connection).number, None)
        plan = plan_offers(snapshot, agreed.chosen, agreed.change, datetime.now(UTC).astimezone(CITY_ZONE).date())
        _must_be_as_seen(connection, agreed, plan)
        if not plan.edits:
            raise BadOfferChange("selection", "没有可改的渠道", "there is no offer to change")
        put(connection, Matter, plan.matters)
        revision = publish(
            connection,
            actor,
            _summary(plan, agreed.change),
            [entry(held.matters[each.code], each) for each in plan.matters],
        )
    return OffersChanged(revision.number, tuple(each.code for each in plan.matters), len(plan.edits))


def _must_be_as_seen(connection: Connection, agreed: Agreed, plan: OfferPlan) -> None:
    since, _, digest = agreed.token.partition("-")
    if digest != plan.token.partition("-")[2]:
        changed = (
            subjects_since(connection, "matter", int(since)) if re.fullmatch(r"\d{1,9}", since) else frozenset[str]()
        )
        raise StaleOffers(plan.token, tuple(code for code in agreed.chosen.matters if code in changed))


def _summary(plan: OfferPlan, change: OfferChange) -> str:
    what = f"{change.action.en} {len(plan.edits)} offers of {len(plan.matters)} matters"
    return f"{what}: {change.reason}" if change.reason else what
