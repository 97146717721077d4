"""Bringing volumes down to what a question needs, in Ibis, once for all engines. The room says what is kept.

Ibis takes two seconds to import, and most questions need no days: it is imported where it is used.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # it carries none either

from registry.lake.engines.told import Told
from registry.rates.question import Dimension, Question, Scope
from registry.rates.volumes import COLUMNS, Given, Grain, Origin, Volume
from registry.words import Channel

Source: TypeAlias = pa.Table | Path
Expression: TypeAlias = Any  # a table or a column of Ibis
Fetch = Callable[[Expression], pa.Table]

# How days are told apart, the finest first; a day lies in one month, a month in one quarter.
NUMBERS: Mapping[Dimension, Callable[[Expression], Expression]] = {
    Dimension.DAY: lambda day: (day.year() * 100 + day.month()) * 100 + day.day(),
    Dimension.MONTH: lambda day: day.year() * 100 + day.month(),
    Dimension.QUARTER: lambda day: day.year() * 10 + day.quarter(),
    Dimension.YEAR: lambda day: day.year(),
}  # fmt: skip


def reduced(table: Expression, question: Question, fetch: Fetch, reports: Iterable[Volume] = ()) -> Told:
    """What a table of volumes tells, as fine as a question needs it. `fetch` has an expression computed.

    `reports`: what departments report, if the table doesn't hold it.
    """
    summable = _summable(table, question.where)
    others = [*volumes_in(fetch(table.filter(~summable).select(*COLUMNS))), *reports]
    # A report is set aside for cases of its month, so beside reports the months stay apart.
    least = {Dimension.MONTH} if any(volume.origin is Origin.REPORTED for volume in others) else set()
    return Told(fetch(_groups(table.filter(summable), question, least)), others, sifted=True)


def volumes_in(table: pa.Table) -> list[Volume]:
    """The volumes of an Arrow table."""
    columns = [table[name].to_pylist() for name in COLUMNS]
    return [_volume(dict(zip(COLUMNS, row, strict=True))) for row in zip(*columns, strict=True)]


def _summable(table: Expression, where: Scope) -> Expression:
    """Counts of a day's cases. Of those of no district it is told how many rows a filter on districts left out."""
    derived = (
        (table.origin == Origin.DERIVED.name) & (table.given == Given.COUNT.name) & (table.grain == Grain.DAY.name)
    )
    return derived & table.district.notnull() if Dimension.DISTRICT in where.filters else derived


def _groups(table: Expression, question: Question, least: set[Dimension]) -> Expression:
    """Sums with the first and last day of each.

    Of cases outside the time asked about only when they were is kept: it shows who sends cases.
    """
    import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types

    inside = _inside(table.start, question.where)
    wanted = {"channel": table.channel, "assisted": table.assisted}
    for dimension in (Dimension.DISTRICT, Dimension.BUNDLE):
        if dimension in question.by or dimension in question.where.filters:
            wanted[dimension.code] = table[dimension.code]
    kept = {
        name: ibis.ifelse(inside, column, ibis.null(column.type().copy(nullable=True)))
        for name, column in wanted.items()
    }
    period = ibis.ifelse(inside, _number(table.start, {*question.by, *least}), _number(table.start, least))
    rows = table.select("matter", "start", "count", inside=inside, period=period, **kept)
    return rows.group_by(["matter", "inside", *kept, "period"]).agg(
        count=rows["count"].sum().cast("int64"), first=rows.start.min(), last=rows.start.max()
    )


def _inside(day: Expression, where: Scope) -> Expression:
    import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types

    conditions = [
        ibis.or_(*(day.between(ibis.date(period.first), ibis.date(period.last)) for period in choice))
        for choice in where.times
    ]
    return ibis.and_(*conditions)


def _number(day: Expression, asked: set[Dimension]) -> Expression:
    import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types

    finest = next((number for dimension, number in NUMBERS.items() if dimension in asked), None)
    return finest(day).cast("int64") if finest else ibis.literal(0, "int64")


def _volume(row: Mapping[str, Any]) -> Volume:
    return Volume(
        row["matter"], row["district"], row["start"], Grain[row["grain"]], _channel(row), row["assisted"],
        row["bundle"], Given[row["given"]], row["count"], Origin[row["origin"]],
    )  # fmt: skip


def _channel(row: Mapping[str, Any]) -> Channel | None:
    return Channel[row["channel"]] if row["channel"] is not None else None
