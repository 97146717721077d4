"""Routes and journeys as clients see them: views of what `registry.routing` decides."""

from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from strawberry import Parent

from registry import words
from registry.opening import CITY_ZONE
from registry.routing import words as routing_words
from registry.routing.journey import journey
from registry.routing.route import route
from registry.routing.wishes import Wish
from schema.matters import Bundle, Material, Matter, TimeLimit
from schema.places import Department, Place
from schema.types import Info, field, holds

VOCABULARIES: tuple[type[words.Word], ...] = (
    routing_words.Device,
    routing_words.Preference,
    routing_words.ReasonCode,
    routing_words.Standing,
    routing_words.Applies,
)

for vocabulary in VOCABULARIES:
    strawberry.enum(vocabulary, description=(vocabulary.__doc__ or "").split("\n")[0])


@strawberry.input(description="Where somebody is.")
class PositionInput:
    """GraphQL's way in for a position."""

    longitude: float = field(description="Degrees east, WGS 84.")
    latitude: float = field(description="Degrees north, WGS 84.")


@strawberry.input(description="Whether a conditional member of a bundle applies to the person.")
class AppliesInput:
    """What a person knows of one member."""

    matter: str = field(description="The member's code.")
    applies: bool = field(description="Whether it applies.")


@strawberry.input(description="What a person has at hand and wishes. Everything may be left out.")
class WishInput:
    """GraphQL's way in for routing's Wish."""

    device: routing_words.Device | None = field(default=None, description="What is at hand; absent: anything.")
    region: str | None = field(default=None, description="The code of the region; absent: the whole city.")
    service_object: words.ServiceObject | None = field(default=None, description="Who applies; absent: anybody.")
    login: words.LoginLevel | None = field(default=None, description="The login held; absent: any can be got.")
    position: PositionInput | None = field(default=None, description="For the nearest place.")
    preference: routing_words.Preference | None = field(
        default=None, description="By oneself, with help, or elderly mode; the latter two prefer the hall."
    )
    applies: list[AppliesInput] | None = field(
        default=None, description="Which conditional members apply; those not named are shown as branches."
    )


def _english(attribute: str) -> Any:
    def resolve(value: Parent[Any]) -> Any:
        text = getattr(value, attribute)
        return text.en if text else None

    return resolve


def _chinese(attribute: str) -> Any:
    def resolve(value: Parent[Any]) -> Any:
        text = getattr(value, attribute)
        return text.zh if text else None

    return resolve


@strawberry.type(description="Why a channel is not taken, or what to know before going there.")
class Reason:
    """GraphQL's view of routing's Reason."""

    code: routing_words.ReasonCode = field(description="For programs.")
    text: str = field(resolver=_chinese("text"), description="For people, in Chinese.")
    text_en: str = field(resolver=_english("text"), description="For people, in English.")
    remedy: str | None = field(resolver=_chinese("remedy"), description="What would lift it, in Chinese.")
    remedy_en: str | None = field(resolver=_english("remedy"), description="What would lift it, in English.")


@strawberry.type(description="Where a person goes: a place, or at least the department to ask.")
class Whereabouts:
    """GraphQL's view of routing's Whereabouts."""

    known: bool = field(description="Whether the place itself is known, not only who is responsible.")
    name: str = field(description="The place's name, else the department's.")
    address: str | None = field(description="Where it is; null: unknown.")
    telephone: str | None = field(description="What to call; null: unknown.")
    open_now: bool | None = field(description="Whether it is open at the moment asked about; null: unknown.")
    closes_at: datetime | None = field(description="When it closes, if it is open and that is known.")
    next_opening: datetime | None = field(description="When it is open next: that moment itself if it is open.")
    place: Place | None = field(description="The place; null: only the department is known.")
    department: Department | None = field(description="The department responsible.")


@strawberry.type(description="What is said of one channel.")
class Verdict:
    """GraphQL's view of routing's Verdict."""

    channel: words.Channel = field(description="The channel.")
    taken: bool = field(description="Whether this is the channel to go to.")
    standing: routing_words.Standing = field(description="Taken, passed over, or impossible now.")
    can_finish: bool = field(description="Whether the matter can be finished there; at a hall, once it opens.")
    reason: Reason | None = field(description="Why it is not taken; null if it is.")
    remedy: str | None = field(resolver=_chinese("remedy"), description="What would lift the reason, in Chinese.")
    remedy_en: str | None = field(resolver=_english("remedy"), description="What would lift the reason, in English.")
    notes: list[Reason] = field(description="What to know before going there.")
    url: str | None = field(description="Where it is done online; null: unknown or not online.")
    place: Whereabouts | None = field(description="Where it is, for a kiosk or a hall.")


@strawberry.type(description="Which channel to go to with a matter, and why not the others.")
class Route:
    """GraphQL's view of routing's Route."""

    matter: Matter = field(description="The matter.")
    moment: datetime = field(description="The moment it was decided for.")
    chosen: Verdict = field(description="The channel to go to. There always is one.")
    verdicts: list[Verdict] = field(description="All four channels, in the order of the policy, the hall last.")
    place: Whereabouts | None = field(description="Where to go, if a kiosk or the hall is taken.")
    hall: Whereabouts = field(description="The hall's answer, which there always is.")
    begin: list[words.Channel] = field(description="Channels on which it may be begun, to be finished elsewhere.")
    documents: list[Material] | None = field(description="What to bring; null: unknown.")


def _blocked_code(blocked: Parent[Any]) -> Any:
    return blocked.matter


def _blocked_matter(blocked: Parent[Any], info: Info) -> Any:
    return holds(info).holdings.matters.get(blocked.matter)


@strawberry.type(description="A member that keeps a bundle from being done wholly on a channel.")
class Blocked:
    """GraphQL's view of routing's Blocked."""

    code: str = field(resolver=_blocked_code, description="The member's code.")
    matter: Matter | None = field(
        resolver=_blocked_matter, description="The member; null if the registry no longer holds it."
    )
    reason: Reason = field(description="Why it can't be done there.")


@strawberry.type(description="Whether a bundle can be done wholly on a channel.")
class Whole:
    """GraphQL's view of routing's Whole."""

    channel: words.Channel = field(description="The channel.")
    possible: bool = field(description="Whether every member that applies can be finished there.")
    blocked_by: list[Blocked] = field(description="The members that stand in the way, and why.")


@strawberry.type(description="A member of a bundle on its way.")
class JourneyMember:
    """GraphQL's view of routing's JourneyMember."""

    position: int = field(description="From 1, in the order in which the members are done.")
    code: str = field(description="The matter's code.")
    matter: Matter | None = field(description="The matter; null if the registry no longer holds it.")
    applies: routing_words.Applies = field(description="Whether it applies to the person.")
    condition: str | None = field(description="To whom it applies; null: to everybody.")
    route: Route | None = field(description="The member's own route; null if it is withdrawn or gone.")


@strawberry.type(description="Members done on one channel in one go; at a kiosk or in the hall, on one visit.")
class Leg:
    """GraphQL's view of routing's Leg."""

    channel: words.Channel = field(description="The channel.")
    members: list[JourneyMember] = field(description="The members, in order.")
    place: Whereabouts | None = field(description="Where to go, for a kiosk or the hall.")


@strawberry.type(description="What it costs a person. Null is unknown.")
class Totals:
    """GraphQL's view of routing's Totals."""

    visits: int | None = field(description="Times to come in person.")
    materials: int | None = field(description="Documents to bring; together, each is brought once.")
    working_days: float | None = field(description="The promised limit in working days.")
    limit: TimeLimit | None = field(description="The bundle's promised limit as published; null for single matters.")
    visits_unknown: list[str] = field(description="Codes of the matters of which the visits are unknown.")
    materials_unknown: list[str] = field(description="Codes of the matters of which the documents are unknown.")
    limit_unknown: list[str] = field(description="Codes of the matters of which the limit is unknown.")


@strawberry.type(description="A bundle's totals beside those of doing its members one by one.")
class JourneyTotals:
    """The two sums side by side."""

    together: Totals = field(description="As one bundle.")
    one_by_one: Totals = field(description="Each member for itself.")


def _itself(value: Parent[Any]) -> Any:
    return value


@strawberry.type(description="How a bundle is done, derived from its members.")
class Journey:
    """GraphQL's view of routing's Journey."""

    bundle: Bundle = field(description="The bundle.")
    moment: datetime = field(description="The moment it was decided for.")
    whole: list[Whole] = field(description="For each channel, whether the whole bundle can be done there.")
    legs: list[Leg] = field(description="The shortest way: fewest visits, then fewest changes of channel.")
    members: list[JourneyMember] = field(description="All members, in order, those that do not apply included.")
    branches: list[JourneyMember] = field(description="Members of which the person must still say if they apply.")
    documents: list[Material] = field(description="Every document that is wanted, once.")
    totals: JourneyTotals = field(resolver=_itself, description="What it costs, beside doing the members one by one.")


WishArgument = Annotated[WishInput | None, strawberry.argument(description="What a person has at hand and wishes.")]
At = Annotated[
    datetime | None, strawberry.argument(description="The moment, now if absent; without a zone, the city's time.")
]


def find_route(
    info: Info,
    matter: Annotated[str, strawberry.argument(description="The matter's code.")],
    wish: WishArgument = None,
    at: At = None,
) -> Any:
    """The route for a matter."""
    return route(holds(info), matter, _wish(wish), _moment(info, at))


def find_journey(
    info: Info,
    bundle: Annotated[str, strawberry.argument(description="The bundle's code.")],
    wish: WishArgument = None,
    at: At = None,
) -> Any:
    """The journey for a bundle."""
    return journey(holds(info), bundle, _wish(wish), _moment(info, at))


def _wish(given: WishInput | None) -> Wish:
    if given is None:
        return Wish()
    position = given.position
    return Wish(
        device=given.device,
        region=given.region,
        service_object=given.service_object,
        login=given.login,
        position=(position.longitude, position.latitude) if position else None,
        preference=given.preference,
        applies={each.matter: each.applies for each in given.applies or ()},
    )


def _moment(info: Info, at: datetime | None) -> datetime:
    if at is None:
        # Asked again later, the answer may be another one.
        info.context.volatile = True
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=CITY_ZONE)
