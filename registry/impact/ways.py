"""Ways: how matters are done, each looked at once for the whole city and once for all districts it treats alike."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

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
Regions = frozenset[str]


class Ways:
    """How matters are done, under a policy for which neither hours nor places are in the way.

    Then a channel differs from district to district only by the regions that the
    matter's offers name.
    """

    def __init__(self, snapshot: Snapshot, moment: datetime, policy: Policy) -> None:
        self.snapshot, self.moment, self.policy = snapshot, moment, policy
        self._routes: dict[str, Route | Reason] = {}
        self._named: dict[tuple[str, Channel], Regions] = {}
        self._obstacles: dict[tuple[str, Channel, Regions], Reason | None] = {}

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
        named = self._regions_named(code, channel) if district is not None else None
        if district is None or not named:
            return next(verdict.obstacle for verdict in way.verdicts if verdict.channel is channel)
        key = (code, channel, named & self.lines[district.code])
        if key not in self._obstacles:
            question = ask(self.snapshot, way.matter, Wish(region=district.code), self.policy, self.moment)
            self._obstacles[key] = in_the_way_of_matter(question) or look_at(question, channel).obstacle
        return self._obstacles[key]

    def regions_named(self, codes: Iterable[str], channel: Channel) -> Regions:
        """The regions by which it matters to these matters where a person is who takes the channel."""
        return frozenset().union(*(self._regions_named(code, channel) for code in codes))

    def alike(self, named: Regions) -> tuple[tuple[Region, ...], ...]:
        """The districts, in groups that it makes no difference in which of the group's one is; none if it never does."""
        groups: dict[Regions, list[Region]] = {}
        for code, line in self.lines.items() if named else ():
            groups.setdefault(named & line, []).append(self.snapshot.holdings.regions[code])
        return tuple(map(tuple, groups.values()))

    @cached_property
    def lines(self) -> dict[str, Regions]:
        """The districts there are on the day, each with the regions it lies in."""
        regions, day = self.snapshot.holdings.regions, self.moment.date()
        parents = {region.parent for region in regions.values()}
        return {
            code: frozenset(self.snapshot.region_line(code))
            for code, region in sorted(regions.items())
            if region.parent is not None and code not in parents and _is_there(region, day)
        }

    @cached_property
    def _everywhere(self) -> Regions:
        """The regions that every district lies in."""
        lines = list(self.lines.values())
        return frozenset.intersection(*lines) if lines else frozenset(self.snapshot.holdings.regions)

    def _regions_named(self, code: str, channel: Channel) -> Regions:
        """The regions that a channel's offers name; none if the offers are the same wherever one is."""
        key = (code, channel)
        if key not in self._named:
            matter = self.snapshot.holdings.matters.get(code)
            named = frozenset(offer.region for offer in matter.offers_on(channel)) if matter else frozenset()
            same = len(named) <= 1 and named <= self._everywhere
            self._named[key] = frozenset() if same else named
        return self._named[key]


def _is_there(region: Region, day: date) -> bool:
    return (region.valid_from or day) <= day <= (region.valid_to or day)
