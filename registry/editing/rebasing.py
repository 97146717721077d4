"""Carrying a draft over to a version that was published since it was opened: both sides' changes, none lost in silence."""

from dataclasses import dataclass, replace
from typing import Any

from registry.bundles import Bundle, Member
from registry.editing.differences import FIELDS, Names, Said, called, said_of_condition, said_of_field


@dataclass(frozen=True, slots=True)
class Rebased:
    """The draft's content over the new version, and what both had changed in different ways.

    In a conflict the draft's value stays; each sentence says what the published one was.
    """

    content: Bundle
    conflicts: tuple[Said, ...]


def rebased(base: Bundle, draft: Bundle, published: Bundle, names: Names) -> Rebased:
    """What the draft makes of `base`, made of `published`."""
    conflicts: list[Said] = []
    fields: dict[str, Any] = {}
    for field in FIELDS:
        was, mine, theirs = (getattr(side, field) for side in (base, draft, published))
        if mine != was:
            fields[field] = mine
            if theirs not in (was, mine):
                conflicts.append(said_of_field(field, theirs, mine, names))
    members = _members(base.members, draft.members, published.members, names, conflicts)
    return Rebased(replace(published, **fields, members=members), tuple(conflicts))


def _members(
    base: tuple[Member, ...],
    draft: tuple[Member, ...],
    published: tuple[Member, ...],
    names: Names,
    conflicts: list[Said],
) -> tuple[Member, ...]:
    was, mine, theirs = ({member.matter: member for member in side} for side in (base, draft, published))
    kept: dict[str, Member] = {}
    for matter in (*mine, *theirs):
        # Whoever took a member out, it stays out.
        if matter in kept or (matter in was and (matter not in mine or matter not in theirs)):
            continue
        kept[matter] = _member(matter, was.get(matter), mine.get(matter), theirs.get(matter))
        other = theirs.get(matter)
        if other and other.condition not in (kept[matter].condition, was[matter].condition if matter in was else None):
            conflicts.append(said_of_condition(matter, kept[matter].condition, names))
    for matter in was.keys() & mine.keys() - theirs.keys():
        if mine[matter] != was[matter]:
            who = called(matter, names)
            conflicts.append(
                (f"事项{who}已被移除，对它的修改不再适用", f"matter {who} was removed: what was changed of it is void")
            )
    moved = [matter for matter in mine if matter in was] != [matter for matter in was if matter in mine]
    order, others = (draft, published) if moved else (published, draft)
    return _woven([m.matter for m in order if m.matter in kept], [m.matter for m in others if m.matter in kept], kept)


def _member(matter: str, was: Member | None, mine: Member | None, theirs: Member | None) -> Member:
    if mine is not None and (theirs is None or was is None or mine.condition != was.condition):
        return mine
    return theirs or Member(matter)


def _woven(order: list[str], others: list[str], kept: dict[str, Member]) -> tuple[Member, ...]:
    """The first list, with what only the second has put in after what it follows there."""
    woven = list(order)
    for place, matter in enumerate(others):
        if matter not in woven:
            before = others[place - 1] if place else None
            woven.insert(woven.index(before) + 1 if before is not None else 0, matter)
    return tuple(kept[matter] for matter in woven)
