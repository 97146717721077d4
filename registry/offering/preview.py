"""A preview: what a change of offers would do, before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registry.impact.offers import OffersImpact, offers_impact
from registry.offering.choice import Chosen
from registry.offering.planning import Agreed, OfferPlan, plan_offers
from registry.offering.wanted import OfferChange
from registry.routing.wishes import in_the_city
from registry.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan, and what it would do. `agreed` is what applying it asks for."""

    agreed: Agreed
    plan: OfferPlan
    impact: OffersImpact


def preview_offers(
    snapshot: Snapshot, chosen: Chosen, change: OfferChange, moment: datetime, cases: Mapping[str, int] | None = None
) -> Preview:
    """What a change would do. Raises BadOfferChange, UnknownMatter, UnknownRegion, BadMoment."""
    plan = plan_offers(snapshot, chosen, change, in_the_city(moment).date())
    return Preview(Agreed(chosen, change, plan.token), plan, offers_impact(snapshot, plan.matters, moment, cases))
