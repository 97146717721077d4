"""Changing what channels offer: a preview, and the same done when it was agreed to."""

from dataclasses import replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry import Parent

from registry import words
from registry.access import Permission
from registry.changes.offering import change_offers
from registry.hours import BadHours, parse_hours
from registry.offering.choice import NO_CRITERIA, Chosen, Selection, choose
from registry.offering.planning import Agreed
from registry.offering.preview import Preview, preview_offers
from registry.offering.report import report
from registry.offering.wanted import BadOfferChange, Correction, OfferAction, OfferChange
from schema.admin.context import asking, must_hold, people, store
from schema.admin.impacts import OffersImpact
from schema.admin.payloads import INPUT, KEY, Payload, Sentence, or_errors
from schema.filters import MatterFilter, matter_criteria
from schema.matters import Offer
from schema.types import Info, field, holds

VOCABULARIES = (OfferAction,)
strawberry.enum(OfferAction, description="What is done to an offer.")


@strawberry.enum(description="What can be made unknown of an offer.")
class OfferField(Enum):
    """The fields of an offer that a correction can clear."""

    URL = strawberry.enum_value("url", description="Where it is done online.")
    LOGIN = strawberry.enum_value("login", description="What a person must have proved.")
    DEPTH = strawberry.enum_value("depth", description="How much can be done there.")
    HOURS = strawberry.enum_value("hours", description="Its own hours.")
    VALID_FROM = strawberry.enum_value("valid_from", description="The first day it holds.")
    VALID_TO = strawberry.enum_value("valid_to", description="The last day it holds.")
    REASON = strawberry.enum_value("reason", description="Why it is not available.")


@strawberry.input(description="Which offers: those of matters on a channel. What is given must all be met.")
class OfferSelection:
    """GraphQL's way in for offering's Selection."""

    channel: words.Channel = field(description="The channel.")
    matters: list[str] | None = field(default=None, description="Codes of matters.")
    filter: MatterFilter | None = field(default=None, description="Matters by what they are.")
    search: str | None = field(default=None, description="Matters by what people type.")
    region: str | None = field(
        default=None, description="What is offered in the region with this code; absent: every offer of the channel."
    )
    place: str | None = field(default=None, description="Only offers that name the place with this code.")


@strawberry.input(description="What an offer says, put right. What is absent stays.")
class OfferCorrection:
    """GraphQL's way in for offering's Correction."""

    status: words.OfferStatus | None = field(default=None, description="Whether it can be done there.")
    url: str | None = field(default=None, description="Where it is done online.")
    login: words.LoginLevel | None = field(default=None, description="What a person must have proved.")
    depth: words.OnlineDepth | None = field(default=None, description="How much can be done there.")
    hours: str | None = field(default=None, description="Its own hours, as OpenStreetMap writes them.")
    unknown: list[OfferField] | None = field(default=None, description="What becomes unknown.")


@strawberry.input(description="What is done to each offer.")
class OfferEditInput:
    """GraphQL's way in for offering's OfferChange."""

    action: OfferAction = field(description="What is done.")
    reason: str | None = field(default=None, description="Why; people are told. Needed to suspend and to plan.")
    first: date | None = field(default=None, description="The first day it holds; of a plan, the day it opens.")
    last: date | None = field(default=None, description="The last day it holds; of a suspension, its last day.")
    correction: OfferCorrection | None = field(default=None, description="For CORRECT: what is put right.")


@strawberry.type(description="One offer, before and after.")
class OfferEdit:
    """GraphQL's view of offering's OfferEdit."""

    matter: str = field(description="The matter's code.")
    before: Offer | None = field(description="As it is; null: a new one, where the region had none of its own.")
    after: Offer = field(description="As it would be.")


@strawberry.type(description="What a change doesn't apply to, and why.")
class PassedOver:
    """GraphQL's view of offering's PassedOver."""

    matter: str = field(description="The matter's code.")
    region: str | None = field(description="The code of the offer's region; null: the matter as a whole.")
    why: Sentence = field(description="Why.")


def _token(preview: Parent[Preview]) -> Any:
    return preview.agreed.token


def _matters(preview: Parent[Preview]) -> Any:
    return preview.agreed.chosen.matters


def _edits(preview: Parent[Preview]) -> Any:
    return preview.plan.edits


def _passed_over(preview: Parent[Preview]) -> Any:
    return preview.plan.passed_over


def _report(preview: Parent[Preview], info: Info) -> Any:
    bundles = tuple(replace(each, people=people(info, each.bundle.code)) for each in preview.impact.bundles)
    return report(replace(preview, impact=replace(preview.impact, bundles=bundles)))


@strawberry.type(description="What a change of offers would do. To do it, send `matters` and `token` to `offerChange`.")
class OfferPreview:
    """GraphQL's view of offering's Preview."""

    token: str = field(resolver=_token, description="It stands for what was seen here.")
    matters: list[str] = field(resolver=_matters, description="The codes of all matters that are meant.")
    edits: list[OfferEdit] = field(resolver=_edits, description="The offers that would change.")
    passed_over: list[PassedOver] = field(resolver=_passed_over, description="What the change doesn't apply to.")
    impact: OffersImpact = field(description="What it would do to people, bundles and rates.")
    report: list[Sentence] = field(resolver=_report, description="All of it in sentences.")


def offer_preview(
    info: Info,
    selection: Annotated[OfferSelection, strawberry.argument(description="Which offers.")],
    edit: Annotated[OfferEditInput, strawberry.argument(description="What is done to each.")],
) -> Any:
    """What a change would do."""
    must_hold(info, Permission.READ_DRAFTS, "offers")
    snapshot = holds(info)
    criteria = NO_CRITERIA if selection.filter is None else matter_criteria(snapshot, selection.filter)
    wanted = Selection(
        selection.channel, tuple(selection.matters or ()), criteria, selection.search, selection.region, selection.place
    )
    return preview_offers(snapshot, choose(snapshot, wanted), _change(edit), datetime.now(UTC))


@strawberry.input(description="A change of offers that was previewed.")
class OfferChangeInput:
    """The way in for changing offers."""

    channel: words.Channel = field(description="The channel.")
    matters: list[str] = field(description="The codes of all matters that are meant, as the preview gave them.")
    region: str | None = field(default=None, description="The region of the preview's selection.")
    place: str | None = field(default=None, description="The place of the preview's selection.")
    edit: OfferEditInput = field(description="What is done to each, as it was previewed.")
    token: str = field(description="The preview's token.")
    idempotency_key: str | None = field(default=None, description=KEY)


@strawberry.type(description="What came of changing offers.")
class OfferChangePayload(Payload):
    """What was done."""

    revision: int | None = field(default=None, description="The revision that shows it; null: nothing was done.")
    matters: list[str] | None = field(default=None, description="The codes of the matters that differ.")
    offers: int | None = field(default=None, description="How many offers do.")


@or_errors(OfferChangePayload)
def offer_change(info: Info, input: Annotated[OfferChangeInput, INPUT]) -> Any:
    """Do what was previewed."""
    chosen = Chosen(input.channel, tuple(sorted(set(input.matters))), input.region, input.place)
    agreed = Agreed(chosen, _change(input.edit), input.token)
    done = change_offers(store(info), agreed, asking(info), idempotency_key=input.idempotency_key)
    return OfferChangePayload(revision=done.revision, matters=list(done.matters), offers=done.offers)


def _change(edit: OfferEditInput) -> OfferChange:
    return OfferChange(edit.action, edit.reason, edit.first, edit.last, _correction(edit.correction))


def _correction(given: OfferCorrection | None) -> Correction:
    if given is None:
        return Correction()
    try:
        hours = parse_hours(given.hours) if given.hours is not None else None
    except BadHours as error:
        raise BadOfferChange("hours", f"“{error}”不是营业时间", f"“{error}” is no opening time") from None
    unknown = tuple(str(each.value) for each in given.unknown or ())
    return Correction(given.status, given.url, given.login, given.depth, hours, unknown)
