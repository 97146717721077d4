"""A hundred cases, six matters and two bundles: what every definition is worked out on, in README and tests."""

from datetime import date

from registry.bundles import Bundle, Effort, Member
from registry.holdings import Holdings
from registry.matters import Matter, Offer, TimeLimit
from registry.places import Department, Region
from registry.rates.volumes import Given, Grain, Origin, Volume
from registry.words import BundleForm, Channel, LimitUnit, MatterType, OfferStatus, RegionLevel

CITY = "330100"
DEPARTMENT = "X"
DAY = date(2020, 6, 30)

OPEN, PLANNED = OfferStatus.AVAILABLE, OfferStatus.PLANNED
CLOSED, SUSPENDED = OfferStatus.NOT_OFFERED, OfferStatus.SUSPENDED


def _days(amount: int) -> TimeLimit:
    return TimeLimit(amount, LimitUnit.WORKING_DAY)


def _offers(*statuses: OfferStatus | None) -> tuple[Offer, ...]:
    """Offers on mobile, PC and kiosk, in this order, and in the hall; None: nothing is said."""
    pairs = zip(Channel, (*statuses, OPEN), strict=True)
    reason = {CLOSED: "须核对原件"}
    return tuple(Offer(each, CITY, status, reason=reason.get(status)) for each, status in pairs if status)


# A is open everywhere; B is flagged unsuitable for mobiles and kiosks; C also for PCs, and
# the law sets it no limit; D is planned; of E nothing is known but the hall; S is a public service.
MATTERS = (
    Matter("A", "甲", DEPARTMENT, type=MatterType.LICENCE, visits=0, offers=_offers(OPEN, OPEN, OPEN),
           statutory_limit=_days(20), promised_limit=_days(0)),
    Matter("B", "乙", DEPARTMENT, type=MatterType.CONFIRMATION, visits=0, offers=_offers(CLOSED, OPEN, CLOSED),
           statutory_limit=TimeLimit(1, LimitUnit.MONTH), promised_limit=_days(5)),
    Matter("C", "丙", DEPARTMENT, type=MatterType.BENEFIT, visits=1, offers=_offers(CLOSED, CLOSED, PLANNED),
           no_statutory_limit=True, promised_limit=_days(0)),
    Matter("D", "丁", DEPARTMENT, type=MatterType.AWARD, visits=2, offers=_offers(PLANNED, PLANNED, SUSPENDED),
           statutory_limit=_days(10), promised_limit=_days(10)),
    Matter("E", "戊", DEPARTMENT, type=MatterType.OTHER, offers=_offers(None, None, None)),
    Matter("S", "己", DEPARTMENT, type=MatterType.PUBLIC_SERVICE, visits=0, offers=_offers(OPEN, OPEN, CLOSED),
           statutory_limit=_days(5), promised_limit=_days(1)),
)  # fmt: skip
BUNDLES = (
    Bundle("ONE", "甲己一件事", DEPARTMENT, forms=tuple(BundleForm), members=(Member("A"), Member("S")),
           before=Effort(6, 22, 4, 40), after=Effort(1, 4, 0, 3)),
    Bundle("TWO", "甲丁一件事", DEPARTMENT, forms=tuple(BundleForm), members=(Member("A"), Member("D")),
           before=Effort(4, 10, 2, 20), after=Effort(2, 5, 1, 10)),
)  # fmt: skip
# Fifty by mobile, thirty on a PC and five more there by staff, six at a kiosk, seven in the
# hall, two of which nobody wrote down how they came.
CASES = (
    (Channel.MOBILE, False, 50), (Channel.PC, False, 30), (Channel.PC, True, 5),
    (Channel.KIOSK, False, 6), (Channel.HALL, False, 7), (None, False, 2),
)  # fmt: skip


def example_holdings() -> Holdings:
    """The example's catalogue."""
    return Holdings(
        regions={CITY: Region(CITY, "例市", RegionLevel.CITY)},
        departments={DEPARTMENT: Department(DEPARTMENT, "例局")},
        matters={matter.code: matter for matter in MATTERS},
        bundles={bundle.code: bundle for bundle in BUNDLES},
    )


def example_volumes() -> list[Volume]:
    """The example's hundred cases, all of matter A and accepted on one day."""
    return [
        Volume("A", None, DAY, Grain.DAY, channel, assisted, None, Given.COUNT, count, Origin.DERIVED)
        for channel, assisted, count in CASES
    ]
