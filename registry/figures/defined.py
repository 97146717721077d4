"""The definitions as a sheet: everything that is written down about each rate."""

from collections.abc import Iterable
from fractions import Fraction

from registry.figures.sheet import Cells, Column, Kind, Sheet
from registry.rates.rate import Rate, Target

TEXTS = (
    ("name", "名称", "name"), ("zh", "指标", "in Chinese"), ("en", "英文名", "in English"), ("family", "类别", "family"),
    ("numerator_zh", "分子", "numerator in Chinese"), ("numerator_en", "分子英文", "numerator in English"),
    ("denominator_zh", "分母", "denominator in Chinese"), ("denominator_en", "分母英文", "denominator in English"),
    ("unit", "单位", "unit"), ("direction", "优劣", "which way is good"),
    ("source_zh", "来源", "source in Chinese"), ("source_en", "来源英文", "source in English"),
    ("owner_zh", "负责单位", "owner in Chinese"), ("owner_en", "负责单位英文", "owner in English"),
    ("reviewed_by", "审核", "reviewed by"), ("reviewed_on", "审核日期", "reviewed on"),
    ("reviewed_until", "有效至", "reviewed until"), ("targets", "目标", "targets"),
)  # fmt: skip
COLUMNS = (
    *(Column(*words) for words in TEXTS),
    Column("reading", "是否理解", "a reading", Kind.TRUTH),
    Column("follows_policy", "随线上口径", "follows the online policy", Kind.TRUTH),
    Column("example_numerator", "示例分子", "numerator of the example", Kind.NUMBER),
    Column("example_denominator", "示例分母", "denominator of the example", Kind.NUMBER),
    Column("example", "示例值", "value of the example", Kind.SHARE),
)


def definitions_sheet(rates: Iterable[Rate]) -> Sheet:
    """A row for each definition."""
    return Sheet(COLUMNS, tuple(map(_row, rates)))


def target_words(target: Target) -> str:
    """A target on one line."""
    whom = ", ".join(filter(None, (target.department, target.district)))
    of = f" ({whom})" if whom else ""
    return f"{percent(target.value)} {target.first} — {target.last}{of}"


def percent(value: Fraction) -> str:
    """A share as people write it, as many digits as it needs."""
    return f"{float(value * 100):.10g} %"


def _row(rate: Rate) -> Cells:
    review, (numerator, denominator) = rate.review, rate.example
    return (
        rate.name, rate.zh, rate.en, rate.family.name, rate.numerator.zh, rate.numerator.en,
        rate.denominator.zh, rate.denominator.en, rate.unit.name, rate.direction.name, rate.source_zh, rate.source_en,
        review.owner_zh, review.owner_en, review.by, review.on.isoformat(), review.until.isoformat(),
        "; ".join(map(target_words, rate.targets)), rate.reading, rate.follows_policy,
        float(numerator), float(denominator), float(numerator / denominator),
    )  # fmt: skip
