"""Which volumes are used where several tell of the same cases: none is counted twice, and what is set aside is named."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rates.precedence import Reason, SetAside, settle, summed
from registry.rates.question import Dimension, Scope
from registry.rates.volumes import Given, Grain, Origin, Volume
from tests.domain.rates_city import EAST, HALL, MARCH, PC, WEST, YEAR, asked, cases, online, report
from tests.domain.rates_strategies import crowded_lists, volume_lists

ND, NA = Given.ND, Given.NA


def kept(*volumes: Volume) -> list[Volume]:
    return [volume for volume in settle(volumes).kept if volume.origin is Origin.REPORTED]


def reasons(*volumes: Volume) -> list[Reason]:
    return [reason for reason, _ in settle(volumes).aside]


def test_cases_go_before_totals_of_the_same_month() -> None:
    assert reasons(cases(day=date(2020, 3, 31)), report(500, HALL)) == [Reason.DERIVED_FIRST]


def test_cases_of_another_month_or_matter_leave_totals_alone() -> None:
    assert reasons(cases(day=date(2020, 4, 1)), cases(matter="B"), report(500)) == []


def test_a_day_is_set_aside_if_its_month_has_cases() -> None:
    assert reasons(cases(day=date(2020, 3, 5)), report(3, period="2020-03-07")) == [Reason.DERIVED_FIRST]


def test_one_case_in_a_year_sets_its_yearly_total_aside() -> None:
    assert reasons(cases(day=date(2020, 12, 31)), report(500, period="2020")) == [Reason.DERIVED_FIRST]
    assert reasons(cases(day=date(2021, 1, 1)), report(500, period="2020")) == []


def test_a_month_goes_before_the_year_that_covers_it() -> None:
    month = report(5, period="2020-03")
    assert kept(month, report(500, period="2020"), report(70, period="2021")) == [month, report(70, period="2021")]
    assert reasons(month, report(500, period="2020")) == [Reason.FINER_FIRST]


def test_a_month_of_another_channel_leaves_the_year_alone() -> None:
    assert reasons(report(5, PC, "2020-03"), report(500, HALL, "2020")) == []


def test_what_was_not_collected_displaces_nothing() -> None:
    assert reasons(report(ND, PC, "2020-03"), report(500, PC, "2020")) == []


def test_the_whole_city_goes_before_its_districts() -> None:
    assert reasons(report(100), report(40, district=WEST), report(30, district=EAST)) == [Reason.CITY_FIRST] * 2
    assert kept(report(100), report(40, district=WEST)) == [report(100)]


def test_a_city_total_that_is_set_aside_itself_displaces_no_district() -> None:
    city, west, day = report(100), report(40, district=WEST), report(3, period="2020-03-07", district=EAST)
    assert kept(city, west, day) == [west, day]


def test_districts_alone_are_used() -> None:
    assert online([report(40, district=WEST), report(30, district=EAST)]).denominator == 70


def test_what_was_set_aside_is_counted_and_named_in_the_answer() -> None:
    table = asked([cases(2), report(500), report(20, matter="B"), report(200, period="2020", matter="C")])
    assert table.set_aside == (
        SetAside(Reason.DERIVED_FIRST, 1, 500, ("A",)),
        SetAside(Reason.TOO_COARSE, 1, 200, ("C",)),
    )
    assert table.totals.answers["online_acceptance_rate"].denominator == 22


def test_what_was_set_aside_elsewhere_is_not_named() -> None:
    april = Scope(date(2020, 4, 1), date(2020, 4, 30))
    assert asked([cases(2), report(500)], where=april).set_aside == ()


def test_a_city_total_is_too_coarse_for_a_district() -> None:
    only_west = Scope(MARCH.first, MARCH.last, {Dimension.DISTRICT: frozenset({WEST})})
    table = asked([report(500), report(20, matter="B", district=WEST)], where=only_west)
    assert table.totals.answers["online_acceptance_rate"].denominator == 20
    assert [each.reason for each in table.set_aside] == [Reason.TOO_COARSE]


def test_nothing_set_aside_is_nothing_summed() -> None:
    assert summed(()) == ()


def overlap(one: Volume, other: Volume) -> bool:
    """Whether two counts may tell of one case."""
    same = (one.matter, one.channel) == (other.matter, other.channel)
    area = one.district == other.district or None in (one.district, other.district)
    return same and area and one.start <= other.last and other.start <= one.last


def unique(volumes: list[Volume]) -> list[Volume]:
    """One row for each reported cell, as an import keeps them."""
    return list({(v.matter, v.district, v.start, v.grain, v.channel, v.origin): v for v in volumes}.values())


def test_a_finer_city_total_goes_before_a_districts_coarser_one() -> None:
    assert kept(report(5, period="2020-03"), report(40, period="2020", district=WEST)) == [report(5, period="2020-03")]
    apart = [report(5, period="2020-03", district=EAST), report(40, period="2020", district=WEST)]
    assert kept(*apart) == apart


@settings(deadline=None)
@given(st.one_of(volume_lists, crowded_lists))
def test_no_case_is_counted_twice(volumes: list[Volume]) -> None:
    volumes = unique(volumes)
    used = settle(volumes).kept
    reported = [volume for volume in used if volume.origin is Origin.REPORTED]
    counts = [volume for volume in reported if volume.given is Given.COUNT]
    for place, volume in enumerate(counts):
        assert not any(overlap(volume, other) for other in counts[place + 1 :])
    for case in (volume for volume in used if volume.origin is Origin.DERIVED):
        assert not any(
            volume.matter == case.matter and volume.start <= case.start <= volume.last for volume in reported
        )


@settings(deadline=None)
@given(volume_lists)
def test_nothing_is_lost_and_settling_again_changes_nothing(volumes: list[Volume]) -> None:
    settled = settle(volumes)
    assert sorted(map(repr, (*settled.kept, *(volume for _, volume in settled.aside)))) == sorted(map(repr, volumes))
    assert settle(settled.kept) == type(settled)(settled.kept, ())


@settings(deadline=None)
@given(st.permutations([cases(2), report(5, HALL), report(7, matter="B"), report(9, matter="B", period="2020")]))
def test_the_order_of_volumes_does_not_matter(volumes: list[Volume]) -> None:
    assert asked(volumes, where=YEAR).totals == asked(sorted(volumes, key=repr), where=YEAR).totals


def test_a_volume_is_a_count_or_says_why_not() -> None:
    for given_as, count in ((Given.COUNT, None), (ND, 0), (NA, 3), (Given.COUNT, -1)):
        try:
            Volume("A", None, date(2020, 1, 1), Grain.DAY, PC, False, None, given_as, count, Origin.REPORTED)
        except ValueError:
            continue
        raise AssertionError((given_as, count))
