"""What holds of rates whatever the volumes: shares add up, sums come first, missing is never zero, verdicts keep."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rates.answer import Attained
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.precedence import settle
from registry.rates.question import Dimension, Scope
from registry.rates.rate import OnlinePolicy
from registry.rates.volumes import Given, Volume
from tests.domain.rates_city import MARCH, ONLINE_RATE, SHARES, USE_RATES, YEAR, asked, city
from tests.domain.rates_strategies import derived, reported_lists, volume_lists

D = Dimension
PARTITIONS = (D.DISTRICT, D.MATTER, D.DEPARTMENT, D.MATTER_TYPE, D.CHANNEL, D.BUNDLE, D.MONTH, D.QUARTER, D.YEAR, D.DAY)
# A case in a group of one of these is in no other group, whatever the catalogue.
SAME_ALONE = (D.DISTRICT, D.MATTER, D.DEPARTMENT, D.MATTER_TYPE, D.SERVICE_OBJECT, D.LIFE_STAGE, D.CHANNEL, D.BUNDLE)
SCOPES = st.sampled_from([MARCH, YEAR, Scope(), Scope(filters={D.MONTH: frozenset({"2020-02", "2020-04"})})])


@settings(deadline=None)
@given(volume_lists, SCOPES)
def test_shares_of_the_four_channels_add_up_to_one_where_no_channel_is_missing(volumes: list[Volume], where) -> None:
    answers = asked([each for each in volumes if each.channel], where=where).totals.answers
    values = [answers[name].value for name in SHARES]
    if None not in values:
        assert sum(values) == 1


@settings(deadline=None)
@given(st.lists(derived(), max_size=25))
def test_the_online_rate_is_the_online_shares_less_what_staff_did(volumes: list[Volume]) -> None:
    answers = asked(volumes, where=YEAR).totals.answers
    if answers[ONLINE_RATE].value is not None:
        online = answers["mobile_share"].numerator + answers["pc_share"].numerator - answers["assisted_share"].numerator
        assert answers[ONLINE_RATE].numerator == online


@settings(deadline=None)
@given(volume_lists, SCOPES, st.sampled_from(PARTITIONS))
def test_sum_then_divide(volumes: list[Volume], where: Scope, dimension: Dimension) -> None:
    table = asked(volumes, dimension, where=where)
    for name in USE_RATES:
        total, rows = table.totals.answers[name], [row.answers[name] for row in table.rows]
        assert sum(row.denominator or 0 for row in rows) == (total.denominator or 0)
        if total.numerator is not None and all(row.numerator is not None for row in rows):
            assert sum(row.numerator for row in rows) == total.numerator
        if total.value is not None:
            assert total.value == total.numerator / total.denominator


@settings(max_examples=60, deadline=None)
@given(volume_lists, st.sampled_from([MARCH, YEAR]), st.sampled_from(SAME_ALONE))
def test_a_row_is_what_one_gets_for_its_group_alone(volumes: list[Volume], where: Scope, dimension: Dimension) -> None:
    for row in asked(volumes, dimension, where=where).rows:
        if row.key == (None,) and dimension in (D.DISTRICT, D.BUNDLE):
            continue  # what is not broken down is no group to ask for
        only = Scope(where.first, where.last, {dimension: frozenset(row.key)})
        assert asked(volumes, where=only).totals.answers == row.answers


@settings(deadline=None)
@given(volume_lists, st.sampled_from(list(OnlinePolicy)))
def test_values_lie_between_nought_and_one_within_their_bounds(volumes: list[Volume], policy: OnlinePolicy) -> None:
    table = asked(volumes, D.MATTER, D.MONTH, where=YEAR, policy=policy)
    for answer in (answer for row in (*table.rows, table.totals) for answer in row.answers.values()):
        assert 0 <= answer.reported <= answer.expected
        if answer.value is not None:
            assert 0 <= answer.lowest <= answer.value <= answer.highest <= 1


@settings(deadline=None)
@given(volume_lists, SCOPES)
def test_a_missing_value_is_never_a_zero(volumes: list[Volume], where: Scope) -> None:
    """What was not collected leaves sums as they are, or makes them unknown; it never completes anything."""
    with_it = asked(volumes, where=where).totals.answers[ONLINE_RATE]
    without = asked([each for each in volumes if each.given is not Given.ND], where=where).totals.answers[ONLINE_RATE]
    assert with_it.numerator in (None, without.numerator) or without.numerator is None
    assert with_it.denominator == without.denominator or without.denominator in (None, 0)


@settings(deadline=None)
@given(reported_lists, st.lists(st.integers(0, 200), min_size=20, max_size=20))
def test_no_verdict_is_belied_by_what_turns_up(volumes: list[Volume], found: list[int]) -> None:
    """Count what was said not to have been collected: bounds and verdict hold."""
    volumes = list({(v.matter, v.district, v.start, v.grain, v.channel): v for v in volumes}.values())
    before = asked(volumes, where=YEAR).totals.answers[ONLINE_RATE]
    kept = settle(volumes).kept
    counted = [
        replace(volume, given=Given.COUNT, count=count) if volume.given is Given.ND and volume.channel else volume
        for volume, count in zip(kept, found, strict=False)
    ]
    if len(settle(counted).kept) < len(counted):
        return  # what turned up goes before, or behind, another figure
    after = asked(counted, where=YEAR).totals.answers[ONLINE_RATE]
    if before.value is not None and after.value is not None:
        assert before.lowest <= after.value <= before.highest
        if before.attained is not Attained.UNKNOWN:
            assert (after.value >= before.target.value) == (before.attained is Attained.YES)


@settings(deadline=None)
@given(reported_lists)
def test_a_zero_is_a_count_and_what_was_not_collected_is_none(volumes: list[Volume]) -> None:
    zeros = [replace(each, given=Given.COUNT, count=0) for each in volumes]
    gaps = [replace(each, given=Given.ND, count=None) for each in volumes]
    answer = asked(gaps, where=YEAR).totals.answers[ONLINE_RATE]
    assert (answer.value, answer.numerator, answer.denominator, answer.reported) == (None, None, None, 0)
    answer = asked(zeros, where=YEAR).totals.answers[ONLINE_RATE]
    assert answer.value is None
    if any(each.channel and each.start.year == 2020 for each in zeros):
        assert (answer.denominator, answer.reported > 0) == (0, True)


@pytest.mark.parametrize("rate", [rate for rate in RATES_BY_NAME.values() if rate.family.name != "USE"])
def test_rates_of_the_catalogue_leave_nothing_but_the_unknown_out(rate) -> None:
    answer = asked([], rates=(rate.name,), where=YEAR).totals.answers[rate.name]
    if answer.value is not None:
        assert answer.value == Fraction(answer.numerator, answer.denominator)
    assert answer.reported <= answer.expected <= len(city().matters)
