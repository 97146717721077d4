"""The options of `matters rates`, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

import typer

from registry.commands.moments import read_day, read_moment
from registry.commands.start import prepared_engine, settings, working
from registry.errors import RefusedInput
from registry.figures.conditions import read_scope
from registry.figures.wording import UnknownName, read_dimensions, read_policy, read_rates
from registry.rates.drawn import ONLINE
from registry.rates.question import Dimension, Question
from registry.rates.rate import OnlinePolicy, Rate
from registry.store.current import read_snapshot

if TYPE_CHECKING:  # they need the extra `rates`; the help can do without
    from registry.figures.about import About
    from registry.figures.arranging import Arrangement, Order
    from registry.figures.desk import Desk

By = Annotated[
    list[str] | None,
    typer.Option(
        "--by", metavar="DIMENSION,…", help=f"分组 · Group by: {', '.join(dimension.code for dimension in Dimension)}."
    ),
]
RateNames = Annotated[
    list[str] | None,
    typer.Option(
        "--rate",
        metavar="RATE,…",
        help="指标，默认办件线上受理率；见 definitions · Rates by name, Chinese or English; see `definitions`.",
    ),
]
OneRate = Annotated[
    str | None, typer.Option("--rate", metavar="RATE", help="指标，默认办件线上受理率 · A rate; online acceptance.")
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="DIMENSION=VALUE,…",
        help="条件 · Conditions: department=GA,MZ,month=2020-03..2020-06,channel=hall. Codes or exact names.",
    ),
]
Policy = Annotated[
    str | None, typer.Option("--policy", help="线上口径 · The online policy: mobile_pc or mobile_pc_kiosk.")
]
AsReportedOn = Annotated[
    str | None,
    typer.Option(
        "--as-reported-on", metavar="MOMENT", help="按当时所知 · As known at a moment, such as 2020-11-01T09:00."
    ),
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="可办率截至哪天 · The day availability is told for.")
]
Orders = Annotated[
    list[str] | None,
    typer.Option("--order", metavar="COLUMN", help="排序的列，降序前加 - · A column to sort by; with - descending."),
]
First = Annotated[int | None, typer.Option("--first", min=1, help="最多几行 · At most so many rows.")]
Suppress = Annotated[
    int | None, typer.Option("--suppress", min=2, help="隐去办件少于此数的组 · Withhold groups of fewer cases.")
]
Rank = Annotated[bool, typer.Option("--rank", help="按首个指标排名，并列同名次 · Rank by the first rate, with ties.")]
TargetOption = Annotated[
    str | None, typer.Option("--target", metavar="SHARE", help="另定目标，如 85% · Another target, such as 85%.")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked with the options that most commands share, as typed."""

    rate: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    policy: str | None = None
    as_reported_on: str | None = None
    by: tuple[str, ...] = ()
    on: str | None = None
    target: str | None = None


@contextmanager
def at_the_desk(database: str | None) -> Iterator[Desk]:
    """The desk over what the registry holds now."""
    engine = prepared_engine(database)
    with working():
        snapshot = read_snapshot(engine)
        from registry.figures.desk import open_desk

        desk = open_desk(settings(database), lambda: snapshot)
    with desk:
        yield desk


def question_of(asked: Asked, desk: Desk) -> Question:
    """The question that the options ask."""
    holdings = desk.catalogue().holdings
    return Question(
        read_rates(asked.rate, desk.rates) or (ONLINE,),
        read_dimensions(asked.by),
        read_scope(asked.where, holdings),
        _policy(asked),
        read_day(asked.on) if asked.on else None,
    )


def about_of(asked: Asked, desk: Desk) -> About:
    """What the options say an analysis is about."""
    from registry.figures.about import About

    names = read_rates(asked.rate, desk.rates) or (ONLINE,)
    if len(names) > 1:
        raise RefusedInput("此分析一次只用一个指标", "this analysis is of one rate")
    return About(
        names[0],
        read_scope(asked.where, desk.catalogue().holdings),
        _policy(asked),
        read_moment(asked.as_reported_on) if asked.as_reported_on else None,
        read_share(asked.target) if asked.target else None,
    )


def arrangement_of(
    question: Question, rates: Mapping[str, Rate], orders: list[str] | None, *, rank: bool, **cuts: int | None
) -> Arrangement:
    """How rows are to be shown."""
    from registry.figures.arranging import Arrangement

    ranking = rates[question.rates[0]] if rank else None
    read = tuple(order_of(text, question, rates) for text in orders or ())
    return Arrangement(rank=ranking, orders=read, **cuts)


def order_of(text: str, question: Question, rates: Mapping[str, Rate]) -> Order:
    """The order that a column's name means, a minus before it for descending."""
    from registry.figures.arranging import Order
    from registry.figures.sheet import PARTS

    name, descending = text.removeprefix("-"), text.startswith("-")
    known: dict[str, Order] = {}
    for dimension in question.by:
        known |= {word: Order(dimension, descending=descending) for word in (dimension.code, dimension.zh)}
    for rate in (rates[each] for each in question.rates):
        known[rate.zh] = Order(rate, descending=descending)
        known |= {part.column(rate).name: Order(rate, part, descending) for part in PARTS}
    if name not in known:
        raise UnknownName(
            f"没有可排序的列“{name}”；可写：{'、'.join(known)}",
            f"there is no column “{name}” to sort by; there are: {', '.join(known)}",
        )
    return known[name]


def read_share(text: str) -> Fraction:
    """A share out of 85%, 85 % or 0.85. Raises RefusedInput."""
    number = text.strip().removesuffix("%").strip()
    try:
        share = Fraction(number) / (100 if "%" in text else 1)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise RefusedInput(f"“{text}”不是比例；应形如 85% 或 0.85", f"“{text}” is no share; write 85% or 0.85")
    return share


def _policy(asked: Asked) -> OnlinePolicy:
    return read_policy(asked.policy) if asked.policy else OnlinePolicy.MOBILE_PC
