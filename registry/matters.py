"""A matter (政务服务事项), what it demands, and what each channel offers for it."""

from dataclasses import dataclass
from datetime import date

from registry.hours import Hours
from registry.words import (
    AuthorityLevel,
    Catalogue,
    Channel,
    HandleForm,
    Handling,
    HandlingArea,
    LifeStage,
    LimitUnit,
    LoginLevel,
    MaterialForm,
    MatterState,
    MatterType,
    OfferStatus,
    OnlineDepth,
    ServiceObject,
)

# Conversions in which the published compression ratios are reckoned; calendar
# days at five working days a week.
WORKING_DAYS = {LimitUnit.WORKING_DAY: 1.0, LimitUnit.DAY: 5 / 7, LimitUnit.MONTH: 22.0, LimitUnit.YEAR: 253.0}


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit as it is published. An amount of 0 means on the spot, in any unit."""

    amount: int
    unit: LimitUnit

    @property
    def on_the_spot(self) -> bool:
        """Whether it is decided while the person waits."""
        return self.amount == 0

    @property
    def working_days(self) -> float:
        """The limit in working days, a month being 22 and a year 253."""
        return self.amount * WORKING_DAYS[self.unit]


@dataclass(frozen=True, slots=True)
class Material:
    """A document an applicant brings. Equal names mean the same document."""

    name: str
    form: MaterialForm | None = None
    always: bool = True  # False: only in some cases


@dataclass(frozen=True, slots=True)
class Offer:
    """What one channel offers for a matter in one region, at one place if it names one.

    `region` is the area the offer holds for, its districts included; a district's own
    offer goes before its city's. Dates are inclusive; None is open or unknown.
    """

    channel: Channel
    region: str
    status: OfferStatus
    place: str | None = None
    url: str | None = None
    login: LoginLevel | None = None
    depth: OnlineDepth | None = None
    hours: Hours | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells a matter's offers apart: channel, region, place."""
        return (self.channel.name, self.region, self.place or "")


def offer_order(offer: Offer) -> tuple[int, str, str]:
    """The order in which a matter's offers are held: channel, then region, then place."""
    return (offer.channel.rank, offer.region, offer.place or "")


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of the catalogue. None is unknown, and an empty tuple too unless said otherwise.

    `code` is opaque; `scheme` names what it was coined by. `materials` is None when
    unknown and empty when nothing need be brought. `visits` is 到办事现场次数.
    """

    code: str
    name: str
    department: str
    scheme: str | None = None
    catalog_code: str | None = None
    task_code: str | None = None
    task_handle_item: str | None = None
    name_en: str | None = None
    catalogue: Catalogue = Catalogue.PUBLIC
    type: MatterType | None = None
    service_objects: tuple[ServiceObject, ...] = ()
    life_stages: tuple[LifeStage, ...] = ()
    level: AuthorityLevel | None = None
    handling: Handling | None = None
    statutory_limit: TimeLimit | None = None
    no_statutory_limit: bool = False  # the law sets none: known, unlike a missing one
    promised_limit: TimeLimit | None = None
    visits: int | None = None
    visits_reason: str | None = None
    handle_forms: tuple[HandleForm, ...] = ()
    fee: bool | None = None
    fee_standard: str | None = None
    pays_online: bool | None = None
    by_appointment: bool | None = None
    mails_result: bool | None = None
    materials: tuple[Material, ...] | None = None
    conditions: str | None = None
    legal_basis: tuple[str, ...] = ()
    handling_area: HandlingArea | None = None
    keywords: tuple[str, ...] = ()
    batch: str | None = None
    version: int = 1
    state: MatterState = MatterState.IN_USE
    effective_from: date | None = None
    effective_to: date | None = None
    illustrative: bool = False
    offers: tuple[Offer, ...] = ()

    def offers_on(self, channel: Channel) -> tuple[Offer, ...]:
        """The channel's offers, in the order held."""
        return tuple(offer for offer in self.offers if offer.channel is channel)
