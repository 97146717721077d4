"""Cases come in from every kind of file, once however often they are sent, and can be corrected."""

import csv
import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from registry.exchange.faults import RefusedFiles
from registry.holdings import Holdings
from registry.lake.intake import import_cases
from registry.lake.ledger import Imported, entries
from registry.lake.mapping import read_case_mapping
from registry.lake.rejects import rejects
from tests.make import make_holdings, make_matter
from tests.store.lakes import CITY, HEADER, case, held, opened, write_cases

CASES = [case(n) for n in range(200)]


@pytest.fixture
def lake(blank_url, tmp_path):
    with opened(blank_url, tmp_path) as made:
        yield made


@pytest.fixture
def expected(tmp_path):
    """What one import of CASES into a lake of its own leaves there."""
    folder = tmp_path / "expected"
    folder.mkdir()
    with opened(f"sqlite:///{folder}/registry.sqlite", folder) as other:
        import_cases(other, [write_cases(folder / "cases.csv", CASES)], holdings=CITY)
        return held(other)


def gbk(folder: Path) -> Path:
    return write_cases(
        folder / "gbk.csv", [one | {"channel": "掌上办"} if n % 4 == 0 else one for n, one in enumerate(CASES)], "gbk"
    )


def zipped(folder: Path) -> Path:
    path = folder / "cases.csv.gz"
    path.write_bytes(gzip.compress(write_cases(folder / "plain.csv", CASES).read_bytes()))
    return path


def workbook(folder: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for one in CASES:
        moments = {name: datetime.fromisoformat(one[name]) for name in ("applied_at", "accepted_at")}
        book.active.append(list((one | moments).values()))
    book.create_sheet("empty")
    book.save(folder / "cases.xlsx")
    return folder / "cases.xlsx"


def parquet_file(folder: Path) -> Path:
    columns = {name: pa.array([one[name] for one in CASES]) for name in HEADER}
    for name in ("applied_at", "accepted_at"):
        columns[name] = pa.array([datetime.fromisoformat(one[name]) for one in CASES], pa.timestamp("us"))
    columns["district"] = pa.array([int(one["district"]) for one in CASES])
    columns["assisted"] = pa.array([False] * len(CASES))
    columns["decided_at"] = pa.nulls(len(CASES), pa.timestamp("ms"))
    pq.write_table(pa.table(columns), folder / "cases.parquet")
    return folder / "cases.parquet"


def unusual(folder: Path) -> Path:
    """Everything in quotation marks, CRLF, a byte order mark, blank lines, another order of columns."""
    path = folder / "unusual.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEADER[::-1], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        file.write("\r\n" + "," * 9 + "\r\n")
        writer.writerows(CASES)
    return path


@pytest.mark.parametrize("make", [gbk, zipped, workbook, parquet_file, unusual])
def test_every_kind_of_file_brings_the_same_cases(make, lake, expected, tmp_path):
    encoding = "gbk" if make is gbk else None
    assert import_cases(lake, [make(tmp_path)], holdings=CITY, encoding=encoding) == Imported(200, 200)
    assert held(lake) == expected
    assert list(rejects(lake)) == []


def test_the_same_file_twice_changes_nothing(lake, expected, tmp_path):
    path = write_cases(tmp_path / "cases.csv", CASES)
    import_cases(lake, [path], holdings=CITY)
    snapshot = lake.table("cases").current_snapshot()
    assert import_cases(lake, [path, path], holdings=CITY) == Imported(400, 400, unchanged=400)
    assert lake.table("cases").current_snapshot() == snapshot
    # The same cases under another name and in another order are recognised case by case.
    other = write_cases(tmp_path / "other.csv", CASES[::-1])
    assert import_cases(lake, [other], holdings=CITY) == Imported(200, 200, unchanged=200)
    assert held(lake) == expected


def test_a_correction_replaces_a_case_even_in_another_month(lake, tmp_path):
    import_cases(lake, [write_cases(tmp_path / "cases.csv", CASES)], holdings=CITY)
    moved = case(7, accepted_at="2020-12-30 10:00:00", channel="hall", district="拱墅区", bundle="B-1")
    counts = import_cases(lake, [write_cases(tmp_path / "later.csv", [moved, case(8), case(200)])], holdings=CITY)
    assert counts == Imported(3, 3, unchanged=1, replaced=1)
    now = {number: rest for number, *rest in held(lake)}
    assert len(now) == 201
    assert now["A0000007"] == ["M-7", "330105", "HALL", datetime(2020, 12, 30, 10), False, "B-1"]


def test_only_files_that_hold_a_replaced_case_are_written_anew(lake, tmp_path):
    import_cases(lake, [write_cases(tmp_path / "cases.csv", CASES)], holdings=CITY)
    before = {path.name + str(path.parent) for path in (lake.folder / "cases/data").rglob("*.parquet")}
    import_cases(lake, [write_cases(tmp_path / "later.csv", [case(7, channel="PC")])], holdings=CITY)
    after = {path.name + str(path.parent) for path in (lake.folder / "cases/data").rglob("*.parquet")}
    assert before < after  # the old ones stay for those who ask what was known before
    assert len(after - before) == 2


def test_a_withdrawn_case_goes_and_a_later_file_may_bring_it_back(lake, tmp_path):
    import_cases(lake, [write_cases(tmp_path / "cases.csv", CASES)], holdings=CITY)
    rows = [dict.fromkeys(HEADER, "") | {"case_no": number, "withdrawn": "是"} for number in ("A0000003", "never")]
    withdrawn = write_cases(tmp_path / "withdrawn.csv", rows)
    assert import_cases(lake, [withdrawn], holdings=CITY) == Imported(2, 2, unchanged=1, withdrawn=1)
    assert "A0000003" not in {row[0] for row in held(lake)}
    # The first file was said before the withdrawal: sent again, it does not undo it.
    import_cases(lake, [tmp_path / "cases.csv"], holdings=CITY)
    assert len(held(lake)) == 199
    assert import_cases(lake, [write_cases(tmp_path / "back.csv", [case(3)])], holdings=CITY) == Imported(1, 1)
    assert len(held(lake)) == 200


def test_rejected_rows_can_be_mended_in_another_file(lake, tmp_path):
    wrong = write_cases(tmp_path / "cases.csv", [case(1), case(2, channel="飞鸽"), case(3, matter="?")])
    assert import_cases(lake, [wrong], holdings=CITY) == Imported(3, 1, 2)
    assert [(one.row, one.column, one.value) for one in rejects(lake)] == [(3, "channel", "飞鸽"), (4, "matter", "?")]
    import_cases(lake, [write_cases(tmp_path / "mended.csv", [case(2)])], holdings=CITY)
    assert [one.subject for one in rejects(lake)] == ["A0000003"]
    import_cases(lake, [write_cases(tmp_path / "cases.csv", [case(1), case(2), case(3)])], holdings=CITY)
    assert list(rejects(lake)) == []
    assert len(held(lake)) == 3


def test_rejected_rows_are_looked_at_again_when_the_catalogue_has_grown(lake, tmp_path):
    path = write_cases(tmp_path / "cases.csv", [case(1), case(2), case(3, matter="M-99"), case(4, matter="M-98")])
    assert import_cases(lake, [path], holdings=CITY) == Imported(4, 2, 2)
    # In between one of them is corrected: what the old file says of it is older.
    import_cases(lake, [write_cases(tmp_path / "later.csv", [case(1, channel="HALL")])], holdings=CITY)
    grown = make_holdings(*CITY.matters.values(), *CITY.regions.values(), make_matter("M-99"))
    assert import_cases(lake, [path], holdings=grown) == Imported(4, 3, 1, unchanged=2)
    assert [row[3] for row in held(lake, "case_no, matter, district, channel")] == ["HALL", "KIOSK", "HALL"]
    assert [one.subject for one in rejects(lake)] == ["A0000004"]
    snapshot = lake.table("cases").current_snapshot()
    assert import_cases(lake, [path], holdings=grown) == Imported(4, 3, 1, unchanged=3)
    assert lake.table("cases").current_snapshot() == snapshot


def test_foreign_words_come_in_through_a_mapping(lake, tmp_path):
    (tmp_path / "map.toml").write_text(
        'delimiter = ";"\nempty = ["-"]\nignore = ["申请人证件号码", "备注"]\n'
        '[columns]\n"流水" = "case_no"\n"事项" = "matter"\n"区" = "district"\n"方式" = "channel"\n"受理" = "accepted_at"\n'
        '[values.channel]\n"手机" = "MOBILE"\n[constants]\nassisted = true\n',
        encoding="utf-8",
    )
    (tmp_path / "theirs.csv").write_text(
        "流水;事项;区;方式;受理;申请人证件号码;备注\nX1;T-5;拱墅区;手机;2020年3月5日;11010519491231002X;a\nX2;M-1;-;-;20200306;;\n"
    )
    mapping = read_case_mapping(tmp_path / "map.toml")
    assert import_cases(lake, [tmp_path / "theirs.csv"], holdings=CITY, mapping=mapping) == Imported(2, 2)
    assert held(lake) == [
        ("X1", "M-5", "330105", "MOBILE", datetime(2020, 3, 5), True, None),
        ("X2", "M-1", None, None, datetime(2020, 3, 6), True, None),
    ]


def test_a_mapping_says_all_that_is_wrong_with_it(tmp_path):
    path = tmp_path / "map.toml"
    path.write_text('delimiter = ";;"\ncolour = 1\n[columns]\na = "chanel"\n[values]\nchannel = 3\n')
    with pytest.raises(RefusedFiles) as refused:
        read_case_mapping(path)
    assert {fault.column for fault in refused.value.faults} == {"delimiter", "colour", "columns.a", "values.channel"}


IDENTITIES = ["11010519491231002X", "440308199901101512", "110101199003074514", "310115198503143730"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("身份证号", []),
        ("Applicant Phone", []),
        ("case_no", IDENTITIES * 10),
        ("case_no", [f"1{n % 7 + 3}{n * 7919 % 10**9:09}" for n in range(1, 60)]),
    ],
)
def test_a_column_of_personal_numbers_is_refused(header, cells, lake, tmp_path):
    cells = cells or ["x"] * 5
    lines = [f"{cell},M-1,330102,PC,2020-03-05" for cell in cells]
    names = f"{header},matter,district,channel,accepted_at"
    if header != "case_no":
        names, lines = names + ",case_no", [f"{line},A{n}" for n, line in enumerate(lines)]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([names, *lines]) + "\n")
    with pytest.raises(RefusedFiles, match="nothing was changed") as refused:
        import_cases(lake, [path], holdings=CITY)
    assert any("identity or telephone" in fault.en and fault.column == header for fault in refused.value.faults)
    assert held(lake) == []
    assert not any((lake.folder / "cases/data").rglob("*.parquet"))


def test_case_numbers_of_eighteen_or_eleven_digits_are_not_taken_for_personal_ones(lake, tmp_path):
    long = [case(n, case_no=f"33010020200305{n:04}") for n in range(300)]
    serial = [case(n, case_no=f"138{n:08}") for n in range(300)]
    paths = [write_cases(tmp_path / "long.csv", long), write_cases(tmp_path / "serial.csv", serial)]
    assert import_cases(lake, paths, holdings=CITY) == Imported(600, 600)


def test_what_is_shown_of_a_rejected_cell_hides_personal_numbers(lake, tmp_path):
    rows = [case(1, channel=IDENTITIES[0]), case(2, matter="张三 13812345678"), case(3)]
    path = write_cases(tmp_path / "cases.csv", rows)
    with path.open("a") as file:
        file.write(f"A9,{IDENTITIES[0]}\n")
    import_cases(lake, [path], holdings=CITY)
    assert {one.value for one in rejects(lake)} == {"（已隐去 hidden）"}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("cases.csv", b"", "empty"),
        ("cases.csv", b"\xff\xfec\x00a\x00", "UTF-16"),
        (
            "cases.csv",
            "case_no,matter,district,channel,accepted_at\n办件1,M-1,,掌上办,2020-03-05\n".encode("gbk"),
            "give --encoding gbk",
        ),
        ("cases.csv", "case_no,matter".encode("utf-16-le"), "UTF-16"),
        ("cases.csv", b"case_no;matter;district\n", 'write delimiter = ";" in a mapping'),
        ("cases.csv", b"case_no,matter\ra,b\r", "lone carriage returns"),
        ("cases.csv", b"case_no,matter,district,chanel,accepted_at\n", "did you mean channel"),
        ("cases.csv", b"case_no,matter,district,accepted_at\n", "required and missing"),
        ("cases.csv", b"case_no,case_no,matter,district,channel,accepted_at\n", "is there twice"),
        (
            "cases.csv.gz",
            gzip.compress(b"case_no,matter,district,channel,accepted_at\n" + b"a,b,c,d,e\n" * 9999)[:-20],
            "cut off",
        ),
        ("cases.xlsx", b"PK not really", "not a whole XLSX"),
        ("cases.parquet", b"PAR1 not really", "not a whole Parquet"),
        ("cases.doc", b"", "expected a .csv"),
    ],
)
def test_a_file_that_can_not_be_taken_is_refused_as_a_whole(name, data, said, lake, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(RefusedFiles) as refused:
        import_cases(lake, [tmp_path / name], holdings=CITY)
    assert said in " ".join(fault.en for fault in refused.value.faults)
    assert list(lake.folder.glob("work/*")) == []


def as_parquet(folder: Path, **columns: pa.Array) -> Path:
    """A Parquet file of three cases, with these columns instead of the usual ones."""
    given = {name: pa.array([case(n)[name] for n in range(3)]) for name in HEADER}
    pq.write_table(pa.table(given | columns), folder / "typed.parquet")
    return folder / "typed.parquet"


@pytest.mark.parametrize(
    ("column", "numbers"),
    [
        (pa.array([7, 8, 9]), ["7", "8", "9"]),
        (pa.array([7.0, 8.0, float("nan")]), ["7", "8"]),
        (pa.array([Decimal("7.00"), Decimal("8.00"), None]), ["7", "8"]),
        (pa.array(["7", "8", None]).dictionary_encode(), ["7", "8"]),
    ],
)
def test_numbers_of_any_type_are_the_same_case_numbers(column, numbers, lake, tmp_path):
    import_cases(lake, [as_parquet(tmp_path, case_no=column)], holdings=CITY)
    assert [number for (number,) in held(lake, "case_no")] == numbers
    assert [one.reason for one in rejects(lake)] == ["missing"] * (3 - len(numbers))


def test_moments_with_a_zone_are_brought_to_the_citys_clock(lake, tmp_path):
    moments = pa.array([datetime(2020, 3, 5, 1, 30, tzinfo=UTC)] * 3)
    import_cases(lake, [as_parquet(tmp_path, accepted_at=moments)], holdings=CITY)
    assert held(lake, "accepted_at")[0] == (datetime(2020, 3, 5, 9, 30),)


@pytest.mark.parametrize(
    ("column", "said"), [(pa.array([["a"]] * 3), "make it text"), (pa.array([1e17] * 3), "more than 15 digits")]
)
def test_a_column_that_can_not_be_a_text_is_named(column, said, lake, tmp_path):
    with pytest.raises(RefusedFiles) as refused:
        import_cases(lake, [as_parquet(tmp_path, case_no=column)], holdings=CITY)
    (fault,) = refused.value.faults
    assert (fault.column, said in fault.en) == ("case_no", True)


def test_the_ledger_holds_each_import_with_its_counts(lake, tmp_path):
    import_cases(lake, [write_cases(tmp_path / "cases.csv", CASES)], holdings=CITY)
    import_cases(lake, [write_cases(tmp_path / "empty.csv", [])], holdings=CITY)
    import_cases(lake, [write_cases(tmp_path / "bad.csv", [case(1, matter="?")])], holdings=CITY)
    found = entries(lake.table("cases"))
    assert [(one.file, one.counts) for one in found] == [
        ("cases.csv", Imported(200, 200)),
        ("empty.csv", Imported()),
        ("bad.csv", Imported(1, 0, 1)),
    ]


def test_progress_is_told_as_rows_and_bytes(lake, tmp_path):
    path, told = write_cases(tmp_path / "cases.csv", CASES), []
    import_cases(lake, [path], holdings=CITY, progress=lambda *said: told.append(said))
    assert told[-1] == ("cases.csv", 200, path.stat().st_size, path.stat().st_size)


def test_nothing_is_known_to_a_catalogue_that_is_empty(lake, tmp_path):
    path = write_cases(tmp_path / "cases.csv", [case(1)])
    assert import_cases(lake, [path], holdings=Holdings()) == Imported(1, 0, 1)
    assert [one.column for one in rejects(lake)] == ["district", "matter"]
