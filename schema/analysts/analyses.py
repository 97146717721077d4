"""What analysts do beyond the table, each as a field: found in `registry.figures`, shown by `findings`."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo

from registry.errors import RefusedInput
from registry.rates.periods import Period
from registry.rates.question import Dimension
from registry.rates.rate import OnlinePolicy
from schema.analysts.dimensions import demand_label, demand_short, scope_of
from schema.analysts.extent import demand_few_rows
from schema.analysts.findings import CHANGE, FLAGS, PACE, PATH
from schema.analysts.making import Real, Text, Type, Whole, argument, field, many, required
from schema.analysts.words import DIMENSION, FORECAST, POLICY, Moment

if TYPE_CHECKING:
    from registry.figures.about import About
    from registry.figures.desk import Desk

Given = Mapping[str, Any]
FIRST_YEAR, LAST_YEAR = 1900, 2200
# The longest of 2020-03-05..2020-04-04.
SPAN_LETTERS = 22


def analyses(rate_name: Type, where: Type) -> dict[str, Type]:
    """The fields. Null where one can't be found, so that the rest of an answer stands beside the error that says why."""
    of_one = {"rate": argument(rate_name, "The rate; online_acceptance_rate if absent.")}
    target = {"target": argument(Real, "The target, of 1; the definition's if absent.")}
    about = {
        "where": argument(where, "Which cases; all if absent."),
        "online_policy": argument(POLICY, "Which channels count as online.", default_value=OnlinePolicy.MOBILE_PC),
        "as_reported_on": argument(Moment, "As cases and volumes were known at that moment; now if absent."),
    }
    by = argument(many(required(DIMENSION)), "What to group by.")
    return {
        "pace": field(
            PACE, "Pace to target: what share of a year's remaining cases is needed.", _asks(_pace),
            **of_one, **about, **target,
            year=argument(Whole, "The year; the last with cases if absent."),
            through=argument(Text, "The last month whose cases are all in, as 2020-06; the last with cases if absent."),
            forecast=argument(FORECAST, "How many cases to expect; as last year if that is known, else as so far."),
        ),
        "path": field(
            PATH,
            "Path to target: the fewest matters whose hall cases, moved online, close the gap; of the last year with"
            " cases if `where` names no time.",
            _asks(_path), **about, **target,
        ),
        "change": field(
            CHANGE, "What changed between two periods: shift of mix, and change within groups.", _asks(_change),
            **of_one, **about, by=by,
            before=argument(required(Text), "The first period: 2019, 2020-Q1, 2020-03, or 2020-01..2020-03."),
            after=argument(required(Text), "The second period."),
        ),
        "flags": field(
            FLAGS, "Quality flags of each group's months.", _asks(_flags),
            **of_one, **about, by=argument(many(required(DIMENSION)), "What to group by.", default_value=[]),
        ),
    }  # fmt: skip


def _asks(find: Callable[["Desk", "About", Given], Any]) -> Any:
    """A resolver that says what the analysis is about, finds it, and keeps it for a file."""

    def ask(_root: Any, info: GraphQLResolveInfo, **given: Any) -> Any:
        from registry.figures.about import About

        context, rate, target = info.context, given.get("rate"), given.get("target")
        if target is not None and not 0 <= target <= 1:
            raise RefusedInput("target 须为 0 至 1", "`target` is from 0 to 1")
        about = About(
            **({"rate": rate.code} if rate else {}),
            where=scope_of(given.get("where"), context.snapshot),
            policy=given.get("online_policy") or OnlinePolicy.MOBILE_PC,
            as_reported_on=given.get("as_reported_on"),
            target=None if target is None else Fraction(str(target)),
        )
        by = tuple(given.get("by") or ())
        demand_few_rows((*by, Dimension.MONTH), about.where, context.snapshot.holdings)
        found = find(context.desk, about, {**given, "by": by})
        context.found.append(found)
        return found

    return ask


def _pace(desk: "Desk", about: "About", given: Given) -> Any:
    from registry.figures.pacing import pace_to_target

    year, through = given.get("year"), given.get("through")
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        raise RefusedInput(f"year 须为 {FIRST_YEAR} 至 {LAST_YEAR}", f"`year` is from {FIRST_YEAR} to {LAST_YEAR}")
    if through is not None:
        demand_label(Dimension.MONTH, through)
    return pace_to_target(desk, about, year=year, forecast=given.get("forecast"), through=through)


def _path(desk: "Desk", about: "About", _given: Given) -> Any:
    from registry.figures.paths import path_to_target

    return path_to_target(desk, about)


def _change(desk: "Desk", about: "About", given: Given) -> Any:
    from registry.figures.changes import what_changed

    return what_changed(desk, about, given["by"], _period(given["before"]), _period(given["after"]))


def _flags(desk: "Desk", about: "About", given: Given) -> Any:
    from registry.figures.flagging import quality_flags

    return quality_flags(desk, about, given["by"])


def _period(text: str) -> Period:
    """Raises RefusedInput for what is no period, is open, or is long."""
    from registry.figures.conditions import span_of

    if len(text) > SPAN_LETTERS:
        raise RefusedInput("时段应形如 2020-03 或 2020-01..2020-03", "write a period as 2020-03, or 2020-01..2020-03")
    period = span_of(text)
    demand_short(period.first, period.last)
    return period
