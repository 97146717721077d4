"""The types of what analyses find: a pace, a path, a change, flags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from registry.figures.notes import notes_of, snapshot_line
from registry.rates.question import Dimension, Key
from registry.snapshot import Snapshot
from schema.analysts.dimensions import CODED_VALUE, coded, dimension_fields
from schema.analysts.making import Real, Text, Truth, Type, Whole, argument, field, many, object_type, required
from schema.analysts.orders import PAGE, PAGE_MAX, size_of
from schema.analysts.tables import ANSWER, NOTE, Figure
from schema.analysts.words import FLAG, FORECAST, PEERS, Count, Day

Resolve = Callable[[Any, Any], Any]
REQUIRED_TEXTS = many(required(Text))


@dataclass(frozen=True, slots=True)
class Group:
    """A group that something was found of: its values in the dimensions grouped by."""

    by: Sequence[Dimension]
    key: Key
    snapshot: Snapshot
    found: Any = None


def _real(read: Callable[[Any], Fraction | int | None]) -> Resolve:
    def resolve(found: Any, _info: Any) -> float | None:
        number = read(found)
        return None if number is None else float(number)

    return resolve


def _of(read: Callable[[Any], Any]) -> Resolve:
    return lambda found, _info: read(found)


def _snapshot(found: Any, _info: Any) -> str:
    return snapshot_line(_reports(found)[-1])


def _notes(found: Any, info: Any) -> Any:
    rate = info.context.desk.rates[found.about.rate]
    return list(dict.fromkeys(note for each in _reports(found) for note in notes_of(each, [rate])))


def _reports(found: Any) -> tuple[Any, ...]:
    """The answers that it was found in."""
    return (found.before, found.after) if hasattr(found, "before") else (found.reported,)


RESTS_ON = {
    "snapshot": field(required(Text), "What it was reckoned from: the same snapshot, the same figures.", _snapshot),
    "notes": field(many(required(NOTE)), "All that must be said beside the figures, in words.", _notes),
}
COUNTS = object_type(
    "RateCounts",
    "A numerator and a denominator, with what they come to.",
    {
        "numerator": field(required(Count), "The numerator."),
        "denominator": field(required(Count), "The denominator."),
        "value": field(
            Real, "The rate; null: 0/0.", _real(lambda count: Fraction(count.numerator, count.denominator) if count.denominator else None)
        ),
    },
)  # fmt: skip
MONTH = object_type(
    "MonthCounts",
    "A month's counts.",
    {
        "month": field(required(Text), "The month.", _of(lambda pair: pair[0])),
        "counts": field(required(COUNTS), "What was counted.", _of(lambda pair: pair[1])),
    },
)
PACE: Type = object_type(
    "Pace",
    "What share of a year's remaining cases its target needs.",
    {
        "year": field(required(Whole), "The year."),
        "target": field(required(Real), "The target, of 1.", _real(lambda found: found.target)),
        "through": field(required(Text), "The last month that is counted."),
        "months": field(many(required(MONTH)), "The months counted.", _of(lambda found: sorted(found.months.items()))),
        "so_far": field(required(COUNTS), "Those months together.", _of(lambda found: found.pace.so_far)),
        "remaining": field(REQUIRED_TEXTS, "The months that remain.", _of(lambda found: found.pace.remaining)),
        "forecast": field(
            required(FORECAST), "How many cases those are taken to bring.", _of(lambda found: found.pace.forecast)
        ),
        "expected_cases": field(
            Count, "That many; null: it can't be told.", _of(lambda found: found.pace.expected_cases)
        ),
        "needed": field(
            Real, "The share of those cases that is needed: 0 or less, it is met whatever comes; above 1, it can't be.",
            _real(lambda found: found.pace.needed),
        ),
        "within_reach": field(
            Truth, "Whether the target can still be met; null: it can't be told.",
            _of(lambda found: found.pace.within_reach),
        ),
        "missing": field(
            REQUIRED_TEXTS, "The months whose counts are missing.", _of(lambda found: found.pace.missing)
        ),
        **RESTS_ON,
    },
)  # fmt: skip


def _coded_matter(step: Any, _info: Any) -> Any:
    return coded(Dimension.MATTER, step.found.matter, step.snapshot)


def _coded_department(step: Any, _info: Any) -> Any:
    matter = step.snapshot.holdings.matters.get(step.found.matter)
    return coded(Dimension.DEPARTMENT, matter.department if matter else None, step.snapshot)


STEP = object_type(
    "PathStep",
    "What one matter contributes: hall cases that move online until it does as well as its peers.",
    {
        "matter": field(required(CODED_VALUE), "The matter.", _coded_matter),
        "department": field(CODED_VALUE, "Its department; null: not known.", _coded_department),
        "moved": field(required(Count), "How many hall cases move.", _of(lambda step: step.found.moved)),
        "share": field(required(Real), "Its share online now.", _real(lambda step: step.found.share)),
        "reached_by_peers": field(
            required(Real), "The share that its peers reach.", _real(lambda step: step.found.reached_by_peers)
        ),
        "peers": field(required(PEERS), "Who its peers are.", _of(lambda step: step.found.peers)),
        "peers_count": field(required(Whole), "How many they are.", _of(lambda step: step.found.peers_count)),
    },
)


def _steps(found: Any, _info: Any) -> list[Group]:
    return [Group((), (), found.reported.snapshot, step) for step in found.path.steps]


def _unknown(found: Any, _info: Any) -> Any:
    return [coded(Dimension.MATTER, code, found.reported.snapshot) for code in found.unknown]


PATH: Type = object_type(
    "Path",
    "The fewest matters whose hall cases, moved online as far as their peers are, close the gap to the target.",
    {
        "target": field(required(Real), "The target, of 1.", _real(lambda found: found.target)),
        "answer": field(
            required(ANSWER), "What the rate comes to now.", _of(lambda found: Figure(found.answer, found.about.rate))
        ),
        "gap": field(required(Count), "The gap, in cases.", _of(lambda found: found.path.gap)),
        "steps": field(many(required(STEP)), "The matters, the largest contribution first.", _steps),
        "left": field(required(Count), "What of the gap remains after all of them.", _of(lambda found: found.path.left)),
        "closes": field(required(Truth), "Whether nothing remains.", _of(lambda found: found.path.closes)),
        "unknown": field(
            many(required(CODED_VALUE)), "Matters left out, for too little is known of their channels.", _unknown
        ),
        **RESTS_ON,
    },
)  # fmt: skip

GROUP_FIELDS = dimension_fields(
    lambda group, dimension: group.key[group.by.index(dimension)] if dimension in group.by else None,
    lambda group: group.snapshot,
)
GROUP = object_type("RateGroup", "A group, by its values in the dimensions grouped by.", dict(GROUP_FIELDS))
PART = object_type(
    "ChangePart",
    "A group's part in a change.",
    {
        **GROUP_FIELDS,
        "before": field(required(COUNTS), "Its counts in the first period.", _of(lambda group: group.found.before)),
        "after": field(required(COUNTS), "Its counts in the second.", _of(lambda group: group.found.after)),
        "mix": field(required(Real), "What its share of all cases moved.", _real(lambda group: group.found.mix)),
        "within": field(required(Real), "What changed within it.", _real(lambda group: group.found.within)),
        "total": field(required(Real), "Both together.", _real(lambda group: group.found.total)),
    },
)


def first_argument(what: str) -> Type:
    """How many of a list."""
    return argument(Whole, f"The first so many {what}, 1 to {PAGE_MAX}.", default_value=PAGE)


def _parts(found: Any, _info: Any, first: int | None = None) -> list[Group]:
    parts = found.change.parts[: size_of(first)] if found.change else ()
    return [Group(found.by, part.key, found.after.snapshot, part) for part in parts]


def _left_out(found: Any, _info: Any) -> list[Group]:
    return [Group(found.by, key, found.after.snapshot) for key in found.left_out]


def _change(name: str) -> Resolve:
    return _real(lambda found: getattr(found.change, name) if found.change else None)


PERIOD = object_type(
    "Period",
    "From a day to a day, both counted.",
    {"first": field(required(Day), "The first day."), "last": field(required(Day), "The last day.")},
)
CHANGE: Type = object_type(
    "Change",
    "What changed from one period to another: mix and within add up to it. Null: one of the periods has no cases.",
    {
        "periods": field(many(required(PERIOD)), "The two periods."),
        "before": field(Real, "The rate in the first.", _change("before")),
        "after": field(Real, "The rate in the second.", _change("after")),
        "mix": field(Real, "How much of the change is that groups grew or shrank.", _change("mix")),
        "within": field(Real, "How much of it happened within groups.", _change("within")),
        "parts": field(
            many(required(PART)), "Each group's part, the largest first.", _parts, first=first_argument("groups")
        ),
        "part_count": field(
            required(Whole), "How many groups there are.", _of(lambda found: len(found.change.parts) if found.change else 0)
        ),
        "left_out": field(many(required(GROUP)), "Groups left out, for too little is known of them.", _left_out),
        **RESTS_ON,
    },
)  # fmt: skip
RAISED = object_type(
    "RaisedFlag",
    "A flag: a question, not a fault.",
    {
        "flag": field(required(FLAG), "What is odd."),
        "months": field(REQUIRED_TEXTS, "The months that it is about."),
        "amount": field(required(Real), "The number that made it so.", _real(lambda raised: raised.amount)),
    },
)
FLAGGED = object_type(
    "FlaggedGroup",
    "A group in whose months something is odd.",
    {**GROUP_FIELDS, "flags": field(many(required(RAISED)), "Its flags.", _of(lambda group: group.found))},
)


def _groups(found: Any, _info: Any, first: int | None = None) -> list[Group]:
    return [Group(found.by, key, found.reported.snapshot, flags) for key, flags in found.groups[: size_of(first)]]


FLAGS: Type = object_type(
    "Flags",
    "What to look at twice before passing a figure on.",
    {
        "groups": field(
            many(required(FLAGGED)), "The groups that raise a flag.", _groups, first=first_argument("groups")
        ),
        "group_count": field(required(Whole), "How many of them there are.", _of(lambda found: len(found.groups))),
        "looked_at": field(required(Whole), "How many groups were looked at."),
        **RESTS_ON,
    },
)
