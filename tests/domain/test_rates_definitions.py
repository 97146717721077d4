"""The list of definitions: each is complete, and comes to its worked example; the README's table is the list."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from registry.rates.definitions import CITY_TARGET_2020, RATES, RATES_BY_NAME
from registry.rates.examples import example_holdings, example_volumes
from registry.rates.question import Question
from registry.rates.rate import OnlinePolicy, Rate, Target
from registry.rates.reckon import reckon
from registry.rates.written import definitions_table

README = Path(__file__).parents[2] / "registry" / "rates" / "README.md"


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_every_definition_comes_to_its_worked_example(rate: Rate) -> None:
    table = reckon(Question((rate.name,)), example_volumes(), example_holdings())
    answer = table.totals.answers[rate.name]
    assert (answer.numerator, answer.denominator) == rate.example
    assert answer.value == rate.example[0] / rate.example[1]


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_every_definition_has_words_a_source_an_owner_and_a_next_review(rate: Rate) -> None:
    assert re.fullmatch(r"[a-z][a-z_]*", rate.name)
    assert all((rate.zh, rate.en, rate.source_zh, rate.source_en, rate.review.owner_zh, rate.review.by))
    assert rate.review.until > rate.review.on
    assert rate.numerator.zh != rate.denominator.zh


def test_names_and_words_are_each_given_once() -> None:
    assert len(RATES_BY_NAME) == len({rate.zh for rate in RATES}) == len({rate.en for rate in RATES}) == len(RATES)


def test_the_readme_holds_the_table_of_definitions() -> None:
    assert definitions_table(RATES) in README.read_text(encoding="utf-8")


def test_the_kiosk_counts_as_online_only_under_the_policy_that_says_so() -> None:
    question = Question(("online_acceptance_rate",), policy=OnlinePolicy.MOBILE_PC_KIOSK)
    answer = reckon(question, example_volumes(), example_holdings()).totals.answers["online_acceptance_rate"]
    assert (answer.numerator, answer.policy) == (86, OnlinePolicy.MOBILE_PC_KIOSK)


def test_the_policy_is_named_only_where_it_matters() -> None:
    answers = reckon(Question(("mobile_share",)), example_volumes(), example_holdings()).totals.answers
    assert answers["mobile_share"].policy is None


def test_a_target_holds_for_periods_within_its_own() -> None:
    rate = RATES_BY_NAME["online_acceptance_rate"]
    assert rate.target(date(2020, 3, 1), date(2020, 3, 31), {}) == CITY_TARGET_2020
    assert rate.target(date(2020, 3, 1), date(2021, 3, 31), {}) is None
    assert rate.target(None, None, {}) is None


def test_a_departments_own_target_goes_before_the_citys() -> None:
    own = Target(Fraction(9, 10), date(2020, 1, 1), date(2020, 12, 31), "会议", "a meeting", department="GA")
    rate = RATES_BY_NAME["online_acceptance_rate"]
    fields = {name: getattr(rate, name) for name in rate.__slots__}
    both = Rate(**fields | {"targets": (own, CITY_TARGET_2020)})
    period = (date(2020, 1, 1), date(2020, 12, 31))
    assert both.target(*period, {"department": "GA"}) == own
    assert both.target(*period, {"department": "MZ"}) == CITY_TARGET_2020


def test_a_definition_added_to_the_list_needs_no_other_line() -> None:
    rate = RATES_BY_NAME["hall_share"]
    fields = {name: getattr(rate, name) for name in rate.__slots__}
    added = Rate(**fields | {"name": "counter_share", "zh": "柜台率"})
    table = reckon(Question(("counter_share",)), example_volumes(), example_holdings(), {"counter_share": added})
    assert table.totals.answers["counter_share"].value == Fraction(7, 100)
    assert "counter_share" in definitions_table((*RATES, added))
