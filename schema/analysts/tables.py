"""The types of a table of rates, made from the definitions: a field for each dimension and for each rate."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.figures.notes import notes_of, snapshot_line
from registry.rates.answer import Answer
from registry.rates.rate import Rate
from schema.analysts.asking import Line
from schema.analysts.dimensions import dimension_fields
from schema.analysts.making import Real, Text, Truth, Type, Whole, field, many, object_type, required
from schema.analysts.orders import PAGE_INFO
from schema.analysts.words import ATTAINED, COUNTED, IN_BOTH, POLICY, REASON, WHOLE, Count, Measure, Moment, measured


@dataclass(frozen=True, slots=True)
class Figure:
    """A rate's answer where it is shown."""

    answer: Answer
    rate: str
    line: Line | None = None

    @property
    def rank(self) -> int | None:
        """Its place among the table's rows; totals have none."""
        if self.line is None or self.line.row is self.line.table.table.totals:
            return None
        return self.line.table.rank(self.rate, self.line.row.key)


def _number(measure: Measure) -> Callable[[Any, Any], Any]:
    if measure in COUNTED or measure in WHOLE:
        return lambda figure, _info: measured(figure.answer, measure)

    def real(figure: Any, _info: Any) -> float | None:
        number = measured(figure.answer, measure)
        return None if number is None else float(number)

    return real


def _of_answer(name: str) -> Callable[[Any, Any], Any]:
    return lambda figure, _info: getattr(figure.answer, name)


def _answer_type() -> Type:
    fields = {}
    for measure in Measure:
        of = Count if measure in COUNTED else required(Whole) if measure in WHOLE else Real
        fields[measure.name.lower()] = field(of, f"{measure.zh} · {measure.en}.", _number(measure))
    fields["attained"] = field(
        ATTAINED,
        "是否达标；无目标时为空 · whether the target is met; null where there is none.",
        _of_answer("attained"),
    )
    fields["policy"] = field(
        POLICY,
        "所用线上口径；与指标无关时为空 · the online policy used; null where it makes no difference.",
        _of_answer("policy"),
    )
    fields["suppressed"] = field(
        required(Truth),
        "是否因人数过少而隐去 · whether it is withheld because the group is small.",
        _of_answer("suppressed"),
    )
    fields["rank"] = field(
        Whole,
        "在全部行中的名次，好者在前，相同者并列 · its place among all rows, the best first, equal ones sharing it.",
    )
    return object_type("RateAnswer", "What a rate comes to, with what is needed to defend it.", fields)


ANSWER = _answer_type()


def formula(rate: Rate) -> str:
    """What a rate is, in words: its names, and numerator by denominator."""
    return (
        f"{rate.zh} = {rate.numerator.zh} ÷ {rate.denominator.zh} · "
        f"{rate.en}: {rate.numerator.en} / {rate.denominator.en}."
    )


def row_type(rates: Iterable[Rate]) -> Type:
    """A row: a field for each dimension, a field for each rate."""

    def resolving(name: str) -> Callable[[Any, Any], Figure]:
        return lambda line, _info: Figure(line.row.answers[name], name, line)

    fields = dimension_fields(Line.value, lambda line: line.table.snapshot)
    for rate in rates:
        if rate.name in fields:
            raise ValueError(f"the rate {rate.name} has the name of a dimension")
        fields[rate.name] = field(required(ANSWER), formula(rate), resolving(rate.name))
    return object_type("RateRow", "A row: its value in each dimension asked by, and what each rate comes to.", fields)


SET_ASIDE = object_type(
    "SetAside",
    "Volumes that were not used for one reason, so that nothing is counted twice.",
    {
        "reason": field(required(REASON), "Why."),
        "rows": field(required(Whole), "How many rows of reports."),
        "cases": field(Count, "How many cases they told of; null: withheld, because they are few."),
        "matters": field(many(required(Text)), "The codes of the matters they are of."),
    },
)


def _set_aside(table: Any, _info: Any) -> Any:
    least = table.wanted.suppress or 0
    return [
        {"reason": each.reason, "rows": each.rows, "matters": each.matters,
         "cases": None if 0 < each.cases < least else each.cases}
        for each in table.table.set_aside
    ]  # fmt: skip


def _snapshot(table: Any, _info: Any) -> str:
    return snapshot_line(table.reported)


NOTE = object_type(
    "RateNote",
    "Something that goes wherever the figures go.",
    {"name": field(required(Text), "What it is about, for programs."), **IN_BOTH},
)


def _notes(rates: Mapping[str, Rate]) -> Callable[[Any, Any], Any]:
    def notes(table: Any, _info: Any) -> Any:
        return notes_of(table.shown, [rates[name] for name in table.table.question.rates])

    return notes


def table_type(rates: Mapping[str, Rate]) -> Type:
    """The table."""
    row = row_type(rates.values())
    fields = {
        "rows": field(many(required(row)), "The page's rows.", lambda table, _info: table.lines),
        "totals": field(required(row), "Of everything asked about, from the counts themselves; never from the rows."),
        "page_info": field(required(PAGE_INFO), "Where the page stands.", lambda table, _info: table.page),
        "total_count": field(
            required(Whole), "How many rows there are on all pages.", lambda table, _info: len(table.table.rows)
        ),
        "snapshot": field(
            required(Text), "What it was reckoned from: the same snapshot, the same figures.", _snapshot
        ),
        "revision": field(
            required(Whole), "The revision of the catalogue.", lambda table, _info: table.snapshot.revision
        ),
        "as_reported_on": field(
            Moment, "The moment as of which cases and volumes were taken; null: now.",
            lambda table, _info: table.reported.as_reported_on,
        ),
        "online_policy": field(
            required(POLICY), "Which channels counted as online.", lambda table, _info: table.table.question.policy
        ),
        "set_aside": field(many(required(SET_ASIDE)), "The volumes that were not used, and why.", _set_aside),
        "notes": field(many(required(NOTE)), "All that must be said beside the figures, in words.", _notes(rates)),
        "illustrative": field(
            required(Truth), "Whether the catalogue holds anything made up for show.",
            lambda table, _info: table.snapshot.illustrative,
        ),
        "synthetic": field(
            required(Truth), "Whether made-up cases are among those counted, numbered DEMO-….",
            lambda table, _info: table.reported.synthetic,
        ),
    }  # fmt: skip
    return object_type("RateTable", "A table of rates.", fields)
