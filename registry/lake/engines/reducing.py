"""Bringing volumes down to what a question needs, in Ibis, once for all engines. The room says what is kept."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # it carries none either

from registry.rates.question import Dimension, Question, Scope
from registry.rates.volumes import COLUMNS, Given, Grain, Origin, Volume
from registry.words import Channel

Expression: TypeAlias = Any  # a table or a column of Ibis
Fetch = Callable[[Expression], pa.Table]

# How days are told apart, the finest first; a day lies in one month, a month in one quarter.
NUMBERS: Mapping[Dimension, Callable[[Expression], Expression]] = {
    Dimension.DAY: lambda day: (day.year() * 100 + day.month()) * 100 + day.day(),
    Dimension.MONTH: lambda day: day.year() * 100 + day.month(),
    Dimension.QUARTER: lambda day: day.year() * 10 + day.quarter(),
    Dimension.YEAR: lambda day: day.year(),
}  # fmt: skip


def reduced(table: Expression, question: Question, fetch: Fetch) -> list[Volume]:
    """The volumes of a table of Ibis that are left for a question. `fetch` has an expression computed."""
    summable = _summable(table, question.where)
    stays = [_volume(row) for row in _rows(fetch(table.filter(~summable).select(*COLUMNS)))]
    # A report is set aside for cases of its month, so beside reports the months stay apart.
    least = {Dimension.MONTH} if stays else set()
    groups = _groups(table.filter(summable), question, least)
    return [*stays, *(volume for row in _rows(fetch(groups)) for volume in _summed(row))]


def _summable(table: Expression, where: Scope) -> Expression:
    """Counts of a day's cases. Of those of no district it is told how many rows a filter on districts left out."""
    derived = (
        (table.origin == Origin.DERIVED.name) & (table.given == Given.COUNT.name) & (table.grain == Grain.DAY.name)
    )
    return derived & table.district.notnull() if Dimension.DISTRICT in where.filters else derived


def _groups(table: Expression, question: Question, least: set[Dimension]) -> Expression:
    """Sums with the first and last day of each, and `final`, the last day of all that differ in time alone.

    Of cases outside the time asked about only when they were is kept: it shows who sends cases.
    """
    inside = _inside(table.start, question.where)
    wanted = {"channel": table.channel, "assisted": table.assisted}
    for dimension in (Dimension.DISTRICT, Dimension.BUNDLE):
        if dimension in question.by or dimension in question.where.filters:
            wanted[dimension.code] = table[dimension.code]
    kept = {name: ibis.ifelse(inside, column, ibis.null(column.type())) for name, column in wanted.items()}
    period = ibis.ifelse(inside, _number(table.start, {*question.by, *least}), _number(table.start, least))
    rows = table.select("matter", "start", "count", inside=inside, period=period, **kept)
    alike = ["matter", "inside", *kept]
    groups = rows.group_by([*alike, "period"]).agg(
        count=rows["count"].sum(), first=rows.start.min(), last=rows.start.max()
    )
    return groups.mutate(final=groups["last"].max().over(ibis.window(group_by=alike)))


def _inside(day: Expression, where: Scope) -> Expression:
    conditions = [
        ibis.or_(*(day.between(ibis.date(period.first), ibis.date(period.last)) for period in choice))
        for choice in where.times
    ]
    return ibis.and_(*conditions)


def _number(day: Expression, asked: set[Dimension]) -> Expression:
    finest = next((number for dimension, number in NUMBERS.items() if dimension in asked), None)
    return finest(day).cast("int64") if finest else ibis.literal(0, "int64")


def _rows(table: pa.Table) -> Iterable[dict[str, Any]]:
    columns = [column.to_pylist() for column in table.columns]
    return (dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True))


def _volume(row: Mapping[str, Any]) -> Volume:
    return Volume(
        row["matter"], row["district"], row["start"], Grain[row["grain"]], _channel(row), row["assisted"],
        row["bundle"], Given[row["given"]], row["count"], Origin[row["origin"]],
    )  # fmt: skip


def _summed(row: Mapping[str, Any]) -> Iterable[Volume]:
    yield _day(row, row["first"], int(row["count"]))
    if row["last"] == row["final"] != row["first"]:
        yield _day(row, row["last"], 0)


def _day(row: Mapping[str, Any], day: date, count: int) -> Volume:
    return Volume(
        row["matter"], row.get("district"), day, Grain.DAY, _channel(row), bool(row["assisted"]),
        row.get("bundle"), Given.COUNT, count, Origin.DERIVED,
    )  # fmt: skip


def _channel(row: Mapping[str, Any]) -> Channel | None:
    return Channel[row["channel"]] if row["channel"] is not None else None
