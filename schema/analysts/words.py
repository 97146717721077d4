"""Words and scalars of the analysts' schema."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from graphql import GraphQLError

from registry.rates.answer import Answer, Attained
from registry.rates.flags import Flag
from registry.rates.pace import Forecast
from registry.rates.path import Peers
from registry.rates.precedence import Reason
from registry.rates.question import Dimension
from registry.rates.rate import Direction, Family, OnlinePolicy, Unit
from registry.words import Word
from schema.analysts.making import Text, Type, enum, field, object_type, required, scalar


class SortDirection(Word):
    """Which way to sort. What is not known comes last either way."""

    ASC = "asc", "升序", "smallest first"
    DESC = "desc", "降序", "largest first"


class Measure(Word):
    """A number of a rate's answer: the attribute, and what it is."""

    VALUE = (
        "value",
        "指标值：分子除以分母；未知或 0/0 时为空",
        "the rate, numerator by denominator; null where unknown or 0/0",
    )
    NUMERATOR = "numerator", "分子；未知时为空", "the numerator; null where unknown"
    DENOMINATOR = "denominator", "分母；未知时为空", "the denominator; null where unknown"
    COMPLETENESS = (
        "completeness", "完整率：已报送单元除以应报送单元", "cells reported by cells expected; null where none is expected",
    )  # fmt: skip
    REPORTED = "reported", "已报送的单元数", "how many cells are reported"
    EXPECTED = "expected", "应报送的单元数", "how many cells should be reported"
    LOWEST = "lowest", "未报送部分无论如何，指标值不低于此", "the lowest the value can be, whatever was not reported"
    HIGHEST = "highest", "未报送部分无论如何，指标值不高于此", "the highest the value can be, whatever was not reported"
    TARGET = (
        "target",
        "该时段、该范围的目标；无目标时为空",
        "the target for the period and area; null where there is none",
    )
    CASES_TO_TARGET = (
        "to_target", "距目标还差的件（项、个）数：至少要有这么多转为线上；已达标为 0",
        "the smallest number of cases (matters, bundles) that must be moved to reach the target; 0 if it is met",
    )  # fmt: skip
    TOLERATES = (
        "tolerates", "结论可承受的未报送件数（全部不利时）；任意多均可或无结论时为空",
        "how many unreported cases, all on the wrong side, the verdict bears; null if any number, or no verdict",
    )  # fmt: skip


WHOLE = frozenset({Measure.REPORTED, Measure.EXPECTED})
COUNTED = frozenset({Measure.NUMERATOR, Measure.DENOMINATOR, Measure.CASES_TO_TARGET, Measure.TOLERATES})


def measured(answer: Answer, measure: Measure) -> Fraction | int | None:
    """The number, exactly; None: unknown, or there is none."""
    if measure is Measure.TARGET:
        return answer.target.value if answer.target else None
    number: Fraction | int | None = getattr(answer, measure.code)
    return number


def _count(number: Any) -> int | float:
    return int(number) if number == int(number) else float(number)


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError("日期应形如 2020-03-05 / a date is written 2020-03-05") from None


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError(
            "时刻应形如 2020-10-22T08:00:00+08:00 / a moment is written 2020-10-22T08:00:00+08:00"
        ) from None


def _parsed_nowhere(_value: Any) -> Any:
    raise GraphQLError("a count is never given")


def _iso(value: Any) -> str:
    return str(value.isoformat())


Count: Type = scalar("Count", "A number of cases, matters or days: whole where it is whole.", _count, _parsed_nowhere)
Day: Type = scalar("Date", "A day, as in 2020-03-05.", _iso, _day)
Moment: Type = scalar(
    "DateTime", "A moment in ISO 8601, as in 2020-10-22T08:00:00+08:00; without a zone, by the city's clock.",
    _iso, _moment,
)  # fmt: skip

DIMENSION = enum(Dimension, "Dimension", "What rows can be grouped and filtered by.")
POLICY = enum(OnlinePolicy, "OnlinePolicy", "Which channels count as online; no source says, so it is named.")
ATTAINED = enum(Attained, "Attained", "Whether a target is met; UNKNOWN where what is not reported could change it.")
FAMILY = enum(Family, "RateFamily", "The families of rates, which are never mixed in one figure.")
DIRECTION = enum(Direction, "RateDirection", "Which way is good.")
UNIT = enum(Unit, "RateUnit", "What numerator and denominator are counted in.")
REASON = enum(Reason, "SetAsideReason", "Why volumes were not used.")
FORECAST = enum(Forecast, "Forecast", "How many cases the remaining months are taken to bring.")
PEERS = enum(Peers, "Peers", "Whom a matter is compared with: the first of these of which there are enough.")
FLAG = enum(Flag, "QualityFlag", "What may be odd about a group's months.")
SORT_DIRECTION = enum(SortDirection, "SortDirection", "Which way to sort; what is not known comes last either way.")
MEASURE = enum(Measure, "RateMeasure", "The numbers of a rate's answer, to sort by.")


def in_both(attribute: str) -> Any:
    """A resolver that gives `attribute_zh` and `attribute_en` of what it resolves as words."""
    return lambda root, _info: {"zh": getattr(root, f"{attribute}_zh"), "en": getattr(root, f"{attribute}_en")}


IN_BOTH: Mapping[str, Type] = {
    "zh": field(required(Text), "In Chinese."),
    "en": field(required(Text), "In English."),
}
WORDS = object_type("Words", "The same in Chinese and in English.", dict(IN_BOTH))
