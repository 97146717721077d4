"""A journey: how a bundle is done, derived from its members and never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from registry.bundles import Bundle, Member
from registry.errors import UnknownBundle
from registry.matters import Material
from registry.routing.legs import channels_for, visits
from registry.routing.members import JourneyMember, Whole, applies, gone, whole_on
from registry.routing.policy import HANGZHOU, Policy
from registry.routing.question import areas_for, ask
from registry.routing.route import Route, route
from registry.routing.totals import Totals, documents, one_by_one, together
from registry.routing.whereabouts import Whereabouts, one_window
from registry.routing.wishes import Wish, in_the_city
from registry.routing.words import Applies
from registry.snapshot import Snapshot
from registry.words import Channel


class Asking(NamedTuple):
    """What is asked of every member alike."""

    snapshot: Snapshot
    wish: Wish
    moment: datetime
    policy: Policy


@dataclass(frozen=True, slots=True)
class Leg:
    """Members done on one channel in one go; at a kiosk or in the hall, on one visit."""

    channel: Channel
    members: tuple[JourneyMember, ...]
    place: Whereabouts | None


@dataclass(frozen=True, slots=True)
class Journey:
    """How a bundle is done: `whole` in policy order, `legs` in the order of the members."""

    bundle: Bundle
    moment: datetime
    members: tuple[JourneyMember, ...]
    whole: tuple[Whole, ...]
    legs: tuple[Leg, ...]
    together: Totals
    one_by_one: Totals

    @property
    def branches(self) -> tuple[JourneyMember, ...]:
        """Members of which the person has still to say whether they apply."""
        return tuple(member for member in self.members if member.applies is Applies.DEPENDS)

    @property
    def documents(self) -> tuple[Material, ...]:
        """Every document that is wanted, once."""
        return documents(member.route.matter for member in self.members if member.counts and member.route)


def journey(snapshot: Snapshot, bundle_code: str, wish: Wish, moment: datetime, policy: Policy = HANGZHOU) -> Journey:
    """How to do a bundle. Raises UnknownBundle, UnknownRegion, BadMoment."""
    bundle = snapshot.holdings.bundles.get(bundle_code)
    if bundle is None:
        raise UnknownBundle(bundle_code)
    local = in_the_city(moment)
    areas_for(snapshot, wish.region, local.date())  # an unknown region is refused, members or none

    asking = Asking(snapshot, wish, local, policy)
    members = tuple(_member(asking, position, held) for position, held in enumerate(bundle.members, 1))
    doing = [(each, each.route) for each in members if each.counts and each.route is not None]
    routes = [way for _, way in doing]
    channels = channels_for(routes, policy, wish.preference)
    return Journey(
        bundle=bundle,
        moment=local,
        members=members,
        whole=tuple(whole_on(channel, members, local.date()) for channel in policy.order),
        legs=_legs(asking, doing, channels),
        together=together(routes, visits(channels, policy), bundle.promised_limit),
        one_by_one=one_by_one(routes, policy),
    )


def _member(asking: Asking, position: int, member: Member) -> JourneyMember:
    matter = asking.snapshot.holdings.matters.get(member.matter)
    living = gone(member.matter, matter, asking.moment.date()) is None
    way = route(asking.snapshot, member.matter, asking.wish, asking.moment, asking.policy) if living else None
    return JourneyMember(position, member.matter, matter, applies(member, asking.wish), member.condition, way)


def _legs(asking: Asking, doing: Sequence[tuple[JourneyMember, Route]], channels: Sequence[Channel]) -> tuple[Leg, ...]:
    legs = []
    for channel, group in groupby(zip(doing, channels, strict=True), key=lambda pair: pair[1]):
        members, routes = zip(*(pair for pair, _ in group), strict=True)
        legs.append(Leg(channel, members, _place(asking, channel, routes)))
    return tuple(legs)


def _place(asking: Asking, channel: Channel, routes: Sequence[Route]) -> Whereabouts | None:
    """Where a leg is done: where all its members are, else at one window in a general hall, else where the first is."""
    places = [verdict.place for way in routes for verdict in way.verdicts if verdict.channel is channel]
    if channel is not Channel.HALL or len({place.place for place in places if place}) == 1:
        return places[0]
    question = ask(asking.snapshot, routes[0].matter, asking.wish, asking.policy, asking.moment)
    return one_window(question) or places[0]
