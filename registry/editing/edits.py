"""What an editor does to a draft: small operations, applied by pure functions, said in words.

Positions count from 1. An operation that makes no sense is refused with an error
whose `code` a program can act on; nothing is put right silently.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.bundles import Bundle, Member
from registry.editing.differences import FIELDS, Names, Said, called, said_of_condition, said_of_field
from registry.editing.editable import BadValue, checked, checked_text
from registry.errors import RegistryError

MEMBERS_MAX = 200


@dataclass(frozen=True, slots=True)
class AddMember:
    """Put a matter in, at a position or at the end."""

    matter: str
    position: int | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """Take a matter out. It need not be held any more."""

    matter: str


@dataclass(frozen=True, slots=True)
class MoveMember:
    """Put a member where it shall stand; the others close up."""

    matter: str
    position: int


@dataclass(frozen=True, slots=True)
class SetOrder:
    """Put all members in a new order, named whole."""

    matters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetCondition:
    """Say to whom a member applies; None: to everybody."""

    matter: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class SetField:
    """Set one of FIELDS; None: unknown."""

    field: str
    value: Any


Operation = AddMember | RemoveMember | MoveMember | SetOrder | SetCondition | SetField


@dataclass(frozen=True, slots=True)
class Known:
    """The codes that an edit may name."""

    matters: Collection[str] = ()
    departments: Collection[str] = ()


class UnknownMember(RegistryError):
    """A matter that is not held was to become a member."""

    code = "UNKNOWN_MATTER"

    def __init__(self, matter: str) -> None:
        super().__init__(f"没有编码为“{matter[:80]}”的事项", f"no matter has the code “{matter[:80]}”")


class DuplicateMember(RegistryError):
    """A matter that is a member already was to become one."""

    code = "DUPLICATE_MEMBER"

    def __init__(self, matter: str) -> None:
        super().__init__(f"事项“{matter}”已在其中", f"matter “{matter}” is a member already")


class NoSuchMember(RegistryError):
    """What was to be changed is no member."""

    code = "NO_SUCH_MEMBER"

    def __init__(self, matter: str) -> None:
        super().__init__(f"其中没有事项“{matter[:80]}”", f"matter “{matter[:80]}” is not a member")


class BadPosition(RegistryError):
    """A position that there is not."""

    code = "BAD_POSITION"

    def __init__(self, position: int, last: int) -> None:
        super().__init__(f"位置应为 1 至 {last}，而不是 {position}", f"a position is from 1 to {last}, not {position}")


class BadOrder(RegistryError):
    """A new order that doesn't name every member once."""

    code = "BAD_ORDER"

    def __init__(self, missing: Sequence[str], surplus: Sequence[str]) -> None:
        super().__init__(
            f"新的顺序应把每个事项列出一次；缺：{'、'.join(missing) or '无'}；多：{'、'.join(surplus) or '无'}",
            "a new order names every member once;"
            f" missing: {', '.join(missing) or 'none'}; too many: {', '.join(surplus) or 'none'}",
        )


def apply_all(bundle: Bundle, operations: Iterable[Operation], known: Known) -> Bundle:
    """The bundle after all operations in turn. Raises what the first does that makes no sense."""
    for operation in operations:
        bundle = apply(bundle, operation, known)
    if bundle.effective_from and bundle.effective_to and bundle.effective_to < bundle.effective_from:
        raise BadValue("effective_to", "失效日期不能早于生效日期", "it can't end before it begins")
    return bundle


def apply(bundle: Bundle, operation: Operation, known: Known) -> Bundle:
    """The bundle after one operation."""
    made: Bundle = _APPLY[type(operation)](bundle, operation, known)
    return made


def said_of(operation: Operation, names: Names) -> Said:
    """What an operation does, Chinese and English."""
    match operation:
        case AddMember(matter, position, condition):
            zh, en = f"新增事项{called(matter, names)}", f"adds matter {called(matter, names)}"
            where = ("（末位）", " at the end") if position is None else (f"（第 {position} 位）", f" at {position}")
            to = (f"，适用于：{condition}", f", applies to: {condition}") if condition else ("", "")
            return zh + where[0] + to[0], en + where[1] + to[1]
        case RemoveMember(matter):
            return f"移除事项{called(matter, names)}", f"removes matter {called(matter, names)}"
        case MoveMember(matter, position):
            return (
                f"事项{called(matter, names)}移到第 {position} 位",
                f"moves matter {called(matter, names)} to {position}",
            )
        case SetOrder(matters):
            listed = ", ".join(matters)
            return f"调整顺序：{listed}", f"sets the order: {listed}"
        case SetCondition(matter, condition):
            return said_of_condition(matter, condition, names)
        case SetField(field, value):
            zh, en = said_of_field(field, None, value, names)
            return zh.replace("未知 → ", "", 1), en.replace("unknown → ", "", 1)


def named_by(operations: Iterable[Operation]) -> Known:
    """The codes that operations name."""
    matters: set[str] = set()
    departments: set[str] = set()
    for operation in operations:
        match operation:
            case SetField("lead_department", str(code)):
                departments.add(code)
            case SetField("cooperating_departments", tuple(codes)):
                departments.update(codes)
            case SetOrder(codes):
                matters.update(codes)
            case AddMember() | RemoveMember() | MoveMember() | SetCondition():
                matters.add(operation.matter)
    return Known(matters, departments)


def _add(bundle: Bundle, wanted: AddMember, known: Known) -> Bundle:
    if any(member.matter == wanted.matter for member in bundle.members):
        raise DuplicateMember(wanted.matter)
    if wanted.matter not in known.matters:
        raise UnknownMember(wanted.matter)
    if len(bundle.members) >= MEMBERS_MAX:
        raise BadValue("members", f"最多 {MEMBERS_MAX} 个事项", f"a bundle has at most {MEMBERS_MAX} members")
    member = Member(wanted.matter, checked_text("condition", wanted.condition))
    last = len(bundle.members) + 1
    return replace(bundle, members=_put(bundle.members, member, last if wanted.position is None else wanted.position))


def _remove(bundle: Bundle, wanted: RemoveMember, _: Known) -> Bundle:
    member = _member(bundle, wanted.matter)
    return replace(bundle, members=_without(bundle.members, member))


def _move(bundle: Bundle, wanted: MoveMember, _: Known) -> Bundle:
    member = _member(bundle, wanted.matter)
    return replace(bundle, members=_put(_without(bundle.members, member), member, wanted.position))


def _order(bundle: Bundle, wanted: SetOrder, _: Known) -> Bundle:
    by_matter = {member.matter: member for member in bundle.members}
    missing = [matter for matter in by_matter if matter not in wanted.matters]
    surplus = list(wanted.matters)
    for matter in by_matter:
        if matter in surplus:
            surplus.remove(matter)
    if missing or surplus:
        raise BadOrder(missing, surplus)
    return replace(bundle, members=tuple(by_matter[matter] for matter in wanted.matters))


def _condition(bundle: Bundle, wanted: SetCondition, _: Known) -> Bundle:
    member = _member(bundle, wanted.matter)
    changed = replace(member, condition=checked_text("condition", wanted.condition))
    return replace(bundle, members=tuple(changed if each is member else each for each in bundle.members))


def _field(bundle: Bundle, wanted: SetField, known: Known) -> Bundle:
    if wanted.field not in FIELDS:
        allowed = ", ".join(FIELDS)
        raise BadValue(wanted.field, f"不能设置；可设置：{allowed}", f"it can't be set; these can: {allowed}")
    fields: dict[str, Any] = {wanted.field: checked(wanted.field, wanted.value, known.departments)}
    return replace(bundle, **fields)


_APPLY: dict[type[Operation], Callable[[Bundle, Any, Known], Bundle]] = {
    AddMember: _add,
    RemoveMember: _remove,
    MoveMember: _move,
    SetOrder: _order,
    SetCondition: _condition,
    SetField: _field,
}


def _member(bundle: Bundle, matter: str) -> Member:
    for member in bundle.members:
        if member.matter == matter:
            return member
    raise NoSuchMember(matter)


def _without(members: tuple[Member, ...], gone: Member) -> tuple[Member, ...]:
    return tuple(member for member in members if member is not gone)


def _put(members: tuple[Member, ...], member: Member, position: int) -> tuple[Member, ...]:
    if not 1 <= position <= len(members) + 1:
        raise BadPosition(position, len(members) + 1)
    return (*members[: position - 1], member, *members[position - 1 :])
