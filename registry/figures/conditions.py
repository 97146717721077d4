"""Conditions as analysts type them: `department=GA,MZ`, `month=2020-03..2020-06`, `channel=hall`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from registry.errors import RefusedInput
from registry.figures.wording import read_dimension, read_value, split
from registry.holdings import Holdings
from registry.rates.periods import Period, period_of
from registry.rates.question import LABELS, TIMES, Dimension, Scope, Value

TO = ".."
MOST_YEARS = 50
ONE_DAY = timedelta(days=1)


def read_scope(texts: Iterable[str], holdings: Holdings) -> Scope:
    """The scope that conditions mean; all must hold, and any of a dimension's values will do.

    Conditions stand between commas, and so do the values of one. A range of periods
    may be open: `month=2020-03..`. Raises RefusedInput for what means nothing.
    """
    values: defaultdict[Dimension, set[Value]] = defaultdict(set)
    spans: list[Period] = []
    for dimension, text in _pairs(texts):
        if dimension not in TIMES:
            values[dimension].add(read_value(dimension, text, holdings))
        elif text.startswith(TO) or text.endswith(TO):
            spans.append(span_of(text))
        else:
            values[dimension].update(labels_within(dimension, span_of(text)))
    first = max((span.first for span in spans if span.first != date.min), default=None)
    last = min((span.last for span in spans if span.last != date.max), default=None)
    if first is not None and last is not None and first > last:
        raise RefusedInput(f"起始日 {first} 晚于截止日 {last}", f"the span begins on {first}, after its end on {last}")
    return Scope(first, last, {dimension: frozenset(each) for dimension, each in values.items()})


def span_of(text: str) -> Period:
    """From the first day of one period to the last of another: 2020, 2020-Q1..2020-Q2, 2020-03.., ..2020-06."""
    if TO not in text:
        return period_of(text.strip())
    begin, _, end = text.partition(TO)
    first = period_of(begin.strip()).first if begin.strip() else date.min
    last = period_of(end.strip()).last if end.strip() else date.max
    if first > last:
        raise RefusedInput(f"“{text}”的起点在终点之后", f"“{text}” begins after its end")
    return Period(first, last)


def labels_within(dimension: Dimension, span: Period) -> Iterator[str]:
    """The labels of the whole periods that make up a span. Raises RefusedInput where there is a part of one."""
    if span.last.year - span.first.year > MOST_YEARS:
        raise RefusedInput(f"时段最长 {MOST_YEARS} 年", f"a span is of {MOST_YEARS} years at most")
    day = span.first
    while True:
        label = LABELS[dimension](day)
        period = period_of(label)
        if not span.holds(period):
            raise RefusedInput(
                f"{span.first} — {span.last} 不是整{dimension.zh}；请用更细的维度，如 day",
                f"{span.first} — {span.last} is not made of whole {dimension.en}s; take a finer dimension, such as day",
            )
        yield label
        if period.last == span.last:
            return
        day = period.last + ONE_DAY


def _pairs(texts: Iterable[str]) -> Iterator[tuple[Dimension, str]]:
    """Each value with its dimension. One without belongs to the dimension named before it."""
    for text in texts:
        dimension = None
        for item in split(text):
            name, equals, value = item.partition("=")
            if equals:
                dimension = read_dimension(name.strip())
            if dimension is None:
                raise RefusedInput(
                    f"“{item}”不是条件；应形如 department=GA 或 month=2020-03..2020-06",
                    f"“{item}” is no condition; write department=GA or month=2020-03..2020-06",
                )
            yield dimension, value.strip() if equals else item
