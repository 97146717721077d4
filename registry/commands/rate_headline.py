"""`matters rates` without options: the city's number, its target, and the gap in cases."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from registry.commands.rate_options import at_the_desk
from registry.commands.sheets import UNKNOWN, number, print_notes
from registry.commands.start import out, working
from registry.figures.defined import percent
from registry.figures.notes import notes_of
from registry.figures.sheet import Kind
from registry.rates.answer import Answer, Attained
from registry.rates.periods import Period, month_of

if TYPE_CHECKING:
    from registry.figures.headline import Headline

NO_CASES = """还没有可计的办件 · there are no cases to count yet

导入办件 · import cases:             matters cases import FILE…
导入部门报送量 · import volumes:     matters volumes import FILE…
生成合成办件试用 · try made-up ones: matters cases demo --rows 100000 --seed 1 --import"""


def print_headline(database: str | None) -> None:
    """Print the headline, or how to get at one."""
    with at_the_desk(database) as desk, working():
        from registry.figures.headline import headline

        found = headline(desk)
    if found.period is None:
        out.print(NO_CASES, markup=False)
        return
    out.print(_facts(found, found.period))
    print_notes(notes_of(found.reported, [found.rate]))


def _facts(found: Headline, period: Period) -> Table:
    rate, answer = found.rate, found.answer
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    of = f"（{_plain(answer.numerator)} / {_plain(answer.denominator)}）"
    value = UNKNOWN if answer.value is None else number(float(answer.value), Kind.SHARE)
    rows = {
        f"{rate.zh} {rate.en}": f"{_span(period)}：{value}{of}",
        "目标 target": f"{percent(answer.target.value)}  {_verdict(answer)}"
        if answer.target
        else "未设定 · none is set",
        "距目标 gap": _gap(answer),
        "完整度 completeness": _completeness(answer),
        "可能范围 bounds": _bounds(answer),
    }
    for name, text in rows.items():
        if text:
            table.add_row(name, Text(text))
    return table


def _span(period: Period) -> str:
    first, last = month_of(period.first), month_of(period.last)
    return f"{first} — {last}" if first != last else first


def _verdict(answer: Answer) -> str:
    attained = answer.attained or Attained.UNKNOWN
    return f"{attained.zh} · {attained.en}"


def _gap(answer: Answer) -> str:
    if answer.target is None or answer.to_target is None:
        return ""
    if not answer.to_target:
        return "0 件 · 0 cases"
    return f"还差 {answer.to_target:,} 件转为线上 · {answer.to_target:,} more cases done online"


def _completeness(answer: Answer) -> str:
    if answer.completeness is None:
        return UNKNOWN
    share = number(float(answer.completeness), Kind.SHARE)
    return f"{share}（应报 {answer.expected:,}，已报 {answer.reported:,} · {answer.reported:,} of {answer.expected:,} cells reported）"


def _bounds(answer: Answer) -> str:
    """Only where something that was not reported leaves the value open."""
    if answer.lowest is None or answer.highest is None or answer.lowest == answer.highest:
        return ""
    low, high = (number(float(each), Kind.SHARE) for each in (answer.lowest, answer.highest))
    borne = ""
    if answer.tolerates is not None:
        borne = f"；可容 {answer.tolerates:,} 件未报 · the verdict bears {answer.tolerates:,} unreported cases"
    return f"{low} — {high}{borne}"


def _plain(value: Fraction | None) -> str:
    return UNKNOWN if value is None else f"{int(value):,}"
