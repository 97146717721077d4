"""However the rows of an import are divided into row groups and files, the lake holds the same cases."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from registry.lake import csv_chunks, writing
from registry.lake.intake import import_cases
from registry.lake.ledger import Imported
from registry.lake.tables import Lake, data_files, local_paths
from tests.store.lakes import CITY, HEADER, case, held, opened, write_cases

CASES = [case(n * 7919 % 1000) for n in range(1000)]
CORRECTED = [case(n, channel="", accepted_at=f"2020-{n % 12 + 1:02}-28", bundle="B-1") for n in (0, 12, 24, 500, 999)]
GONE = [dict.fromkeys(HEADER, "") | {"case_no": f"A{n:07}", "withdrawn": "1"} for n in (3, 4, 600)]


def files(lake: Lake) -> list[str]:
    table = lake.table("cases")
    return local_paths(data_files(table, table.current_snapshot()))


def filled(lake: Lake, folder: Path) -> tuple[list[object], int, int]:
    """What the lake holds at the end; how many files and row groups the cases came in with."""
    import_cases(lake, [write_cases(folder / "cases.csv", CASES)], holdings=CITY)
    first = files(lake)
    import_cases(lake, [write_cases(folder / "corrected.csv", CORRECTED + GONE)], holdings=CITY)
    groups = sum(pq.read_metadata(path).num_row_groups for path in first)
    return held(lake, "* EXCLUDE (filename, import_id)"), len(first), groups


@pytest.mark.parametrize("sizes", [(5, 20, 1000), (1000, 20, 30), (7, 1000, 1)])
def test_a_lake_of_small_files_holds_what_one_of_large_files_does(sizes, tmp_path, monkeypatch):
    for folder in (tmp_path / "large", tmp_path / "small"):
        folder.mkdir()
    with opened(f"sqlite:///{tmp_path}/large.sqlite", tmp_path / "large") as lake:
        expected = filled(lake, tmp_path)
    monkeypatch.setattr(csv_chunks, "BLOCK", 2_000)
    for name, rows in zip(("ROW_GROUP", "FILE_ROWS", "MOST_WAITING"), sizes, strict=True):
        monkeypatch.setattr(writing, name, rows)
    with opened(f"sqlite:///{tmp_path}/small.sqlite", tmp_path / "small") as lake:
        found = filled(lake, tmp_path)
    assert len(expected[0]) == 997
    assert found[0] == expected[0]
    assert found[1:] != expected[1:]
    assert expected[1:] == (12, 12)


def test_a_correction_leaves_the_other_files_of_its_month_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_chunks, "BLOCK", 500)
    monkeypatch.setattr(writing, "ROW_GROUP", 10)
    monkeypatch.setattr(writing, "FILE_ROWS", 10)
    with opened(f"sqlite:///{tmp_path}/registry.sqlite", tmp_path) as lake:
        import_cases(lake, [write_cases(tmp_path / "cases.csv", [case(n * 12) for n in range(60)])], holdings=CITY)
        before = set(files(lake))
        assert 4 <= len(before) <= 6
        counts = import_cases(lake, [write_cases(tmp_path / "later.csv", [case(300, channel="")])], holdings=CITY)
        assert counts == Imported(1, 1, replaced=1)
        after = set(files(lake))
        assert (len(before - after), len(after - before)) == (1, 2)
        rows = held(lake, "case_no, channel")
        assert len(rows) == 60
        assert [row for row in rows if row[1] is None] == [("A0000300", None)]
