"""What codes there will be after a load, and whether what is referred to is among them."""

from collections.abc import Collection

from registry.exchange.columns import COLUMNS, Column
from registry.exchange.faults import Report
from registry.exchange.rows import Row
from registry.holdings import Holdings
from registry.places import Department
from registry.plans import KINDS, ZH

# Kinds that people name by name rather than by code.
NAMED = ("departments", "places")


class Known:
    """The codes of each kind, as far as they have been read.

    `damaged`: kinds of which rows are missing, so that nothing can be said of what
    isn't found. `created`: departments made of what others say of them.
    """

    def __init__(self, held: Holdings, kept: Collection[str], create: bool) -> None:
        self.codes: dict[str, set[str]] = {kind: set() for kind in KINDS}
        self.names: dict[str, dict[str, str | None]] = {kind: {} for kind in NAMED}
        self.damaged: set[str] = set()
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
        return text if kind in self.damaged else None

    def department(self, code: str, name: str) -> str:
        """The department of that code, made if there is none."""
        if code not in self.codes["departments"]:
            self.created[code] = Department(code, name)
            self.add("departments", code, name)
        return code


def check_department(row: Row, known: Known, report: Report) -> None:
    """Find or make the department of a matter, by code or by name."""
    name = row.values.pop("dept_name", None)
    field = "department" if "department" in row.values or "department" in row.bad else "dept_name"
    text = row.values.get("department", name)
    if field in row.bad or text is None:
        return
    code = known.resolve("departments", text)
    if code is None and known.create:
        code = known.department(text, name or text)
    if code is None:
        row.fault(report, field, text, _unknown("departments"))
    else:
        row.values["department"] = code


def check_references(row: Row, columns: tuple[Column, ...], known: Known, report: Report) -> None:
    """Replace what columns refer to by its code; a fault for each cell with something unknown in it."""
    for column in columns:
        field = column.field or ""
        value = row.values.get(field)
        if value is None or column.refers is None:
            continue
        texts = (value,) if isinstance(value, str) else value
        found = [_resolved(column.refers, text, known) for text in texts]
        if None in found:
            unknown = "^".join(text for text, code in zip(texts, found, strict=True) if code is None)
            row.fault(report, field, unknown, _unknown(column.refers))
        else:
            row.values[field] = found[0] if isinstance(value, str) else tuple(found)


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
