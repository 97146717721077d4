"""What may stand in the way: one check for each reason. Which are applied, and in what order, is the policy's."""

from collections.abc import Callable, Mapping
from datetime import date

from registry.closures import Closure, LinkState
from registry.hours import HoursException
from registry.matters import Offer
from registry.opening import Timetable
from registry.places import Place
from registry.routing.question import Question
from registry.routing.reasons import Reason
from registry.routing.sentences import LEFT, Text
from registry.routing.whereabouts import whereabouts
from registry.routing.words import ReasonCode
from registry.words import Channel, LoginLevel, MatterState, OfferStatus, OnlineDepth

Check = Callable[[Question, Offer, Place | None], Reason | None]
MatterCheck = Callable[[Question], Reason | None]
LOGIN_RANKS = {level: rank for rank, level in enumerate(LoginLevel)}


def timetable(offer: Offer, place: Place | None) -> Timetable:
    """When an offer is open: its own hours, else its place's; the place's exceptions hold for both."""
    if place is None:
        return Timetable(offer.hours)
    return Timetable(offer.hours or place.hours, place.exceptions)


def whom_to_ask(question: Question) -> dict[str, object]:
    """The office and its telephone, as particulars."""
    department = question.department
    return {"office": department or question.matter.department, "telephone": department and department.telephone}


def cancelled(question: Question) -> Reason | None:
    """The matter was withdrawn."""
    if question.matter.state is not MatterState.CANCELLED:
        return None
    return Reason(ReasonCode.MATTER_CANCELLED, Channel.HALL, {"until": question.matter.effective_to})


def ended(question: Question) -> Reason | None:
    """The matter's last day has passed."""
    until = question.matter.effective_to
    if until is None or question.day <= until:
        return None
    return Reason(ReasonCode.MATTER_ENDED, Channel.HALL, {"until": until})


def paused(question: Question) -> Reason | None:
    """The matter is paused."""
    if question.matter.state is not MatterState.PAUSED:
        return None
    return Reason(ReasonCode.MATTER_PAUSED, Channel.HALL, whom_to_ask(question))


def not_yet(question: Question) -> Reason | None:
    """The matter's first day is to come."""
    since = question.matter.effective_from
    if since is None or since <= question.day:
        return None
    return Reason(ReasonCode.MATTER_NOT_YET, Channel.HALL, {"since": since})


def not_for_you(question: Question) -> Reason | None:
    """It is known who may apply, and this person may not."""
    asked, served = question.wish.service_object, question.matter.service_objects
    if asked is None or not served or asked in served:
        return None
    return Reason(ReasonCode.NOT_FOR_YOU, Channel.HALL, {"served": served, "asked": asked})


def not_offered(_: Question, offer: Offer, __: Place | None) -> Reason | None:
    """The channel is known not to offer it."""
    if offer.status is not OfferStatus.NOT_OFFERED:
        return None
    return Reason(ReasonCode.NOT_OFFERED, offer.channel, {"why": offer.reason})


def unknown(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """Nothing is known of the channel."""
    if offer.status is not OfferStatus.UNKNOWN:
        return None
    return Reason(ReasonCode.UNKNOWN, offer.channel, whom_to_ask(question))


def other_region(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """It is offered only for other regions."""
    if question.holds_here(offer):
        return None
    offers = question.matter.offers_on(offer.channel)
    codes = sorted({each.region for each in offers if each.status is OfferStatus.AVAILABLE}) or [offer.region]
    return Reason(ReasonCode.OTHER_REGION, offer.channel, {"regions": tuple(map(question.region, codes))})


def planned(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """The channel is planned. A date that has passed opens nothing: the status is stored, not derived."""
    if offer.status is not OfferStatus.PLANNED:
        return None
    dated = {_to_come("since", offer.valid_from, question.day): offer.valid_from}
    return Reason(ReasonCode.PLANNED, offer.channel, {**dated, "why": offer.reason})


def suspended(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """The channel is suspended, until the last day of the offer's validity if it has one."""
    if offer.status is not OfferStatus.SUSPENDED:
        return None
    dated = {_to_come("until", offer.valid_to, question.day): offer.valid_to}
    return Reason(ReasonCode.SUSPENDED, offer.channel, {**dated, "why": offer.reason})


def _to_come(name: str, day: date | None, today: date) -> str:
    return name if day is None or today <= day else "overdue"


def not_yet_valid(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """The offer's first day is to come."""
    if offer.valid_from is None or offer.valid_from <= question.day:
        return None
    return Reason(ReasonCode.NOT_YET_VALID, offer.channel, {"since": offer.valid_from})


def no_longer_valid(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """The offer's last day has passed."""
    if offer.valid_to is None or question.day <= offer.valid_to:
        return None
    return Reason(ReasonCode.NO_LONGER_VALID, offer.channel, {"until": offer.valid_to, "why": offer.reason})


def out_of_order(question: Question, offer: Offer, place: Place | None) -> Reason | None:
    """A closure is in force; of several, the one that lasts longest is named."""
    in_force = [each for each in question.closures_on(offer, place) if each.in_force(question.moment)]
    if not in_force:
        return None
    closure = max(in_force, key=_lasting)
    particulars = {"place": place, "why": closure.reason, "until": closure.ends}
    return Reason(ReasonCode.OUT_OF_ORDER, offer.channel, particulars)


def _lasting(closure: Closure) -> tuple[float, str]:
    return (float("inf") if closure.ends is None else closure.ends.timestamp(), closure.code)


def broken_link(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """The address is known to be broken."""
    link = question.snapshot.holdings.links.get(offer.url) if offer.url else None
    if link is None or link.state_on(question.day) is not LinkState.BROKEN:
        return None
    return Reason(ReasonCode.BROKEN_LINK, offer.channel, {"url": offer.url})


def login_too_low(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """It asks for a higher login than is held. A level that is unknown is not in the way."""
    held, needed = question.wish.login, offer.login
    if held is None or needed is None or LOGIN_RANKS[held] >= LOGIN_RANKS[needed]:
        return None
    return Reason(ReasonCode.LOGIN_TOO_LOW, offer.channel, {"needed": needed, "held": held})


def wrong_device(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """The device at hand does not reach the channel."""
    device = question.wish.device
    if device is None or offer.channel in question.policy.at_hand[device]:
        return None
    return Reason(ReasonCode.WRONG_DEVICE, offer.channel)


def closed_now(question: Question, offer: Offer, place: Place | None) -> Reason | None:
    """It is outside known hours."""
    table = timetable(offer, place)
    if table.is_open(question.moment) is not False:
        return None
    unlike = table.why(question.moment)
    if isinstance(unlike, HoursException):
        why: object = unlike.note
    else:
        why = Text(unlike.zh, unlike.en or unlike.zh) if unlike and unlike.zh else None
    opens = whereabouts(question, place, table, offer).next_opening
    return Reason(ReasonCode.CLOSED_NOW, offer.channel, {"place": place, "why": why, "opens": opens})


def partly(question: Question, offer: Offer, _: Place | None) -> Reason | None:
    """It can be begun there and not finished.

    Unknown is not no: a depth that is unknown finishes, unless the person is known to
    have to come. Online acceptance finishes if nobody has to: the rest goes by post.
    """
    depth, visits = offer.depth, question.matter.visits
    online = offer.channel not in question.policy.on_site
    if depth is OnlineDepth.WHOLE or (depth is None and not (online and visits)):
        return None
    if online and depth is OnlineDepth.ACCEPTANCE and visits == 0:
        return None
    left = LEFT[depth or OnlineDepth.ACCEPTANCE]
    if depth in (None, OnlineDepth.ACCEPTANCE) and (why := question.matter.visits_reason):
        left = Text(f"{left.zh}（{why}）", f"{left.en} ({why})")
    return Reason(ReasonCode.PARTLY, offer.channel, {"depth": depth, "left": left})


def no_address(question: Question, offer: Offer, place: Place | None) -> Reason | None:
    """Neither an address on the net nor, for what is done in person, a place is known."""
    if (place if offer.channel in question.policy.on_site else offer.url) is not None:
        return None
    return Reason(ReasonCode.NO_ADDRESS, offer.channel, whom_to_ask(question))


MATTER_CHECKS: Mapping[ReasonCode, MatterCheck] = {
    ReasonCode.MATTER_CANCELLED: cancelled,
    ReasonCode.MATTER_ENDED: ended,
    ReasonCode.MATTER_PAUSED: paused,
    ReasonCode.MATTER_NOT_YET: not_yet,
    ReasonCode.NOT_FOR_YOU: not_for_you,
}
CHECKS: Mapping[ReasonCode, Check] = {
    ReasonCode.NOT_OFFERED: not_offered,
    ReasonCode.UNKNOWN: unknown,
    ReasonCode.OTHER_REGION: other_region,
    ReasonCode.PLANNED: planned,
    ReasonCode.SUSPENDED: suspended,
    ReasonCode.NOT_YET_VALID: not_yet_valid,
    ReasonCode.NO_LONGER_VALID: no_longer_valid,
    ReasonCode.OUT_OF_ORDER: out_of_order,
    ReasonCode.BROKEN_LINK: broken_link,
    ReasonCode.LOGIN_TOO_LOW: login_too_low,
    ReasonCode.WRONG_DEVICE: wrong_device,
    ReasonCode.CLOSED_NOW: closed_now,
    ReasonCode.PARTLY: partly,
    ReasonCode.NO_ADDRESS: no_address,
}


def in_the_way_of_matter(question: Question) -> Reason | None:
    """The first thing about the matter itself that is in the way of every channel."""
    for code in question.policy.of_matter:
        if (reason := MATTER_CHECKS[code](question)) is not None:
            return reason
    return None


def in_the_way(question: Question, offer: Offer, place: Place | None) -> Reason | None:
    """The first thing that is in the way of an offer at a place."""
    for code in question.policy.in_the_way[offer.channel]:
        if (reason := CHECKS[code](question, offer, place)) is not None:
            return reason
    return None


def worth_knowing(question: Question, offer: Offer, place: Place | None) -> tuple[Reason, ...]:
    """What a person should know of an offer that is not in the way."""
    found = (CHECKS[code](question, offer, place) for code in question.policy.to_know[offer.channel])
    return tuple(reason for reason in found if reason is not None)
