"""A file that ends in the middle of a row is refused, wherever it ends."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.bundles import Member
from registry.exchange.columns import COLUMNS
from registry.exchange.faults import RefusedFiles
from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.exchange.writing import export
from registry.holdings import Holdings
from registry.matters import TimeLimit
from registry.words import Channel, LimitUnit, MatterType, OfferStatus, RegionLevel
from tests.make import (
    CITY,
    make_bundle,
    make_department,
    make_holdings,
    make_matter,
    make_offer,
    make_place,
    make_region,
)

HELD = make_holdings(
    make_region("330185", parent=CITY, level=RegionLevel.COUNTY_CITY, name="某县级市"),
    make_region("330186", parent=CITY, level=RegionLevel.COUNTY_CITY, name="另一县级市"),
    make_department("SB", address="某路 1 号, 二楼"),
    make_place("P1"),
    make_place("P2", address='"北"门'),
    *[
        make_matter(
            f"M-{n:02}",
            type=MatterType.LICENCE,
            promised_limit=TimeLimit(5, LimitUnit.WORKING_DAY),
            conditions="多行\n文字",
            offers=[make_offer(), make_offer(Channel.PC, OfferStatus.SUSPENDED, reason="升级")],
        )
        for n in range(12)
    ],
    make_bundle("B-0"),
    make_bundle("B-1", members=[Member(f"M-{n:02}", "有车的" if n == 11 else None) for n in range(12)]),
)


@pytest.fixture(params=[-1, -2], ids=["last row", "row before"])
def row(request):
    return request.param


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_file_cut_off_within_a_row_is_refused_with_one_fault(tmp_path: Path, kind, row):
    export(HELD, tmp_path, "csv")
    path = tmp_path / f"{kind}.csv"
    whole = path.read_bytes()
    begin, end = _row_bounds(whole, row)
    for size in range(begin + 1, end):
        path.write_bytes(whole[:size])
        with pytest.raises(RefusedFiles) as refused:
            read_files([tmp_path])
        assert [fault.file for fault in refused.value.faults] == [str(path)], whole[begin:size]


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_file_cut_off_within_its_header_is_refused_with_one_fault(tmp_path: Path, kind):
    export(HELD, tmp_path, "csv")
    path = tmp_path / f"{kind}.csv"
    whole = path.read_bytes()
    for size in range(whole.index(b"\n") + 1):
        path.write_bytes(whole[:size])
        with pytest.raises(RefusedFiles) as refused:
            read_files([tmp_path])
        assert [fault.file for fault in refused.value.faults] == [str(path)], whole[:size]


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_file_without_its_last_line_end_is_whole(tmp_path: Path, kind):
    export(HELD, tmp_path, "csv")
    path = tmp_path / f"{kind}.csv"
    path.write_bytes(path.read_bytes()[:-1])
    (warning,) = read_files([tmp_path]).warnings
    assert warning.file == str(path)


def test_a_json_file_cut_off_anywhere_is_refused(tmp_path: Path):
    (path,) = export(HELD, tmp_path, "json")
    whole = path.read_bytes().rstrip()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        with pytest.raises(RefusedFiles) as refused:
            read_files([path])
        assert len(refused.value.faults) == 1


EDITS = st.lists(
    st.tuples(st.integers(0), st.integers(0, 6), st.sampled_from([b"", b'"', b",", b"\n", b"\0", b"\xff", b"^", b"9"])),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(form=st.sampled_from(["csv", "json", "xlsx"]), which=st.integers(0), edits=EDITS)
def test_whatever_is_damaged_is_read_or_refused_and_nothing_else(form, which, edits):
    with tempfile.TemporaryDirectory() as folder:
        paths = export(HELD, Path(folder), form)
        path = paths[which % len(paths)]
        content = path.read_bytes()
        for place, length, instead in edits:
            begin = place % (len(content) + 1)
            content = content[:begin] + instead + content[begin + length :]
        path.write_bytes(content)
        try:
            plan_load(Holdings(), read_files([Path(folder)]))
        except RefusedFiles as refused:
            lines = [str(fault) for fault in refused.faults]
            assert len(set(lines)) == len(lines) > 0
            assert not any("\n" in line for line in lines)


def _row_bounds(content: bytes, row: int) -> tuple[int, int]:
    """Where a row begins, and where its last cell ends, counted from the end."""
    ends = [
        place for place, letter in enumerate(content) if letter == ord("\n") and content.count(b'"', 0, place) % 2 == 0
    ]
    return ends[row - 1] + 1, ends[row]
