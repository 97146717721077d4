"""Reading files: everything in them as records, or everything that is wrong with them."""

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry.bundles import Bundle, Member
from registry.exchange.checks import Positions, Twice, check_code, check_limits, check_parents, check_periods
from registry.exchange.columns import COLUMNS
from registry.exchange.faults import Fault, RefusedFiles, Report
from registry.exchange.files import open_files
from registry.exchange.headers import Layout, kind_of, layout_of
from registry.exchange.mapping import Mapping
from registry.exchange.records import TYPES, make
from registry.exchange.references import Known, check_references, fault_unresolved, find_department, references
from registry.exchange.rows import Row, rows_of
from registry.exchange.sheets import Sheet
from registry.exchange.wide import WideOffers, channels_of, topmost
from registry.holdings import Holdings
from registry.matters import Matter, Offer
from registry.places import Department, Place, Region
from registry.plans import KINDS
from registry.words import Channel


@dataclass(frozen=True, slots=True)
class Loaded:
    """What files say, by kind; None for a kind that none of them has.

    `offers` are by matter and hold for `channels`; `members` are by bundle. `created`
    are the departments made of what matters say, where they may be.
    """

    regions: Table[str, Region] | None = None
    departments: Table[str, Department] | None = None
    places: Table[str, Place] | None = None
    matters: Table[str, Matter] | None = None
    offers: Table[str, tuple[Offer, ...]] | None = None
    bundles: Table[str, Bundle] | None = None
    members: Table[str, tuple[Member, ...]] | None = None
    channels: frozenset[Channel] = frozenset(Channel)
    created: Table[str, Department] = field(default_factory=dict)
    warnings: tuple[Fault, ...] = ()


# Whose parts the rows of a kind are that is none of its own.
OWNERS = {"offers": "matters", "members": "bundles"}


def read_files(
    paths: Sequence[Path],
    *,
    mapping: Mapping | None = None,
    encoding: str | None = None,
    held: Holdings | None = None,
    keep_absent: bool = False,
) -> Loaded:
    """Read files and folders. Raises RefusedFiles with every fault in them, each once.

    What they refer to must be in them, or in `held` where they don't have the kind
    (or where `keep_absent` says that what is held stays).
    """
    report = Report()
    mapping = mapping or Mapping()
    sheets, unread = open_files(paths, mapping, encoding, report)
    if not paths:
        report.file("-", "没有指定文件", "no file is named")
    by_kind = _by_kind(sheets, mapping, report)
    reading = _Reading(held or Holdings(), by_kind, mapping, report, keep_absent)
    for name in unread:
        reading.known.damaged |= {name} if name in COLUMNS else set(COLUMNS)
    for kind in COLUMNS:
        if kind in by_kind:
            reading.read(kind, by_kind[kind])
    reading.finish()
    if report.found:
        raise RefusedFiles(report.found)
    return reading.loaded()


def _by_kind(sheets: list[Sheet], mapping: Mapping, report: Report) -> dict[str, list[Sheet]]:
    found: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        kind = kind_of(sheet, mapping)
        if kind:
            found.setdefault(kind, []).append(sheet)
        elif len(sheets) > 1 and "#" in sheet.file and any(kind_of(other, mapping) for other in sheets):
            report.warning(sheet.file, "不认识这张表，没有读取", "this table is of no known kind and was not read")
        else:
            known = "、".join(COLUMNS)
            report.file(
                sheet.file,
                f"看不出这是什么表；文件名或表名应为 {known} 之一，或在映射文件中写 kind",
                f"what kind of table this is can't be told: name it {', '.join(COLUMNS)}, or map `kind`",
            )
    return found


class _Reading:
    """One load while it is read, kind after kind."""

    def __init__(
        self, held: Holdings, by_kind: dict[str, list[Sheet]], mapping: Mapping, report: Report, keep_absent: bool
    ) -> None:
        kept = [kind for kind in KINDS if keep_absent or kind not in by_kind]
        create = mapping.create_departments or not (held.departments or "departments" in by_kind)
        self.known = Known(held, kept, create)
        self.held, self.by_kind, self.mapping, self.report = held, by_kind, mapping, report
        self.keep_absent = keep_absent
        self.records: dict[str, dict[str, Any]] = {}
        self.positions = Positions()
        self.wide = WideOffers(None)
        self.rows = 0

    def read(self, kind: str, sheets: list[Sheet]) -> None:
        """Read all sheets of one kind; those it refers to have been read."""
        records = self.records.setdefault(kind, {})
        before, twice, later = self.rows, Twice(), []
        if kind == "matters" and "offers" not in self.by_kind:
            self.wide.region = topmost(self._regions())
        for sheet in sheets:
            layout = self._layout(sheet, kind)
            if layout is None:
                continue
            for row in rows_of(sheet, layout, self.mapping.empty, self.report):
                self.rows += 1
                self._check(kind, row, twice)
                if row.sound:
                    self._keep(records, kind, row)
                if kind == "regions":
                    later.append(row)
            self.known.lost[kind] += sheet.lost
            if sheet.cut or "code" in layout.missing:
                self.known.damaged.add(kind)
        for row in later:
            check_references(row, references(kind, own=True), self.known)
        check_parents(later, self.report)
        if self.rows == before and not self.keep_absent and getattr(self.held, OWNERS.get(kind, kind)):
            self.report.warning(
                sheets[0].file, "没有数据行：将移除这一类的全部记录", "has no rows: all of its kind will go"
            )

    def finish(self) -> None:
        """What can be said only at the end."""
        fault_unresolved(self.known, self.report)
        if "members" not in self.known.damaged:
            self.positions.check_gaps(self.report)
        self.wide.warn(self.report)
        if not self.rows and not self.report.found:
            for sheets in self.by_kind.values():
                self.report.file(sheets[0].file, "只有表头，没有数据行", "has a header and no rows")
                break

    def loaded(self) -> Loaded:
        """What was read, if there were no faults."""
        parts: dict[str, Any] = dict(self.records)
        if "offers" in parts:
            parts["offers"] = {matter: tuple(offers) for matter, offers in parts["offers"].items()}
        elif self.wide.channels:
            parts["offers"] = {matter: tuple(offers) for matter, offers in self.wide.offers.items()}
            parts["channels"] = frozenset(self.wide.channels)
        if "members" in parts:
            parts["members"] = {
                bundle: tuple(members[position] for position in sorted(members))
                for bundle, members in parts["members"].items()
            }
        return Loaded(**parts, created=self.known.created, warnings=tuple(self.report.warned))

    def _layout(self, sheet: Sheet, kind: str) -> Layout | None:
        if not any(sheet.header):
            # In JSON that is an empty list: a kind without records.
            if sheet.header_row is not None:
                self.report.file(sheet.file, "表是空的", "the table is empty")
                self.known.damaged.add(kind)
            return None
        layout = layout_of(sheet, kind, self.mapping, self.report)
        channels = channels_of([cell.field for cell in layout.cells] + list(layout.constants))
        if channels and "offers" in self.by_kind:
            self.report.warning(
                sheet.file, "另有 offers，不采用渠道栏", "offers come apart: channel columns are not used"
            )
        elif kind == "matters":
            self.wide.channels |= channels
        return layout

    def _check(self, kind: str, row: Row, twice: Twice) -> None:
        report = self.report
        if kind == "matters":
            check_code(row, report)
            find_department(row, self.known)
        check_limits(row, report)
        check_periods(row, report)
        check_references(row, references(kind, own=False), self.known)
        first = twice.first(kind, row, report)
        if kind == "members":
            self.positions.place(row, first is None, report)
        elif kind in KINDS and first is None:
            self._know(kind, row)
        elif kind in KINDS and first is not None:
            # Another record under the same code has lost its own; the same one again has not.
            self.known.lost[kind] += first[2] != row.values.get("name")

    def _know(self, kind: str, row: Row) -> None:
        """Take in that there will be such a record, also where its row has faults."""
        code = row.text("code")
        if row.ragged:
            texts = (*row.values.values(), *row.bad.values())
            self.known.torn[kind].append([str(code), *(text for text in texts if isinstance(text, str))])
        elif code and "code" not in row.bad:
            self.known.add(kind, code, row.text("name"), row.text("short_name"))
        elif "code" not in row.layout.missing:
            self.known.lost[kind] += 1
            if code:
                self.known.add(kind, code)

    def _keep(self, records: dict[str, Any], kind: str, row: Row) -> None:
        values = row.values
        if kind == "offers":
            records.setdefault(values.pop("matter"), []).append(make(Offer, values))
        elif kind == "members":
            bundle, position = values.pop("bundle"), values["position"]
            member = Member(values["matter"], values.get("condition"))
            records.setdefault(bundle, {})[position] = member
        else:
            records[values["code"]] = make(TYPES[kind], values)
            if self.wide.channels and kind == "matters":
                self.wide.add(row, self.known, self.report)

    def _regions(self) -> list[Region]:
        loaded: dict[str, Region] = self.records.get("regions", {})
        held = self.held.regions if self.keep_absent or "regions" not in self.by_kind else {}
        return list({**held, **loaded}.values())
