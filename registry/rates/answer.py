"""An answer: the value with everything needed to defend it. Exact until `output`."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

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


def answer(rate: Rate, counted: Counted, target: Target | None = None, policy: OnlinePolicy | None = None) -> Answer:
    """The answer to what was counted."""
    numerator, denominator = _fraction(counted.numerator), _fraction(counted.denominator)
    value = numerator / denominator if numerator is not None and denominator else None
    lowest, highest = _bounds(numerator, denominator, counted)
    judged = target if rate.direction is not Direction.NEITHER else None
    return Answer(
        value=value,
        numerator=numerator,
        denominator=denominator,
        reported=counted.reported,
        expected=counted.expected,
        lowest=lowest,
        highest=highest,
        target=judged,
        attained=_verdict(rate.direction, value, (lowest, highest), judged, counted),
        to_target=_to_target(rate, numerator, denominator, judged),
        tolerates=_tolerates(rate, numerator, denominator, judged),
        policy=policy if rate.follows_policy else None,
    )


def _bounds(
    numerator: Fraction | None, denominator: Fraction | None, counted: Counted
) -> tuple[Fraction | None, Fraction | None]:
    """The lowest and the highest the value can turn out; of an unbounded number, the limit it approaches."""
    if numerator is None or not denominator:
        return None, None
    value = numerator / denominator
    rise, fall = counted.may_rise, counted.may_fall
    lowest = Fraction(0) if fall is None else numerator / (denominator + fall)
    highest = Fraction(1) if rise is None else (numerator + rise) / (denominator + rise)
    return min(lowest, value), max(highest, value)


def _verdict(
    direction: Direction,
    value: Fraction | None,
    bounds: tuple[Fraction | None, Fraction | None],
    target: Target | None,
    counted: Counted,
) -> Attained | None:
    if target is None:
        return None
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
    return value <= target if direction is Direction.LOWER else value >= target


def _to_target(
    rate: Rate, numerator: Fraction | None, denominator: Fraction | None, target: Target | None
) -> int | None:
    """The smallest k with (numerator ± k) / denominator at the target; 0 if it is met."""
    if target is None or numerator is None or not denominator or rate.unit not in COUNTED_ONE_BY_ONE:
        return None
    short = target.value * denominator - numerator
    return max(0, ceil(-short if rate.direction is Direction.LOWER else short))


def _tolerates(
    rate: Rate, numerator: Fraction | None, denominator: Fraction | None, target: Target | None
) -> int | None:
    """The most that can be added on the side that works against the verdict before it turns."""
    if target is None or numerator is None or not denominator or rate.unit not in COUNTED_ONE_BY_ONE:
        return None
    met = _meets(rate.direction, numerator / denominator, target.value)
    wanted, lower = target.value, rate.direction is Direction.LOWER
    if met != lower:  # cases that only lengthen the denominator work against it
        if wanted == 0:
            return None
        room = numerator / wanted - denominator
        return floor(room) if met else ceil(room) - 1
    if wanted >= 1:
        return None
    room = (wanted * denominator - numerator) / (1 - wanted)
    return floor(room) if met else ceil(room) - 1


def _fraction(number: Number | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _plain(number: Fraction | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number.denominator == 1 else float(number)
