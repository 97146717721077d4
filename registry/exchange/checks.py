"""What must be true within a row, and among the rows of one kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.exchange import codes
from registry.exchange.faults import Report
from registry.exchange.records import LIMITS
from registry.exchange.rows import Row
from registry.exchange.values import NO_LIMIT

PERIODS = (("valid_from", "valid_to"), ("effective_from", "effective_to"))
# What tells the rows of a kind apart; the code where nothing is said.
KEYS = {"offers": ("matter", "channel", "region", "place"), "members": ("bundle", "matter")}


def check_code(row: Row, report: Report) -> None:
    """A matter's code: the one given, right for its scheme, or the most particular national code."""
    scheme = row.values.get("scheme")
    if (code := row.values.get("code")) is not None:
        try:
            codes.SCHEMES.get(str(scheme), str)(code)
        except ValueError:
            zh, en = codes.EXPECTED[str(scheme)]
            row.fault(report, "code", code, (f"应为{zh}", f"expected {en}"))
        return
    if "code" in row.bad:
        return
    for name in codes.SCHEMES:
        if name in row.bad:
            return
        if name in row.values:
            row.values["code"] = row.values[name]
            row.values.setdefault("scheme", name)
            return


def check_limits(row: Row, report: Report) -> None:
    """A time limit needs its unit, unless it is on the spot or none is set."""
    for limit in LIMITS:
        amount, unit = row.values.get(f"{limit}.amount"), f"{limit}.unit"
        if amount not in (None, 0, NO_LIMIT) and unit not in row.values and unit not in row.bad:
            row.fault(report, unit, None, ("有时限而没有单位", "the limit has no unit"))


def check_periods(row: Row, report: Report) -> None:
    """What begins does so before it ends."""
    for begin, end in PERIODS:
        first, last = row.values.get(begin), row.values.get(end)
        if first is not None and last is not None and first > last:
            row.fault(report, end, last.isoformat(), (f"早于开始日期 {first}", f"is before its beginning, {first}"))


@dataclass(slots=True)
class Twice:
    """Finds the second row of a key."""

    seen: dict[tuple[object, ...], tuple[str, int, object]] = field(default_factory=dict)

    def first(self, kind: str, row: Row, report: Report) -> tuple[str, int, object] | None:
        """Add a fault if an earlier row has the same key: where that is, and the name in it. None if there is none."""
        fields = KEYS.get(kind, ("code",))
        if row.ragged or any(name not in row.values for name in fields[:2]) or any(name in row.bad for name in fields):
            return None
        key = tuple(row.values.get(name) for name in fields)
        here = (row.sheet.file, row.number, row.values.get("name"))
        there = self.seen.setdefault(key, here)
        if there is here:
            return None
        name = "matter" if "matter" in fields else "code"
        row.fault(report, name, str(row.values[name]), _twice(*there[:2]))
        return there


@dataclass(slots=True)
class Positions:
    """The positions of the members of each bundle: from 1, without gaps, each once."""

    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    # Positions of members whose bundle can't be told; None: not even their position.
    lost: set[int | None] = field(default_factory=set)

    def place(self, row: Row, unique: bool, report: Report) -> None:
        """Take in a member; without a position it follows the one before."""
        bundle = row.text("bundle")
        if bundle is None or "bundle" in row.bad:
            self.lost.add(None if row.ragged else row.values.get("position"))
            return
        rows = self.rows.setdefault(bundle, {})
        if row.ragged or "position" in row.bad or not unique:
            self.unsure.add(bundle)
            return
        position = row.values.setdefault("position", len(rows) + 1)
        first = rows.setdefault(position, row)
        if first is not row:
            self.unsure.add(bundle)
            row.fault(report, "position", str(position), _twice(first.sheet.file, first.number))

    def check_gaps(self, report: Report) -> None:
        """Add a fault for each bundle in which a position is missing."""
        for bundle, rows in self.rows.items():
            gap = None if bundle in self.unsure else _first_gap(rows)
            if gap is not None and not self.lost & {gap, None}:
                row = rows[min(position for position in rows if position > gap)]
                text = str(row.values["position"])
                row.fault(report, "position", text, (f"之前缺少第 {gap} 位", f"position {gap} before it is missing"))


def check_parents(rows: Iterable[Row], report: Report) -> None:
    """No region lies within itself."""
    parents = {row.values["code"]: row.values.get("parent") for row in rows if "code" in row.values}
    for row in rows:
        code = row.values.get("code")
        above, steps = row.values.get("parent"), 0
        while above in parents and above != code and steps <= len(parents):
            above, steps = parents[above], steps + 1
        if above is not None and above == code:
            row.fault(report, "parent", row.values["parent"], ("上级区划成环", "lies within itself"))
            parents[code] = None


def _first_gap(positions: Iterable[int]) -> int | None:
    """The first position that is missing before another; None if none is."""
    return next((place for place, position in enumerate(sorted(positions), start=1) if place != position), None)


def _twice(file: str, row: int) -> tuple[str, str]:
    return f"与 {file}:{row} 重复", f"is there already, at {file}:{row}"
