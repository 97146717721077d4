"""Pace to target: what share of the cases of a year's remaining months must be done online."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from registry.errors import RefusedInput
from registry.figures.about import About, asked, latest_year, no_target, rate_of_cases, whole_year
from registry.figures.desk import Desk, Reported
from registry.rates.drawn import months_drawn
from registry.rates.pace import Forecast, Month, Pace, pace
from registry.rates.question import Dimension
from registry.rates.rate import Direction

WORDS = ("达标进度", "the pace to a target")


@dataclass(frozen=True, slots=True)
class Paced:
    """The pace, and what it was reckoned from: `months` are the year's by their labels, to `through`, counted."""

    about: About
    year: int
    target: Fraction
    through: str
    pace: Pace
    months: Mapping[str, Month]
    reported: Reported


def pace_to_target(
    desk: Desk, about: About, *, year: int | None = None, forecast: Forecast | None = None, through: str | None = None
) -> Paced:
    """The pace that a year's target needs after the month `through`, such as 2020-06.

    The year is the last with cases if none is given; `through` its last month with
    cases, which may not all be in yet; the forecast last year's months where they are
    known, else the mean so far. Raises RefusedInput where there is no target or no case.
    """
    rate = rate_of_cases(desk, about, WORDS)
    if rate.direction is not Direction.HIGHER:
        raise RefusedInput(
            f"达标进度只适用于越高越好的指标，{rate.zh}不是",
            f"a pace is of rates of which more is better; {rate.en} is none",
        )
    if not about.timeless:
        raise RefusedInput(
            "达标进度按整年计算，请用 --year 而非时间条件", "a pace is of a whole year: name the year, no periods"
        )
    year = year or _year(desk, about)
    of_year = about.within(whole_year(year))
    reported = asked(desk, of_year, (Dimension.MONTH,))
    set_for_year = reported.table.totals.answers[about.rate].target
    target = about.target if about.target is not None else set_for_year.value if set_for_year else None
    if target is None:
        raise no_target(str(year))
    months = months_drawn(reported.table, about.rate)
    if not months:
        raise RefusedInput(f"{year} 年没有可用的办件", f"there are no cases of {year} to go by")
    through = through or max(months)
    before = months_drawn(asked(desk, about.within(whole_year(year - 1)), (Dimension.MONTH,)).table, about.rate)
    every, so_far = before | months, {label: month for label, month in months.items() if label <= through}
    return Paced(of_year, year, target, through, _paced(every, (year, target, through), forecast), so_far, reported)


def _paced(months: Mapping[str, Month], wanted: tuple[int, Fraction, str], forecast: Forecast | None) -> Pace:
    year, target, through = wanted
    by_last_year = pace(months, year, target, Forecast.LAST_YEAR, through)
    if forecast is Forecast.LAST_YEAR or (forecast is None and not by_last_year.missing):
        return by_last_year
    return pace(months, year, target, Forecast.MEAN_SO_FAR, through)


def _year(desk: Desk, about: About) -> int:
    label = latest_year(desk, about)
    if label is None:
        raise RefusedInput("还没有办件", "there are no cases yet")
    return int(label)
