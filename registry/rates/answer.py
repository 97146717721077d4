"""An answer: the value with everything needed to defend it. Exact until `output`."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from registry.rates.rate import COUNTED_ONE_BY_ONE, Direction, OnlinePolicy, Rate, Target
from registry.words import Word

Number = Fraction | int


class Attained(Word):
    """Whether a target is met. UNKNOWN where what is not reported could change the verdict."""

    YES = "yes", "达标", "met"
    NO = "no", "未达标", "not met"
    UNKNOWN = "unknown", "未知", "unknown"


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted for one rate in one row. None: nothing is known of it.

    Of what is not reported, `may_rise` could belong to numerator and denominator alike
    and `may_fall` to the denominator alone; None: nobody knows how much.
    """

    numerator: Number | None = None
    denominator: Number | None = None
    reported: int = 0
    expected: int = 0
    may_rise: int | None = 0
    may_fall: int | None = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A rate's answer. `value` is None where it is unknown or 0/0.

    `lowest` and `highest`: between them lies the value whatever was not reported turns
    out to be. `to_target`: the smallest number of cases (matters, bundles) that must be
    moved for the target, of those counted. `tolerates`: how many unreported ones, all on
    the wrong side, the verdict bears; None if any number, or if there is no verdict.
    """

    value: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    reported: int = 0
    expected: int = 0
    lowest: Fraction | None = None
    highest: Fraction | None = None
    target: Target | None = None
    attained: Attained | None = None
    to_target: int | None = None
    tolerates: int | None = None
    policy: OnlinePolicy | None = None
    suppressed: bool = False

    @property
    def completeness(self) -> Fraction | None:
        """Cells reported of cells expected; None if none was expected."""
        return Fraction(self.reported, self.expected) if self.expected else None

    def output(self) -> dict[str, float | int | str | bool | None]:
        """The answer as it leaves the house: fractions become floats, whole numbers stay whole."""
        return {
            "value": _float(self.value),
            "numerator": _plain(self.numerator),
            "denominator": _plain(self.denominator),
            "reported": self.reported,
            "expected": self.expected,
            "completeness": _float(self.completeness),
            "lowest": _float(self.lowest),
            "highest": _float(self.highest),
            "target": _float(self.target.value) if self.target else None,
            "attained": self.attained.name if self.attained else None,
            "cases_to_target": self.to_target,
            "tolerates": self.tolerates,
            "policy": self.policy.name if self.policy else None,
            "suppressed": self.suppressed,
        }


NOTHING = Answer()
NOUGHT, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Share:
    """Something known as `over` / `of`, both whole numbers of `unit`-ths; `of` is above nought.

    A table asks for thousands of answers, and whole numbers are compared ten times
    faster than fractions are.
    """

    over: int
    of: int
    unit: int


def answer(rate: Rate, counted: Counted, target: Target | None = None, policy: OnlinePolicy | None = None) -> Answer:
    """The answer to what was counted."""
    share = _share(counted)
    value = Fraction(share.over, share.of) if share else None
    lowest, highest = _bounds(share, value, counted) if share and value is not None else (None, None)
    judged = target if rate.direction is not Direction.NEITHER else None
    attained, to_target, tolerates = None, None, None
    if judged is not None:
        attained = _verdict(rate.direction, value, (lowest, highest), judged, counted)
        if share is not None and rate.unit in COUNTED_ONE_BY_ONE:
            to_target = _to_target(rate.direction, share, judged.value)
            tolerates = _tolerates(rate.direction, share, judged.value)
    return Answer(
        value=value,
        numerator=_fraction(counted.numerator),
        denominator=_fraction(counted.denominator),
        reported=counted.reported,
        expected=counted.expected,
        lowest=lowest,
        highest=highest,
        target=judged,
        attained=attained,
        to_target=to_target,
        tolerates=tolerates,
        policy=policy if rate.follows_policy else None,
    )


def _share(counted: Counted) -> Share | None:
    numerator, denominator = counted.numerator, counted.denominator
    if numerator is None or not denominator:
        return None
    if isinstance(numerator, int) and isinstance(denominator, int):
        return Share(numerator, denominator, 1)
    unit = lcm(numerator.denominator, denominator.denominator)
    return Share(int(numerator * unit), int(denominator * unit), unit)


def _bounds(share: Share, value: Fraction, counted: Counted) -> tuple[Fraction, Fraction]:
    """The lowest and the highest the value can turn out; of an unbounded number, the limit it approaches."""
    lowest = highest = value
    if (fall := counted.may_fall) is None:
        lowest = NOUGHT if share.over > 0 else value
    elif fall:
        lowest = min(value, Fraction(share.over, share.of + fall * share.unit))
    if (rise := counted.may_rise) is None:
        highest = ONE if share.over < share.of else value
    elif rise:
        highest = max(value, Fraction(share.over + rise * share.unit, share.of + rise * share.unit))
    return lowest, highest


def _verdict(
    direction: Direction,
    value: Fraction | None,
    bounds: tuple[Fraction | None, Fraction | None],
    target: Target,
    counted: Counted,
) -> Attained:
    lowest, highest = bounds
    if value is None or lowest is None or highest is None:
        return Attained.UNKNOWN
    # A limit that is only approached is not reached, so it decides nothing when it equals the target.
    lower = direction is Direction.LOWER
    good, bad = (lowest, highest) if lower else (highest, lowest)
    good_open = counted.may_fall is None if lower else counted.may_rise is None
    met = _meets(direction, value, target.value)
    if met:
        return Attained.YES if _meets(direction, bad, target.value) else Attained.UNKNOWN
    out_of_reach = not _meets(direction, good, target.value) or (good_open and good == target.value)
    return Attained.NO if out_of_reach else Attained.UNKNOWN


def _meets(direction: Direction, value: Fraction, target: Fraction) -> bool:
    above = value.numerator * target.denominator - target.numerator * value.denominator
    return above <= 0 if direction is Direction.LOWER else above >= 0


def _short(share: Share, target: Fraction) -> int:
    """How much the share's numerator lacks to be at the target, in parts of the target's denominator."""
    return target.numerator * share.of - target.denominator * share.over


def _to_target(direction: Direction, share: Share, target: Fraction) -> int:
    """The smallest k with (numerator ± k) / denominator at the target; 0 if it is met."""
    short = _short(share, target)
    return max(0, -((short if direction is Direction.LOWER else -short) // (target.denominator * share.unit)))


def _tolerates(direction: Direction, share: Share, target: Fraction) -> int | None:
    """The most that can be added on the side that works against the verdict before it turns."""
    short, lower = _short(share, target), direction is Direction.LOWER
    met = short >= 0 if lower else short <= 0
    # Against it work cases that lengthen the denominator alone, or else numerator and denominator.
    room, step = (-short, target.numerator) if met != lower else (short, target.denominator - target.numerator)
    if step <= 0:
        return None
    step *= share.unit
    return room // step if met else -(-room // step) - 1


def _fraction(number: Number | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _plain(number: Fraction | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number.denominator == 1 else float(number)
