"""From what is held and what files say to what shall be held.

A kind that occurs in the files is the whole list of that kind, so what is absent
from it goes, unless it is to be kept. Offers belong to matters and members to
bundles: without a file of their own they stay as they are.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from registry.bundles import Bundle
from registry.exchange.reading import Loaded
from registry.holdings import Holdings
from registry.matters import Matter, Offer, offer_order
from registry.places import Department, Place, Region
from registry.plans import Plan, plan_change

R = TypeVar("R", Region, Department, Place, Matter, Bundle)


def plan_load(held: Holdings, loaded: Loaded, *, keep_absent: bool = False) -> Plan:
    """What loading would do to what is held."""
    departments = _listed(held.departments, loaded.departments, keep_absent)
    matters = _listed(held.matters, loaded.matters, keep_absent)
    bundles = _listed(held.bundles, loaded.bundles, keep_absent)
    target = replace(
        held,
        regions=_sorted(_listed(held.regions, loaded.regions, keep_absent)),
        departments=_sorted({**loaded.created, **departments}),
        places=_sorted(_listed(held.places, loaded.places, keep_absent)),
        matters=_sorted(
            {code: _with_offers(matter, held, loaded, keep_absent) for code, matter in matters.items()}
        ),
        bundles=_sorted(
            {code: _with_members(bundle, held, loaded, keep_absent) for code, bundle in bundles.items()}
        ),
    )  # fmt: skip
    return plan_change(held, target)


def _listed(held: Mapping[str, R], loaded: Mapping[str, R] | None, keep_absent: bool) -> Mapping[str, R]:
    if loaded is None:
        return held
    return {**held, **loaded} if keep_absent else loaded


def _with_offers(matter: Matter, held: Holdings, loaded: Loaded, keep_absent: bool) -> Matter:
    before = held.matters.get(matter.code)
    old = before.offers if before else ()
    if loaded.offers is None:
        offers: tuple[Offer, ...] = old
    else:
        given = loaded.offers.get(matter.code, ())
        keys = {offer.key for offer in given}
        kept = (offer for offer in old if keep_absent or offer.channel not in loaded.channels)
        offers = tuple(sorted((*given, *(offer for offer in kept if offer.key not in keys)), key=offer_order))
    return matter if matter.offers == offers else replace(matter, offers=offers)


def _with_members(bundle: Bundle, held: Holdings, loaded: Loaded, keep_absent: bool) -> Bundle:
    before = held.bundles.get(bundle.code)
    members = before.members if before else ()
    if loaded.members is not None:
        members = loaded.members.get(bundle.code, members if keep_absent else ())
    return bundle if bundle.members == members else replace(bundle, members=members)


def _sorted(records: Mapping[str, R]) -> dict[str, R]:
    return {code: records[code] for code in sorted(records)}
