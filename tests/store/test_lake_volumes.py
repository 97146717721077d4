"""Volumes: what is counted of the cases held, now and as reported on an earlier day, and what departments report."""

from datetime import datetime, timedelta
from pathlib import Path

from registry.lake.intake import import_cases
from registry.lake.reported import import_volumes
from registry.lake.tables import open_lake
from registry.lake.volumes import volumes
from registry.rates.volumes import COLUMNS
from tests.store.lakes import CITY, NOW, case, write_cases


def test_cases_are_counted_and_an_earlier_day_gives_what_was_known_then(tmp_path: Path, blank_url: str) -> None:
    moment = NOW

    def clock() -> datetime:
        return moment

    with open_lake(blank_url, tmp_path / "lake", memory="300MB", clock=clock) as lake:
        import_cases(lake, [write_cases(tmp_path / "a.csv", map(case, range(40)))], holdings=CITY)
        first = volumes(lake)
        assert tuple(first.column_names) == COLUMNS
        assert sum(first["count"].to_pylist()) == 40
        moment = NOW + timedelta(days=1)
        more = [*map(case, range(40, 50)), case(0, channel="HALL"), {**case(1), "withdrawn": "1"}]
        import_cases(lake, [write_cases(tmp_path / "b.csv", more)], holdings=CITY)
        assert sum(volumes(lake)["count"].to_pylist()) == 49


def test_a_department_reports_totals_and_says_what_it_does_not_collect(tmp_path: Path, blank_url: str) -> None:
    file = tmp_path / "v.csv"
    file.write_text(
        "matter,district,period,channel,count\nM-1,,2020,MOBILE,12\nM-1,,2020,HALL,ND\nM-2,330102,2020-03,KIOSK,NA\n",
        encoding="utf-8",
    )
    with open_lake(blank_url, tmp_path / "lake", memory="300MB", clock=lambda: NOW) as lake:
        import_volumes(lake, [file], holdings=CITY)
        table = volumes(lake).sort_by([("matter", "ascending"), ("channel", "ascending")])
        rows = [(r["matter"], r["channel"], r["grain"], r["given"], r["count"]) for r in table.to_pylist()]
    assert rows == [
        ("M-1", "HALL", "YEAR", "ND", None), ("M-1", "MOBILE", "YEAR", "COUNT", 12), ("M-2", "KIOSK", "MONTH", "NA", None),
    ]  # fmt: skip
