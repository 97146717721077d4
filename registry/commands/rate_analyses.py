"""`matters rates pace`, `path`, `change` and `flags`: what analysts do by hand elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from registry.commands import rate_options as options
from registry.commands.rate_options import Asked, about_of, at_the_desk
from registry.commands.sheets import Form, Output, number, show
from registry.commands.start import Database, err, out, read_word, working
from registry.figures.conditions import span_of
from registry.figures.sheet import Kind
from registry.figures.wording import read_dimensions
from registry.rates.pace import Forecast
from registry.rates.periods import period_of

if TYPE_CHECKING:
    from registry.figures.changes import Changed
    from registry.figures.pacing import Paced
    from registry.figures.paths import PathFound

T = TypeVar("T")
Period = Annotated[str, typer.Argument(help="时段 · A period: 2020-Q1, 2020-03, 2020-01..2020-06.")]


def pace(
    year: Annotated[
        int | None, typer.Option(help="年度，默认最近有办件的一年 · The year; the last with cases.")
    ] = None,
    through: Annotated[
        str | None, typer.Option(metavar="MONTH", help="数据完整的最后一月 · The last month whose cases are all in.")
    ] = None,
    forecast: Annotated[
        str | None, typer.Option(help="其余各月按 · last_year or mean_so_far; last year’s where it is known.")
    ] = None,
    rate: options.OneRate = None,
    where: options.Where = None,
    policy: options.Policy = None,
    as_reported_on: options.AsReportedOn = None,
    target: options.TargetOption = None,
    form: Form = None,
    output: Output = None,
    database: Database = None,
) -> None:
    """达标进度：其余各月须达到的占比 · Pace to target: the share that the remaining months need."""
    from registry.figures.pacing import pace_to_target
    from registry.figures.results import pace_sheet

    asked = _asked(rate, where, policy, as_reported_on, target)
    with at_the_desk(database) as desk:
        about, by = about_of(asked, desk), read_word(Forecast, forecast, "--forecast")
        last = _month(through) if through else None
        found = _worked(lambda: pace_to_target(desk, about, year=year, forecast=by, through=last))
        sheet = pace_sheet(found, desk.rates)
    _say(form, output, _pace_words(found))
    show(sheet, form, output)


def path(
    rate: options.OneRate = None,
    where: options.Where = None,
    policy: options.Policy = None,
    as_reported_on: options.AsReportedOn = None,
    target: options.TargetOption = None,
    form: Form = None,
    output: Output = None,
    database: Database = None,
) -> None:
    """达标路径：最少的事项补足差距 · Path to target: the fewest matters that close the gap, and what each brings."""
    from registry.figures.paths import path_to_target
    from registry.figures.results import path_sheet

    asked = _asked(rate, where, policy, as_reported_on, target)
    with at_the_desk(database) as desk:
        found = _worked(lambda: path_to_target(desk, about_of(asked, desk)))
        sheet = path_sheet(found, desk.rates)
    _say(form, output, _path_words(found))
    show(sheet, form, output)


def change(
    before: Period,
    after: Period,
    by: options.By = None,
    rate: options.OneRate = None,
    where: options.Where = None,
    policy: options.Policy = None,
    as_reported_on: options.AsReportedOn = None,
    form: Form = None,
    output: Output = None,
    database: Database = None,
) -> None:
    """两个时段之间的变化，分为结构与自身 · What changed between two periods: mix of groups, change within them."""
    from registry.figures.changes import what_changed
    from registry.figures.results import change_sheet

    asked = _asked(rate, where, policy, as_reported_on, None)
    with at_the_desk(database) as desk:
        about, groups = about_of(asked, desk), read_dimensions(by or ("department",))
        found = _worked(lambda: what_changed(desk, about, groups, span_of(before), span_of(after)))
        sheet = change_sheet(found, desk.rates)
    _say(form, output, _change_words(found))
    show(sheet, form, output)


def flags(
    by: options.By = None,
    rate: options.OneRate = None,
    where: options.Where = None,
    policy: options.Policy = None,
    as_reported_on: options.AsReportedOn = None,
    form: Form = None,
    output: Output = None,
    database: Database = None,
) -> None:
    """质量核查：超过 100 %、连月不变、突变、缺渠道、缺月 · Quality flags, group by group and month by month."""
    from registry.figures.flagging import quality_flags
    from registry.figures.results import flags_sheet

    asked = _asked(rate, where, policy, as_reported_on, None)
    with at_the_desk(database) as desk:
        about, groups = about_of(asked, desk), read_dimensions(by or ("department",))
        found = _worked(lambda: quality_flags(desk, about, groups))
        sheet = flags_sheet(found, desk.rates)
    raised = sum(len(each) for _, each in found.groups)
    _say(
        form, output, f"核查 {found.looked_at} 组，{raised} 处须看 · {found.looked_at} groups looked at, {raised} flags"
    )
    show(sheet, form, output)


def _asked(
    rate: str | None, where: list[str] | None, policy: str | None, as_reported_on: str | None, target: str | None
) -> Asked:
    return Asked((rate,) if rate else (), tuple(where or ()), policy, as_reported_on, target=target)


def _worked(work: Callable[[], T]) -> T:
    with working():
        return work()


def _say(form: str | None, output: object, words: str) -> None:
    """The result in a sentence: above the table, or beside the file."""
    (out if form in (None, "table") and output is None else err).print(words, markup=False, soft_wrap=True)


def _month(text: str) -> str:
    period_of(text)
    return text


def _pace_words(found: Paced) -> str:
    pace, target = found.pace, number(float(found.target), Kind.SHARE)
    begin = f"{found.year} 年目标 target {target}，截至 through {found.through}：{_ratio(pace.so_far.numerator, pace.so_far.denominator)}"
    if not pace.remaining:
        return f"{begin}。全年已过 · the year is over"
    if pace.needed is None:
        return f"{begin}。缺数据，无法计算其余各月 · months are missing, so nothing can be told of the others"
    if pace.needed <= 0:
        return f"{begin}。已确保达标 · the target is met whatever comes"
    needed = number(float(pace.needed), Kind.SHARE)
    if not pace.within_reach:
        return f"{begin}。其余各月须达 {needed}，已不可能 · the remaining months would need {needed}: out of reach"
    return f"{begin}。其余 {len(pace.remaining)} 个月须达 {needed} · the remaining months need {needed}"


def _path_words(found: PathFound) -> str:
    answer, steps = found.answer, found.path.steps
    now = _ratio(answer.numerator or 0, answer.denominator or 0)
    begin = (
        f"目标 target {number(float(found.target), Kind.SHARE)}，现为 now {now}，差 gap {found.path.gap:,} 件 cases。"
    )
    if not found.path.gap:
        return f"{begin}已达标 · the target is met"
    if found.path.closes:
        return f"{begin}以下 {len(steps)} 项达到同类水平即可补足 · {len(steps)} matters close it at the share their peers reach"
    return f"{begin}全部 {len(steps)} 项仍差 {found.path.left:,} 件 · all {len(steps)} leave {found.path.left:,} cases"


def _change_words(found: Changed) -> str:
    if found.change is None:
        return "其中一个时段没有办件，无从比较 · one of the periods has no cases, so there is nothing to compare"
    moved = found.change
    before, after, mix, within = (
        number(float(each), Kind.SHARE) for each in (moved.before, moved.after, moved.mix, moved.within)
    )
    return f"{before} → {after}：结构 mix {mix}，自身 within {within}"


def _ratio(numerator: Fraction | int, denominator: Fraction | int) -> str:
    share = number(float(numerator / denominator), Kind.SHARE) if denominator else "—"
    return f"{share}（{int(numerator):,} / {int(denominator):,}）"
