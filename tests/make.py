"""Records for tests: plain functions with defaults, so that a test says only what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from registry.bundles import Bundle, Member
from registry.exchange import reference
from registry.holdings import Holdings
from registry.matters import Matter, Offer, offer_order
from registry.places import Department, Place, Region
from registry.words import Channel, OfferStatus, PlaceKind, RegionLevel

CITY = "330100"
DISTRICT = "330102"


def make_region(code: str = CITY, **fields: Any) -> Region:
    return Region(**{"code": code, "name": f"区划{code}", "level": RegionLevel.CITY} | fields)


def make_department(code: str = "GA", **fields: Any) -> Department:
    return Department(**{"code": code, "name": f"部门{code}"} | fields)


def make_place(code: str = "P1", **fields: Any) -> Place:
    return Place(**{"code": code, "name": f"大厅{code}", "kind": PlaceKind.HALL, "region": CITY} | fields)


def make_offer(channel: Channel = Channel.HALL, status: OfferStatus = OfferStatus.AVAILABLE, **fields: Any) -> Offer:
    return Offer(**{"channel": channel, "status": status, "region": CITY} | fields)


def make_matter(code: str = "M-1", offers: Iterable[Offer] = (), **fields: Any) -> Matter:
    given = {"code": code, "name": f"事项{code}", "department": "GA", "offers": tuple(sorted(offers, key=offer_order))}
    return Matter(**given | fields)


def make_bundle(code: str = "B-1", members: Iterable[str | Member] = (), **fields: Any) -> Bundle:
    listed = tuple(Member(member) if isinstance(member, str) else member for member in members)
    return Bundle(**{"code": code, "name": f"{code}一件事", "lead_department": "GA", "members": listed} | fields)


def make_holdings(*records: Region | Department | Place | Matter | Bundle) -> Holdings:
    """The records given, and the city, its district and a department unless those are given too."""
    city = make_region(CITY)
    district = make_region(DISTRICT, level=RegionLevel.DISTRICT, parent=CITY)
    kinds: dict[type, dict[str, Any]] = {kind: {} for kind in (Region, Department, Place, Matter, Bundle)}
    for record in (city, district, make_department("GA"), *records):
        kinds[type(record)][record.code] = record
    return Holdings(*({code: kind[code] for code in sorted(kind)} for kind in kinds.values()))


def unnumbered(held: Holdings) -> Holdings:
    """The holdings with every bundle at version 1: the registry numbers bundles by what it held before."""
    return replace(held, bundles={code: replace(bundle, version=1) for code, bundle in held.bundles.items()})


@cache
def reference_holdings() -> Holdings:
    """The reference catalogue, read once: records are frozen, and nobody changes the tables of them."""
    return reference.reference_holdings()
