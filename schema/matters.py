"""Matters and bundles as clients see them. Their values are the registry's own records."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, cast

import strawberry
from strawberry import ID, Parent

from registry import bundles, matters, places, words
from schema.past import bundle_published_at
from schema.places import Department, Place, Region, hours_of, region_of
from schema.types import Info, Node, field, holds, must_be_held, node_id


def _limit_text(limit: Parent[matters.TimeLimit]) -> Any:
    return "即办" if limit.on_the_spot else f"{limit.amount}{limit.unit.zh}"


@strawberry.type(description="A time limit as published (时限).")
class TimeLimit:
    """GraphQL's view of matters.TimeLimit."""

    amount: int = field(description="How many units; 0 means on the spot.")
    unit: words.LimitUnit = field(description="The unit.")
    on_the_spot: bool = field(description="Whether it is decided while the person waits (即办).")
    working_days: float = field(description="In working days, a month being 22 and a year 253.")
    text: str = field(resolver=_limit_text, description="In Chinese, as one would write it: 5工作日, 即办.")


@strawberry.type(description="A document an applicant brings (申请材料).")
class Material:
    """GraphQL's view of matters.Material."""

    name: str = field(description="The document's name; equal names mean the same document.")
    form: words.MaterialForm | None = field(description="How it is brought; null: unknown.")
    always: bool = field(description="Whether everybody brings it; false: only in some cases.")


def _offer_place(offer: Parent[matters.Offer], info: Info) -> Any:
    return holds(info).holdings.places.get(offer.place or "")


@strawberry.type(description="What one channel offers for a matter in one region.")
class Offer:
    """GraphQL's view of matters.Offer."""

    channel: words.Channel = field(description="Mobile, PC, kiosk or hall.")
    status: words.OfferStatus = field(description="Whether it can be done there. UNKNOWN is not NOT_OFFERED.")
    region: Region | None = field(resolver=region_of, description="The area it holds for, its districts included.")
    place: Place | None = field(
        resolver=_offer_place, description="The place; null: any of the region that handles it."
    )
    url: str | None = field(description="Where it is done online; null: unknown or not online.")
    login: words.LoginLevel | None = field(description="What a person must have proved; null: unknown.")
    depth: words.OnlineDepth | None = field(description="How much can be done there (网上办理深度); null: unknown.")
    hours: str | None = field(resolver=hours_of, description="Its own hours, if it keeps any.")
    valid_from: date | None = field(description="The first day it holds; null: open.")
    valid_to: date | None = field(description="The last day it holds; null: open.")
    reason: str | None = field(description="Why it is not available, where it is not.")


def _department(record: Parent[Any], info: Info) -> Any:
    return holds(info).holdings.departments[record.department]


def _matter_id(matter: Parent[matters.Matter]) -> Any:
    return node_id("Matter", matter.code)


def _offers(
    matter: Parent[matters.Matter],
    info: Info,
    channel: Annotated[words.Channel | None, strawberry.argument(description="Only this channel's.")] = None,
    region: Annotated[
        str | None, strawberry.argument(description="Only what holds in the region with this code.")
    ] = None,
) -> Any:
    snapshot = holds(info)
    if region is None:
        held: Iterable[matters.Offer] = snapshot.every_offer(matter)
    else:
        must_be_held((region,), snapshot.holdings.regions, "区划", "region")
        held = (
            offer
            for each in words.Channel
            for offer in snapshot.offers_in(matter, each, region) or (snapshot.unknown_offers[each],)
        )
    return [offer for offer in held if channel in (None, offer.channel)]


def _bundles_of(matter: Parent[matters.Matter], info: Info) -> Any:
    return holds(info).bundles_of.get(matter.code, ())


@strawberry.type(description="A government-service matter (政务服务事项). Null is unknown, never “no”.")
class Matter(Node):
    """GraphQL's view of matters.Matter."""

    id: ID = field(resolver=_matter_id, description="An id that is unique over all kinds of nodes.")
    code: str = field(description="The matter's code in this registry; opaque.")
    scheme: str | None = field(description="What the code was coined by.")
    catalog_code: str | None = field(description="基本编码, 12 characters.")
    task_code: str | None = field(description="实施编码, 31 characters.")
    task_handle_item: str | None = field(description="业务办理项编码, 33 characters.")
    name: str = field(description="The Chinese name.")
    name_en: str | None = field(description="The English name, where known.")
    department: Department = field(resolver=_department, description="The department responsible.")
    catalogue: words.Catalogue = field(description="For the public, or internal to offices.")
    type: words.MatterType | None = field(description="事项类型.")
    service_objects: list[words.ServiceObject] = field(description="服务对象: who may apply; empty: unknown.")
    life_stages: list[words.LifeStage] = field(description="The stages of life it belongs to.")
    level: words.AuthorityLevel | None = field(description="行使层级.")
    handling: words.Handling | None = field(description="办件类型: immediate (即办件) or committed (承诺件).")
    statutory_limit: TimeLimit | None = field(description="法定办结时限; null: none or unknown, see noStatutoryLimit.")
    no_statutory_limit: bool = field(description="Whether the law is known to set no limit.")
    promised_limit: TimeLimit | None = field(description="承诺办结时限; null: unknown.")
    visits: int | None = field(description="到办事现场次数: how often one must come in person; null: unknown.")
    visits_reason: str | None = field(description="必须现场办理原因: why one must come.")
    handle_forms: list[words.HandleForm] = field(description="办理形式: how an application may reach the office.")
    fee: bool | None = field(description="Whether a fee is charged; null: unknown.")
    fee_standard: str | None = field(description="The fee, in words.")
    pays_online: bool | None = field(description="Whether it can be paid online; null: unknown.")
    by_appointment: bool | None = field(description="Whether one can make an appointment; null: unknown.")
    mails_result: bool | None = field(description="Whether the result comes by post; null: unknown.")
    materials: list[Material] | None = field(description="What to bring; empty: nothing; null: unknown.")
    conditions: str | None = field(description="受理条件: who can apply, and when.")
    legal_basis: list[str] = field(description="The laws it rests on; empty: unknown.")
    handling_area: words.HandlingArea | None = field(description="通办范围: where any window handles it.")
    keywords: list[str] = field(description="What people call it.")
    batch: str | None = field(description="The batch it was published in.")
    version: int = field(description="The version of its text.")
    state: words.MatterState = field(description="In use, paused or cancelled.")
    effective_from: date | None = field(description="The first day it holds; null: unknown.")
    effective_to: date | None = field(description="The last day it holds; null: open.")
    illustrative: bool = field(description="Whether its attributes are made up for show: no official list is public.")
    offers: list[Offer] = field(
        resolver=_offers, description="What each channel offers; a channel nothing is said of is UNKNOWN."
    )
    bundles: list["Bundle"] = field(resolver=_bundles_of, description="The bundles it is a member of.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value is shown as this type."""
        return isinstance(value, matters.Matter)


@strawberry.type(description="What doing it costs a person. Null is unknown.")
class Effort:
    """GraphQL's view of bundles.Effort."""

    steps: int | None = field(description="Steps to take.")
    materials: int | None = field(description="Documents to bring.")
    visits: int | None = field(description="Times to come in person.")
    days: int | None = field(description="Working days it takes.")


@strawberry.type(description="A matter's place in a bundle.")
class Member:
    """A member with its position, resolved against the snapshot."""

    position: int = field(description="From 1, in the order in which the members are done.")
    code: str = field(description="The matter's code.")
    matter: Matter | None = field(description="The matter; null if the registry no longer holds it.")
    condition: str | None = field(description="To whom it applies; null: to everybody.")


def _members(bundle: Parent[bundles.Bundle], info: Info) -> Any:
    known = holds(info).holdings.matters
    return [
        Member(
            position=position,
            code=member.matter,
            matter=cast(Matter | None, known.get(member.matter)),
            condition=member.condition,
        )
        for position, member in enumerate(bundle.members, start=1)
    ]


def _bundle_id(bundle: Parent[bundles.Bundle]) -> Any:
    return node_id("Bundle", bundle.code)


def _lead_department(bundle: Parent[bundles.Bundle], info: Info) -> Any:
    # A version gone by may name a department that is held no more: then its code is all that is known of it.
    code = bundle.lead_department
    return holds(info).holdings.departments.get(code) or places.Department(code, code)


def _cooperating_departments(bundle: Parent[bundles.Bundle], info: Info) -> Any:
    known = holds(info).holdings.departments
    return [known[code] for code in bundle.cooperating_departments if code in known]


@strawberry.type(description="A one-thing bundle (一件事): matters that a person does as one.")
class Bundle(Node):
    """GraphQL's view of bundles.Bundle."""

    id: ID = field(resolver=_bundle_id, description="An id that is unique over all kinds of nodes.")
    code: str = field(description="The bundle's code.")
    name: str = field(description="The Chinese name.")
    name_en: str | None = field(description="The English name, where known.")
    summary: str | None = field(description="What it does for whom, in a sentence.")
    lead_department: Department = field(resolver=_lead_department, description="牵头单位.")
    cooperating_departments: list[Department] = field(resolver=_cooperating_departments, description="配合单位.")
    audience: words.Audience | None = field(description="For people or for enterprises; null: unknown.")
    life_stages: list[words.LifeStage] = field(description="The stages of life it belongs to.")
    promised_limit: TimeLimit | None = field(
        description="Its own promised limit, neither the maximum nor the sum of its members'; null: unknown."
    )
    forms: list[words.BundleForm] = field(description="The promises it makes: 网上办, 掌上办, 一窗办.")
    before: Effort = field(description="What it cost a person as single matters.")
    after: Effort = field(description="What it costs as one.")
    keywords: list[str] = field(description="What people call it.")
    batch: str | None = field(description="The batch it was published in.")
    version: int = field(description="The version published.")
    published_at: datetime | None = field(
        resolver=bundle_published_at, description="When this version was published; null: not on record."
    )
    state: words.MatterState = field(description="In use, paused or cancelled.")
    effective_from: date | None = field(description="The first day it holds; null: unknown.")
    effective_to: date | None = field(description="The last day it holds; null: open.")
    illustrative: bool = field(description="Whether it is made up for show: no official list is public.")
    members: list[Member] = field(resolver=_members, description="Its matters, in the order in which they are done.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value is shown as this type."""
        return isinstance(value, bundles.Bundle)
