"""Pace to target: what share the remaining months need, if as many cases come as are forecast."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from registry.words import Word

MONTHS_IN_A_YEAR = 12


class Forecast(Word):
    """How many cases the remaining months are taken to bring. Always said beside the answer."""

    LAST_YEAR = "last_year", "与上年同月相同", "as many as in the same months of the year before"
    MEAN_SO_FAR = "mean_so_far", "按今年已有各月平均", "as many a month as on average so far this year"


@dataclass(frozen=True, slots=True)
class Month:
    """A month's counts."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Pace:
    """What it takes. `needed` is the share of the remaining months' cases, None if it can't be told.

    0 or less: whatever comes, the target is met. Above 1: it can't be met. `missing`
    names the months without the counts that the forecast needs.
    """

    forecast: Forecast
    so_far: Month
    remaining: tuple[str, ...]
    expected_cases: Fraction | None
    needed: Fraction | None
    missing: tuple[str, ...] = ()

    @property
    def within_reach(self) -> bool | None:
        """Whether the target can still be met; None if it can't be told."""
        return None if self.needed is None else self.needed <= 1


def pace(months: Mapping[str, Month], year: int, target: Fraction, forecast: Forecast, through: str) -> Pace:
    """The pace that a year's target needs after the month `through`, the last whose cases are all held.

    `months`: counts by their labels (2020-03), of this year and, for LAST_YEAR, of the one before.
    """
    labels = [f"{year:04d}-{month:02d}" for month in range(1, MONTHS_IN_A_YEAR + 1)]
    done = [label for label in labels if label <= through]
    remaining = tuple(label for label in labels if label > through)
    held = [months[label] for label in done if label in months]
    so_far = Month(sum(month.numerator for month in held), sum(month.denominator for month in held))
    missing = [label for label in done if label not in months]
    if forecast is Forecast.MEAN_SO_FAR:
        coming = Fraction(so_far.denominator * len(remaining), len(held)) if held else None
    else:
        before = [f"{year - 1:04d}{label[4:]}" for label in remaining]
        absent = [label for label in before if label not in months]
        missing += absent
        coming = None if absent else Fraction(sum(months[label].denominator for label in before))
    needed = (target * (so_far.denominator + coming) - so_far.numerator) / coming if coming else None
    # A month of which nothing is known may have gone either way: no figure is better than a wrong one.
    return Pace(forecast, so_far, remaining, coming, None if missing else needed, tuple(missing))
