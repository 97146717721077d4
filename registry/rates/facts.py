"""What is known of a matter or a bundle on a day, as numbers. None is unknown, and never a zero."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from registry.bundles import Bundle, Effort
from registry.holdings import Holdings
from registry.matters import Matter, Offer, TimeLimit
from registry.rates.rate import BundleFact, MatterFact
from registry.rules import KEEPERS, ONLINE
from registry.words import BundleForm, Channel, LimitUnit, MatterState, OfferStatus, OnlineDepth

# Working days, exactly; a month is 22 and a year 253, as the published ratios are reckoned.
WORKING_DAYS = {
    LimitUnit.WORKING_DAY: Fraction(1),
    LimitUnit.DAY: Fraction(5, 7),
    LimitUnit.MONTH: Fraction(22),
    LimitUnit.YEAR: Fraction(253),
}
ZERO, ONE = Fraction(0), Fraction(1)
Known = Fraction | int | bool | None


@dataclass(frozen=True, slots=True)
class View:
    """From where and when one looks. `day` None takes offers whatever their dates; `line` None looks city-wide.

    `line` is a region and those it lies in, nearest first: a district's own offer goes before its city's.
    """

    day: date | None = None
    line: tuple[str, ...] | None = None

    def offers(self, matter: Matter, channel: Channel) -> tuple[Offer, ...]:
        """The channel's offers that hold there, whatever their dates."""
        offers = matter.offers_on(channel)
        for area in self.line or ():
            if own := tuple(offer for offer in offers if offer.region == area):
                return own
        return () if self.line else offers

    def holds(self, offer: Offer) -> bool:
        """Whether the offer holds on the day."""
        day = self.day
        return day is None or (offer.valid_from or day) <= day <= (offer.valid_to or day)


def in_use(record: Matter | Bundle, day: date | None) -> bool:
    """Whether it is in the catalogue on the day. What is paused stays; what is cancelled stays until its last day."""
    if record.state is MatterState.CANCELLED and (day is None or record.effective_to is None):
        return False
    if day is None:
        return True
    return (record.effective_from or day) <= day <= (record.effective_to or day)


def matter_fact(fact: MatterFact, matter: Matter, view: View) -> Fraction | None:
    """The number; None if it is unknown."""
    return _number(MATTER_FACTS[fact](matter, view))


def bundle_fact(fact: BundleFact, bundle: Bundle, holdings: Holdings, view: View) -> Fraction | None:
    """The number; None if it is unknown."""
    if fact is BundleFact.BUNDLE:
        return ONE
    if fact in PROMISES:
        return _number(_kept(PROMISES[fact], bundle, holdings, view))
    return _number(_effort(fact, bundle))


def _number(known: Known) -> Fraction | None:
    if known is True or known is False:
        return ONE if known else ZERO
    return None if known is None else Fraction(known)


def _open(matter: Matter, channel: Channel, view: View) -> bool | None:
    """Whether the channel is open: somewhere in the city, or in the district looked from."""
    offers = view.offers(matter, channel)
    if not offers:
        return None
    statuses = {offer.status for offer in offers if view.holds(offer)}
    if OfferStatus.AVAILABLE in statuses:
        return True
    return None if OfferStatus.UNKNOWN in statuses else False


def _unsuitable(matter: Matter, channel: Channel, view: View) -> bool | None:
    """Whether the matter is flagged as unsuitable for the channel: not offered, and a reason given."""
    offers = view.offers(matter, channel)
    if not offers:
        return None
    held = [offer for offer in offers if view.holds(offer)]
    if any(offer.status is OfferStatus.UNKNOWN for offer in held):
        return None
    return bool(held) and all(offer.status is OfferStatus.NOT_OFFERED and offer.reason for offer in held)


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _not(known: bool | None) -> bool | None:
    return None if known is None else not known


def _working_days(limit: TimeLimit | None) -> Fraction | None:
    return None if limit is None else limit.amount * WORKING_DAYS[limit.unit]


def _statutory(matter: Matter) -> Fraction | None:
    return Fraction(0) if matter.no_statutory_limit else _working_days(matter.statutory_limit)


def _saved(matter: Matter) -> Fraction | None:
    statutory, promised = _statutory(matter), _working_days(matter.promised_limit)
    if statutory == 0:
        return statutory  # where the law sets no limit, none can be shortened
    return None if statutory is None or promised is None else statutory - promised


def _amount(limit: TimeLimit | None) -> int | None:
    return None if limit is None else limit.amount


def _at_most(number: int | None, most: int) -> bool | None:
    return None if number is None else number <= most


MATTER_FACTS: Mapping[MatterFact, Callable[[Matter, View], Known]] = {
    MatterFact.MATTER: lambda _matter, _view: 1,
    MatterFact.PC_OPEN: lambda matter, view: _open(matter, Channel.PC, view),
    MatterFact.PC_OPEN_OR_UNSUITABLE: lambda matter, view: _either(
        _open(matter, Channel.PC, view), _unsuitable(matter, Channel.PC, view)
    ),
    MatterFact.PC_SUITABLE: lambda matter, view: _not(_unsuitable(matter, Channel.PC, view)),
    MatterFact.MOBILE_OPEN: lambda matter, view: _open(matter, Channel.MOBILE, view),
    MatterFact.MOBILE_OPEN_OR_UNSUITABLE: lambda matter, view: _either(
        _open(matter, Channel.MOBILE, view), _unsuitable(matter, Channel.MOBILE, view)
    ),
    MatterFact.MOBILE_SUITABLE: lambda matter, view: _not(_unsuitable(matter, Channel.MOBILE, view)),
    MatterFact.KIOSK_OPEN: lambda matter, view: _open(matter, Channel.KIOSK, view),
    MatterFact.WINDOW_OPEN: lambda matter, view: _open(matter, Channel.HALL, view),
    MatterFact.ON_THE_SPOT: lambda matter, _view: _at_most(_amount(matter.promised_limit), 0),
    MatterFact.NO_VISIT: lambda matter, _view: _at_most(matter.visits, 0),
    MatterFact.ONE_VISIT: lambda matter, _view: _at_most(matter.visits, 1),
    MatterFact.STATUTORY_DAYS: lambda matter, _view: _statutory(matter),
    MatterFact.DAYS_SAVED: lambda matter, _view: _saved(matter),
}
PROMISES: Mapping[BundleFact, BundleForm] = {
    BundleFact.ONLINE_KEPT: BundleForm.ONLINE,
    BundleFact.MOBILE_KEPT: BundleForm.MOBILE,
    BundleFact.ONE_WINDOW_KEPT: BundleForm.ONE_WINDOW,
}
EFFORTS: Mapping[BundleFact, Callable[[Effort], int | None]] = {
    BundleFact.STEPS_BEFORE: lambda effort: effort.steps,
    BundleFact.MATERIALS_BEFORE: lambda effort: effort.materials,
    BundleFact.VISITS_BEFORE: lambda effort: effort.visits,
    BundleFact.DAYS_BEFORE: lambda effort: effort.days,
}
SAVED = {
    BundleFact.STEPS_SAVED: BundleFact.STEPS_BEFORE,
    BundleFact.MATERIALS_SAVED: BundleFact.MATERIALS_BEFORE,
    BundleFact.VISITS_SAVED: BundleFact.VISITS_BEFORE,
    BundleFact.DAYS_SAVED: BundleFact.DAYS_BEFORE,
}


def _kept(form: BundleForm, bundle: Bundle, holdings: Holdings, view: View) -> bool | None:
    """Whether a bundle makes the promise and each of its members keeps it."""
    if form not in bundle.forms or not bundle.members:
        return False
    keeps = []
    for member in bundle.members:
        matter = holdings.matters.get(member.matter)
        keeps.append(_keeps(matter, KEEPERS[form], view) if matter and in_use(matter, view.day) else False)
    return False if False in keeps else None if None in keeps else True


def _keeps(matter: Matter, channel: Channel, view: View) -> bool | None:
    """As rule 8 has it: what is online must be so from end to end, if its depth is known."""
    available, whole = OfferStatus.AVAILABLE, OnlineDepth.WHOLE if channel in ONLINE else None
    for offer in view.offers(matter, channel):
        if offer.status is available and (not whole or offer.depth in (whole, None)) and view.holds(offer):
            return True
    # What is open and yet hasn't kept it can be done online in part only.
    return None if _open(matter, channel, view) is None else False


def _effort(fact: BundleFact, bundle: Bundle) -> int | None:
    amount = EFFORTS[SAVED.get(fact, fact)]
    before, after = amount(bundle.before), amount(bundle.after)
    if fact not in SAVED:
        return before
    return None if before is None or after is None else before - after
