"""Ranking with ties: equal values share a rank, and the next rank counts how many were better (1, 2, 2, 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from registry.rates.question import Key, key_order
from registry.rates.rate import Direction, Rate
from registry.rates.reckon import Row


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row's place. `rank` is None where there is no value: unknown is neither first nor last."""

    rank: int | None
    key: Key
    value: Fraction | None


def ranked(rows: Iterable[Row], rate: Rate) -> tuple[Ranked, ...]:
    """The rows by one rate, the best first: the lowest where lower is better. Ties in the order of their keys."""
    values = [(row.key, row.answers[rate.name].value) for row in rows]
    sign = 1 if rate.direction is Direction.LOWER else -1
    known = sorted(
        ((key, value) for key, value in values if value is not None),
        key=lambda pair: (sign * pair[1], key_order(pair[0])),
    )
    found: list[Ranked] = []
    for place, (key, value) in enumerate(known, start=1):
        tied = found and found[-1].value == value
        found.append(Ranked(found[-1].rank if tied else place, key, value))
    unknown = sorted((key for key, value in values if value is None), key=key_order)
    return (*found, *(Ranked(None, key, None) for key in unknown))
