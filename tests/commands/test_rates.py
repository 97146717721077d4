"""`matters rates` at the shell: the city's number, tables, files, analyses, and what is said of wrong words."""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from registry.rates.definitions import RATES_BY_NAME
from tests.commands.running import Said, matters
from tests.store.lakes import case, write_cases

Run = Callable[..., Said]
RATE = "online_acceptance_rate"
CATALOGUE = {
    "regions.csv": "code,name,level,parent\n330100,杭州市,city,\n330106,西湖区,district,330100\n330105,拱墅区,district,330100\n",
    "departments.csv": "code,name,name_en\nGA,市公安局,Public Security Bureau\nMZ,市民政局,\n",
    "matters.csv": "code,name,department\nA,身份证换领,GA\nB,居住证申领,GA\nC,结婚登记,MZ\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MATTERS_DATABASE", f"sqlite:///{tmp_path}/registry.sqlite")
    monkeypatch.setenv("MATTERS_LAKE", str(tmp_path / "lake"))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: matters(capfd, *arguments)


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    """A town with twenty cases of GA, twelve online, in two months, and five of MZ, one online."""
    catalogue = tmp_path / "catalogue"
    catalogue.mkdir()
    for name, text in CATALOGUE.items():
        (catalogue / name).write_text(text, encoding="utf-8")
    assert run("load", "catalogue").status == 0
    assert run("cases", "import", str(write_cases(tmp_path / "cases.csv", cases()))).status == 0
    return run


def cases() -> list[dict[str, str]]:
    counts = [
        (7, "MOBILE", "A", "330106", "2020-03"), (3, "HALL", "A", "330106", "2020-03"),
        (5, "PC", "B", "330105", "2020-04"), (4, "HALL", "A", "330105", "2020-04"), (1, "KIOSK", "A", "330106", "2020-04"),
        (1, "MOBILE", "C", "330106", "2020-04"), (4, "HALL", "C", "330106", "2020-04"),
    ]  # fmt: skip
    made: list[dict[str, str]] = []
    for count, channel, matter, district, month in counts:
        for _ in range(count):
            at = {"applied_at": f"{month}-02 08:00:00", "accepted_at": f"{month}-02 09:00:00"}
            made.append(case(len(made), channel=channel, matter=matter, district=district, bundle="", **at))
    return made


def read(said: Said) -> list[dict[str, str]]:
    assert said.out.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(said.out.removeprefix("\ufeff"))))


def test_without_cases_it_says_so_and_how_to_get_some(run: Run) -> None:
    said = run("rates")
    assert said.status == 0
    for hint in ("没有", "no cases", "matters cases import", "matters volumes import", "matters cases demo"):
        assert hint in said.out


def test_without_options_it_is_the_citys_number_its_target_and_the_gap(filled: Run) -> None:
    said = filled("rates").out
    assert "2020-01 — 2020-04：52.00 %（13 / 25）" in said
    assert "80 %  未知 · unknown" in said  # who knows what January brought
    assert "还差 7 件转为线上 · 7 more cases done online" in said
    assert "41.67 %（应报 48，已报 20 · 20 of 48 cells reported）" in said
    assert "0.00 % — 100.00 %；可容 34 件未报" in said
    for word in ("MOBILE_PC", "snapshot: cases", "catalogue 1", "a city government meeting report"):
        assert word in said


def test_made_up_cases_are_told_as_such(run: Run) -> None:
    """And the number is what the file itself comes to."""
    run("load")
    run("cases", "demo", "--rows", "2000", "--seed", "5", "--output", "demo.csv")
    run("cases", "import", "demo.csv")
    with Path("demo.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    online = sum(row["channel"] in ("MOBILE", "PC") and row["assisted"] == "0" for row in rows)
    said = run("rates").out
    assert f"（{online:,} / 2,000）" in said
    assert "含合成的演示办件" in said
    assert "示例数据" in said
    by_month = read(run("rates", "--by", "month", "--format", "csv"))
    months = Counter(row["accepted_at"][:7] for row in rows)
    assert {row["month"]: int(row[f"{RATE}_denominator"]) for row in by_month[:-1]} == months


def test_a_table_by_dimensions_has_names_and_totals(filled: Run) -> None:
    said = filled("rates", "--by", "department,month").out
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "市公安局 GA 2020-03 70.00 % 7 10 100.00 % 80.00 % 未达标 not met 1" in lines
    assert "合计 total 52.00 % 13 25 83.33 % 80.00 % 未知 unknown 7" in lines


def test_csv_has_codes_names_and_the_totals_last(filled: Run) -> None:
    rows = read(filled("rates", "--by", "部门", "--rate", "办件线上受理率,窗口率", "--format", "csv"))
    assert [(row["department"], row["department_name"], row[RATE], row["hall_share"]) for row in rows] == [
        ("GA", "市公安局", "0.6", "0.35"), ("MZ", "市民政局", "0.2", "0.8"), ("", "", "0.52", "0.44"),
    ]  # fmt: skip
    assert [row["total"] for row in rows] == ["false", "false", "true"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "json"])
def test_the_same_figures_go_into_a_file_of_any_format(filled: Run, form: str) -> None:
    said = filled("rates", "--by", "district", "--output", f"out.{form}")
    assert (said.status, said.out) == (0, "")
    assert "3 行" in said.err
    path = Path(f"out.{form}")
    if form == "xlsx":
        page = openpyxl.load_workbook(path).worksheets[0]
        values = [row[3].value for row in page.iter_rows(min_row=2)]
    elif form == "parquet":
        values = pq.read_table(path)[RATE].to_pylist()
    elif form == "json":
        values = [row[RATE] for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]
    else:
        values = [float(row[RATE]) for row in csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())]
    assert values == [5 / 9, 0.5, 0.52]


def test_conditions_policy_order_and_rank(filled: Run) -> None:
    def figures(*arguments: str) -> list[tuple[str, ...]]:
        rows = read(filled("rates", *arguments, "--format", "csv"))
        return [(row[f"{RATE}_numerator"], row[f"{RATE}_denominator"]) for row in rows]

    assert figures("--where", "department=市公安局,month=2020-04..2020-06") == [("5", "10")]
    assert figures("--where", "department=市公安局", "--where", "month=2020-04", "--policy", "mobile_pc_kiosk") == [
        ("6", "10")
    ]
    assert figures("--where", "channel=hall,kiosk") == [("0", "12")]
    assert figures("--by", "online_policy") == [("13", "25"), ("14", "25"), ("13", "25")]
    assert figures("--by", "month", "--order", f"-{RATE}_denominator") == [("6", "15"), ("7", "10"), ("13", "25")]
    rows = read(filled("rates", "--by", "matter", "--rank", "--first", "2", "--format", "csv"))
    assert [(row["matter"], row["rank"]) for row in rows] == [("B", "1"), ("A", "2"), ("", "")]
    rows = read(filled("rates", "--by", "matter", "--suppress", "6", "--format", "csv"))
    assert [(row["matter"], row[RATE], row[f"{RATE}_suppressed"]) for row in rows[1:3]] == [
        ("B", "", "true"),
        ("C", "", "true"),
    ]


def test_as_reported_on_an_earlier_moment_it_says_what_was_known_then(filled: Run, tmp_path: Path) -> None:
    first = filled("rates", "--by", "department", "--format", "csv")
    told = datetime.now(UTC).isoformat()
    corrected = [{**each, "channel": "HALL"} for each in cases()[:7]]
    filled("cases", "import", str(write_cases(tmp_path / "later.csv", corrected)))
    assert [row[RATE] for row in read(filled("rates", "--by", "department", "--format", "csv"))] == [
        "0.25",
        "0.2",
        "0.24",
    ]
    again = filled("rates", "--by", "department", "--as-reported-on", told, "--format", "csv")
    assert [{**row, "snapshot": ""} for row in read(again)] == [{**row, "snapshot": ""} for row in read(first)]
    assert "并非当时的目录" in again.err


def test_the_analyses_speak_in_a_sentence_and_a_table(filled: Run) -> None:
    pace = filled("rates", "pace", "--through", "2020-04").out
    assert "52.00 %（13 / 25）" in pace
    assert "缺" in pace  # January and February are missing
    assert "差 gap 7 件" in filled("rates", "path").out
    change = filled("rates", "change", "2020-03", "2020-04").out
    assert "70.00 % → 40.00 %：结构 mix -13.33 %，自身 within -16.67 %" in change
    assert "处须看" in filled("rates", "flags").out
    for command in (("pace",), ("path",), ("change", "2020-03", "2020-04"), ("flags",)):
        said = filled("rates", *command, "--format", "json")
        assert json.loads(said.out)["notes"][0]["name"] == "snapshot"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--by", "monht"), "month 月"),
        (("--rate", "onlin_acceptance"), RATE),
        (("--where", "department=公安局"), "GA 市公安局"),
        (("--where", "month=2020-13"), "expected 2020"),
        (("--policy", "pc"), "mobile_pc"),
        (("--by", "month", "--order", "colour"), "there are: month"),
        (("--by", "month,month"), "once only"),
        (("--rank",), "--by department"),
        (("--as-reported-on", "yesterday"), "2020-10-01T09:00"),
        (("--format", "pdf"), "table, csv"),
        (("--output", "rates.pdf"), "csv, json"),
        (("--output", "nowhere/rates.csv"), "can't write"),
        (("pace", "--target", "120%"), "85%"),
        (("change", "2020-03", "soon"), "expected 2020"),
        (("--by", "month", "pace"), "after pace"),
        (("definitions", "onlin_acceptance"), RATE),
    ],
)
def test_a_wrong_word_is_refused_in_one_sentence(filled: Run, arguments: tuple[str, ...], hint: str) -> None:
    said = filled("rates", *arguments)
    assert said.status != 0
    assert hint in said.err
    assert "Traceback" not in said.err


def test_what_is_binary_does_not_go_to_a_terminal(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    said = filled("rates", "--by", "month", "--format", "xlsx")
    assert (said.status, said.out) == (1, "")
    assert "--output" in said.err


def test_definitions_are_listed_with_all_that_is_said_of_them(run: Run) -> None:
    said = run("rates", "definitions").out
    for rate in RATES_BY_NAME.values():
        assert f"{rate.name}  {rate.zh}" in said
    one = run("rates", "definitions", "办件线上受理率").out
    for word in ("80 % 2020-01-01 — 2020-12-31", "a reading", "until 2027-11-23", "80 / 100 = 80 %", "负责 owner"):
        assert word in one
    assert len(read(run("rates", "definitions", "--format", "csv"))) == len(RATES_BY_NAME)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> str:
    """A definition added to the list, and not another line."""
    rate = replace(RATES_BY_NAME["hall_share"], name="counter_share", zh="柜台率", en="counter share")
    monkeypatch.setitem(RATES_BY_NAME, rate.name, rate)
    return rate.name


def test_a_definition_added_to_the_list_appears_at_the_shell_in_files_and_in_the_documentation(
    filled: Run, added: str
) -> None:
    (row,) = read(filled("rates", "--rate", "柜台率", "--format", "csv"))
    assert (row[added], row[f"{added}_numerator"]) == ("0.44", "11")
    assert "44.00 %" in filled("rates", "--rate", added).out
    assert filled("rates", "--rate", added, "--by", "month", "--output", "out.parquet").status == 0
    assert added in pq.read_table("out.parquet").column_names
    assert added in filled("rates", "definitions").out
    assert f"| `{added}` | 柜台率 |" in filled("rates", "definitions", "--format", "markdown").out
    changed = json.loads(filled("rates", "change", "2020-03", "2020-04", "--rate", added, "--format", "json").out)
    assert changed["rows"][-1]["after"] == float(Fraction(8, 15))


def test_a_desk_without_its_libraries_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "duckdb", None)
    for name in [each for each in sys.modules if each.startswith(("registry.figures", "registry.lake"))]:
        monkeypatch.delitem(sys.modules, name)
    said: Any = run("rates")
    assert "matter-registry[rates]" in said.err
