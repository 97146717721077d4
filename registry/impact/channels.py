"""Channels and promises before and after: for the whole city, and for the districts where it turns out otherwise."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from registry.bundles import Bundle
from registry.impact.ways import Ways
from registry.impact.words import Turn
from registry.places import Region
from registry.routing.members import Blocked
from registry.rules import KEEPERS
from registry.words import BundleForm, Channel, Word


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a bundle can be done on a channel in one area, and which members stand in the way."""

    possible: bool
    blocked_by: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """How a channel stood and would stand in these districts; in the whole city, if none is named."""

    regions: tuple[Region, ...]
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Here(Area):
    """And what becomes of the channel, or of the promise, there."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """What becomes of a channel. `districts` are those of which something else is to be said than of the city."""

    channel: Channel
    city: Here
    districts: tuple[Here, ...]

    @property
    def name(self) -> Word:
        """What it is called."""
        return self.channel

    @property
    def turn(self) -> Turn:
        """What becomes of it in the city as a whole."""
        return self.city.turn

    @property
    def everywhere(self) -> tuple[Here, ...]:
        """The city, then the districts that differ."""
        return (self.city, *self.districts)


@dataclass(frozen=True, slots=True)
class PromiseChange(ChannelChange):
    """What becomes of a promise, kept by its channel. LOST: this edit breaks it, or makes it and can't keep it."""

    form: BundleForm

    @property
    def name(self) -> Word:
        """What it is called."""
        return self.form


@dataclass(frozen=True, slots=True)
class Side:
    """A bundle as it is or as it would be, and how its members are done there. None: there is no such bundle."""

    bundle: Bundle | None
    ways: Ways

    @property
    def codes(self) -> tuple[str, ...]:
        """The members' codes."""
        return tuple(member.matter for member in self.bundle.members) if self.bundle else ()

    def promises(self, form: BundleForm) -> bool:
        """Whether the promise is made."""
        return self.bundle is not None and form in self.bundle.forms

    def standing(self, channel: Channel, district: Region | None) -> Standing:
        """How a channel stands, in a district or in the whole city."""
        matters, blocked = self.ways.snapshot.holdings.matters, []
        for code in self.codes:
            reason = self.ways.obstacle(code, channel, district)
            if reason is not None:
                matter = matters.get(code)
                blocked.append(Blocked(code, matter.name if matter else None, reason))
        return Standing(bool(self.codes) and not blocked, tuple(blocked))


Areas = Mapping[Channel, tuple[Area, ...]]


def areas(before: Side, after: Side) -> Areas:
    """By channel, for the city and then for each group of districts that are alike."""
    return {channel: tuple(_areas(channel, before, after)) for channel in after.ways.policy.order}


def _areas(channel: Channel, before: Side, after: Side) -> Iterator[Area]:
    yield Area((), before.standing(channel, None), after.standing(channel, None))
    for group in _alike(channel, before, after):
        yield Area(group, before.standing(channel, group[0]), after.standing(channel, group[0]))


def _alike(channel: Channel, before: Side, after: Side) -> tuple[tuple[Region, ...], ...]:
    """The districts, in groups that it makes no difference in which of the group's one is; none if it never does."""
    differing = [
        (side.ways, code) for side in (before, after) for code in side.codes if side.ways.differs(code, channel)
    ]
    groups: dict[Hashable, list[Region]] = {}
    for code in after.ways.lines if differing else ():
        district = after.ways.snapshot.holdings.regions[code]
        signature = tuple(ways.there(matter, channel, district) for ways, matter in differing)
        groups.setdefault(signature, []).append(district)
    return tuple(map(tuple, groups.values()))


def channel_changes(found: Areas) -> tuple[ChannelChange, ...]:
    """What becomes of each channel, in policy order."""
    changes = []
    for channel, parts in found.items():
        city, *districts = (_here(area, turn_of(area.before, area.after)) for area in parts)
        changes.append(ChannelChange(channel, city, _unlike(city, districts)))
    return tuple(changes)


def promise_changes(found: Areas, before: Side, after: Side) -> tuple[PromiseChange, ...]:
    """What becomes of each promise that was made or is."""
    changes = []
    for form, channel in KEEPERS.items():
        made, makes = before.promises(form), after.promises(form)
        if made or makes:
            turns = (promise_turn(made, makes, area.before, area.after) for area in found[channel])
            city, *districts = (_here(area, turn) for area, turn in zip(found[channel], turns, strict=True))
            changes.append(PromiseChange(channel, city, _unlike(city, districts), form))
    return tuple(changes)


def _here(area: Area, turn: Turn) -> Here:
    return Here(area.regions, area.before, area.after, turn)


def turn_of(before: Standing, after: Standing) -> Turn:
    """What becomes of a channel."""
    if before.possible:
        return Turn.KEPT if after.possible else Turn.LOST
    return Turn.GAINED if after.possible else Turn.STILL_NOT


def promise_turn(made: bool, makes: bool, before: Standing, after: Standing) -> Turn:
    """What becomes of a promise that was made or is."""
    if not makes:
        return Turn.DROPPED
    if after.possible:
        return Turn.KEPT if made and before.possible else Turn.GAINED
    return Turn.STILL_NOT if made and not before.possible else Turn.LOST


def _unlike(city: Here, districts: Sequence[Here]) -> tuple[Here, ...]:
    """The districts where it turns out otherwise; those where the same stands in the way are named together."""
    groups: dict[Hashable, Here] = {}
    for here in districts:
        if here.turn is not city.turn:
            key = (here.turn, _obstacles(here.before), _obstacles(here.after))
            known = groups.get(key)
            groups[key] = replace(known, regions=(*known.regions, *here.regions)) if known else here
    return tuple(groups.values())


def _obstacles(standing: Standing) -> Hashable:
    return tuple((blocked.matter, blocked.reason.code) for blocked in standing.blocked_by)
