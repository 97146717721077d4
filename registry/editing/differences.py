"""What differs between two versions of a bundle, in words: members added, removed, moved; what else changed."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from registry.bundles import Bundle, Effort
from registry.matters import TimeLimit
from registry.words import Word

# Names by code, of matters and departments, for sentences.
Names = Mapping[str, str]
Said = tuple[str, str]

# What an editor may set, and what it is called.
FIELDS: dict[str, Said] = {
    "name": ("名称", "name"),
    "name_en": ("英文名称", "English name"),
    "summary": ("简介", "summary"),
    "lead_department": ("牵头单位", "lead department"),
    "cooperating_departments": ("配合单位", "cooperating departments"),
    "audience": ("面向", "audience"),
    "life_stages": ("人生阶段", "life stages"),
    "promised_limit": ("承诺时限", "promised limit"),
    "forms": ("办理承诺", "promises"),
    "before": ("改革前", "before"),
    "after": ("改革后", "after"),
    "keywords": ("关键词", "keywords"),
    "batch": ("批次", "batch"),
    "state": ("状态", "state"),
    "effective_from": ("生效日期", "effective from"),
    "effective_to": ("失效日期", "effective to"),
}
EFFORTS: dict[str, Said] = {
    "steps": ("步", "steps"),
    "materials": ("份材料", "documents"),
    "visits": ("次到场", "visits"),
    "days": ("个工作日", "working days"),
}
UNKNOWN: Said = ("未知", "unknown")
NONE: Said = ("无", "none")


class DifferenceKind(Word):
    """In which way something differs."""

    ADDED = "added", "新增", "added"
    REMOVED = "removed", "移除", "removed"
    MOVED = "moved", "移动", "moved"
    CHANGED = "changed", "修改", "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `subject` is a member's matter, or a field of the bundle; `of_member` says which."""

    kind: DifferenceKind
    subject: str
    of_member: bool
    zh: str
    en: str


def differences(old: Bundle, new: Bundle, names: Names) -> tuple[Difference, ...]:
    """What leads from one to the other, members first; nothing but the version number may differ if it is empty."""
    return (*_members(old, new, names), *_fields(old, new, names))


def called(code: str, names: Names) -> str:
    """A code with the name it is known by, if it is known."""
    return f"“{code} {names[code]}”" if code in names else f"“{code}”"


def shown(value: object, names: Names) -> Said:
    """A field's value as a person reads it."""
    match value:
        case None:
            return UNKNOWN
        case ():
            return NONE
        case Word():
            return value.zh, value.en
        case TimeLimit():
            unit = value.unit
            return (
                ("即办", "on the spot")
                if value.on_the_spot
                else (f"{value.amount}{unit.zh}", f"{value.amount} {unit.en}")
            )
        case Effort():
            return _effort(value)
        case tuple():
            parts = [shown(item, names) for item in value]
            return "、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)
        case date():
            return value.isoformat(), value.isoformat()
    text = f"{value} {names[str(value)]}" if str(value) in names else str(value)
    return text, text


def said_of_field(field: str, old: object, new: object, names: Names) -> Said:
    """That a field changed, from what to what."""
    label, before, after = FIELDS.get(field, (field, field)), shown(old, names), shown(new, names)
    return f"{label[0]}：{before[0]} → {after[0]}", f"{label[1]}: {before[1]} → {after[1]}"


def said_of_condition(matter: str, condition: str | None, names: Names) -> Said:
    """To whom a member applies from now on."""
    who = called(matter, names)
    if condition is None:
        return f"事项{who}不再限定适用对象", f"matter {who} applies to everybody"
    return f"事项{who}适用于：{condition}", f"matter {who} applies to: {condition}"


def _effort(effort: Effort) -> Said:
    known = [(getattr(effort, part), zh, en) for part, (zh, en) in EFFORTS.items()]
    parts = [(f"{n}{zh}", f"{n} {en}") for n, zh, en in known if n is not None]
    return ("、".join(zh for zh, _ in parts), ", ".join(en for _, en in parts)) if parts else UNKNOWN


def _members(old: Bundle, new: Bundle, names: Names) -> Iterator[Difference]:
    before = {member.matter: position for position, member in enumerate(old.members, 1)}
    after = {member.matter: position for position, member in enumerate(new.members, 1)}
    for matter in before:
        if matter not in after:
            who = called(matter, names)
            yield Difference(DifferenceKind.REMOVED, matter, True, f"移除事项{who}", f"removes matter {who}")
    stayed = [matter for matter in after if matter in before]
    in_place = _longest_rising([before[matter] for matter in stayed])
    for member in new.members:
        matter, who = member.matter, called(member.matter, names)
        now = after[matter]
        if matter not in before:
            zh, en = f"新增事项{who}（第 {now} 位）", f"adds matter {who} at {now}"
            yield Difference(DifferenceKind.ADDED, matter, True, zh, en)
            continue
        was = before[matter]
        if was not in in_place:
            zh, en = f"事项{who}由第 {was} 位移到第 {now} 位", f"moves matter {who} from {was} to {now}"
            yield Difference(DifferenceKind.MOVED, matter, True, zh, en)
        if old.members[was - 1].condition != member.condition:
            yield Difference(DifferenceKind.CHANGED, matter, True, *said_of_condition(matter, member.condition, names))


def _fields(old: Bundle, new: Bundle, names: Names) -> Iterator[Difference]:
    for field in (*FIELDS, "illustrative"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Difference(DifferenceKind.CHANGED, field, False, *said_of_field(field, before, after, names))


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """A longest rising part of distinct numbers: members in it kept their places, all others were moved."""
    tails: list[int] = []
    chains: list[list[int]] = []
    for number in numbers:
        place = bisect_left(tails, number)
        chain = [*(chains[place - 1] if place else ()), number]
        tails[place : place + 1] = [number]
        chains[place : place + 1] = [chain]
    return set(chains[-1]) if chains else set()
