"""How many people an edit touches: known where cases say of which bundle they are, else unknown."""

from datetime import date
from pathlib import Path

import pytest

from registry.figures.people import a_year_before, cases_of_bundles
from registry.lake.intake import import_cases
from registry.lake.tables import open_lake
from registry.settings import Settings
from tests.store.lakes import CITY, NOW, case, write_cases

DAY = date(2020, 12, 31)


@pytest.fixture
def settings(tmp_path: Path, blank_url: str) -> Settings:
    return Settings(database=blank_url, lake=str(tmp_path / "lake"))


def hold(settings: Settings, tmp_path: Path, bundle: str) -> None:
    with open_lake(settings.database, Path(settings.lake), memory="300MB", clock=lambda: NOW) as lake:
        cases = (case(number, matter="M-1", bundle=bundle if number < 9 else "") for number in range(24))
        import_cases(lake, [write_cases(tmp_path / "a.csv", cases)], holdings=CITY)


def test_the_last_twelve_months_are_counted_and_another_bundle_has_none(settings: Settings, tmp_path: Path) -> None:
    hold(settings, tmp_path, "B-1")
    assert cases_of_bundles(settings, ["B-1", "B-2"], DAY) == {"B-1": 9, "B-2": 0}
    # Of cases 0 to 8 one was accepted in each of the months from January to September.
    assert cases_of_bundles(settings, ["B-1"], date(2021, 6, 30)) == {"B-1": 3}


def test_where_no_case_says_its_bundle_it_is_unknown(settings: Settings, tmp_path: Path) -> None:
    hold(settings, tmp_path, "")
    assert cases_of_bundles(settings, ["B-1"], DAY) == {}


def test_cases_of_other_years_tell_nothing_of_this_one(settings: Settings, tmp_path: Path) -> None:
    hold(settings, tmp_path, "B-1")
    assert cases_of_bundles(settings, ["B-1"], date(2026, 11, 25)) == {}


def test_without_a_lake_it_is_unknown_and_none_is_made(settings: Settings) -> None:
    assert cases_of_bundles(settings, ["B-1"], DAY) == {}
    assert not Path(settings.lake).exists()


def test_a_year_before_a_leap_day_is_the_28th() -> None:
    assert a_year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert a_year_before(date(2024, 3, 1)) == date(2023, 3, 1)
