"""The analyses: pace, path, change, flags, and what feeds them."""

from datetime import date
from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rates.change import Count, change
from registry.rates.drawn import counts_drawn, loads_drawn, months_drawn, series_drawn
from registry.rates.flags import Flag, MonthCount, flags
from registry.rates.pace import Forecast, Month, pace
from registry.rates.path import Load, Peers, contributions, path, upper_quartile
from registry.rates.question import Dimension
from registry.rates.volumes import Given
from tests.domain.rates_city import EAST, HALL, MOBILE, ONLINE_RATE, PC, YEAR, asked, cases, city, report

D = Dimension
EIGHTY = Fraction(80, 100)


def half_year(year: int = 2020, numerator: int = 60, denominator: int = 100, months: int = 6) -> dict[str, Month]:
    return {f"{year}-{month:02d}": Month(numerator, denominator) for month in range(1, months + 1)}


def test_the_pace_by_the_mean_so_far() -> None:
    found = pace(half_year(), 2020, EIGHTY, Forecast.MEAN_SO_FAR, "2020-06")
    assert (found.needed, found.within_reach, found.expected_cases) == (1, True, 600)
    assert found.remaining == tuple(f"2020-{month:02d}" for month in range(7, 13))


def test_the_pace_by_last_year() -> None:
    months = half_year() | half_year(2019, 0, 300, 12)
    found = pace(months, 2020, EIGHTY, Forecast.LAST_YEAR, "2020-06")
    assert found.needed == (EIGHTY * (600 + 1800) - 360) / 1800


def test_a_pace_above_one_is_out_of_reach_and_one_below_nought_is_done() -> None:
    assert pace(half_year(numerator=50), 2020, EIGHTY, Forecast.MEAN_SO_FAR, "2020-06").within_reach is False
    assert pace(half_year(months=11, numerator=100), 2020, EIGHTY, Forecast.MEAN_SO_FAR, "2020-11").needed < 0


def test_no_pace_is_guessed_from_missing_months() -> None:
    gone = {label: month for label, month in half_year().items() if label != "2020-04"}
    found = pace(gone, 2020, EIGHTY, Forecast.MEAN_SO_FAR, "2020-06")
    assert (found.needed, found.within_reach, found.missing) == (None, None, ("2020-04",))
    found = pace(half_year(), 2020, EIGHTY, Forecast.LAST_YEAR, "2020-11")
    assert (found.needed, found.missing) == (None, (*(f"2020-{month:02d}" for month in range(7, 12)), "2019-12"))


def test_when_the_year_is_over_there_is_no_pace() -> None:
    assert pace(half_year(months=12), 2020, EIGHTY, Forecast.MEAN_SO_FAR, "2020-12").needed is None


@settings(deadline=None)
@given(st.integers(1, 11), st.integers(0, 50), st.integers(50, 90), st.fractions(0, 1, max_denominator=20))
def test_who_keeps_the_pace_just_reaches_the_target(months: int, numerator: int, denominator: int, target) -> None:
    held = half_year(2020, numerator, denominator, months)
    found = pace(held, 2020, target, Forecast.MEAN_SO_FAR, f"2020-{months:02d}")
    total = months * numerator + found.needed * found.expected_cases
    assert total / (months * denominator + found.expected_cases) == target


def load(matter: str, online: int, hall: int, *, department: str = "GA", kind: str = "LICENCE") -> Load:
    """A matter with a hundred cases."""
    return Load(matter, department, kind, online, hall, 100)


PEERS = [load("P1", 50, 0), load("P2", 70, 0), load("P3", 90, 0), load("P4", 95, 0)]


def test_a_matter_moves_as_far_as_three_quarters_of_its_peers_reach() -> None:
    (step, *_) = contributions([*PEERS, load("M", 20, 80)])
    assert (step.matter, step.moved, step.reached_by_peers) == ("M", 70, Fraction(90, 100))
    assert (step.peers, step.peers_count, step.share) == (Peers.DEPARTMENT_AND_TYPE, 4, Fraction(20, 100))


def test_a_matter_moves_no_further_than_its_peers_reach() -> None:
    peers = [Load(f"P{number}", "GA", "LICENCE", 2, 0, 3) for number in range(3)]
    assert [step.moved for step in contributions([*peers, load("M", 20, 80)])] == [46]  # of 66 2/3


def test_no_more_cases_move_than_the_hall_has() -> None:
    assert contributions([*PEERS, load("M", 20, 5)])[0].moved == 5


def test_peers_are_sought_further_off_where_there_are_too_few() -> None:
    few = [*PEERS, load("M", 20, 80, kind="AWARD")]
    assert contributions(few)[0].peers is Peers.DEPARTMENT
    far = [*PEERS, load("M", 20, 80, department="MZ")]
    assert contributions(far)[0].peers is Peers.TYPE
    assert contributions([load("M", 20, 80, department="MZ", kind="AWARD"), *PEERS]) == []


def test_the_path_says_what_is_left() -> None:
    found = path([*PEERS, load("M", 20, 80)], 100)
    assert (found.closes, found.left, [step.matter for step in found.steps]) == (False, 30, ["M"])
    assert path([*PEERS, load("M", 20, 80)], 0).steps == ()
    assert path([*PEERS, load("M", 20, 80)], 70).closes


loads = st.lists(
    st.tuples(
        st.integers(0, 40), st.integers(0, 40), st.sampled_from(["GA", "MZ"]), st.sampled_from(["LICENCE", "AWARD"])
    ),
    max_size=9,
).map(lambda rows: [Load(f"M{n}", dep, kind, on, hall, on + hall) for n, (on, hall, dep, kind) in enumerate(rows)])


@settings(deadline=None)
@given(loads, st.integers(0, 120))
def test_no_smaller_set_of_matters_closes_the_gap(every: list[Load], gap: int) -> None:
    moved = [step.moved for step in contributions(every)]
    found = path(every, gap)
    if found.closes:
        smaller = max(len(found.steps) - 1, 0)
        assert not any(sum(chosen) >= gap for chosen in combinations(moved, smaller)) or gap == 0
    else:
        assert found.left == gap - sum(moved)


def test_the_upper_quartile_is_one_that_is_really_reached() -> None:
    assert [upper_quartile([Fraction(n) for n in range(1, last + 1)]) for last in (1, 2, 3, 4, 5, 8)] == [
        1,
        2,
        3,
        3,
        4,
        6,
    ]


def counts(numerator: int, denominator: int) -> Count:
    return Count(Fraction(numerator), Fraction(denominator))


def test_a_big_department_does_not_hide_the_rest() -> None:
    before = {("big",): counts(900, 1000), ("small",): counts(50, 100)}
    after = {("big",): counts(2700, 3000), ("small",): counts(20, 100)}
    found = change(before, after)
    assert found.after > found.before
    assert found.mix > 0 > found.within
    assert {part.key: part.within < 0 for part in found.parts} == {("big",): False, ("small",): True}


def test_a_group_below_the_mean_pulls_the_whole_down_as_it_grows() -> None:
    before = {("high",): counts(90, 100), ("low",): counts(10, 100)}
    after = {("high",): counts(90, 100), ("low",): counts(30, 300)}
    assert [part.mix < 0 for part in change(before, after).parts] == [True, True]


def test_a_group_that_comes_or_goes_is_mix() -> None:
    found = change(
        {("old",): counts(1, 2), ("stays",): counts(1, 4)}, {("new",): counts(3, 4), ("stays",): counts(1, 4)}
    )
    assert found.within == 0
    assert found.mix == found.after - found.before


def test_without_cases_there_is_no_change_to_tell() -> None:
    assert change({}, {("a",): counts(1, 2)}) is None
    assert change({("a",): counts(0, 0)}, {("a",): counts(1, 2)}) is None


groups = st.dictionaries(
    st.tuples(st.sampled_from(["a", "b", "c", "d", None])),
    st.integers(0, 50).flatmap(lambda whole: st.builds(counts, st.integers(0, whole), st.just(whole))),
)


@settings(deadline=None)
@given(groups, groups)
def test_mix_and_within_add_up_to_the_change_exactly(before, after) -> None:
    found = change(before, after)
    if found is None:
        return
    assert found.mix + found.within == found.after - found.before
    assert sum(part.mix for part in found.parts) == found.mix
    assert sum(part.within for part in found.parts) == found.within
    back = change(after, before)
    assert (back.mix, back.within) == (-found.mix, -found.within)


def series(*rates: tuple[int, int] | None) -> dict[str, MonthCount]:
    return {f"2020-{month:02d}": MonthCount(*rate) for month, rate in enumerate(rates, start=1) if rate}


def raised(*rates: tuple[int, int] | None) -> list[tuple[Flag, int]]:
    return [(each.flag, len(each.months)) for each in flags(series(*rates))]


def test_an_ordinary_series_raises_nothing() -> None:
    assert raised((60, 100), (70, 110), (75, 105), (70, 120)) == []
    assert flags({}) == ()


def test_each_flag_is_raised_by_what_it_names() -> None:
    assert raised((60, 100), (111, 110), (75, 105))[0] == (Flag.OVER_ONE, 1)
    assert raised((50, 100), (55, 110), (60, 120)) == [(Flag.CONSTANT, 3)]
    assert raised((50, 100), (60, 100), (55, 100)) == [(Flag.CONSTANT, 3)]
    assert raised((50, 100), (80, 101)) == [(Flag.JUMP, 2)]
    assert raised((50, 100), (300, 600)) == [(Flag.JUMP, 2)]
    assert raised((50, 100), None, (55, 101)) == [(Flag.MONTHS_MISSING, 1)]
    assert flags({"2020-01": MonthCount(5, 9, 2)})[0].flag is Flag.NO_CHANNEL


def test_what_chance_makes_raises_nothing() -> None:
    assert raised((1, 2), (2, 2), (0, 1)) == []  # a handful of cases
    assert raised((90, 90), (95, 95), (99, 99)) == []  # wholly online, so always one
    assert raised((50, 100), (0, 0), (55, 101)) == [(Flag.JUMP, 2), (Flag.JUMP, 2)]
    assert raised((50, 100), None, (90, 101)) == [(Flag.MONTHS_MISSING, 1)]  # no step across a gap


VOLUMES = [
    cases(40, MOBILE, date(2020, 3, 5)),
    cases(10, HALL, date(2020, 3, 6)),
    cases(3, None, date(2020, 4, 2), matter="B", district=EAST),
    report(7, PC, "2020-04", matter="C"),
]


def test_the_analyses_are_fed_from_tables() -> None:
    by_month = asked(VOLUMES, D.MONTH, where=YEAR)
    assert months_drawn(by_month, ONLINE_RATE) == {"2020-03": Month(40, 50), "2020-04": Month(7, 10)}
    assert series_drawn(by_month)[()]["2020-04"] == MonthCount(7, 10, 3)
    by_both = series_drawn(asked(VOLUMES, D.DEPARTMENT, D.MONTH, where=YEAR))
    assert by_both[("GA",)]["2020-04"] == MonthCount(0, 3, 3)
    by_matter = asked(VOLUMES, D.MATTER, where=YEAR)
    assert counts_drawn(by_matter, ONLINE_RATE)[("A",)] == counts(40, 50)
    assert loads_drawn(by_matter, city())[0] == Load("A", "GA", "LICENCE", 40, 10, 50)


def test_what_is_unknown_is_not_fed_as_zero() -> None:
    table = asked([report(Given.ND, MOBILE), report(Given.ND, PC), report(5, HALL)], D.MATTER)
    assert counts_drawn(table, ONLINE_RATE) == {}
    assert loads_drawn(table, city()) == []
