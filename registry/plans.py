"""What a load would do: the holdings it leads to, what differs, and what it would break."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from registry.bundles import Bundle
from registry.holdings import Holdings, Record
from registry.matters import Matter

# What files hold; what else is held (closures, links) comes and goes by other changes.
KINDS = ("regions", "departments", "places", "matters", "bundles")


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that would stay and needs one that would not be there. Kinds are those of `Holdings`."""

    kind: str
    code: str
    name: str
    needs: str
    missing: str

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return f"{ZH[self.kind]}“{self.code} {self.name}”仍要用到{ZH[self.needs]}“{self.missing}”"

    @property
    def en(self) -> str:
        """The sentence in English."""
        return f"{EN[self.kind]} {self.code} ({self.name}) still needs {EN[self.needs]} {self.missing}"

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Plan:
    """From the holdings there are to `target`. Codes by kind, sorted; a kind without any is left out."""

    target: Holdings
    added: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[str, ...]]
    removed: Mapping[str, tuple[str, ...]]
    broken: tuple[Broken, ...]

    @property
    def nothing(self) -> bool:
        """Whether the target is what is held already."""
        return not (self.added or self.changed or self.removed)


ZH = {"regions": "行政区划", "departments": "部门", "places": "办事地点", "matters": "事项", "bundles": "一件事"}
EN = {kind: kind.removesuffix("s") for kind in ZH}


def plan_change(held: Holdings, target: Holdings) -> Plan:
    """What leads from one to the other. A bundle that changes gets its next version number, unless the target raised it.

    Numbers never go down: a file that was written before others published is no older a version.
    """
    bundles = {code: _numbered(held.bundles.get(code), bundle) for code, bundle in target.bundles.items()}
    target = replace(target, bundles=bundles)
    added, changed, removed = {}, {}, {}
    for kind in KINDS:
        old: Mapping[str, Record] = getattr(held, kind)
        new: Mapping[str, Record] = getattr(target, kind)
        added[kind] = tuple(sorted(new.keys() - old.keys()))
        removed[kind] = tuple(sorted(old.keys() - new.keys()))
        changed[kind] = tuple(sorted(code for code in new.keys() & old.keys() if new[code] != old[code]))
    added, changed, removed = (
        {kind: codes for kind, codes in part.items() if codes} for part in (added, changed, removed)
    )
    return Plan(target, added, changed, removed, broken=tuple(_broken(target)))


def _numbered(old: Bundle | None, new: Bundle) -> Bundle:
    if old is None or new.version > old.version:
        return new
    return old if replace(new, version=old.version) == old else replace(new, version=old.version + 1)


def _broken(target: Holdings) -> Iterator[Broken]:
    for kind in KINDS:
        for record in getattr(target, kind).values():
            # A matter with offers in one region needs that region once.
            for needs, code in dict.fromkeys(_needs(record)):
                if code is not None and code not in getattr(target, needs):
                    yield Broken(kind, record.code, record.name, needs, code)


def _needs(record: Record) -> Iterator[tuple[str, str | None]]:
    if isinstance(record, Matter):
        yield "departments", record.department
        for offer in record.offers:
            yield "regions", offer.region
            yield "places", offer.place
        return
    for field, needs in NEEDS.items():
        named = getattr(record, field, ())
        for code in (named,) if isinstance(named, str) else named or ():
            yield needs, code
    for member in getattr(record, "members", ()):
        yield "matters", member.matter


# Which fields of regions, places and bundles name records of which kind.
NEEDS = {
    "parent": "regions",
    "successors": "regions",
    "region": "regions",
    "departments": "departments",
    "lead_department": "departments",
    "cooperating_departments": "departments",
}
