"""One question: a matter, a wish and a moment over a snapshot, with what is derived from them once."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.closures import Closure
from registry.matters import Matter, Offer
from registry.places import Department, Place, Region
from registry.routing.policy import Policy
from registry.routing.wishes import UnknownRegion, Wish
from registry.snapshot import Snapshot
from registry.words import Channel, HandlingArea

CITY_WIDE = (HandlingArea.NATION, HandlingArea.PROVINCE, HandlingArea.CITY)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `moment` is by the city's clock.

    `areas` is the person's region and those it lies in; empty: the whole city.
    """

    snapshot: Snapshot
    matter: Matter
    wish: Wish
    policy: Policy
    moment: datetime
    day: date
    areas: tuple[str, ...]

    @property
    def department(self) -> Department | None:
        """The office responsible for the matter, if it is held."""
        return self.snapshot.holdings.departments.get(self.matter.department)

    def region(self, code: str) -> Region | str:
        """The region of a code, or the code if it is not held."""
        return self.snapshot.holdings.regions.get(code, code)

    def holds_here(self, offer: Offer) -> bool:
        """Whether the offer is for where the person is.

        A window serves whoever is in the matter's handling area (通办范围), so what is
        handled anywhere in the city is handled in every district's hall.
        """
        if not self.areas or offer.region in self.areas:
            return True
        if offer.channel is Channel.HALL and self.matter.handling_area in CITY_WIDE:
            return True
        return self.areas[0] in self.snapshot.region_line(offer.region)

    def areas_of(self, offer: Offer, place: Place | None = None) -> tuple[str, ...]:
        """The areas a closure may name to reach this offer: those of its place, of the person, or its own."""
        if place is not None:
            return self.snapshot.region_line(place.region)
        return self.areas or self.snapshot.region_line(offer.region)

    def closures_on(self, offer: Offer, place: Place | None) -> tuple[Closure, ...]:
        """The closures, past or to come, that cover an offer at a place."""
        held = self.snapshot.closures_by
        if not held:
            return ()
        code = place.code if place else None
        keys = {(matter, at) for matter in (None, self.matter.code) for at in (None, code)}
        found = [closure for key in keys for closure in held.get(key, ())]
        areas = self.areas_of(offer, place) if found else ()
        return tuple(closure for closure in found if closure.covers(self.matter.code, offer, code, areas))


def ask(snapshot: Snapshot, matter: Matter, wish: Wish, policy: Policy, local: datetime) -> Question:
    """The question with what is derived from it. Raises UnknownRegion."""
    day = local.date()
    return Question(snapshot, matter, wish, policy, local, day, areas_for(snapshot, wish.region, day))


def areas_for(snapshot: Snapshot, region: str | None, day: date) -> tuple[str, ...]:
    """The region and those it lies in; empty for none and for the whole city. Raises UnknownRegion."""
    if region is None:
        return ()
    regions = snapshot.holdings.regions
    if region not in regions:
        raise UnknownRegion(region)
    line = snapshot.region_line(_living(snapshot, region, day))
    return () if regions[line[0]].parent is None else line


def _living(snapshot: Snapshot, region: str, day: date) -> str:
    """The region that took over one that has ended, if exactly one did and it is held."""
    regions = snapshot.holdings.regions
    for _ in range(len(regions)):
        record = regions[region]
        ended = record.valid_to is not None and record.valid_to < day
        if not ended or len(record.successors) != 1 or record.successors[0] not in regions:
            break
        region = record.successors[0]
    return region
