"""Ranking with ties, and small groups withheld so that nobody can be told from them."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Dimension
from registry.rates.ranking import Ranked, ranked
from registry.rates.suppression import suppressed
from registry.rates.volumes import Given, Volume
from tests.domain.rates_city import HALL, ONLINE_RATE, USE_RATES, YEAR, asked, cases, report
from tests.domain.rates_strategies import volume_lists

D = Dimension


def by_district(*sizes: int) -> list[Volume]:
    return [cases(size, district=f"3301{number:02d}") for number, size in enumerate(sizes, start=1)]


def test_equal_values_share_a_rank_and_the_next_counts_them() -> None:
    volumes = [
        *by_district(9, 9, 9),
        *(cases(count, HALL, district=f"3301{number:02d}") for number, count in ((1, 1), (2, 3), (3, 3), (4, 1))),
        cases(1, assisted=True, district="330105"),
        report(Given.ND, district="330106", matter="C"),
    ]
    found = ranked(asked(volumes, D.DISTRICT).rows, RATES_BY_NAME[ONLINE_RATE])
    assert [each.rank for each in found] == [1, 2, 2, 4, 4, None]
    assert found[0] == Ranked(1, ("330101",), Fraction(9, 10))
    lowest_first = ranked(asked(volumes, D.DISTRICT).rows, RATES_BY_NAME["hall_share"])
    assert lowest_first[0].value == 0


def withheld(volumes: list[Volume], least: int = 10) -> tuple[list[str], bool]:
    table = suppressed(asked(volumes, D.DISTRICT), RATES_BY_NAME, least)
    return [row.key[0] for row in table.rows if row.answers[ONLINE_RATE].suppressed], (
        table.totals.answers[ONLINE_RATE].suppressed
    )


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert withheld(by_district(4, 50, 30)) == (["330101", "330103"], False)
    assert withheld(by_district(4, 7, 30)) == (["330101", "330102"], False)
    assert withheld(by_district(40, 50, 30)) == ([], False)


def test_a_small_group_under_two_policies_is_one_group() -> None:
    """Its two rows hide each other from nobody: under one policy alone it is the total less the others."""
    table = suppressed(asked(by_district(8, 50, 30), D.DISTRICT, D.ONLINE_POLICY), RATES_BY_NAME, 10)
    shown = {row.key[0] for row in table.rows if not row.answers[ONLINE_RATE].suppressed}
    assert shown == {"330102"}
    alone = suppressed(asked(by_district(8), D.ONLINE_POLICY), RATES_BY_NAME, 10)
    assert all(row.answers[ONLINE_RATE].suppressed for row in (*alone.rows, alone.totals))


def test_two_tiny_groups_do_not_hide_each_other() -> None:
    assert withheld(by_district(1, 1, 30)) == (["330101", "330102", "330103"], False)


def test_with_nobody_to_hide_behind_the_total_is_withheld_too() -> None:
    assert withheld(by_district(4)) == (["330101"], True)
    assert withheld(by_district(4, 5)) == (["330101", "330102"], True)


def test_a_small_total_alone_is_withheld() -> None:
    table = suppressed(asked(by_district(4)), RATES_BY_NAME, 10)
    assert table.totals.answers[ONLINE_RATE].suppressed
    assert table.rows[0].answers[ONLINE_RATE].denominator is None


def test_figures_of_matters_are_not_withheld() -> None:
    table = asked(by_district(4), D.DEPARTMENT, rates=(ONLINE_RATE, "zero_visit_rate"))
    row = suppressed(table, RATES_BY_NAME, 10).rows[0]
    assert row.answers[ONLINE_RATE].suppressed
    assert not row.answers["zero_visit_rate"].suppressed


@settings(deadline=None)
@given(volume_lists, st.integers(1, 60), st.sampled_from([D.MATTER, D.DISTRICT, D.MONTH, D.CHANNEL]))
def test_nothing_withheld_can_be_reckoned_from_the_total(volumes: list[Volume], least: int, dimension) -> None:
    table = asked(volumes, dimension, where=YEAR)
    shown = suppressed(table, RATES_BY_NAME, least)
    hidden = {row.key for row in shown.rows if row.answers[ONLINE_RATE].suppressed}
    for name in USE_RATES:
        sizes = {row.key: row.answers[name].denominator or 0 for row in table.rows}
        assert all(size >= least for key, size in sizes.items() if key not in hidden and size)
        behind = [sizes[key] for key in hidden if sizes[key]]
        if behind and not shown.totals.answers[name].suppressed:
            assert len(behind) > 1
            assert sum(behind) >= least


def test_a_group_hides_in_every_rate_not_only_in_one() -> None:
    # Only cases say who was helped: of the two small groups, one has no count there to hide the other's.
    volumes = [*by_district(3, 40, 50), report(8, district="330104", matter="C")]
    assert withheld(volumes) == (["330101", "330102", "330104"], False)
