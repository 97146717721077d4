"""Quality flags: what an analyst looks at twice before passing a figure on. A flag is a question, not a fault."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from operator import itemgetter

from registry.rates.periods import Period, period_of
from registry.words import Word


class Flag(Word):
    """What is odd."""

    OVER_ONE = "over_one", "超过 100 %", "above 100 %"
    CONSTANT = "constant", "连续多月不变", "the same for months"
    JUMP = "jump", "突变", "a sudden jump"
    NO_CHANNEL = "no_channel", "有未记录渠道的办件", "cases without a recorded channel"
    MONTHS_MISSING = "months_missing", "缺月", "months missing"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is odd.

    `constant_months`: the same rate or the same count so many months running. `jump`:
    by so much from one month to the next, of a share of 1; `factor`: so many times the
    cases. Months with fewer than `least` cases vary by chance, so they don't count.
    """

    constant_months: int = 3
    jump: Fraction = Fraction(20, 100)
    factor: int = 5
    least: int = 30


@dataclass(frozen=True, slots=True)
class MonthCount:
    """A month's counts; `no_channel` of the denominator came without a channel."""

    numerator: int
    denominator: int
    no_channel: int = 0

    @property
    def rate(self) -> Fraction | None:
        """The month's rate."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag raised, the months it is about, and the number that made it so."""

    flag: Flag
    months: tuple[str, ...]
    amount: Fraction


DEFAULT = Thresholds()


def flags(months: Mapping[str, MonthCount], thresholds: Thresholds = DEFAULT) -> tuple[Raised, ...]:
    """The flags of one series of months, labelled 2020-03, in the order of the flags, then of time."""
    found = (
        *_over_one(months),
        *_constant(months, thresholds),
        *_jumps(months, thresholds),
        *_no_channel(months),
        *_missing(months),
    )
    return tuple(found)


def _over_one(months: Mapping[str, MonthCount]) -> Iterator[Raised]:
    for label in sorted(months):
        rate = months[label].rate
        if rate is not None and rate > 1:
            yield Raised(Flag.OVER_ONE, (label,), rate)


def _constant(months: Mapping[str, MonthCount], thresholds: Thresholds) -> Iterator[Raised]:
    """Stretches of one rate strictly between 0 and 1, which chance would move, or of one number of cases."""
    for run in _runs(months):
        for measure in (_rate_moved_by_chance, _cases):
            measured = [(measure(months[label], thresholds), label) for label in run]
            for value, stretch in groupby(measured, key=itemgetter(0)):
                labels = tuple(label for _, label in stretch)
                if value is not None and len(labels) >= thresholds.constant_months:
                    yield Raised(Flag.CONSTANT, labels, value)


def _rate_moved_by_chance(count: MonthCount, thresholds: Thresholds) -> Fraction | None:
    rate = count.rate
    return rate if rate is not None and 0 < rate < 1 and count.denominator >= thresholds.least else None


def _cases(count: MonthCount, thresholds: Thresholds) -> Fraction | None:
    return Fraction(count.denominator) if count.denominator >= thresholds.least else None


def _jumps(months: Mapping[str, MonthCount], thresholds: Thresholds) -> Iterator[Raised]:
    for run in _runs(months):
        for one, other in pairwise(run):
            before, after = months[one], months[other]
            few, many = sorted((before.denominator, after.denominator))
            if many >= thresholds.least and many >= thresholds.factor * max(few, 1):
                yield Raised(Flag.JUMP, (one, other), Fraction(many, max(few, 1)))
            elif few >= thresholds.least and before.rate is not None and after.rate is not None:
                step = after.rate - before.rate
                if abs(step) > thresholds.jump:
                    yield Raised(Flag.JUMP, (one, other), step)


def _no_channel(months: Mapping[str, MonthCount]) -> Iterator[Raised]:
    without = {label: months[label].no_channel for label in sorted(months) if months[label].no_channel}
    if without:
        yield Raised(Flag.NO_CHANNEL, tuple(without), Fraction(sum(without.values())))


def _missing(months: Mapping[str, MonthCount]) -> Iterator[Raised]:
    missing = tuple(label for label in _span(months) if label not in months)
    if missing:
        yield Raised(Flag.MONTHS_MISSING, missing, Fraction(len(missing)))


def _span(months: Mapping[str, MonthCount]) -> list[str]:
    if not months:
        return []
    return list(Period(period_of(min(months)).first, period_of(max(months)).last).months())


def _runs(months: Mapping[str, MonthCount]) -> Iterator[list[str]]:
    """Stretches of months without a gap."""
    for held, stretch in groupby(_span(months), key=months.__contains__):
        if held:
            yield list(stretch)
