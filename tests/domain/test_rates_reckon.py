"""Reckoning: rows and totals, dimensions, scopes, and the catalogue's rates by day and district."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from registry.errors import RefusedInput
from registry.rates.answer import NOTHING
from registry.rates.periods import Period, period_of
from registry.rates.question import Dimension, Question, Scope
from registry.rates.rate import OnlinePolicy
from registry.rates.reckon import reckon
from registry.words import BundleForm, MatterState, MatterType, OfferStatus, RegionLevel
from tests.domain.rates_city import (
    EAST,
    HALL,
    KIOSK,
    MARCH,
    MOBILE,
    ONLINE_RATE,
    PC,
    WEST,
    YEAR,
    asked,
    cases,
    city,
    online,
    report,
)
from tests.make import CITY, make_bundle, make_holdings, make_matter, make_offer, make_region

D = Dimension


def counts(table, rate: str = ONLINE_RATE) -> dict:
    answers = {row.key: row.answers[rate] for row in table.rows}
    return {key: (answer.numerator, answer.denominator) for key, answer in answers.items()}


def test_a_case_without_a_channel_stays_in_the_denominator() -> None:
    assert online([cases(3), cases(1, None)]).value == Fraction(3, 4)


def test_cases_done_by_staff_are_in_the_denominator_only() -> None:
    table = asked([cases(3), cases(1, assisted=True)])
    assert table.totals.answers[ONLINE_RATE].value == Fraction(3, 4)
    assert table.totals.answers["pc_share"].value == 1
    assert table.totals.answers["assisted_share"].value == Fraction(1, 4)


VOLUMES = [
    cases(3, MOBILE, date(2020, 3, 5)),
    cases(1, HALL, date(2020, 4, 2), district=EAST),
    cases(2, PC, date(2020, 3, 31), matter="C", bundle="ONE"),
    cases(4, HALL, date(2020, 6, 1), matter="B", district=None),
]


@pytest.mark.parametrize(
    ("dimension", "rows"),
    [
        (D.DEPARTMENT, {("GA",): (3, 8), ("MZ",): (2, 2)}),
        (D.DISTRICT, {(WEST,): (5, 5), (EAST,): (0, 1), (None,): (0, 4)}),
        (D.MATTER, {("A",): (3, 4), ("B",): (0, 4), ("C",): (2, 2)}),
        (D.MATTER_TYPE, {("LICENCE",): (3, 4), ("CONFIRMATION",): (0, 4), ("BENEFIT",): (2, 2)}),
        (D.SERVICE_OBJECT, {("PERSON",): (5, 6), ("ENTERPRISE",): (2, 2), (None,): (0, 4)}),
        (D.CHANNEL, {("MOBILE",): (3, 3), ("PC",): (2, 2), ("HALL",): (0, 5)}),
        (D.BUNDLE, {("ONE",): (2, 2), (None,): (3, 8)}),
        (D.LIFE_STAGE, {("SCHOOLING",): (5, 6), ("BIRTH",): (0, 4)}),
        (D.DAY, {("2020-03-05",): (3, 3), ("2020-03-31",): (2, 2), ("2020-04-02",): (0, 1), ("2020-06-01",): (0, 4)}),
        (D.MONTH, {("2020-03",): (5, 5), ("2020-04",): (0, 1), ("2020-06",): (0, 4)}),
        (D.QUARTER, {("2020-Q1",): (5, 5), ("2020-Q2",): (0, 5)}),
        (D.YEAR, {("2020",): (5, 10)}),
    ],
)
def test_rows_by_each_dimension(dimension: Dimension, rows: dict) -> None:
    table = asked(VOLUMES, dimension, where=YEAR)
    assert counts(table) == rows
    # Enterprises and people share matter C: the rows overlap, the totals don't.
    assert (table.totals.answers[ONLINE_RATE].numerator, table.totals.answers[ONLINE_RATE].denominator) == (5, 10)


def test_rows_by_two_dimensions_are_in_the_order_of_their_keys() -> None:
    table = asked(VOLUMES, D.DEPARTMENT, D.MONTH, where=YEAR)
    assert [row.key for row in table.rows] == [
        ("GA", "2020-03"),
        ("GA", "2020-04"),
        ("GA", "2020-06"),
        ("MZ", "2020-03"),
    ]


def test_rows_are_filtered_by_any_dimension_grouped_by_or_not() -> None:
    people = Scope(filters={D.SERVICE_OBJECT: frozenset({"PERSON"}), D.MONTH: frozenset({"2020-03"})})
    assert counts(asked(VOLUMES, D.SERVICE_OBJECT, where=people)) == {("PERSON",): (5, 5)}
    assert counts(asked(VOLUMES, where=people)) == {(): (5, 5)}


def test_a_yearly_total_is_its_own_row_among_months() -> None:
    table = asked([report(6, PC, "2020"), report(1, HALL, "2020-03", matter="B")], D.MONTH, where=YEAR)
    assert counts(table) == {("2020-03",): (None, 1), (None,): (6, 6)}


def test_without_a_period_the_months_are_those_that_are_held() -> None:
    found = online(VOLUMES, where=Scope())
    assert (found.denominator, found.target.value) == (10, Fraction(8, 10))
    assert online([*VOLUMES, cases(day=date(2021, 1, 1))], where=Scope()).target is None


def test_the_gap_is_told_in_cases() -> None:
    found = online([cases(41), cases(59, HALL)])
    assert (found.value, found.to_target) == (Fraction(41, 100), 39)


def test_a_dimension_a_family_does_not_have_gives_no_answer_rather_than_a_guess() -> None:
    table = asked(VOLUMES, D.CHANNEL, where=YEAR, rates=(ONLINE_RATE, "zero_visit_rate"))
    assert all(row.answers["zero_visit_rate"] == NOTHING for row in table.rows)


def test_unknown_rates_dimensions_twice_and_nonsense_periods_are_refused() -> None:
    with pytest.raises(RefusedInput, match="there is no rate"):
        asked(VOLUMES, rates=("made_up",))
    with pytest.raises(RefusedInput, match="once only"):
        Question((ONLINE_RATE,), (D.MONTH, D.MONTH))
    for label in ("2020-13", "2020-Q5", "spring", "20-1", "2020-03-32"):
        with pytest.raises(RefusedInput, match="is no period"):
            period_of(label)


def test_labels_mean_their_periods() -> None:
    assert period_of("2020-Q1") == Period(date(2020, 1, 1), date(2020, 3, 31))
    assert period_of("2020-02").last == date(2020, 2, 29)
    assert list(Period(date(2019, 12, 31), date(2020, 2, 1)).months()) == ["2019-12", "2020-01", "2020-02"]


def availability(holdings, *by: Dimension, rate: str = "mobile_availability_rate", where: Scope = YEAR, **fields):
    table = reckon(Question((rate,), by, where, **fields), [], holdings)
    return {row.key: (row.answers[rate].numerator, row.answers[rate].denominator) for row in table.rows}


def licence(code: str, *offers, **fields):
    return make_matter(code, offers, type=MatterType.LICENCE, **fields)


def test_availability_is_told_as_of_a_date_from_the_offers_validity() -> None:
    opened = licence("M", make_offer(MOBILE, valid_from=date(2020, 7, 1)))
    holdings = make_holdings(opened)
    months = {D.MONTH: frozenset({"2020-06", "2020-07"})}
    assert availability(holdings, D.MONTH, where=Scope(filters=months)) == {("2020-06",): (0, 1), ("2020-07",): (1, 1)}
    assert availability(holdings, where=Scope(), on=date(2020, 6, 30)) == {(): (0, 1)}
    # With no day given, offers are taken as they are published, whatever their dates.
    assert availability(holdings, where=Scope()) == {(): (1, 1)}


def test_a_district_has_its_own_offers_or_else_its_citys() -> None:
    east = make_region(EAST, level=RegionLevel.DISTRICT, parent=CITY)
    offers = (make_offer(MOBILE), make_offer(MOBILE, OfferStatus.SUSPENDED, region=EAST))
    found = availability(make_holdings(east, licence("M", *offers)), D.DISTRICT)
    assert found == {("330102",): (1, 1), (EAST,): (0, 1)}
    assert availability(make_holdings(east, licence("M", *offers))) == {(): (1, 1)}


def test_an_offer_in_one_district_says_nothing_of_another() -> None:
    east = make_region(EAST, level=RegionLevel.DISTRICT, parent=CITY)
    holdings = make_holdings(east, licence("M", make_offer(MOBILE, region=EAST)))
    assert availability(holdings, D.DISTRICT) == {("330102",): (None, None), (EAST,): (1, 1)}


def test_a_missing_offer_is_unknown_and_neither_open_nor_closed() -> None:
    table = reckon(
        Question(("mobile_availability_rate",)), [], make_holdings(licence("M", make_offer(MOBILE)), licence("N"))
    )
    answer = table.totals.answers["mobile_availability_rate"]
    assert (answer.value, answer.reported, answer.expected) == (1, 1, 2)
    assert (answer.lowest, answer.highest) == (Fraction(1, 2), 1)


def test_a_matter_of_unknown_type_is_expected_and_unknown() -> None:
    table = reckon(Question(("zero_visit_rate",)), [], make_holdings(make_matter("M", visits=0)))
    answer = table.totals.answers["zero_visit_rate"]
    assert (answer.value, answer.numerator, answer.reported, answer.expected) == (None, None, 0, 1)


def test_matters_not_in_use_on_the_day_are_not_counted() -> None:
    holdings = make_holdings(
        licence("M", visits=0, effective_from=date(2020, 7, 1)),
        licence("N", visits=0, state=MatterState.CANCELLED, effective_to=date(2020, 6, 30)),
        licence("O", visits=1, state=MatterState.CANCELLED),
    )
    half = Scope(date(2020, 1, 1), date(2020, 6, 30))
    assert availability(holdings, D.MATTER, rate="zero_visit_rate", where=half) == {("N",): (1, 1)}
    assert availability(holdings, D.MATTER, rate="zero_visit_rate") == {("M",): (1, 1)}


def test_availability_by_the_other_dimensions() -> None:
    assert availability(city(), D.DEPARTMENT) == {("GA",): (2, 2), ("MZ",): (1, 1)}
    assert availability(city(), D.BUNDLE) == {("ONE",): (2, 2), (None,): (1, 1)}
    only = Scope(filters={D.DEPARTMENT: frozenset({"MZ"})})
    assert availability(city(), where=only) == {(): (1, 1)}


def test_a_bundle_keeps_a_promise_if_all_its_members_do() -> None:
    assert availability(city(), D.BUNDLE, rate="bundle_mobile_rate") == {("ONE",): (0, 1)}
    holdings = city()
    promising = make_bundle("ONE", ("A", "C"), forms=tuple(BundleForm))
    holdings.bundles["ONE"] = promising
    assert availability(holdings, rate="bundle_mobile_rate") == {(): (1, 1)}
    holdings.bundles["ONE"] = make_bundle("ONE", ("A", "D"), forms=promising.forms)
    assert availability(holdings, rate="bundle_mobile_rate") == {(): (None, None)}
    holdings.bundles["ONE"] = make_bundle("ONE", ("A", "D", "NONE"), forms=promising.forms)
    assert availability(holdings, rate="bundle_mobile_rate") == {(): (0, 1)}


def test_both_families_stand_side_by_side_by_month() -> None:
    table = asked(VOLUMES, D.MONTH, where=YEAR, rates=(ONLINE_RATE, "pc_availability_rate"))
    assert counts(table, "pc_availability_rate") == {("2020-03",): (3, 3), ("2020-04",): (3, 3), ("2020-06",): (3, 3)}


def test_march_alone_is_march_in_the_year() -> None:
    by_month = {row.key: row for row in asked(VOLUMES, D.MONTH, where=YEAR).rows}
    assert by_month[("2020-03",)].answers[ONLINE_RATE].value == online(VOLUMES, where=MARCH).value


def test_policies_side_by_side_are_what_one_gets_under_each_alone() -> None:
    volumes = [cases(3, MOBILE), cases(2, KIOSK), cases(5, HALL), cases(4, KIOSK, matter="C")]
    both = asked(volumes, D.ONLINE_POLICY, D.DEPARTMENT)
    assert [row.key for row in both.rows] == [
        ("MOBILE_PC", "GA"), ("MOBILE_PC", "MZ"), ("MOBILE_PC_KIOSK", "GA"), ("MOBILE_PC_KIOSK", "MZ"),
    ]  # fmt: skip
    for policy in OnlinePolicy:
        alone = asked(volumes, D.DEPARTMENT, policy=policy)
        assert [row.answers for row in both.rows if row.key[0] == policy.name] == [row.answers for row in alone.rows]
    assert both.totals == asked(volumes).totals
    assert [row.answers[ONLINE_RATE].numerator for row in asked(volumes, D.ONLINE_POLICY).rows] == [3, 9]


def test_a_filter_chooses_the_policy() -> None:
    volumes = [cases(3, MOBILE), cases(2, KIOSK), cases(5, HALL)]
    kiosks = replace(MARCH, filters={D.ONLINE_POLICY: frozenset({"MOBILE_PC_KIOSK"})})
    table = asked(volumes, where=kiosks)
    assert (table.totals.answers[ONLINE_RATE].numerator, table.question.policy) == (5, OnlinePolicy.MOBILE_PC_KIOSK)
    assert [row.key for row in asked(volumes, D.ONLINE_POLICY, where=kiosks).rows] == [("MOBILE_PC_KIOSK",)]
    both = replace(MARCH, filters={D.ONLINE_POLICY: frozenset(each.name for each in OnlinePolicy)})
    assert asked(volumes, D.ONLINE_POLICY, where=both) == replace(
        asked(volumes, D.ONLINE_POLICY), question=asked(volumes, D.ONLINE_POLICY, where=both).question
    )
    with pytest.raises(RefusedInput, match="by online policy"):
        asked(volumes, where=both)
