"""What a change would do, as `registry.impact` finds it: channels, promises, figures, rates, and what blocks it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import strawberry
from strawberry import Parent

from registry import words
from registry.impact import words as impact_words
from registry.impact.impact import Impact as FoundImpact
from registry.impact.membership import Membership as FoundMembership
from registry.impact.moves import Move as FoundMove
from registry.impact.offers import BundleImpact as FoundBundleImpact
from registry.impact.offers import OffersImpact as FoundOffersImpact
from registry.impact.report import report
from registry.rates.answer import Answer
from schema.admin.context import people
from schema.admin.payloads import Sentence
from schema.matters import Bundle, Matter
from schema.places import Region
from schema.routes import Blocked
from schema.types import Info, field

VOCABULARIES = (impact_words.Turn, impact_words.Figure)
for vocabulary in VOCABULARIES:
    strawberry.enum(vocabulary, description=(vocabulary.__doc__ or "").split("\n")[0])


@strawberry.type(
    name="StandingOnChannel", description="Whether it can be done on a channel, and who stands in the way."
)
class Standing:
    """GraphQL's view of impact's Standing."""

    possible: bool = field(description="Whether every member can be finished there.")
    blocked_by: list[Blocked] = field(description="The members that stand in the way, and why.")


@strawberry.type(description="What becomes of a channel or a promise in one area.")
class Here:
    """GraphQL's view of impact's Here."""

    turn: impact_words.Turn = field(description="Kept, gained, lost, …")
    regions: list[Region] = field(description="The districts; none: the whole city.")
    before: Standing = field(description="How it stands.")
    after: Standing = field(description="How it would stand.")


@strawberry.type(description="What becomes of a channel.")
class ChannelChange:
    """GraphQL's view of impact's ChannelChange."""

    channel: words.Channel = field(description="The channel.")
    turn: impact_words.Turn = field(description="What becomes of it in the city as a whole.")
    city: Here = field(description="The city as a whole.")
    districts: list[Here] = field(description="Districts of which something else is to be said.")


def _form(change: Parent[Any]) -> Any:
    return change.form


@strawberry.type(description="What becomes of a promise: 网上办, 掌上办, 一窗办.")
class PromiseChange:
    """GraphQL's view of impact's PromiseChange."""

    form: words.BundleForm = field(resolver=_form, description="The promise.")
    channel: words.Channel = field(description="The channel that keeps it.")
    turn: impact_words.Turn = field(description="What becomes of it in the city as a whole.")
    city: Here = field(description="The city as a whole.")
    districts: list[Here] = field(description="Districts of which something else is to be said.")


@strawberry.type(description="A number before and after. Null is unknown.")
class Pair:
    """GraphQL's view of impact's Pair."""

    before: float | None = field(description="As it is.")
    after: float | None = field(description="As it would be.")
    changed: bool = field(description="Whether it moves, or becomes known or unknown.")


@strawberry.type(description="What doing the bundle costs a person: one of visits, documents, steps, working days.")
class FigureChange:
    """GraphQL's view of impact's FigureChange."""

    figure: impact_words.Figure = field(description="Which.")
    together: Pair = field(description="As one bundle.")
    one_by_one: Pair = field(description="Each member for itself.")


def _float(name: str) -> Any:
    def resolve(answer: Parent[Answer]) -> Any:
        value = getattr(answer, name)
        return None if value is None else float(value)

    return resolve


@strawberry.type(description="A rate at one time. Null is unknown.")
class RateValue:
    """GraphQL's view of a rate's Answer."""

    value: float | None = field(resolver=_float("value"), description="The rate, from 0 to 1 where it is a share.")
    numerator: float | None = field(resolver=_float("numerator"), description="Its numerator.")
    denominator: float | None = field(resolver=_float("denominator"), description="Its denominator.")
    completeness: float | None = field(resolver=_float("completeness"), description="What is known of what is asked.")


def _of_rate(name: str) -> Any:
    def resolve(move: Parent[FoundMove]) -> Any:
        return getattr(move.rate, name)

    return resolve


@strawberry.type(description="A rate that moves.")
class RateMove:
    """GraphQL's view of impact's Move."""

    rate: str = field(resolver=_of_rate("name"), description="The rate's name, as analysts ask for it.")
    zh: str = field(resolver=_of_rate("zh"), description="In Chinese.")
    en: str = field(resolver=_of_rate("en"), description="In English.")
    bundle: str | None = field(description="Of this bundle's matters only; null: of the whole city.")
    before: RateValue = field(description="As it is.")
    after: RateValue = field(description="As it would be.")


@strawberry.type(description="What keeps a bundle from being published.")
class Blocker:
    """GraphQL's view of impact's Blocker."""

    code: str = field(description="For programs, such as PROMISE_BROKEN.")
    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")
    member: str | None = field(description="The code of the member it is about, if it is about one.")
    overridable: bool = field(description="Whether a publisher can go on by giving a reason.")


@strawberry.type(description="What to know before publishing.")
class Notice:
    """GraphQL's view of impact's Notice."""

    code: str = field(description="For programs.")
    zh: str = field(description="In Chinese.")
    en: str = field(description="In English.")
    member: str | None = field(description="The code of the member it is about, if it is about one.")


@strawberry.type(description="The other bundles that a member is in.")
class Elsewhere:
    """One member's."""

    member: str = field(description="The member's code.")
    bundles: list[str] = field(description="The codes of the bundles.")


def _elsewhere(members: Parent[FoundMembership]) -> Any:
    return [Elsewhere(member=code, bundles=list(where)) for code, where in members.elsewhere.items()]


@strawberry.type(description="Which members come and go. Codes of matters.")
class Membership:
    """GraphQL's view of impact's Membership."""

    added: list[str] = field(description="New ones.")
    removed: list[str] = field(description="Those taken out.")
    twice: list[str] = field(description="Those named more than once.")
    gone: list[Blocked] = field(description="Members that are not in the catalogue, or no more in effect.")
    left_out: list[str] = field(description="Those that would be in no bundle any more.")
    elsewhere: list[Elsewhere] = field(resolver=_elsewhere, description="Members that are in other bundles too.")


def _people(impact: Parent[FoundImpact], info: Info) -> Any:
    return people(info, impact.after.code)


def _report(impact: Parent[FoundImpact], info: Info) -> Any:
    return report(replace(impact, people=people(info, impact.after.code)))


@strawberry.type(description="What publishing a bundle would do.")
class Impact:
    """GraphQL's view of impact's Impact."""

    before: Bundle | None = field(description="The bundle as it is; null: there is none yet.")
    after: Bundle = field(description="The bundle as it would be.")
    moment: datetime = field(description="The moment as of which it is reckoned.")
    nothing: bool = field(description="Whether it changes nothing for anybody.")
    channels: list[ChannelChange] = field(description="The four channels, in the order of the policy.")
    promises: list[PromiseChange] = field(description="The promises that are made, before or after.")
    figures: list[FigureChange] = field(description="Visits, documents, steps and limit.")
    members: Membership = field(description="Which members come and go.")
    moves: list[RateMove] = field(description="The rates that move.")
    people: int | None = field(
        resolver=_people, description="Cases of the last twelve months on the bundle; null: unknown."
    )
    blockers: list[Blocker] = field(description="What keeps it from being published.")
    notices: list[Notice] = field(description="What to know.")
    report: list[Sentence] = field(resolver=_report, description="All of it in sentences.")


@strawberry.type(description="A matter of which a channel is gained or lost.")
class MatterImpact:
    """GraphQL's view of impact's MatterImpact."""

    matter: Matter = field(description="The matter as it would be.")
    channels: list[ChannelChange] = field(description="The four channels.")
    hall_only: bool = field(description="Whether nothing but the hall would be left, which is not so now.")


def _people_of_bundle(impact: Parent[FoundBundleImpact], info: Info) -> Any:
    return people(info, impact.bundle.code)


@strawberry.type(description="A bundle of which a channel or a promise is gained or lost.")
class BundleImpact:
    """GraphQL's view of impact's BundleImpact."""

    bundle: Bundle = field(description="The bundle.")
    channels: list[ChannelChange] = field(description="The four channels.")
    promises: list[PromiseChange] = field(description="Its promises.")
    people: int | None = field(
        resolver=_people_of_bundle, description="Cases of the last twelve months on the bundle; null: unknown."
    )


def _broken(impact: Parent[FoundOffersImpact]) -> Any:
    return impact.broken


@strawberry.type(description="What a change of offers would do: only what gains or loses something.")
class OffersImpact:
    """GraphQL's view of impact's OffersImpact."""

    nothing: bool = field(description="Whether it changes nothing for anybody.")
    matters: list[MatterImpact] = field(description="Matters that gain or lose a channel.")
    bundles: list[BundleImpact] = field(description="Bundles that gain or lose a channel or a promise.")
    broken: list[BundleImpact] = field(resolver=_broken, description="Of these, those of which a promise breaks.")
    moves: list[RateMove] = field(description="The rates that move.")
