"""What a change of matters' offers would do: to the matters, to every bundle they are in, and to the rates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from registry.bundles import Bundle, Member
from registry.impact.channels import Areas, ChannelChange, PromiseChange, Side, areas, channel_changes, promise_changes
from registry.impact.moves import Move, moves_of_offers
from registry.impact.policy import HANGZHOU, Policy
from registry.impact.ways import Ways
from registry.impact.words import TURNED, Turn
from registry.matters import Matter
from registry.routing.wishes import in_the_city
from registry.snapshot import Snapshot
from registry.words import Channel, MatterState


@dataclass(frozen=True, slots=True)
class MatterImpact:
    """A matter of which a channel is gained or lost, somewhere at least."""

    matter: Matter
    channels: tuple[ChannelChange, ...]
    hall_only: bool  # nothing but the hall is left, which was not so before


@dataclass(frozen=True, slots=True)
class BundleImpact:
    """A bundle of which a channel or a promise is gained or lost. `people` as in `Impact`."""

    bundle: Bundle
    channels: tuple[ChannelChange, ...]
    promises: tuple[PromiseChange, ...]
    people: int | None


@dataclass(frozen=True, slots=True)
class OffersImpact:
    """What changes for anybody: only matters and bundles that gain or lose something, by code."""

    moment: datetime
    matters: tuple[MatterImpact, ...]
    bundles: tuple[BundleImpact, ...]
    moves: tuple[Move, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing changes for anybody."""
        return not (self.matters or self.bundles or self.moves)

    @property
    def broken(self) -> tuple[BundleImpact, ...]:
        """The bundles of which a promise breaks."""
        return tuple(each for each in self.bundles if any(_turns(promise, Turn.LOST) for promise in each.promises))

    @property
    def hall_only(self) -> tuple[MatterImpact, ...]:
        """The matters left with the hall only."""
        return tuple(each for each in self.matters if each.hall_only)

    def having(self, channel: Channel, turn: Turn) -> tuple[MatterImpact, ...]:
        """The matters that gain or lose a channel, somewhere at least."""
        return tuple(
            each
            for each in self.matters
            for change in each.channels
            if change.channel is channel and _turns(change, turn)
        )


def offers_impact(
    snapshot: Snapshot,
    changed: Iterable[Matter],
    moment: datetime,
    cases: Mapping[str, int] | None = None,
    policy: Policy = HANGZHOU,
) -> OffersImpact:
    """What it would do if these matters became so, as of a moment. Parameters are those of `impact`. Raises BadMoment."""
    local, news = in_the_city(moment), {matter.code: matter for matter in changed}
    held = snapshot.holdings
    later = Snapshot(replace(held, matters={**held.matters, **news}), snapshot.revision, snapshot.published_at)
    ways = (Ways(snapshot, local, policy.routing), Ways(later, local, policy.routing))
    return OffersImpact(
        moment=local,
        matters=tuple(_matters(news, ways)),
        bundles=tuple(_bundles(snapshot, news, ways, cases)),
        moves=moves_of_offers(snapshot, later, sorted(news), local.date()),
    )


Both = tuple[Ways, Ways]  # before and after


def _matters(news: Mapping[str, Matter], ways: Both) -> Iterator[MatterImpact]:
    for code in sorted(news):
        # A matter alone is a bundle of one.
        alone = Bundle(code, news[code].name, news[code].department, members=(Member(code),))
        _, _, found = _both(alone, ways)
        channels = channel_changes(found)
        if any(_turns(change, *TURNED) for change in channels):
            yield MatterImpact(news[code], channels, _left_with_the_hall(found))


def _bundles(
    snapshot: Snapshot, news: Mapping[str, Matter], ways: Both, cases: Mapping[str, int] | None
) -> Iterator[BundleImpact]:
    touched = {bundle.code: bundle for code in news for bundle in snapshot.bundles_of.get(code, ())}
    for code, bundle in sorted(touched.items()):
        if bundle.state is MatterState.CANCELLED:
            continue
        before, after, found = _both(bundle, ways)
        channels, promises = channel_changes(found), promise_changes(found, before, after)
        if any(_turns(change, *TURNED) for change in (*channels, *promises)):
            yield BundleImpact(bundle, channels, promises, cases.get(code) if cases is not None else None)


def _both(bundle: Bundle, ways: Both) -> tuple[Side, Side, Areas]:
    before, after = (Side(bundle, each) for each in ways)
    return before, after, areas(before, after)


def _left_with_the_hall(found: Areas) -> bool:
    was = {channel for channel, (city, *_) in found.items() if city.before.possible}
    will = {channel for channel, (city, *_) in found.items() if city.after.possible}
    return will == {Channel.HALL} and was != will


def _turns(change: ChannelChange, *turns: Turn) -> bool:
    return any(here.turn in turns for here in change.everywhere)
