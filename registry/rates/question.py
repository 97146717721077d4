"""What is asked: which rates, by which dimensions, of what, under which online policy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from registry.errors import RefusedInput
from registry.rates.periods import ALWAYS, Period, month_of, period_of, quarter_of, year_of
from registry.rates.rate import Family, OnlinePolicy
from registry.words import Word


class Dimension(Word):
    """What rows can be grouped and filtered by. Values are codes, names of words, or labels of periods.

    ONLINE_POLICY tells no cases apart: each of its rows is of all cases, counted under a policy.
    """

    DEPARTMENT = "department", "部门", "department"
    DISTRICT = "district", "区县", "district"
    MATTER = "matter", "事项", "matter"
    MATTER_TYPE = "matter_type", "事项类型", "matter type"
    SERVICE_OBJECT = "service_object", "服务对象", "service object"
    CHANNEL = "channel", "渠道", "channel"
    BUNDLE = "bundle", "一件事", "bundle"
    LIFE_STAGE = "life_stage", "人生阶段", "life stage"
    DAY = "day", "日", "day"
    MONTH = "month", "月", "month"
    QUARTER = "quarter", "季度", "quarter"
    YEAR = "year", "年", "year"
    ONLINE_POLICY = "online_policy", "线上口径", "online policy"


D = Dimension
LABELS: Mapping[Dimension, Callable[[date], str]] = {
    D.DAY: date.isoformat, D.MONTH: month_of, D.QUARTER: quarter_of, D.YEAR: year_of,
}  # fmt: skip
TIMES = frozenset(LABELS)
OF_MATTERS = frozenset({D.DEPARTMENT, D.MATTER, D.MATTER_TYPE, D.SERVICE_OBJECT, D.LIFE_STAGE})
# By what each family can be broken down. Elsewhere its rates are null, never guessed.
DIMENSIONS: Mapping[Family, frozenset[Dimension]] = {
    Family.USE: frozenset(Dimension),
    Family.AVAILABILITY: frozenset({*OF_MATTERS, *TIMES, D.DISTRICT, D.BUNDLE, D.ONLINE_POLICY}),
    Family.BUNDLE: frozenset({D.DEPARTMENT, D.BUNDLE, D.LIFE_STAGE, D.DISTRICT, *TIMES, D.ONLINE_POLICY}),
}

Value = str | None
Key = tuple[Value, ...]
Filters = Mapping[Dimension, frozenset[Value]]


@dataclass(frozen=True)
class Scope:
    """Of what: a span of days, and the values let through of any dimensions. Nothing given is everything."""

    first: date | None = None
    last: date | None = None
    filters: Filters = field(default_factory=dict)

    @cached_property
    def times(self) -> tuple[tuple[Period, ...], ...]:
        """Conditions on time, each a choice of periods; all must be met."""
        span = Period(self.first or date.min, self.last or date.max)
        chosen = [self.filters[each] for each in sorted(TIMES, key=LABELS_ORDER.index) if each in self.filters]
        return ((span,), *(tuple(sorted(map(_period, labels))) for labels in chosen))

    def holds(self, period: Period) -> bool:
        """Whether the period lies wholly within."""
        return all(any(each.holds(period) for each in choice) for choice in self.times)

    def meets(self, period: Period) -> bool:
        """Whether some part of the period lies within."""
        return _meets(self.times, period)

    @cached_property
    def bounds(self) -> Period:
        """The span in which everything asked about lies."""
        firsts = (min(period.first for period in choice) for choice in self.times if choice)
        lasts = (max(period.last for period in choice) for choice in self.times if choice)
        first, last = max(firsts), min(lasts)
        return Period(first, last) if first <= last else Period(first, first)

    @property
    def closed(self) -> bool:
        """Whether both ends of the time asked about are given."""
        return self.bounds.first != ALWAYS.first and self.bounds.last != ALWAYS.last

    def lets(self, dimension: Dimension, value: Value) -> bool:
        """Whether a value passes the filter on its dimension."""
        return dimension not in self.filters or value in self.filters[dimension]


LABELS_ORDER = list(LABELS)


@dataclass(frozen=True)
class Question:
    """What is asked. `on`: the day availability is told for where the scope and the row name none.

    None there takes the offers as they are published, whatever their dates.
    """

    rates: tuple[str, ...]
    by: tuple[Dimension, ...] = ()
    where: Scope = field(default_factory=Scope)
    policy: OnlinePolicy = OnlinePolicy.MOBILE_PC
    on: date | None = None

    def __post_init__(self) -> None:
        if len(set(self.by)) < len(self.by):
            raise RefusedInput("同一维度不能重复", "a dimension may be named once only")


def key_period(by: tuple[Dimension, ...], key: Key) -> Period | None:
    """The period that a row's key names: its narrowest. None if it names none."""
    periods = [period_of(value) for each, value in zip(by, key, strict=True) if each in TIMES and value is not None]
    return min(periods, key=lambda period: period.last - period.first, default=None)


def key_order(key: Key) -> tuple[tuple[bool, str], ...]:
    """Rows in the order of their keys, what is not known last."""
    return tuple((value is None, value or "") for value in key)


def _period(label: Value) -> Period:
    if label is None:
        raise RefusedInput("时间条件不能为空", "a condition on time can’t be empty")
    return period_of(label)


def _meets(choices: tuple[tuple[Period, ...], ...], period: Period) -> bool:
    if not choices:
        return True
    shared = (each.within(period) for each in choices[0])
    return any(part is not None and _meets(choices[1:], part) for part in shared)
