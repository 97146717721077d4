"""What codes there will be after a load, and whether what is referred to is among them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from registry.exchange.columns import COLUMNS, Column
from registry.exchange.faults import Report
from registry.exchange.rows import Row
from registry.holdings import Holdings
from registry.places import Department
from registry.plans import KINDS, ZH

# Kinds that people name by name rather than by code.
NAMED = ("departments", "places")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A cell with codes of a kind that there are none of, as far as can be seen."""

    kind: str
    texts: tuple[str, ...]
    row: Row
    field: str


class Known:
    """The codes of each kind, as far as they have been read.

    `damaged`: kinds of which the end or all is missing. `lost`: how many rows of a
    kind have no code of their own. `torn`: the cells of each ragged row, the code that
    it seems to have first; any of them may be the code. `created`: departments made of what others say of them.
    """

    def __init__(self, held: Holdings, kept: Collection[str], create: bool) -> None:
        self.codes: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.names: dict[str, dict[str, str | None]] = {kind: {} for kind in NAMED}
        self.held = {kind: getattr(held, kind) for kind in KINDS}
        self.damaged: set[str] = set()
        self.lost: Counter[str] = Counter()
        self.torn: dict[str, list[list[str]]] = {kind: [] for kind in KINDS}
        self.unresolved: list[Unresolved] = []
        self.created: dict[str, Department] = {}
        self.create = create
        for kind in kept:
            for record in getattr(held, kind).values():
                self.add(kind, record.code, record.name, getattr(record, "short_name", None))

    def add(self, kind: str, code: str, *names: str | None) -> None:
        """A record there will be. A name that several have means none of them."""
        self.codes[kind].add(code)
        if kind in NAMED:
            for name in filter(None, set(names)):
                known = self.names[kind]
                known[name] = code if known.get(name, code) == code else None

    def resolve(self, kind: str, text: str) -> str | None:
        """The code that is meant by a code, or by a name where names will do."""
        if text in self.codes[kind]:
            return text
        if kind in NAMED and (code := self.names[kind].get(text)):
            return code
        # Other systems write divisions with twelve digits, down to the village.
        if kind == "regions" and len(text) == 12 and text.endswith("000000") and text[:6] in self.codes[kind]:
            return text[:6]
        return None

    def department(self, code: str, name: str) -> str:
        """The department of that code, made if there is none."""
        if code not in self.codes["departments"]:
            self.created[code] = Department(code, name)
            self.add("departments", code, name)
        return code


def find_department(row: Row, known: Known) -> None:
    """Put a matter's department where its code belongs: one given by name, or one to be made."""
    name = row.values.pop("dept_name", None)
    if "department" in row.bad or "dept_name" in row.bad:
        return
    text = row.values.setdefault("department", name)
    if text and known.create and known.resolve("departments", text) is None:
        known.department(text, name or text)


def check_references(row: Row, columns: tuple[Column, ...], known: Known) -> None:
    """Replace what columns refer to by its code, and note each cell with something unknown in it."""
    for column in columns:
        field = column.field or ""
        value = row.values.get(field)
        if value is None or column.refers is None:
            continue
        texts = (value,) if isinstance(value, str) else value
        found = [_resolved(column.refers, text, known) for text in texts]
        if None in found:
            unknown = tuple(text for text, code in zip(texts, found, strict=True) if code is None)
            known.unresolved.append(Unresolved(column.refers, unknown, row, field))
            row.bad[field] = "^".join(unknown)
        else:
            row.values[field] = found[0] if isinstance(value, str) else tuple(found)


def fault_unresolved(known: Known, report: Report) -> None:
    """A fault for each cell that refers to what isn't there.

    Not for what only follows from a row whose own code could not be read: as many
    codes as there are such rows may be theirs, first those the registry holds, then
    those that look like others of their kind, then those most referred to.
    """
    for kind in KINDS:
        cells = [cell for cell in known.unresolved if cell.kind == kind]
        torn = {text for row in known.torn[kind] for text in row}
        counts = Counter(text for cell in cells for text in cell.texts if text not in torn)
        shapes = {_shape(code) for code in known.codes[kind]} if counts else set()
        likely = sorted(
            counts, key=lambda text: (text in known.held[kind], _shape(text) in shapes, counts[text]), reverse=True
        )
        lost = known.lost[kind] + sum(_shape(row[0]) not in shapes for row in known.torn[kind])
        forgiven = torn | set(likely if kind in known.damaged else likely[:lost])
        for cell in cells:
            if texts := [text for text in cell.texts if text not in forgiven]:
                cell.row.fault(report, cell.field, "^".join(texts), _unknown(kind))


def _shape(code: str) -> str:
    """HZ-GA-013 → AA-AA-999."""
    return "".join("9" if letter.isdigit() else "A" if letter.isalpha() else letter for letter in code)


@cache
def references(kind: str, own: bool) -> tuple[Column, ...]:
    """The columns of a kind that refer to others; or, which can be looked up only at the end, to its own."""
    return tuple(c for c in COLUMNS[kind] if c.refers and (c.refers == kind) is own)


def _resolved(kind: str, text: str, known: Known) -> str | None:
    code = known.resolve(kind, text)
    if code is None and kind == "departments" and known.create:
        return known.department(text, text)
    return code


def _unknown(kind: str) -> tuple[str, str]:
    return f"没有这个{ZH[kind]}", f"there is no such {kind.removesuffix('s')}"
