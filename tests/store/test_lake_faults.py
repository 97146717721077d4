"""Many rows, a few bad in every way there is: each is reported with its row and reason, and nothing else is."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.lake import csv_chunks
from registry.lake.chunks import Layout
from registry.lake.csv_chunks import csv_readings
from registry.lake.intake import import_cases
from registry.lake.ledger import Imported
from registry.lake.rejects import rejects
from tests.store.lakes import CITY, HEADER, NOW, case, held, opened

LINE = b"A%08d,M-%d,330102,%s,2020-03-05 08:00:00,2020-03-05 09:30:00,2020-03-06,0,,"
CHANNELS = (b"MOBILE", b"PC", b"KIOSK", b"HALL")

# What is done to a good row's cells, and the reason it is rejected for.
BAD = [
    ("missing", {"case_no": " "}), ("too_long", {"case_no": "A" * 81}), ("control_character", {"case_no": "A\x07"}),
    ("missing", {"matter": ""}), ("unknown_matter", {"matter": "M-99"}), ("unknown_district", {"district": "999"}),
    ("unknown_channel", {"channel": "飞鸽"}), ("unknown_bundle", {"bundle": "B-9"}),
    ("not_a_moment", {"applied_at": "yesterday"}), ("not_a_moment", {"accepted_at": "2020-02-30"}),
    ("not_a_moment", {"decided_at": "2020-13-01"}), ("missing", {"accepted_at": ""}),
    ("too_early", {"accepted_at": "1899-01-01", "applied_at": ""}), ("in_the_future", {"decided_at": "2999-01-01"}),
    ("before_application", {"applied_at": "2020-03-06"}), ("before_acceptance", {"decided_at": "2020-03-04"}),
    ("not_a_flag", {"assisted": "maybe"}), ("not_a_flag", {"withdrawn": "2"}),
]  # fmt: skip
RUINED = [
    ("too_few_cells", b"A1,M-1"), ("too_many_cells", b"A1,M-1,330102,PC,,2020-03-05,,0,,,,"),
    ("broken_quote", b'A1,M-1,330102,"PC,,2020-03-05,,0,,'), ("broken_quote", b'A1,"M"-1,330102,P"C,,2020-03-05,,0,"'),
    ("bad_bytes", b"A1,M-1,330102,P\xff,,2020-03-05,,0,,"),
]  # fmt: skip
WAYS: list[tuple[str, dict[str, str] | bytes]] = [*BAD, *RUINED]
# Of two cells that don't agree, the later moment is blamed.
BLAMED = {"before_application": ("accepted_at", "2020-03-05 09:30:00")}


def good(n: int) -> bytes:
    return LINE % (n, n % 20, CHANNELS[n % 4])


def bad(n: int, fields: dict[str, str]) -> bytes:
    cells = dict(zip(HEADER, good(n).decode().split(","), strict=True)) | fields
    return ",".join(cells.values()).encode()


def spoil(n: int, way: int) -> tuple[bytes, tuple[int, str, str, str]]:
    """A line that is bad in a way, and what is to be said of it: row, column, value and reason."""
    if way == len(WAYS):
        return good(n - 5), (n + 2, "case_no", f"A{n - 5:08}", "duplicate")
    reason, how = WAYS[way]
    if isinstance(how, bytes):
        return how, (n + 2, "", how.decode(errors="replace"), reason)
    column, value = next(iter(how.items()))
    return bad(n, how), (n + 2, *BLAMED.get(reason, (column, value[:80])), reason)


def write_lines(path: Path, lines: list[bytes]) -> Path:
    path.write_bytes(gzip.compress(b"\n".join([",".join(HEADER).encode(), *lines, b""]), 1))
    return path


def test_each_bad_row_of_a_million_is_reported_with_its_reason_and_can_be_mended(
    blank_url: str, tmp_path: Path
) -> None:
    rows = 1_000_000 if blank_url.startswith("sqlite") else 20_000
    lines, expected = [good(n) for n in range(rows)], []
    for nth, n in enumerate(range(57, rows, 100)):
        lines[n], said = spoil(n, nth % (len(WAYS) + 1))
        expected.append(said)
    with opened(blank_url, tmp_path) as lake:
        counts = import_cases(lake, [write_lines(tmp_path / "cases.csv.gz", lines)], holdings=CITY)
        assert counts == Imported(rows, rows - rows // 100, rows // 100)
        found = list(rejects(lake))
        assert [(one.row, one.column, one.value, one.reason) for one in found] == expected
        assert all(one.zh and one.en and "{" not in one.zh for one in found)
        again = next(one for one in found if one.reason == "duplicate")
        assert f"row {again.row - 5} " in again.en
        assert {row for (row,) in held(lake, "row")} == {*range(2, rows + 2)} - {one.row for one in found}
        # What was said is enough to mend the file.
        for one in found:
            lines[one.row - 2] = good(one.row - 2)
        mended = import_cases(lake, [write_lines(tmp_path / "cases.csv.gz", lines)], holdings=CITY)
        assert mended == Imported(rows, rows, unchanged=rows - rows // 100)
        assert list(rejects(lake)) == []
        assert held(lake, "case_no") == [(f"A{n:08}",) for n in range(rows)]


@pytest.mark.parametrize(
    "given_at",
    [
        "2020-03-05 09:30:00", "2020-03-05T09:30:00", "2020-03-05 09:30", "2020/3/5 9:30", "20200305093000",
        "2020-03-05T01:30:00Z", "2020-03-05 09:30:00+08:00", "2020-03-05 10:30:00+0900", " 2020-03-05 09:30:00 ",
        "２０２０-03-05 09:30:00", "2020-03-05 09:30:00.000",
    ],
)  # fmt: skip
def test_a_moment_may_be_written_in_many_ways(given_at, tmp_path):
    with opened(f"sqlite:///{tmp_path}/registry.sqlite", tmp_path) as lake:
        path = tmp_path / "cases.csv"
        path.write_text("case_no,matter,district,channel,accepted_at\nA,M-1,,PC," + given_at + "\n", encoding="utf-8")
        assert import_cases(lake, [path], holdings=CITY).accepted == 1
        assert held(lake, "accepted_at::VARCHAR") == [("2020-03-05 09:30:00",)]


def test_a_date_without_a_time_is_compared_as_a_day(tmp_path):
    rows = [
        case(1, applied_at="2020-03-05 17:00:00", accepted_at="2020-03-05", decided_at="2020-03-05"),
        case(2, applied_at="", accepted_at=NOW.isoformat(" "), decided_at=""),
    ]
    lines = [",".join(row.values()) for row in rows]
    (tmp_path / "cases.csv").write_text("\n".join([",".join(HEADER), *lines]))
    with opened(f"sqlite:///{tmp_path}/registry.sqlite", tmp_path) as lake:
        assert import_cases(lake, [tmp_path / "cases.csv"], holdings=CITY).rejected == 0


CELL = st.text(alphabet='ab"",\n 中', max_size=6)
BROKEN = st.one_of(
    st.text(alphabet='ab",\r中', max_size=12).map(str.encode),
    st.binary(max_size=8).filter(lambda line: b"\n" not in line),
)
BLOCKS = st.sampled_from([1, 7, 64, 1 << 20])


def chunks(path, block):
    before, csv_chunks.BLOCK = csv_chunks.BLOCK, block
    try:
        found = [read() for read, _ in csv_readings(path, None, ",", lambda _: Layout(3, {0: "a", 1: "b", 2: "c"}))]
    finally:
        csv_chunks.BLOCK = before
    rows = [
        (number, *cells)
        for one in found
        for number, *cells in zip(one.rows.to_pylist(), *(one.columns[name].to_pylist() for name in "abc"), strict=True)
    ]
    return rows, sorted((one.row, one.reason) for one in found for one in one.spoilt)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3)), BLOCKS, st.booleans())
def test_what_is_well_written_is_read_as_it_was_written(tmp_path_factory, records, block, quoted):
    path = tmp_path_factory.mktemp("csv") / "lines.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        writer.writerows([["a", "b", "c"], *records])
    rows, spoilt = chunks(path, block)
    filled = [tuple(cells) for cells in records if any(cell.strip() for cell in cells)]
    assert spoilt == []
    assert [row[1:] for row in rows if any(cell.strip() for cell in row[1:])] == filled


@settings(max_examples=300, deadline=None)
@example(b'a"b,"c,d', 1 << 20)
@example(b'a,"b', 7)
@example('aaaa"\r中中,"中中'.encode(), 7)
@given(BROKEN, BLOCKS)
def test_a_broken_line_costs_no_other_line(tmp_path_factory, broken, block):
    path = tmp_path_factory.mktemp("csv") / "lines.csv"
    whole = [b"x,y,z"] * 20
    path.write_bytes(b"\n".join([b"a,b,c", *whole, broken, *whole]) + b"\n")
    rows, spoilt = chunks(path, block)
    fence = [(number, "x", "y", "z") for number in (*range(2, 22), *range(23, 43))]
    assert [row for row in rows if row[0] != 22] == fence
    assert len(spoilt) + sum(row[0] == 22 for row in rows) <= 1
