"""Notes: what an answer rests on, in words, to go wherever its figures go."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.rates.policies import policies_of
from registry.rates.precedence import SetAside
from registry.rates.question import Dimension
from registry.rates.rate import Family, Rate, Target
from registry.rates.reckon import RateTable

if TYPE_CHECKING:  # it needs the extra `rates`; a sheet can do without
    from registry.figures.desk import Reported

MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that is said beside the figures. `name` says what about."""

    name: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} · {self.en}"


def snapshot_line(reported: "Reported") -> str:
    """What the answer was reckoned from, on one line: the same line, the same figures."""
    moment = f"; as reported on {reported.as_reported_on.isoformat()}" if reported.as_reported_on else ""
    return f"{reported.state}; catalogue {reported.snapshot.revision}{moment}"


def notes_of(reported: "Reported", rates: Iterable[Rate]) -> tuple[Note, ...]:
    """All that must be said beside an answer about these rates."""
    chosen = list(rates)
    of_cases = any(rate.family is Family.USE for rate in chosen)
    return (
        *_rests_on(reported),
        *_made_up(reported, of_cases=of_cases),
        *(_definition(rate) for rate in chosen),
        *(_policy(reported.table) if any(rate.follows_policy for rate in chosen) else ()),
        *map(_target, _targets(reported.table)),
        *map(_set_aside, reported.table.set_aside),
        *_withheld(reported.table),
    )


def _rests_on(reported: "Reported") -> Iterator[Note]:
    held, revision = reported.state, reported.snapshot.revision
    zh = f"数据快照：办件 {held.cases or '无'}，报送量 {held.reported or '无'}，目录第 {revision} 版"
    yield Note("snapshot", zh, f"snapshot: {snapshot_line(reported)}")
    if reported.as_reported_on:
        moment = reported.as_reported_on.isoformat()
        yield Note(
            "as_reported_on",
            f"办件与报送量为 {moment} 当时所知；目录为现行第 {reported.snapshot.revision} 版，并非当时的目录",
            f"cases and volumes as they were known at {moment}; the catalogue is the current revision,"
            f" {reported.snapshot.revision}, not that of the time",
        )


def _made_up(reported: "Reported", *, of_cases: bool) -> Iterator[Note]:
    if reported.synthetic and of_cases:
        yield Note(
            "synthetic",
            "含合成的演示办件（编号以 DEMO 开头），不是真实数据",
            "among the cases are synthetic ones, numbered DEMO-…; they are not real",
        )
    if reported.snapshot.illustrative:
        yield Note(
            "illustrative",
            "目录中有示例数据，不是官方目录",
            "parts of the catalogue are illustrative; it is not an official one",
        )


def _definition(rate: Rate) -> Note:
    return Note(
        f"definition:{rate.name}",
        f"{rate.zh} = {rate.numerator.zh} ÷ {rate.denominator.zh}；来源：{rate.source_zh}",
        f"{rate.en} = {rate.numerator.en} / {rate.denominator.en}; source: {rate.source_en}",
    )


def _policy(table: RateTable) -> Iterator[Note]:
    by_policy = Dimension.ONLINE_POLICY in table.question.by
    for policy in policies_of(table.question) if by_policy else (table.question.policy,):
        yield Note(
            "policy",
            f"线上口径 {policy.name}：{policy.zh}算线上；工作人员代办不算",
            f"online policy {policy.name}: {policy.en} count as online; what staff did for people doesn’t",
        )


def _targets(table: RateTable) -> list[Target]:
    answers = (answer for row in (*table.rows, table.totals) for answer in row.answers.values())
    return list(dict.fromkeys(answer.target for answer in answers if answer.target))


def _target(target: Target) -> Note:
    share = f"{float(target.value * 100):g} %"
    span = f"{target.first} — {target.last}"
    return Note("target", f"目标 {share}（{span}）：{target.source_zh}", f"target {share} ({span}): {target.source_en}")


def _set_aside(aside: SetAside) -> Note:
    matters = ", ".join(aside.matters[:MOST_NAMED]) + (" …" if len(aside.matters) > MOST_NAMED else "")
    return Note(
        f"set_aside:{aside.reason.code}",
        f"未采用 {aside.rows} 行报送量（{aside.cases} 件）：{aside.reason.zh}；涉及 {len(aside.matters)} 项：{matters}",
        f"{aside.rows} rows of volumes ({aside.cases} cases) were set aside, because {aside.reason.en};"
        f" of {len(aside.matters)} matters: {matters}",
    )


def _withheld(table: RateTable) -> Iterator[Note]:
    count = sum(any(answer.suppressed for answer in row.answers.values()) for row in table.rows)
    if count:
        yield Note(
            "suppressed",
            f"{count} 行因办件过少而隐去数字",
            f"the figures of {count} rows are withheld, for they are of few cases",
        )
