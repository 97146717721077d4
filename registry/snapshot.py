"""The snapshot: the whole published catalogue of one revision, frozen, with its indexes.

Every public question is answered from here, so that reads never touch the database.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from functools import cached_property

from registry.announcements import Recent
from registry.bundles import Bundle
from registry.closures import Closure
from registry.editing.history import History
from registry.holdings import Holdings
from registry.matters import Matter, Offer, offer_order
from registry.places import Place, Region
from registry.search import Document, Hit, SearchIndex
from registry.shelf import Bits, Shelf
from registry.words import Channel, LifeStage, OfferStatus, PlaceKind

MATTER_DIMENSIONS: dict[str, Callable[[Matter], Iterable[Hashable]]] = {
    "catalogue": lambda matter: (matter.catalogue,),
    "department": lambda matter: (matter.department,),
    "type": lambda matter: (matter.type,),
    "service_object": lambda matter: matter.service_objects or (None,),
    "level": lambda matter: (matter.level,),
    "handling": lambda matter: (matter.handling,),
    "visits": lambda matter: (matter.visits,),
    "fee": lambda matter: (matter.fee,),
    "state": lambda matter: (matter.state,),
    "batch": lambda matter: (matter.batch,),
    # An offer counts for exactly the region it was made for: `with_status` widens it.
    "offer": lambda matter: ((offer.channel, offer.region, offer.status) for offer in matter.offers),
}
BUNDLE_DIMENSIONS: dict[str, Callable[[Bundle], Iterable[Hashable]]] = {
    "department": lambda bundle: (bundle.lead_department, *bundle.cooperating_departments),
    "audience": lambda bundle: (bundle.audience,),
    "life_stage": lambda bundle: bundle.life_stages,
    "form": lambda bundle: bundle.forms,
    "batch": lambda bundle: (bundle.batch,),
    "matter": lambda bundle: (member.matter for member in bundle.members),
}
# What a matter is by the bundles it is in.
BY_BUNDLES = ("bundle", "life_stage")
PLACE_DIMENSIONS: dict[str, Callable[[Place], Iterable[Hashable]]] = {
    "kind": lambda place: (place.kind,),
    "region": lambda place: (place.region,),
    "department": lambda place: place.departments,
}


class Snapshot:
    """One revision of the registry, immutable. Indexes that not everyone needs are made when first asked for."""

    def __init__(
        self,
        holdings: Holdings,
        revision: int,
        published_at: datetime | None,
        recent: Recent | None = None,
        history: History | None = None,
    ) -> None:
        self.holdings = holdings
        self.revision = revision
        self.published_at = published_at
        # What was changed lately; nothing is known of it unless it is given.
        self.recent = recent or Recent(since=revision)
        self.history = history or {}
        self.bundles: Shelf[Bundle] = Shelf(holdings.bundles.values(), BUNDLE_DIMENSIONS)
        self.places: Shelf[Place] = Shelf(holdings.places.values(), PLACE_DIMENSIONS)
        self.bundles_of: Mapping[str, tuple[Bundle, ...]] = _bundles_of(holdings)
        by_bundles = {"bundle": self._bundle_codes, "life_stage": self._life_stages}
        self.matters: Shelf[Matter] = Shelf(holdings.matters.values(), MATTER_DIMENSIONS | by_bundles)

    def take_over(self, earlier: "Snapshot") -> None:
        """Take from an earlier snapshot the indexes that would come out the same, before anyone reads this one."""
        old, new = earlier.holdings, self.holdings
        if new.matters is old.matters:
            self.matters.take_over(earlier.matters, but=() if new.bundles is old.bundles else BY_BUNDLES)
        if new.bundles is old.bundles:
            self.bundles.take_over(earlier.bundles)
        if new.places is old.places and new.regions is old.regions:
            self.places.take_over(earlier.places)
            self.places_by = earlier.places_by
        if self.matter_documents == earlier.matter_documents:
            self.matter_search = earlier.matter_search
        if self.bundle_documents == earlier.bundle_documents:
            self.bundle_search = earlier.bundle_search

    @cached_property
    def illustrative(self) -> bool:
        """Whether anything held is made up for show."""
        kinds = (self.holdings.matters, self.holdings.bundles, self.holdings.places)
        return any(record.illustrative for kind in kinds for record in kind.values())

    @cached_property
    def root_regions(self) -> tuple[Region, ...]:
        """The regions that lie in no other that is held: the area the registry serves."""
        return tuple(region for region in self.holdings.regions.values() if region.parent is None)

    def every_offer(self, matter: Matter) -> tuple[Offer, ...]:
        """The matter's offers, with an UNKNOWN one for each channel nothing is said of."""
        silent = [channel for channel in Channel if not matter.offers_on(channel)]
        if not silent:
            return matter.offers
        unknown = (self.unknown_offers[channel] for channel in silent)
        return tuple(sorted((*matter.offers, *unknown), key=offer_order))

    @cached_property
    def unknown_offers(self) -> dict[Channel, Offer]:
        """What is said of a channel that nothing is said of, in the area the registry serves."""
        area = self.root_regions[0].code if self.root_regions else ""
        return {channel: Offer(channel, area, OfferStatus.UNKNOWN) for channel in Channel}

    def region_line(self, region: str) -> tuple[str, ...]:
        """The region and those it lies in, nearest first."""
        line: list[str] = []
        current: str | None = region
        while current is not None and current not in line and current in self.holdings.regions:
            line.append(current)
            current = self.holdings.regions[current].parent
        return tuple(line)

    def offers_in(self, matter: Matter, channel: Channel, region: str) -> tuple[Offer, ...]:
        """The channel's offers that hold in a region: its own if there are any, else those of the region it lies in."""
        offers = matter.offers_on(channel)
        for area in self.region_line(region):
            if held := tuple(offer for offer in offers if offer.region == area):
                return held
        return ()

    @cached_property
    def closures_by(self) -> Mapping[tuple[str | None, str | None], tuple[Closure, ...]]:
        """Closures by the matter and the place they name, None where they name none."""
        found: defaultdict[tuple[str | None, str | None], list[Closure]] = defaultdict(list)
        for closure in sorted(self.holdings.closures.values(), key=lambda closure: closure.code):
            found[closure.matter, closure.place].append(closure)
        return {key: tuple(closures) for key, closures in found.items()}

    @cached_property
    def places_by(self) -> Mapping[tuple[PlaceKind, str | None, str | None], tuple[Place, ...]]:
        """Places by kind, area and department, those of the area itself first, then by code.

        The area None is everywhere; the department None stands for places that handle every department's matters.
        """
        found: defaultdict[tuple[PlaceKind, str | None, str | None], list[Place]] = defaultdict(list)
        depths = {place.code: len(self.region_line(place.region)) for place in self.places.records}
        for place in sorted(self.places.records, key=lambda place: (depths[place.code], place.code)):
            for area in (None, *(self.region_line(place.region) or (place.region,))):
                for department in place.departments or (None,):
                    found[place.kind, area, department].append(place)
        return {key: tuple(places) for key, places in found.items()}

    def with_status(self, channel: Channel, status: OfferStatus, region: str | None = None) -> Bits:
        """Matters whose channel has this status: in the region, or anywhere if none is given.

        It is the status as published; dates and closures are for `routing` to weigh. A
        channel without any offer there is UNKNOWN.
        """
        by_offer = self.matters.by("offer")
        lines = [self.region_line(region)] if region else [(area,) for area in self.holdings.regions]
        found, mentioned = 0, 0
        for line in lines:
            undecided = self.matters.all
            for area in line:
                found |= undecided & by_offer.get((channel, area, status), 0)
                for each in OfferStatus:
                    undecided &= ~by_offer.get((channel, area, each), 0)
            mentioned |= self.matters.all & ~undecided
        return found | (self.matters.all & ~mentioned) if status is OfferStatus.UNKNOWN else found

    @cached_property
    def matter_documents(self) -> tuple[Document, ...]:
        """What the search over matters reads."""
        departments = self.holdings.departments

        def document(matter: Matter) -> Document:
            department = departments.get(matter.department)
            extra = (department.short_name or department.name,) if department else ()
            return Document(matter.code, matter.name, matter.keywords, (*extra, *filter(None, (matter.name_en,))))

        return tuple(map(document, self.matters.records))

    @cached_property
    def bundle_documents(self) -> tuple[Document, ...]:
        """What the search over bundles reads."""
        return tuple(
            Document(bundle.code, bundle.name, bundle.keywords, tuple(filter(None, (bundle.name_en, bundle.summary))))
            for bundle in self.bundles.records
        )

    @cached_property
    def matter_search(self) -> SearchIndex:
        """The search over matters. Takes a moment to make: `warm` makes it ahead."""
        return SearchIndex(self.matter_documents)

    @cached_property
    def bundle_search(self) -> SearchIndex:
        """The search over bundles."""
        return SearchIndex(self.bundle_documents)

    def search_matters(self, text: str) -> tuple[Hit, ...]:
        """Matters that answer to a text, best first."""
        return self.matter_search.search(text)

    def search_bundles(self, text: str) -> tuple[Hit, ...]:
        """Bundles that answer to a text, best first."""
        return self.bundle_search.search(text)

    def warm(self) -> None:
        """Make now what the first query would have to wait for."""
        self.search_matters("预热")
        self.search_bundles("预热")
        for dimension in self.matters.dimensions:
            self.matters.by(dimension)

    def _bundle_codes(self, matter: Matter) -> Iterable[str]:
        return (bundle.code for bundle in self.bundles_of.get(matter.code, ()))

    def _life_stages(self, matter: Matter) -> Iterable[LifeStage]:
        bundles = self.bundles_of.get(matter.code, ())
        return {*matter.life_stages, *(stage for bundle in bundles for stage in bundle.life_stages)}


def _bundles_of(holdings: Holdings) -> dict[str, tuple[Bundle, ...]]:
    found: defaultdict[str, list[Bundle]] = defaultdict(list)
    for code in sorted(holdings.bundles):
        for member in holdings.bundles[code].members:
            found[member.matter].append(holdings.bundles[code])
    return {code: tuple(bundles) for code, bundles in found.items()}
