"""Legs: the channels on which a bundle's members are done in order, as few visits and changes as can be."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from registry.routing.policy import Policy
from registry.routing.route import Route
from registry.routing.words import Preference
from registry.words import Channel

Cost = tuple[int, int, tuple[int, ...]]  # visits, changes of channel, the channels' ranks in order


def carriers(routes: Sequence[Route], policy: Policy, preference: Preference | None) -> tuple[Channel, ...]:
    """The channels on which every one of the routes can be finished, best first."""
    able = [may_use(route) for route in routes]
    return tuple(channel for channel in policy.order_for(preference) if all(channel in channels for channels in able))


def may_use(route: Route) -> frozenset[Channel]:
    """The channels on which it can be finished."""
    return frozenset(verdict.channel for verdict in route.verdicts if verdict.can_finish)


def channels_for(routes: Sequence[Route], policy: Policy, preference: Preference | None) -> tuple[Channel, ...]:
    """For each route, in order, the channel it is done on.

    One that carries all, if the policy puts that first; else fewest visits, then fewest
    changes of channel, then policy order. What can be finished nowhere goes to the hall.
    """
    if not routes:
        return ()
    whole = carriers(routes, policy, preference)
    if whole and policy.single_channel_first:
        return (whole[0],) * len(routes)
    ranks = {channel: rank for rank, channel in enumerate(policy.order_for(preference))}
    best: dict[Channel, Cost] = {}
    for route in routes:
        best = _further(best, may_use(route) or frozenset({Channel.HALL}), ranks, policy.on_site)
    by_rank = {rank: channel for channel, rank in ranks.items()}
    return tuple(by_rank[rank] for rank in min(best.values())[2])


def _further(
    best: Mapping[Channel, Cost], able: frozenset[Channel], ranks: Mapping[Channel, int], on_site: frozenset[Channel]
) -> dict[Channel, Cost]:
    """The cheapest way to have one more member done, for each channel it may end on.

    Whatever follows costs the same for all ways that end on a channel, so that only the
    cheapest of them need be kept.
    """
    found = {}
    for channel in able:
        ways = [_one_more(cost, before, channel, ranks[channel], channel in on_site) for before, cost in best.items()]
        found[channel] = min(ways, default=(int(channel in on_site), 0, (ranks[channel],)))
    return found


def _one_more(cost: Cost, before: Channel, channel: Channel, rank: int, on_site: bool) -> Cost:
    visits, changes, ranks = cost
    changed = channel is not before
    return (visits + (changed and on_site), changes + changed, (*ranks, rank))


def visits(channels: Sequence[Channel], policy: Policy) -> int:
    """How many visits it takes to do members on these channels in turn."""
    return sum(channel in policy.on_site for channel, _ in groupby(channels))
