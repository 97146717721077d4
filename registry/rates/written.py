"""The definitions as a table to read."""

from collections.abc import Iterable
from fractions import Fraction

from registry.rates.rate import Family, Rate

HEADINGS = ("name", "指标", "rate", "分子 numerator", "分母 denominator", "unit", "good", "source", "target", "example")


def definitions_table(rates: Iterable[Rate]) -> str:
    """The definitions in Markdown, a table for each family."""
    held = list(rates)
    parts = []
    for family in Family:
        rows = [_row(rate) for rate in held if rate.family is family]
        if rows:
            heading = [f"### {family.zh} · {family.en}", "", _line(HEADINGS), _line(["---"] * len(HEADINGS))]
            parts.append("\n".join([*heading, *map(_line, rows)]))
    return "\n\n".join(parts)


def _row(rate: Rate) -> list[str]:
    policy = "（按线上口径 · by the online policy）" if rate.follows_policy else ""
    return [
        f"`{rate.name}`",
        rate.zh,
        rate.en,
        f"{rate.numerator.zh} · {rate.numerator.en}{policy}",
        f"{rate.denominator.zh} · {rate.denominator.en}",
        rate.unit.en,
        rate.direction.name.lower(),
        "reading" if rate.reading else rate.source_en,
        "; ".join(f"{_percent(each.value)} in {each.first} to {each.last}" for each in rate.targets),
        f"{_plain(rate.example[0])} / {_plain(rate.example[1])}",
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _percent(value: Fraction) -> str:
    return f"{_plain(value * 100)} %"


def _plain(value: Fraction) -> str:
    return str(value) if value.denominator > 1 else str(value.numerator)
