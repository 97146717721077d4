"""A bundle's members on a journey: whether each applies, and which stand in a channel's way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.bundles import Member
from registry.matters import Matter
from registry.routing.reasons import Reason
from registry.routing.route import Route
from registry.routing.wishes import Wish
from registry.routing.words import Applies, ReasonCode
from registry.words import Channel, MatterState


@dataclass(frozen=True, slots=True)
class JourneyMember:
    """A bundle's member. `route` is None if the catalogue has no such matter, or it is withdrawn."""

    position: int
    code: str
    matter: Matter | None
    applies: Applies
    condition: str | None
    route: Route | None

    @property
    def counts(self) -> bool:
        """Whether it may have to be done: what depends is counted until the person knows."""
        return self.applies is not Applies.NO


@dataclass(frozen=True, slots=True)
class Blocked:
    """A member that stands in a channel's way, and why. `matter` is its code."""

    matter: str
    name: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Whole:
    """Whether the whole bundle can be done on a channel, else what stands in the way."""

    channel: Channel
    blocked_by: tuple[Blocked, ...]

    @property
    def possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.blocked_by


def applies(member: Member, wish: Wish) -> Applies:
    """Whether a member applies, by its condition and what the person knows."""
    if member.condition is None:
        return Applies.YES
    known = wish.applies.get(member.matter)
    return Applies.DEPENDS if known is None else Applies.YES if known else Applies.NO


def gone(code: str, matter: Matter | None, day: date) -> Reason | None:
    """Why a member is no more: not in the catalogue, cancelled, or past its last day."""
    if matter is None:
        return Reason(ReasonCode.MATTER_MISSING, Channel.HALL, {"matter": code})
    if matter.state is MatterState.CANCELLED:
        return Reason(ReasonCode.MATTER_CANCELLED, Channel.HALL, {"until": matter.effective_to})
    if matter.effective_to is not None and matter.effective_to < day:
        return Reason(ReasonCode.MATTER_ENDED, Channel.HALL, {"until": matter.effective_to})
    return None


def whole_on(channel: Channel, members: Sequence[JourneyMember], day: date) -> Whole:
    """Whether all members that count can be finished on the channel; each that can't is named."""
    found = []
    for member in members:
        if not member.counts:
            continue
        if member.route is None:
            reason = gone(member.code, member.matter, day)
        else:
            reason = next(each.obstacle for each in member.route.verdicts if each.channel is channel)
        if reason is not None:
            found.append(Blocked(member.code, member.matter.name if member.matter else None, reason))
    return Whole(channel, tuple(found))
