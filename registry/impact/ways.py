"""Ways: how matters are done, each looked at once for the whole city and once for all districts it treats alike."""

from collections.abc import Hashable
from datetime import date, datetime
from functools import cached_property

from registry.matters import Offer
from registry.places import Region
from registry.routing.findings import look_at
from registry.routing.members import gone
from registry.routing.obstacles import in_the_way_of_matter
from registry.routing.policy import Policy
from registry.routing.question import ask
from registry.routing.reasons import Reason
from registry.routing.route import Route, route
from registry.routing.wishes import Wish
from registry.snapshot import Snapshot
from registry.words import Channel

EVERYBODY = Wish()
ELSEWHERE = -1


class Ways:
    """How matters are done, under a policy for which neither hours nor places are in the way.

    Then a channel differs from district to district only by what its offers say that
    hold there, their places and hours left aside.
    """

    def __init__(self, snapshot: Snapshot, moment: datetime, policy: Policy) -> None:
        self.snapshot, self.moment, self.policy = snapshot, moment, policy
        self._routes: dict[str, Route | Reason] = {}
        self._offered: dict[tuple[str, Channel], dict[str, int]] = {}
        self._obstacles: dict[tuple[str, Channel, int], Reason | None] = {}

    def route(self, code: str) -> Route | Reason:
        """The route of a matter in the whole city, or why there is no such matter (any more)."""
        if code not in self._routes:
            reason = gone(code, self.snapshot.holdings.matters.get(code), self.moment.date())
            self._routes[code] = reason or route(self.snapshot, code, EVERYBODY, self.moment, self.policy)
        return self._routes[code]

    def obstacle(self, code: str, channel: Channel, district: Region | None = None) -> Reason | None:
        """What keeps a matter from being finished on a channel: in a district, or in the whole city."""
        way = self.route(code)
        if isinstance(way, Reason):
            return way
        there = self.there(code, channel, district) if district is not None else None
        if district is None or there is None:
            return next(verdict.obstacle for verdict in way.verdicts if verdict.channel is channel)
        key = (code, channel, there)
        if key not in self._obstacles:
            question = ask(self.snapshot, way.matter, Wish(region=district.code), self.policy, self.moment)
            self._obstacles[key] = in_the_way_of_matter(question) or look_at(question, channel).obstacle
        return self._obstacles[key]

    def differs(self, code: str, channel: Channel) -> bool:
        """Whether it may matter to the matter in which district one is who takes the channel."""
        return bool(self._offers(code, channel))

    def there(self, code: str, channel: Channel, district: Region) -> int | None:
        """A number for what is offered in a district: equal where the same is; None: as in the whole city."""
        offered = self._offers(code, channel)
        if not offered:
            return None
        return next((offered[area] for area in self.lines[district.code] if area in offered), ELSEWHERE)

    @cached_property
    def lines(self) -> dict[str, tuple[str, ...]]:
        """The districts there are on the day, each with the regions it lies in, nearest first."""
        regions, day = self.snapshot.holdings.regions, self.moment.date()
        parents = {region.parent for region in regions.values()}
        return {
            code: self.snapshot.region_line(code)
            for code, region in sorted(regions.items())
            if region.parent is not None and code not in parents and _is_there(region, day)
        }

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        """The regions that every district lies in."""
        lines = [frozenset(line) for line in self.lines.values()]
        return frozenset.intersection(*lines) if lines else frozenset(self.snapshot.holdings.regions)

    def _offers(self, code: str, channel: Channel) -> dict[str, int]:
        """By region, a number for what is offered; empty if it is the same wherever one is."""
        key = (code, channel)
        if key not in self._offered:
            matter = self.snapshot.holdings.matters.get(code)
            said: dict[str, set[Hashable]] = {}
            for offer in matter.offers_on(channel) if matter else ():
                said.setdefault(offer.region, set()).add(_says(offer))
            numbers: dict[Hashable, int] = {}
            offered = {region: numbers.setdefault(frozenset(each), len(numbers)) for region, each in said.items()}
            self._offered[key] = {} if len(offered) <= 1 and self._everywhere.issuperset(offered) else offered
        return self._offered[key]


def _says(offer: Offer) -> Hashable:
    """What of an offer may be in the way, wherever it holds."""
    dates = (offer.valid_from, offer.valid_to)
    return (
        offer.status.name,
        dates,
        offer.url,
        offer.login and offer.login.name,
        offer.depth and offer.depth.name,
        offer.reason,
    )


def _is_there(region: Region, day: date) -> bool:
    return (region.valid_from or day) <= day <= (region.valid_to or day)
