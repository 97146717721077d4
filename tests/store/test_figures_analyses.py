"""Pace, path, change, flags, ranks and the headline, asked of a desk and checked by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from registry.errors import RefusedInput
from registry.figures.about import About
from registry.figures.arranging import Arrangement, Order, arranged
from registry.figures.changes import what_changed
from registry.figures.flagging import quality_flags
from registry.figures.headline import headline
from registry.figures.pacing import pace_to_target
from registry.figures.paths import path_to_target
from registry.figures.results import change_sheet, flags_sheet, pace_sheet, path_sheet
from registry.figures.sheet import PARTS, Sheet, sheet_of
from registry.rates.answer import Attained
from registry.rates.flags import Flag
from registry.rates.pace import Forecast
from registry.rates.path import Peers
from registry.rates.periods import period_of
from registry.rates.question import Dimension, Question, Scope
from registry.rates.rate import OnlinePolicy
from registry.words import MatterType
from tests.make import make_department, make_holdings, make_matter
from tests.store.desks import Town, numbered, town

D = Dimension
RATE = "online_acceptance_rate"
PEERS = make_holdings(
    make_department("GA", name="市公安局"),
    *(make_matter(code, name=f"事项{code}", type=MatterType.LICENCE) for code in ("M", "N", "P1", "P2", "P3")),
)


@pytest.fixture
def here(blank_url: str, tmp_path: Path) -> Iterator[Town]:
    with town(blank_url, tmp_path) as made:
        yield made


def month(matter: str, period: str, mobile: int, hall: int) -> list[str]:
    """A month's totals, of all four channels."""
    counts = {"MOBILE": mobile, "PC": 0, "KIOSK": 0, "HALL": hall}
    return [f"{matter},,{period},{channel},{count}" for channel, count in counts.items()]


def half_a_year(year: int, mobile: int, hall: int, months: int = 6) -> list[str]:
    return [line for each in range(1, months + 1) for line in month("A", f"{year}-{each:02}", mobile, hall)]


def rows(sheet: Sheet, *names: str) -> list[tuple]:
    return list(zip(*(sheet.column(name) for name in names), strict=True))


def test_the_pace_goes_by_the_mean_so_far_where_last_year_is_not_known(here: Town) -> None:
    here.volumes(*half_a_year(2020, 60, 40))
    found = pace_to_target(here.desk, About())
    assert (found.year, found.through, found.target) == (2020, "2020-06", Fraction(80, 100))
    assert (found.pace.forecast, found.pace.needed) == (Forecast.MEAN_SO_FAR, 1)
    sheet = pace_sheet(found, here.desk.rates)
    assert rows(sheet, "month", "numerator", "denominator", "value", "counted")[5:] == [
        ("2020-06", 60, 100, 0.6, True), ("2020-07..2020-12", 600, 600, 1, False),
    ]  # fmt: skip
    assert "on average so far" in sheet.notes[-1].en


def test_the_pace_goes_by_last_year_where_it_is_known(here: Town) -> None:
    here.volumes(*half_a_year(2020, 60, 40), *half_a_year(2019, 100, 200, 12))
    found = pace_to_target(here.desk, About())
    assert (found.pace.forecast, found.pace.expected_cases) == (Forecast.LAST_YEAR, 1800)
    assert found.pace.needed == Fraction(80 * 2400 - 36000, 180000)
    by_mean = pace_to_target(
        here.desk, About(target=Fraction(70, 100)), forecast=Forecast.MEAN_SO_FAR, through="2020-05"
    )
    assert by_mean.pace.needed == Fraction(70 * 1200 - 30000, 70000)


def test_a_pace_needs_a_target_cases_and_a_whole_year(here: Town) -> None:
    with pytest.raises(RefusedInput, match="no cases yet"):
        pace_to_target(here.desk, About())
    here.volumes(*half_a_year(2021, 60, 40))
    with pytest.raises(RefusedInput, match="--target"):
        pace_to_target(here.desk, About())
    with pytest.raises(RefusedInput, match="no cases of 2020"):
        pace_to_target(here.desk, About(), year=2020)
    with pytest.raises(RefusedInput, match="whole year"):
        pace_to_target(here.desk, About(where=Scope(date(2020, 1, 1))))
    for rate in ("hall_share", "zero_visit_rate", "no_such_rate"):
        with pytest.raises(RefusedInput):
            pace_to_target(here.desk, About(rate))


def test_the_path_takes_the_matters_that_bring_most_first(blank_url: str, tmp_path: Path) -> None:
    """Peers at 90, 80 and 70 of a hundred: M, with 20 of 200, comes to 140 or more; N, with 60 of 100, to 80."""
    with town(blank_url, tmp_path, PEERS) as here:
        totals = {"M": (20, 180), "N": (60, 40), "P1": (90, 10), "P2": (80, 20), "P3": (70, 30)}
        here.volumes(*(line for matter, counts in totals.items() for line in month(matter, "2020-03", *counts)))
        found = path_to_target(here.desk, About())
        assert (found.answer.numerator, found.answer.denominator, found.path.gap) == (320, 600, 160)
        steps = [(step.matter, step.moved, step.reached_by_peers, step.peers) for step in found.path.steps]
        assert steps[0] == ("M", 140, Fraction(80, 100), Peers.DEPARTMENT_AND_TYPE)
        assert steps[1] == ("N", 20, Fraction(80, 100), Peers.DEPARTMENT_AND_TYPE)
        assert (found.path.closes, found.unknown) == (True, ())
        sheet = path_sheet(found, here.desk.rates)
        assert rows(sheet, "matter", "matter_name", "moved", "contribution", "left") == [
            ("M", "事项M", 140, 140 / 600, 20), ("N", "事项N", 20, 20 / 600, 0),
        ]  # fmt: skip
        lower = path_to_target(here.desk, About(target=Fraction(60, 100)))
        assert (lower.path.gap, [step.matter for step in lower.path.steps]) == (40, ["M"])
        assert path_to_target(here.desk, About(target=Fraction(1, 2))).path.steps == ()


def test_a_path_leaves_out_matters_of_whose_channels_too_little_is_known(here: Town) -> None:
    here.volumes(*month("A", "2020-03", 1, 1), "B,,2020-03,MOBILE,ND", "B,,2020-03,PC,ND", "B,,2020-03,HALL,5")
    found = path_to_target(here.desk, About())
    assert found.unknown == ("B",)
    assert path_sheet(found, here.desk.rates).notes[-1].name == "left_out"
    with pytest.raises(RefusedInput, match="nothing is known"):
        path_to_target(here.desk, About(where=Scope(filters={D.MATTER: frozenset({"C"})})))


TWO_MONTHS = (
    *month("A", "2020-01", 90, 10), *month("C", "2020-01", 10, 90),
    *month("A", "2020-02", 80, 20), *month("C", "2020-02", 30, 270),
)  # fmt: skip


def changed(here: Town, *by: Dimension, **about):
    return what_changed(here.desk, About(**about), by or (D.DEPARTMENT,), period_of("2020-01"), period_of("2020-02"))


def test_what_changed_is_mix_and_within_and_adds_up(here: Town) -> None:
    here.volumes(*TWO_MONTHS)
    found = changed(here)
    assert (found.change.before, found.change.after) == (Fraction(1, 2), Fraction(11, 40))
    assert (found.change.mix, found.change.within) == (Fraction(-3, 16), Fraction(-3, 80))
    assert [(part.key, part.within) for part in found.change.parts] == [(("GA",), Fraction(-3, 80)), (("MZ",), 0)]
    sheet = change_sheet(found, here.desk.rates)
    assert rows(sheet, "department", "before", "after", "mix", "within", "change", "total") == [
        ("GA", 0.9, 0.8, -0.115625, -0.0375, -0.153125, False),
        ("MZ", 0.1, 0.1, -0.071875, 0, -0.071875, False),
        (None, 0.5, 0.275, -0.1875, -0.0375, -0.225, True),
    ]


def test_a_group_of_which_too_little_is_known_is_left_out_of_both_periods(here: Town) -> None:
    here.volumes(*TWO_MONTHS, "B,,2020-01,MOBILE,5", "B,,2020-02,MOBILE,ND", "B,,2020-02,PC,ND", "B,,2020-02,HALL,1")
    found = changed(here, D.MATTER)
    assert found.left_out == (("B",),)
    assert found.change.before == Fraction(1, 2)
    assert change_sheet(found, here.desk.rates).notes[-1].name == "left_out"
    here.volumes("A,,2020-01-05,HALL,3")
    said = [note.en for note in change_sheet(changed(here), here.desk.rates).notes]
    assert any(each.startswith("before: 1 rows of volumes (10 cases) were set aside") for each in said)
    assert not any(each.startswith("after:") for each in said)


def test_groups_that_overlap_cannot_be_compared(here: Town) -> None:
    for by in ((D.SERVICE_OBJECT,), (D.LIFE_STAGE,), (D.MONTH,), (D.DEPARTMENT, D.ONLINE_POLICY)):
        with pytest.raises(RefusedInput, match="in one group only"):
            changed(here, *by)
    with pytest.raises(RefusedInput, match="in one group only"):
        changed(here, D.DISTRICT, rate="zero_visit_rate")
    with pytest.raises(RefusedInput, match="no condition on time"):
        changed(here, where=Scope(date(2020, 1, 1)))
    assert changed(here).change is None


def test_quality_flags_are_raised_group_by_group(here: Town) -> None:
    here.volumes(
        *month("A", "2020-01", 50, 50), *month("A", "2020-02", 50, 50), *month("A", "2020-03", 50, 50),
        *month("C", "2020-01", 30, 31), *month("C", "2020-02", 33, 30), *month("C", "2020-04", 10, 55),
    )  # fmt: skip
    found = quality_flags(here.desk, About(), (D.DEPARTMENT,))
    flags = {key: [(raised.flag, raised.months) for raised in each] for key, each in found.groups}
    assert flags == {
        ("GA",): [(Flag.CONSTANT, ("2020-01", "2020-02", "2020-03"))] * 2,
        ("MZ",): [(Flag.MONTHS_MISSING, ("2020-03",))],
    }
    assert found.looked_at == 2
    sheet = flags_sheet(found, here.desk.rates)
    assert rows(sheet, "department_name", "flag", "months")[1:] == [
        ("市公安局", "CONSTANT", "2020-01..2020-03"), ("=市民政局", "MONTHS_MISSING", "2020-03"),
    ]  # fmt: skip
    with pytest.raises(RefusedInput):
        quality_flags(here.desk, About(), (D.MONTH,))


RANKED = (
    *month("A", "2020-01", 8, 2), *month("B", "2020-01", 4, 1), *month("C", "2020-01", 1, 1),
    "A,,2020-02,HALL,ND",
)  # fmt: skip


def test_rows_are_ranked_with_ties_ordered_and_cut_and_the_totals_stay(here: Town) -> None:
    here.volumes(*RANKED)
    rate, question = here.desk.rates[RATE], Question((RATE,), (D.MATTER,))
    reported = here.desk.ask(question)
    shown = arranged(reported, here.desk.rates, Arrangement(rank=rate, first=2))
    assert ([row.key for row in shown.reported.table.rows], shown.held) == ([("A",), ("B",)], 3)
    sheet = sheet_of(shown.reported, here.desk.rates, shown.ranks)
    assert rows(sheet, "matter", "rank", f"{RATE}_denominator") == [("A", 1, 10), ("B", 1, 5), (None, None, 17)]
    denominator = next(part for part in PARTS if part.name == "denominator")
    smallest = arranged(reported, here.desk.rates, Arrangement(orders=(Order(rate, denominator),)))
    assert [row.key for row in smallest.reported.table.rows] == [("C",), ("B",), ("A",)]
    backwards = (Order(rate, descending=True), Order(D.MATTER, descending=True))
    assert [row.key for row in arranged(reported, here.desk.rates, Arrangement(orders=backwards)).reported.table.rows] == [
        ("B",), ("A",), ("C",),
    ]  # fmt: skip
    with pytest.raises(RefusedInput, match="groups"):
        arranged(here.desk.ask(replace(question, by=())), here.desk.rates, Arrangement(rank=rate))


def test_what_is_not_known_is_last_whichever_way(here: Town) -> None:
    here.volumes(*RANKED, "B,,2020-02,MOBILE,ND", "B,,2020-02,HALL,3")
    reported = here.desk.ask(Question((RATE,), (D.MATTER, D.MONTH)))
    for descending in (False, True):
        shown = arranged(
            reported, here.desk.rates, Arrangement(orders=(Order(here.desk.rates[RATE], descending=descending),))
        )
        assert shown.reported.table.rows[-1].answers[RATE].value is None


def test_small_groups_are_withheld_before_they_are_ranked(here: Town) -> None:
    here.volumes(*RANKED)
    reported = here.desk.ask(Question((RATE,), (D.MATTER,)))
    shown = arranged(reported, here.desk.rates, Arrangement(suppress=5, rank=here.desk.rates[RATE]))
    assert shown.ranks == {("A",): 1, ("B",): None, ("C",): None}
    sheet = sheet_of(shown.reported, here.desk.rates, shown.ranks)
    assert rows(sheet, "matter", f"{RATE}_numerator", f"{RATE}_suppressed")[1:3] == [
        ("B", None, True),
        ("C", None, True),
    ]
    assert "suppressed" in {note.name for note in sheet.notes}


def test_the_headline_is_of_the_latest_year_as_far_as_it_is_counted(here: Town) -> None:
    assert headline(here.desk).period is None
    here.volumes(*month("A", "2019-12", 1, 1), *month("A", "2020-01", 60, 40))
    found = headline(here.desk)
    assert found.period == period_of("2020-01")
    assert (found.answer.value, found.answer.to_target, found.answer.attained) == (Fraction(60, 100), 20, Attained.NO)
    here.volumes("C,,2020,MOBILE,5")
    found = headline(here.desk)
    assert (found.period, found.answer.numerator) == (period_of("2020"), 65)


def test_an_analysis_too_can_be_asked_as_reported_on_an_earlier_day(here: Town) -> None:
    some = numbered()
    here.cases(*some(3, "MOBILE"), *some(3, "HALL"))
    told = datetime.now(UTC)
    before = pace_to_target(here.desk, About())
    here.cases(*numbered()(3, "HALL"))
    assert pace_to_target(here.desk, About()).pace.so_far.numerator == 0
    assert pace_to_target(here.desk, About(as_reported_on=told)).pace == before.pace


def test_the_policy_decides_what_must_move(here: Town) -> None:
    some = numbered()
    here.cases(*some(6, "MOBILE"), *some(2, "KIOSK"), *some(2, "HALL"))
    assert path_to_target(here.desk, About()).path.gap == 2
    assert path_to_target(here.desk, About(policy=OnlinePolicy.MOBILE_PC_KIOSK)).path.gap == 0
