"""The definitions as analysts see them: everything that is written down about a rate."""

from typing import Any

from registry.rates.question import DIMENSIONS, Dimension
from registry.rates.rate import Rate
from registry.words import MatterType
from schema.analysts.dimensions import ENUMS
from schema.analysts.making import Real, Text, Truth, Type, field, listed, many, object_type, public_name, required
from schema.analysts.words import (
    DIMENSION,
    DIRECTION,
    FAMILY,
    IN_BOTH,
    UNIT,
    WORDS,
    Count,
    Day,
    in_both,
)

TARGET = object_type(
    "RateTarget",
    "A target for any period that lies within its own.",
    {
        "value": field(required(Real), "The target, of 1.", lambda target, _info: float(target.value)),
        "first": field(required(Day), "From this day."),
        "last": field(required(Day), "To this day, counted."),
        "department": field(Text, "The code of the department it is for; null: all."),
        "district": field(Text, "The code of the district it is for; null: the whole city."),
        "source": field(required(WORDS), "Who set it.", in_both("source")),
    },
)
EXAMPLE = object_type(
    "RateExample",
    "What a rate comes to on the worked example: a hundred cases, six matters and two bundles.",
    {
        "numerator": field(required(Count), "The numerator.", lambda example, _info: example[0]),
        "denominator": field(required(Count), "The denominator.", lambda example, _info: example[1]),
        "value": field(required(Real), "The rate.", lambda example, _info: float(example[0] / example[1])),
    },
)


def _review(attribute: str) -> Any:
    return lambda rate, _info: getattr(rate.review, attribute)


def _dimensions(rate: Rate, _info: Any) -> list[Dimension]:
    return [dimension for dimension in Dimension if dimension in DIMENSIONS[rate.family]]


def _population(rate: Rate, _info: Any) -> list[MatterType] | None:
    if rate.population is None:
        return None
    return [kind for kind in MatterType if kind in rate.population]


DEFINITION: Type = object_type(
    "RateDefinition",
    "What a rate is, in words, who answers for it, and until when it holds.",
    {
        "name": field(required(Text), "Its name, as the command line and files have it."),
        "field": field(required(Text), "Its field in a row.", lambda rate, _info: public_name(rate.name)),
        **IN_BOTH,
        "family": field(required(FAMILY), "Its family: availability is of matters, use is of cases."),
        "numerator": field(required(WORDS), "What is counted."),
        "denominator": field(required(WORDS), "What it is divided by."),
        "follows_policy": field(required(Truth), "Whether the online policy changes it."),
        "population": field(
            listed(required(ENUMS[MatterType])), "The types of matters it is taken over; null: it is not of matters.", _population
        ),
        "unit": field(required(UNIT), "What is counted in."),
        "direction": field(required(DIRECTION), "Which way is good."),
        "owner": field(required(WORDS), "The department that answers for it.", lambda rate, _info: _owner(rate)),
        "source": field(required(WORDS), "Where the definition comes from.", in_both("source")),
        "reading": field(required(Truth), "Whether it is a reading, an interpretation: no source states it so."),
        "reviewed_by": field(required(Text), "Who reviewed it.", _review("by")),
        "reviewed_on": field(required(Day), "When.", _review("on")),
        "reviewed_until": field(required(Day), "Until when the review holds.", _review("until")),
        "targets": field(many(required(TARGET)), "Its targets, by period and area; none: nobody set any."),
        "example": field(required(EXAMPLE), "What it comes to on the worked example."),
        "dimensions": field(
            many(required(DIMENSION)), "By what it can be broken down; elsewhere it is null, never guessed.", _dimensions
        ),
    },
)  # fmt: skip


def _owner(rate: Rate) -> dict[str, str]:
    return {"zh": rate.review.owner_zh, "en": rate.review.owner_en}
