"""A matter's place in each dimension, and which channels it may have had in a month."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from registry.bundles import Bundle
from registry.holdings import Holdings
from registry.matters import Matter, Offer
from registry.rates.periods import Period, period_of
from registry.rates.question import OF_MATTERS, Dimension, Scope, Value
from registry.rates.standings import Standings
from registry.words import Channel, OfferStatus

# A channel that was never opened has no cases; one that is closed for a time may have had some.
NEVER_OPEN = frozenset({OfferStatus.NOT_OFFERED, OfferStatus.PLANNED})


class Attributes:
    """The catalogue as rates see it. A matter that it doesn't hold has no department, type or stage."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self._values: dict[str, dict[Dimension, tuple[Value, ...]]] = {}
        self._channels: dict[tuple[str, str], frozenset[Channel]] = {}

    def values(self, matter: str, dimension: Dimension) -> tuple[Value, ...]:
        """The matter's values in a dimension of matters; (None,) where nothing is known."""
        if matter not in self._values:
            self._values[matter] = self._all_values(matter)
        return self._values[matter][dimension]

    def passes(self, matter: str, where: Scope) -> bool:
        """Whether the matter passes all filters on matters."""
        return all(
            not where.filters[dimension].isdisjoint(self.values(matter, dimension))
            for dimension in where.filters
            if dimension in OF_MATTERS
        )

    def department(self, matter: str) -> str | None:
        """The department responsible for the matter."""
        return self.values(matter, Dimension.DEPARTMENT)[0]

    def may_offer(self, matter: str, month: str) -> frozenset[Channel]:
        """The channels that the catalogue says the matter has, or may have, had in a month."""
        if (matter, month) not in self._channels:
            held, period = self.holdings.matters.get(matter), period_of(month)
            found = (channel for channel in Channel if held is None or _may_offer(held.offers_on(channel), period))
            self._channels[matter, month] = frozenset(found)
        return self._channels[matter, month]

    @cached_property
    def standings(self) -> Standings:
        """How its matters and bundles stand for the rates that count them."""
        return Standings(self.holdings)

    @cached_property
    def bundles_of(self) -> dict[str, tuple[Bundle, ...]]:
        """The bundles a matter is in."""
        found: defaultdict[str, list[Bundle]] = defaultdict(list)
        for code in sorted(self.holdings.bundles):
            for member in self.holdings.bundles[code].members:
                found[member.matter].append(self.holdings.bundles[code])
        return {code: tuple(bundles) for code, bundles in found.items()}

    def members_of(self, bundle: str) -> frozenset[str]:
        """The matters in a bundle."""
        held = self.holdings.bundles.get(bundle)
        return frozenset(member.matter for member in held.members) if held else frozenset()

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """The regions that no other lies in."""
        parents = {region.parent for region in self.holdings.regions.values()}
        return tuple(code for code in sorted(self.holdings.regions) if code not in parents)

    def region_line(self, region: str) -> tuple[str, ...]:
        """The region and those it lies in, nearest first."""
        line: list[str] = []
        current: str | None = region
        while current is not None and current not in line:
            line.append(current)
            held = self.holdings.regions.get(current)
            current = held.parent if held else None
        return tuple(line)

    def _all_values(self, code: str) -> dict[Dimension, tuple[Value, ...]]:
        matter = self.holdings.matters.get(code)
        bundles = self.bundles_of.get(code, ())
        return {
            Dimension.MATTER: (code,),
            Dimension.DEPARTMENT: (matter.department if matter else None,),
            Dimension.MATTER_TYPE: (matter.type.name if matter and matter.type else None,),
            Dimension.SERVICE_OBJECT: _some(each.name for each in (matter.service_objects if matter else ())),
            Dimension.LIFE_STAGE: _some(_stages(matter, bundles)),
            Dimension.BUNDLE: _some(bundle.code for bundle in bundles),
        }


def valid_in(offer: Offer, period: Period) -> bool:
    """Whether the offer holds on some day of the period."""
    return Period(offer.valid_from or period.first, offer.valid_to or period.last).meets(period)


def _may_offer(offers: tuple[Offer, ...], period: Period) -> bool:
    """Of a channel nothing is said of, nothing is known: it may."""
    if not offers:
        return True
    return any(valid_in(offer, period) and offer.status not in NEVER_OPEN for offer in offers)


def _stages(matter: Matter | None, bundles: tuple[Bundle, ...]) -> set[str]:
    own = matter.life_stages if matter else ()
    return {stage.name for stage in own} | {stage.name for bundle in bundles for stage in bundle.life_stages}


def _some(values: Iterable[str]) -> tuple[Value, ...]:
    return tuple(sorted(values)) or (None,)
