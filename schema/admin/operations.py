"""What an editor does to a draft, as input: small operations, each of one kind."""

from datetime import date
from typing import Any

import strawberry
from strawberry import UNSET

from registry import words
from registry.bundles import Effort
from registry.editing.editable import BadValue
from registry.editing.edits import AddMember, MoveMember, Operation, RemoveMember, SetCondition, SetField, SetOrder
from registry.matters import TimeLimit
from schema.types import field


@strawberry.input(description="Put a matter in.")
class MemberAdd:
    """GraphQL's way in for edits.AddMember."""

    matter: str = field(description="The matter's code.")
    position: int | None = field(default=None, description="Where, from 1; absent: at the end.")
    condition: str | None = field(default=None, description="To whom it applies; absent: to everybody.")


@strawberry.input(description="Put a member where it shall stand; the others close up.")
class MemberMove:
    """GraphQL's way in for edits.MoveMember."""

    matter: str = field(description="The member's code.")
    position: int = field(description="Where, from 1.")


@strawberry.input(description="Say to whom a member applies.")
class MemberCondition:
    """GraphQL's way in for edits.SetCondition."""

    matter: str = field(description="The member's code.")
    condition: str | None = field(default=None, description="To whom; null: to everybody.")


@strawberry.input(description="A time limit.")
class TimeLimitInput:
    """GraphQL's way in for matters.TimeLimit."""

    amount: int = field(description="How many units; 0 means on the spot.")
    unit: words.LimitUnit = field(description="The unit.")


@strawberry.input(description="What doing it costs a person. Null is unknown.")
class EffortInput:
    """GraphQL's way in for bundles.Effort."""

    steps: int | None = field(default=None, description="Steps to take.")
    materials: int | None = field(default=None, description="Documents to bring.")
    visits: int | None = field(default=None, description="Times to come in person.")
    days: int | None = field(default=None, description="Working days it takes.")


@strawberry.input(description="Fields of the bundle. What is absent stays; null makes it unknown.")
class BundleFields:
    """What can be set of a bundle; names are those of its fields."""

    name: str | None = field(default=UNSET, description="The Chinese name.")
    name_en: str | None = field(default=UNSET, description="The English name.")
    summary: str | None = field(default=UNSET, description="What it does for whom, in a sentence.")
    lead_department: str | None = field(default=UNSET, description="牵头单位, by its code.")
    cooperating_departments: list[str] | None = field(default=UNSET, description="配合单位, by their codes.")
    audience: words.Audience | None = field(default=UNSET, description="For people or for enterprises.")
    life_stages: list[words.LifeStage] | None = field(default=UNSET, description="The stages of life it belongs to.")
    promised_limit: TimeLimitInput | None = field(default=UNSET, description="Its own promised limit.")
    forms: list[words.BundleForm] | None = field(default=UNSET, description="The promises it makes.")
    before: EffortInput | None = field(default=UNSET, description="What it cost a person as single matters.")
    after: EffortInput | None = field(default=UNSET, description="What it costs as one.")
    keywords: list[str] | None = field(default=UNSET, description="What people call it.")
    batch: str | None = field(default=UNSET, description="The batch it is published in.")
    state: words.MatterState | None = field(default=UNSET, description="In use, paused or cancelled.")
    effective_from: date | None = field(default=UNSET, description="The first day it holds.")
    effective_to: date | None = field(default=UNSET, description="The last day it holds.")


@strawberry.input(description="One operation: exactly one of these.")
class DraftOperation:
    """GraphQL's way in for edits.Operation."""

    add: MemberAdd | None = field(default=UNSET, description="Put a matter in.")
    remove: str | None = field(default=UNSET, description="Take the member with this code out.")
    move: MemberMove | None = field(default=UNSET, description="Put a member elsewhere.")
    order: list[str] | None = field(default=UNSET, description="All members' codes, in their new order.")
    condition: MemberCondition | None = field(default=UNSET, description="Say to whom a member applies.")
    set: BundleFields | None = field(default=UNSET, description="Set fields of the bundle.")


def operations(given: list[DraftOperation]) -> tuple[Operation, ...]:
    """The registry's own operations. Raises BadValue for one that is of no kind or of several."""
    return tuple(operation for each in given for operation in _operations(each))


def _operations(given: DraftOperation) -> list[Operation]:
    said = [value for value in vars(given).values() if value not in (None, UNSET)]
    if len(said) != 1:
        raise BadValue("operations", "每步操作须且只须写明一种", "each operation is of exactly one kind")
    one = said[0]
    match one:
        case MemberAdd():
            return [AddMember(one.matter, one.position, one.condition)]
        case str():
            return [RemoveMember(one)]
        case MemberMove():
            return [MoveMember(one.matter, one.position)]
        case MemberCondition():
            return [SetCondition(one.matter, one.condition)]
        case BundleFields():
            return [SetField(name, _value(value)) for name, value in vars(one).items() if value is not UNSET]
    return [SetOrder(tuple(one))]


def _value(value: Any) -> Any:
    match value:
        case list():
            return tuple(value)
        case TimeLimitInput():
            return TimeLimit(value.amount, value.unit)
        case EffortInput():
            return Effort(value.steps, value.materials, value.visits, value.days)
    return value
