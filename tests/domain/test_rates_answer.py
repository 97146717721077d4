"""Answers: value, bounds, verdict, cases to the target, and how much the verdict bears."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rates.answer import NOTHING, Answer, Attained, Counted, answer
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.rate import Direction, Target

RATE = RATES_BY_NAME["online_acceptance_rate"]
HALL = RATES_BY_NAME["hall_share"]
NEITHER = RATES_BY_NAME["kiosk_share"]
DAYS = RATES_BY_NAME["time_limit_reduction"]


def target(value: Fraction) -> Target:
    return Target(value, date(2020, 1, 1), date(2020, 12, 31), "", "")


EIGHTY = target(Fraction(8, 10))


def told(numerator: int | None, denominator: int | None, rise: int | None = 0, fall: int | None = 0) -> Answer:
    return answer(RATE, Counted(numerator, denominator, 1, 1, rise, fall), EIGHTY)


def test_nothing_of_nothing_is_not_a_number() -> None:
    assert told(0, 0).value is None
    assert told(0, 0).attained is Attained.UNKNOWN
    assert told(0, 0).to_target is None


def test_an_unknown_numerator_gives_no_value_and_no_gap() -> None:
    found = told(None, 100)
    assert (found.value, found.to_target, found.attained) == (None, None, Attained.UNKNOWN)
    assert found.denominator == 100


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((80, 100), Attained.YES),
        ((79, 100), Attained.NO),
        ((80, 100, None, 0), Attained.YES),  # more cases online can't take it away
        ((80, 100, 0, None), Attained.UNKNOWN),
        ((79, 100, 0, None), Attained.NO),  # more cases in the hall can't bring it
        ((79, 100, None, 0), Attained.UNKNOWN),
        ((79, 100, 4, 4), Attained.NO),
        ((79, 100, 5, 5), Attained.UNKNOWN),
        ((88, 100, 0, 10), Attained.YES),
        ((88, 100, 0, 11), Attained.UNKNOWN),
    ],
)
def test_the_verdict_is_given_only_if_what_is_missing_can_not_change_it(counts, verdict) -> None:
    assert told(*counts).attained is verdict


def test_a_limit_that_is_only_approached_is_not_reached() -> None:
    found = answer(RATE, Counted(99, 100, 1, 1, None, 0), target(Fraction(1)))
    assert (found.highest, found.attained) == (1, Attained.NO)


def test_without_a_target_there_is_no_verdict() -> None:
    found = answer(RATE, Counted(1, 2))
    assert (found.target, found.attained, found.to_target) == (None, None, None)


def test_what_is_neither_good_nor_bad_has_no_target() -> None:
    assert answer(NEITHER, Counted(1, 2), EIGHTY).attained is None


def test_good_may_be_below() -> None:
    assert HALL.direction is Direction.LOWER
    found = answer(HALL, Counted(30, 100), target(Fraction(2, 10)))
    assert (found.attained, found.to_target) == (Attained.NO, 10)
    assert answer(HALL, Counted(20, 100), target(Fraction(2, 10))).attained is Attained.YES


def test_days_can_not_be_moved_one_by_one() -> None:
    assert answer(DAYS, Counted(1, 2), EIGHTY).to_target is None


def test_an_answer_leaves_the_house_as_plain_numbers() -> None:
    output = told(2, 3).output()
    assert (output["value"], output["numerator"], output["target"]) == (2 / 3, 2, 0.8)
    assert (output["attained"], output["cases_to_target"], output["policy"]) == ("NO", 1, None)
    assert NOTHING.output()["value"] is None
    assert NOTHING.completeness is None


shares = st.fractions(min_value=0, max_value=1, max_denominator=50)
counts = st.integers(0, 300).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
rates = st.sampled_from([RATE, HALL])


def meets(rate, value: Fraction, wanted: Fraction) -> bool:
    return value <= wanted if rate.direction is Direction.LOWER else value >= wanted


@settings(deadline=None)
@given(rates, counts, shares)
def test_cases_to_target_is_the_smallest_number_that_does(rate, counted, wanted) -> None:
    numerator, whole = counted
    found = answer(rate, Counted(numerator, whole), target(wanted)).to_target
    if not whole:
        assert found is None
        return
    sign = -1 if rate.direction is Direction.LOWER else 1
    assert meets(rate, Fraction(numerator + sign * found, whole), wanted)
    assert found == 0 or not meets(rate, Fraction(numerator + sign * (found - 1), whole), wanted)


@settings(deadline=None)
@given(rates, counts, shares, st.integers(0, 60), st.integers(0, 60))
def test_what_turns_up_never_belies_bounds_or_verdict(rate, counted, wanted, inside, outside) -> None:
    numerator, whole = counted
    if not whole:
        return
    for rise, fall in ((None, None), (inside, outside), (None if inside else 0, None if outside else 0)):
        found = answer(rate, Counted(numerator, whole, 1, 2, rise, fall), target(wanted))
        real = Fraction(numerator + inside, whole + inside + outside)
        assert found.lowest <= real <= found.highest
        if found.attained is not Attained.UNKNOWN:
            assert meets(rate, real, wanted) == (found.attained is Attained.YES)


@settings(deadline=None)
@given(rates, counts, shares)
def test_the_verdict_bears_what_it_says_and_not_one_more(rate, counted, wanted) -> None:
    numerator, whole = counted
    if not whole:
        return
    room = answer(rate, Counted(numerator, whole), target(wanted)).tolerates
    met = meets(rate, Fraction(numerator, whole), wanted)
    outside = met != (rate.direction is Direction.LOWER)

    def after(more: int) -> bool:
        return meets(rate, Fraction(numerator + (0 if outside else more), whole + more), wanted)

    if room is None:
        assert after(10**6) == met
    else:
        assert after(room) == met
        assert after(room + 1) != met
