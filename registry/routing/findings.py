"""Findings: for each channel its best offer, at its best place, and what is in the way there."""

from collections.abc import Iterable
from dataclasses import dataclass

from registry.matters import Offer, offer_order
from registry.places import Place
from registry.routing.obstacles import in_the_way
from registry.routing.question import Question
from registry.routing.reasons import Reason
from registry.routing.whereabouts import metres, spots
from registry.routing.words import ReasonCode
from registry.words import Channel, OfferStatus

# What another place may be free of.
OF_A_PLACE = (ReasonCode.OUT_OF_ORDER, ReasonCode.CLOSED_NOW)


@dataclass(frozen=True, slots=True)
class Finding:
    """An offer of a channel, a place for it, and the first thing in its way; None: it can be finished there."""

    offer: Offer
    place: Place | None
    obstacle: Reason | None


def look_at(question: Question, channel: Channel) -> Finding:
    """What is found of a channel."""
    finding = _best(question, _offers_here(question, channel))
    if channel is not Channel.HALL or not _is(finding, ReasonCode.OUT_OF_ORDER):
        return finding
    # The next nearest place that handles it may be one that another offer names; where
    # none names any, any hall may serve.
    offers = question.matter.offers_on(channel)
    if not any(offer.place for offer in offers):
        offers = (*offers, question.snapshot.unknown_offers[channel])
    other = _best(question, offers)
    return other if _hindrance(question, other) < _hindrance(question, finding) else finding


def _offers_here(question: Question, channel: Channel) -> tuple[Offer, ...]:
    """The offers to weigh: those for where the person is, else those elsewhere, else one that says nothing is known."""
    matter, snapshot = question.matter, question.snapshot
    offers = matter.offers_on(channel)
    if not question.areas or not offers:
        return offers or (snapshot.unknown_offers[channel],)
    if held := snapshot.offers_in(matter, channel, question.areas[0]):
        return held
    if within := tuple(offer for offer in offers if question.areas[0] in snapshot.region_line(offer.region)):
        return within
    elsewhere = tuple(offer for offer in offers if offer.status is OfferStatus.AVAILABLE)
    return elsewhere or (snapshot.unknown_offers[channel],)


def _best(question: Question, offers: Iterable[Offer]) -> Finding:
    """The finding of the best offer: what can be finished, then what is nearest, then what holds for most."""
    findings = [_try_places(question, offer) for offer in offers]
    if len(findings) == 1:
        return findings[0]
    return min(findings, key=lambda finding: _merit(question, finding))


def _try_places(question: Question, offer: Offer) -> Finding:
    """The offer at the first of its places that nothing is in the way of, else at its best."""
    best: Finding | None = None
    for place in spots(question, offer):
        finding = Finding(offer, place, in_the_way(question, offer, place))
        if finding.obstacle is None or finding.obstacle.code not in OF_A_PLACE:
            return finding
        if best is None or _hindrance(question, finding) < _hindrance(question, best):
            best = finding
    assert best is not None, "spots yields at least one"  # noqa: S101
    return best


def _merit(question: Question, finding: Finding) -> tuple[int, float, int, bool, tuple[int, str, str]]:
    offer = finding.offer
    return (
        _hindrance(question, finding),
        metres(question.wish.position, finding.place),
        len(question.snapshot.region_line(offer.region)),
        offer.url is None,
        offer_order(offer),
    )


def _hindrance(question: Question, finding: Finding) -> int:
    """0: nothing is in the way. The later the policy looks for a thing, the less it is in the way."""
    if finding.obstacle is None:
        return 0
    order = question.policy.in_the_way[finding.offer.channel]
    return len(order) - order.index(finding.obstacle.code)


def _is(finding: Finding, code: ReasonCode) -> bool:
    return finding.obstacle is not None and finding.obstacle.code is code
