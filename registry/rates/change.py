"""What changed between two periods: the shift of mix, and the change within the groups.

For a group with the share w of all cases and the rate r, and for all with the rate R:
    mix    = (w₁ − w₀) · ((r₀ + r₁)/2 − (R₀ + R₁)/2)
    within = (r₁ − r₀) · (w₀ + w₁)/2
Means over both periods, so that the split is the same forwards and backwards. As the
w of each period add up to one, all mixes and withins add up to R₁ − R₀, exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from registry.rates.question import Key, key_order

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Count:
    """A group's counts in a period."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)

    @property
    def rate(self) -> Fraction | None:
        """Its rate; None where it has no cases."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Part:
    """A group's part in the change."""

    key: Key
    before: Count
    after: Count
    mix: Fraction
    within: Fraction

    @property
    def total(self) -> Fraction:
        """Its whole part."""
        return self.mix + self.within


@dataclass(frozen=True, slots=True)
class Change:
    """The change from `before` to `after`: `mix` and `within` add up to it. Parts: the largest first."""

    before: Fraction
    after: Fraction
    mix: Fraction
    within: Fraction
    parts: tuple[Part, ...]


def change(before: Mapping[Key, Count], after: Mapping[Key, Count]) -> Change | None:
    """What changed; None if one of the periods has no cases at all.

    A group that has cases in one period only came or went: that is mix, and nothing changed within it.
    """
    all_before, all_after = _total(before), _total(after)
    if all_before.rate is None or all_after.rate is None:
        return None
    mean = (all_before.rate + all_after.rate) * HALF
    parts = []
    for key in sorted({*before, *after}, key=key_order):
        old, new = before.get(key, Count()), after.get(key, Count())
        was, now = old.denominator / all_before.denominator, new.denominator / all_after.denominator
        first, last = _rates(old, new)
        parts.append(
            Part(key, old, new, (now - was) * ((first + last) * HALF - mean), (last - first) * (was + now) * HALF)
        )
    return Change(
        all_before.rate,
        all_after.rate,
        sum((part.mix for part in parts), Fraction(0)),
        sum((part.within for part in parts), Fraction(0)),
        tuple(sorted(parts, key=lambda part: -abs(part.total))),
    )


def _rates(old: Count, new: Count) -> tuple[Fraction, Fraction]:
    first, last = old.rate, new.rate
    if first is None:
        first = last
    if last is None:
        last = first
    return (first, last) if first is not None and last is not None else (Fraction(0), Fraction(0))


def _total(counts: Mapping[Key, Count]) -> Count:
    return Count(
        sum((count.numerator for count in counts.values()), Fraction(0)),
        sum((count.denominator for count in counts.values()), Fraction(0)),
    )
