"""The results of analyses as sheets, so that they go wherever answers go."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction

from registry.figures.changes import Changed
from registry.figures.flagging import Flagged
from registry.figures.names import named
from registry.figures.notes import Note, notes_of
from registry.figures.pacing import Paced
from registry.figures.paths import PathFound
from registry.figures.sheet import TOTAL, Cell, Cells, Column, Kind, Sheet, cells_of, columns_of, plain
from registry.rates.change import Count
from registry.rates.pace import Month
from registry.rates.periods import month_of, period_of
from registry.rates.question import Dimension
from registry.rates.rate import Rate

Rates = Mapping[str, Rate]
D = Dimension
MOST_NAMED = 8
ONE_DAY = timedelta(days=1)


def pace_sheet(found: Paced, rates: Rates) -> Sheet:
    """The months counted, then the remaining ones together: how many cases they bring, and the share they need."""
    pace = found.pace
    rows = [(label, *_month(count), True) for label, count in sorted(found.months.items())]
    if pace.remaining:
        needed = _product(pace.needed, pace.expected_cases)
        coming = (_share(needed), _share(pace.expected_cases), _share(pace.needed))
        rows.append((f"{pace.remaining[0]}..{pace.remaining[-1]}", *coming, False))
    columns = (
        Column("month", "月", "month"),
        Column("numerator", "分子", "numerator", Kind.NUMBER),
        Column("denominator", "分母", "denominator", Kind.NUMBER),
        Column("value", "值", "value", Kind.SHARE),
        Column("counted", "已计", "counted", Kind.TRUTH),
    )
    forecast = Note(
        "forecast", f"其余各月办件数按：{pace.forecast.zh}", f"cases of the remaining months: {pace.forecast.en}"
    )
    missing = (
        Note("missing", f"缺月：{'、'.join(pace.missing)}", f"months missing: {', '.join(pace.missing)}"),
    ) if pace.missing else ()  # fmt: skip
    notes = (*notes_of(found.reported, [rates[found.about.rate]]), *((forecast,) if pace.remaining else ()), *missing)
    return Sheet(columns, tuple(rows), notes)


def path_sheet(found: PathFound, rates: Rates) -> Sheet:
    """The matters to take on, with what each brings and what is left of the gap after it."""
    holdings = found.reported.snapshot.holdings
    whole = found.answer.denominator or Fraction(1)
    left, rows = found.path.gap, []
    for place, step in enumerate(found.path.steps, start=1):
        left = max(0, left - step.moved)
        matter = holdings.matters.get(step.matter)
        department = named(D.DEPARTMENT, matter.department if matter else None, holdings)
        rows.append((
            place, *cells_of(D.MATTER, step.matter, holdings)[:2], department.code, department.zh,
            step.moved, float(Fraction(step.moved) / whole), float(step.share), float(step.reached_by_peers),
            step.peers.name, step.peers.zh, step.peers.en, step.peers_count, left,
        ))  # fmt: skip
    columns = (
        Column("step", "序", "step", Kind.WHOLE),
        *columns_of(D.MATTER)[:2],
        *columns_of(D.DEPARTMENT)[:2],
        Column("moved", "转为线上件数", "cases moved online", Kind.WHOLE),
        Column("contribution", "贡献", "contribution", Kind.SHARE),
        Column("share", "现线上占比", "share online now", Kind.SHARE),
        Column("reached_by_peers", "同类已达", "reached by peers", Kind.SHARE),
        Column("peers", "同类范围编码", "peers code"),
        Column("peers_name", "同类范围", "peers"),
        Column("peers_name_en", "同类范围英文", "peers in English"),
        Column("peers_count", "同类项数", "number of peers", Kind.WHOLE),
        Column("left", "尚差件数", "cases left to target", Kind.WHOLE),
    )
    return Sheet(columns, tuple(rows), (*notes_of(found.reported, [rates[found.about.rate]]), *_unknown(found.unknown)))


def change_sheet(found: Changed, rates: Rates) -> Sheet:
    """Each group's part in the change, the largest first, and the whole of it last."""
    holdings = found.after.snapshot.holdings
    columns = (
        *(column for dimension in found.by for column in columns_of(dimension)),
        *_counts_columns("before", "前期", "before"),
        *_counts_columns("after", "后期", "after"),
        Column("mix", "结构", "mix", Kind.SHARE),
        Column("within", "自身", "within", Kind.SHARE),
        Column("change", "合计变化", "change", Kind.SHARE),
        TOTAL,
    )
    rows: list[Cells] = []
    change = found.change
    for part in change.parts if change else ():
        names = (
            cell for each, value in zip(found.by, part.key, strict=True) for cell in cells_of(each, value, holdings)
        )
        moved = (float(part.mix), float(part.within), float(part.total))
        rows.append((*names, *_count(part.before), *_count(part.after), *moved, False))
    if change:
        names = (None for dimension in found.by for _ in columns_of(dimension))
        before, after = (_sum(getattr(part, which) for part in change.parts) for which in ("before", "after"))
        moved = (float(change.mix), float(change.within), float(change.after - change.before))
        rows.append((*names, *_count(before), *_count(after), *moved, True))
    left_out = tuple("/".join(value or "—" for value in key) for key in found.left_out)
    notes = _of_both(*(notes_of(each, [rates[found.about.rate]]) for each in (found.before, found.after)))
    return Sheet(columns, tuple(rows), (*notes, *_unknown(left_out)))


def flags_sheet(found: Flagged, rates: Rates) -> Sheet:
    """A row for each flag raised."""
    holdings = found.reported.snapshot.holdings
    columns = (
        *(column for dimension in found.by for column in columns_of(dimension)),
        Column("flag", "标记", "flag"),
        Column("flag_name", "说明", "meaning"),
        Column("flag_name_en", "英文说明", "meaning in English"),
        Column("months", "月份", "months"),
        Column("amount", "数值", "amount", Kind.NUMBER),
    )
    rows = tuple(
        (
            *(cell for each, value in zip(found.by, key, strict=True) for cell in cells_of(each, value, holdings)),
            raised.flag.name, raised.flag.zh, raised.flag.en, _runs(raised.months), float(raised.amount),
        )
        for key, flags in found.groups
        for raised in flags
    )  # fmt: skip
    return Sheet(columns, rows, notes_of(found.reported, [rates[found.about.rate]]))


def _of_both(before: tuple[Note, ...], after: tuple[Note, ...]) -> tuple[Note, ...]:
    """The notes of two periods: once what is said of both, and of which it is what is said of one."""
    shared = tuple(note for note in before if note in after)
    alone = (
        Note(note.name, f"{zh}：{note.zh}", f"{en}: {note.en}")
        for notes, zh, en in ((before, "前期", "before"), (after, "后期", "after"))
        for note in notes
        if note not in shared
    )
    return (*shared, *alone)


def _month(count: Month) -> tuple[Cell, Cell, Cell]:
    value = count.numerator / count.denominator if count.denominator else None
    return float(count.numerator), float(count.denominator), value


def _counts_columns(name: str, zh: str, en: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_numerator", f"{zh}分子", f"numerator {en}", Kind.NUMBER),
        Column(f"{name}_denominator", f"{zh}分母", f"denominator {en}", Kind.NUMBER),
        Column(name, zh, en, Kind.SHARE),
    )


def _count(count: Count) -> Cells:
    return float(count.numerator), float(count.denominator), _share(count.rate)


def _sum(counts: Iterable[Count]) -> Count:
    held = list(counts)
    return Count(
        sum((each.numerator for each in held), Fraction(0)), sum((each.denominator for each in held), Fraction(0))
    )


def _share(value: Fraction | None) -> Cell:
    return plain(value, Kind.SHARE)


def _product(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one * other


def _runs(months: tuple[str, ...]) -> str:
    """Months, those in a row as 2020-03..2020-06."""
    runs: list[list[str]] = []
    for label in months:
        follows = runs and label == month_of(period_of(runs[-1][-1]).last + ONE_DAY)
        if follows:
            runs[-1].append(label)
        else:
            runs.append([label])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs)


def _unknown(left_out: tuple[str, ...]) -> tuple[Note, ...]:
    if not left_out:
        return ()
    shown = ", ".join(left_out[:MOST_NAMED]) + (" …" if len(left_out) > MOST_NAMED else "")
    return (
        Note(
            "left_out",
            f"{len(left_out)} 组所知不足，未计入：{shown}",
            f"of {len(left_out)} too little is known, so they are left out: {shown}",
        ),
    )
