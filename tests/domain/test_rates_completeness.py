"""Completeness: which cells are expected, which of them are reported. README.md's examples, and the edges."""

from datetime import date

import pytest

from registry.matters import Offer
from registry.rates.answer import Attained
from registry.rates.question import Dimension, Question, Scope
from registry.rates.reckon import reckon
from registry.rates.volumes import Given
from registry.words import OfferStatus
from tests.domain.rates_city import EAST, HALL, KIOSK, MARCH, MOBILE, PC, WEST, YEAR, asked, cases, online, report
from tests.make import make_holdings, make_matter, make_offer

ND, NA = Given.ND, Given.NA
JAN_TO_MARCH = Scope(date(2020, 1, 1), date(2020, 3, 31))


def cells(volumes, **fields) -> tuple[int, int]:
    found = online(volumes, **fields)
    return (found.reported, found.expected)


def row_cells(table) -> dict[tuple[str | None, ...], tuple[int, int]]:
    answers = {row.key: row.answers["online_acceptance_rate"] for row in table.rows}
    return {key: (answer.reported, answer.expected) for key, answer in answers.items()}


def test_all_four_channels_told_is_complete() -> None:
    assert cells([report(5, channel) for channel in (MOBILE, PC, KIOSK, HALL)]) == (4, 4)


def test_what_was_not_collected_is_expected_and_not_reported() -> None:
    assert cells([report(5, MOBILE), report(5, PC), report(ND, KIOSK), report(9, HALL)]) == (3, 4)


def test_what_does_not_apply_is_not_expected() -> None:
    assert cells([report(5, MOBILE), report(5, PC), report(NA, KIOSK), report(9, HALL)]) == (3, 3)


def test_a_channel_that_is_offered_and_not_mentioned_is_expected() -> None:
    assert cells([report(5, PC), report(9, HALL)]) == (2, 4)


def test_a_channel_that_is_not_offered_is_not_expected() -> None:
    assert cells([report(5, MOBILE, matter="B"), report(5, PC, matter="B"), report(9, HALL, matter="B")]) == (3, 3)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (make_offer(KIOSK), 4),
        (make_offer(KIOSK, OfferStatus.SUSPENDED), 4),  # it may have been open in March
        (make_offer(KIOSK, OfferStatus.UNKNOWN), 4),
        (make_offer(KIOSK, OfferStatus.PLANNED), 3),
        (make_offer(KIOSK, OfferStatus.NOT_OFFERED), 3),
        (make_offer(KIOSK, valid_from=date(2020, 3, 31)), 4),
        (make_offer(KIOSK, valid_from=date(2020, 4, 1)), 3),
        (make_offer(KIOSK, valid_to=date(2020, 2, 29)), 3),
    ],
)
def test_whether_a_channel_is_expected_is_told_by_its_offers_of_the_month(offer: Offer, expected: int) -> None:
    holdings = make_holdings(make_matter("A", [offer, *map(make_offer, (MOBILE, PC, HALL))]))
    question = Question(("online_acceptance_rate",), where=MARCH)
    found = reckon(question, [report(5, PC)], holdings).totals.answers["online_acceptance_rate"]
    assert (found.reported, found.expected) == (1, expected)


def test_a_channel_that_nothing_is_known_of_may_be_offered() -> None:
    assert cells([report(5, PC, matter="D")]) == (1, 4)
    assert cells([report(5, PC, matter="GONE")]) == (1, 4)


def test_a_count_for_a_channel_not_offered_is_reported_all_the_same() -> None:
    assert cells([report(5, KIOSK, matter="B")]) == (1, 4)


def test_a_matter_that_reports_nothing_at_all_is_not_expected() -> None:
    assert cells([report(5, PC), report(9, PC, period="2020-04", matter="B")]) == (1, 4)


def test_a_month_left_out_between_others_is_expected() -> None:
    four = [report(5, channel, period) for channel in (MOBILE, PC, KIOSK, HALL) for period in ("2020-01", "2020-03")]
    assert cells(four, where=JAN_TO_MARCH) == (8, 12)


def test_a_yearly_count_is_twelve_cells() -> None:
    assert cells([report(5, PC, "2020")], where=YEAR) == (12, 48)


def test_a_yearly_count_says_nothing_of_a_month() -> None:
    found = online([report(5, PC, "2020")])
    assert (found.reported, found.expected, found.value, found.denominator) == (0, 4, None, None)


def test_of_what_one_district_counts_and_another_does_not_the_cell_is_not_reported() -> None:
    volumes = [report(5, channel, district=WEST) for channel in (MOBILE, PC, KIOSK, HALL)]
    assert cells([*volumes, report(ND, HALL, district=EAST)]) == (3, 4)


def test_cases_make_every_cell_of_their_departments_span_reported() -> None:
    span = [cases(day=date(2020, 1, 7)), cases(day=date(2020, 3, 2))]
    assert cells(span, where=JAN_TO_MARCH) == (12, 12)


def test_no_case_within_the_departments_span_is_a_zero() -> None:
    volumes = [cases(day=date(2020, 1, 7)), cases(day=date(2020, 3, 2)), cases(3, matter="B", day=date(2020, 2, 9))]
    found = asked(volumes, Dimension.MATTER, where=MARCH).totals.answers["online_acceptance_rate"]
    # B is offered on three channels; that it has cases makes all four cells told.
    assert (found.reported, found.expected, found.denominator) == (8, 8, 1)


def test_one_departments_file_says_nothing_of_another_departments_months() -> None:
    volumes = [cases(day=date(2020, 1, 7)), cases(day=date(2020, 3, 2)), cases(matter="D", day=date(2020, 1, 9))]
    assert cells(volumes, where=JAN_TO_MARCH) == (12 + 4, 12 + 12)


def test_cells_follow_the_channels_that_are_asked_about() -> None:
    only = Scope(MARCH.first, MARCH.last, {Dimension.CHANNEL: frozenset({"PC", "HALL"})})
    assert cells([report(5, PC), report(ND, HALL), report(3, MOBILE)], where=only) == (1, 2)


def test_each_row_has_its_own_cells() -> None:
    volumes = [report(5, PC), report(ND, HALL), report(2, PC, matter="C")]
    assert row_cells(asked(volumes, Dimension.DEPARTMENT)) == {("GA",): (1, 4), ("MZ",): (1, 3)}
    assert row_cells(asked(volumes, Dimension.CHANNEL)) == {("HALL",): (0, 2), ("PC",): (2, 2)}


def test_a_month_in_which_a_matter_is_silent_is_incomplete() -> None:
    volumes = [report(5, PC, "2020-01"), report(5, PC, "2020-03"), report(4, PC, "2020-03", matter="B")]
    table = asked(volumes, Dimension.MONTH, where=JAN_TO_MARCH)
    assert row_cells(table) == {("2020-01",): (1, 7), ("2020-03",): (2, 7)}


def test_what_is_not_broken_down_is_a_row_of_its_own_and_missing_from_the_others() -> None:
    volumes = [report(5, PC), report(2, PC, matter="B", district=WEST)]
    table = asked(volumes, Dimension.DISTRICT)
    assert row_cells(table) == {(WEST,): (1, 7), (None,): (1, 1)}
    assert table.totals.answers["online_acceptance_rate"].denominator == 7


def test_cases_without_a_channel_are_cells_of_none() -> None:
    assert cells([report(5, None)]) == (0, 4)
    assert online([report(5, None)]).denominator == 5


def test_in_a_bundles_row_only_its_members_are_expected() -> None:
    volumes = [cases(bundle="ONE"), cases(matter="B"), report(5, PC, matter="C")]
    table = asked(volumes, Dimension.BUNDLE)
    # C's department reports totals only, which don't say what was done as a bundle.
    assert row_cells(table) == {("ONE",): (4, 7), (None,): (9, 11)}


def test_missing_hall_cases_leave_a_missed_target_missed_and_a_met_one_open() -> None:
    missed = [report(7, MOBILE), report(0, PC), report(3, KIOSK), report(ND, HALL)]
    met = [report(99, MOBILE), report(0, PC), report(3, KIOSK), report(ND, HALL)]
    assert online(missed).attained is Attained.NO
    assert online(met).attained is Attained.UNKNOWN
    assert online([*met[:3], report(1, HALL)]).attained is Attained.YES


def test_if_nothing_online_is_told_the_rate_is_unknown_not_zero() -> None:
    found = online([report(ND, MOBILE), report(ND, PC), report(3, KIOSK), report(10, HALL)])
    assert (found.value, found.numerator, found.denominator, found.to_target) == (None, None, 13, None)


def test_if_nothing_online_is_offered_the_rate_is_zero() -> None:
    found = online([report(NA, MOBILE), report(NA, PC), report(3, KIOSK), report(10, HALL)])
    assert (found.value, found.numerator, found.reported, found.expected) == (0, 0, 2, 2)


def test_nothing_at_all_is_unknown() -> None:
    found = online([])
    assert (found.value, found.numerator, found.denominator, found.completeness) == (None, None, None, None)


def test_totals_do_not_say_who_was_helped() -> None:
    only_totals = asked([report(5, PC)]).totals.answers["assisted_share"]
    assert (only_totals.value, only_totals.reported, only_totals.expected) == (None, 0, 4)
    both = asked([report(5, PC, matter="C"), cases(3), cases(1, assisted=True)]).totals.answers["assisted_share"]
    assert (both.numerator, both.denominator, both.reported, both.expected) == (1, 4, 4, 7)
