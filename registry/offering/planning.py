"""What a change would do to each offer that is meant, and what it would pass over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import orjson

from registry.errors import UnknownMatter
from registry.matters import Matter, Offer, offer_order
from registry.offering.choice import Chosen
from registry.offering.wanted import APPLIES_TO, BadOfferChange, OfferChange, changed
from registry.recorded import plain
from registry.routing.sentences import Text
from registry.routing.wishes import UnknownRegion
from registry.snapshot import Snapshot
from registry.words import OfferStatus

TOKEN_LENGTH = 32


@dataclass(frozen=True, slots=True)
class OfferEdit:
    """One offer before and after. `before` None: a new one, for a region that had none of its own.

    `held` is what held there before: its own, or a wider area's as if it were its own.
    """

    matter: str
    before: Offer | None
    after: Offer
    held: Offer


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A matter, or one of its offers, that the change doesn't apply to, and why."""

    matter: str
    region: str | None
    why: Text


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """What a change comes to. `matters` are those that differ, as they would be; `token` stands for what was seen."""

    edits: tuple[OfferEdit, ...]
    passed_over: tuple[PassedOver, ...]
    matters: tuple[Matter, ...]
    token: str


def plan_offers(snapshot: Snapshot, chosen: Chosen, change: OfferChange, today: date) -> OfferPlan:
    """What a change would do. Raises BadOfferChange, UnknownMatter, UnknownRegion."""
    change.must_make_sense(today)
    if chosen.region is not None and chosen.region not in snapshot.holdings.regions:
        raise UnknownRegion(chosen.region)
    edits: list[OfferEdit] = []
    passed: list[PassedOver] = []
    matters: list[Matter] = []
    for code in chosen.matters:
        matter = snapshot.holdings.matters.get(code)
        if matter is None:
            raise UnknownMatter(code)
        made = [_edit(matter, each, change) for each in _meant(snapshot, matter, chosen, change)]
        own = [each for each in made if isinstance(each, OfferEdit)]
        passed.extend(each for each in made if isinstance(each, PassedOver))
        if not made:
            passed.append(PassedOver(code, chosen.region, Text("没有这样的渠道", "has no such offer")))
        if own:
            edits.extend(own)
            matters.append(_with(matter, own))
    return OfferPlan(tuple(edits), tuple(passed), tuple(matters), _token(snapshot, chosen, change))


@dataclass(frozen=True, slots=True)
class Agreed:
    """A change of offers that somebody has looked at beforehand; `token` is that of the plan that was seen."""

    chosen: Chosen
    change: OfferChange
    token: str


Target = tuple[Offer | None, Offer]  # the offer held, and what it is that is changed


def _meant(snapshot: Snapshot, matter: Matter, chosen: Chosen, change: OfferChange) -> Iterator[Target]:
    """The offers of a matter that are meant: those held, and copies of a wider area's for a region without its own."""
    offers, region = matter.offers_on(chosen.channel), chosen.region
    if region is not None:
        own = tuple(offer for offer in offers if offer.region == region)
        wider = () if own else snapshot.offers_in(matter, chosen.channel, region)
        for offer in (*own, *wider):
            if chosen.place in (None, offer.place):
                yield (offer if own else None), replace(offer, region=region)
        offers = (*own, *wider)
    else:
        yield from ((offer, offer) for offer in offers if chosen.place in (None, offer.place))
    if not offers and None in APPLIES_TO[change.action]:
        area = region or snapshot.unknown_offers[chosen.channel].region
        yield None, Offer(chosen.channel, area, OfferStatus.UNKNOWN, chosen.place)


def _edit(matter: Matter, target: Target, change: OfferChange) -> OfferEdit | PassedOver:
    held, offer = target
    if offer.status not in APPLIES_TO[change.action]:
        why = Text(
            f"{offer.channel.zh}为“{offer.status.zh}”，不能{change.action.zh}",
            f"its {offer.channel.en} offer is {offer.status.en}: there is nothing to {change.action.en}",
        )
        return PassedOver(matter.code, offer.region, why)
    after = replace(offer, **changed(offer, change))  # type: ignore[arg-type]  # fields by name
    if after.valid_from is not None and after.valid_to is not None and after.valid_to < after.valid_from:
        raise BadOfferChange(
            "last",
            f"{matter.code}：截止日{after.valid_to}早于开始日{after.valid_from}",
            f"{matter.code}: the last day {after.valid_to} is before the first, {after.valid_from}",
        )
    if after in (held, offer):
        return PassedOver(matter.code, offer.region, Text("已是如此", "is so already"))
    return OfferEdit(matter.code, held, after, offer)


def _with(matter: Matter, edits: list[OfferEdit]) -> Matter:
    replaced = {edit.before.key for edit in edits if edit.before}
    offers = [offer for offer in matter.offers if offer.key not in replaced] + [edit.after for edit in edits]
    return replace(matter, offers=tuple(sorted(offers, key=offer_order)))


def _token(snapshot: Snapshot, chosen: Chosen, change: OfferChange) -> str:
    """The revision that was seen, and a digest of the change and of what the chosen matters offered on the channel.

    Only the latter must still be so; the former tells from where on to look for what changed.
    """
    matters = snapshot.holdings.matters
    seen = [[code, plain(matters[code].offers_on(chosen.channel))] for code in chosen.matters]
    digest = sha256(orjson.dumps([plain(chosen), plain(change), seen])).hexdigest()
    return f"{snapshot.revision}-{digest[:TOKEN_LENGTH]}"
