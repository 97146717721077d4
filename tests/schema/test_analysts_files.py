"""Analysts' answers as files: the columns that are selected, names beside codes, and what they were reckoned from."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.types import ASGIApp

from registry.figures.desk import Desk
from registry.figures.writing import FORMATS
from schema.analysts import asking
from schema.analysts.files import KINDS
from tests.schema.analysing import analysts_over, asked, desk_over
from tests.schema.asking import code, post

QUERY = """query ($first: Int, $after: String) {
  rates(by: [DEPARTMENT, MONTH], where: {from: "2020-01-01"}, first: $first, after: $after,
        orderBy: [{rate: MOBILE_SHARE, direction: DESC}]) {
    rows { month ...R }
    %s
  } }
  fragment R on RateRow { department { code } share: mobileShare { value casesToTarget rank reported }
    zeroVisitRate { numerator } }"""
ROWS, BOTH = QUERY.replace("%s", ""), QUERY.replace("%s", "totals { ...R }")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_over(tmp_path_factory.mktemp("lake")) as made:
        yield made


@pytest.fixture(scope="module")
def app(desk: Desk) -> ASGIApp:
    return analysts_over(desk)


def file(app: ASGIApp, kind: str, query: str, **variables: Any) -> httpx.Response:
    response = post(app, query, KINDS[kind], variables=variables)
    assert response.status_code == 200, response.text
    return response


def table(app: ASGIApp, query: str, **variables: Any) -> list[dict[str, str]]:
    response = file(app, "csv", query, **variables)
    assert response.content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def test_the_formats_are_those_of_the_command_line() -> None:
    there = {form.name: form.media.partition(";")[0] for form in FORMATS.values() if form.name != "json"}
    assert there == KINDS


def test_a_file_has_what_is_selected_with_names_beside_codes(app: ASGIApp, desk: Desk) -> None:
    rows = table(app, ROWS)
    assert list(rows[0]) == [
        "department", "department_name", "department_name_en", "month", "mobile_share", "mobile_share_cases_to_target",
        "mobile_share_rank", "mobile_share_reported", "zero_visit_rate_numerator", "snapshot",
    ]  # fmt: skip
    shown = asked(app, ROWS, first=1000)["rates"]["rows"]
    assert len(rows) == len(shown) == 24
    for line, row in zip(rows, shown, strict=True):
        assert (line["department"], line["month"]) == (row["department"]["code"], row["month"])
        assert number(line["mobile_share"]) == row["share"]["value"]
        assert number(line["mobile_share_rank"]) == row["share"]["rank"]
        assert line["mobile_share_cases_to_target"] == ""
        assert float(line["zero_visit_rate_numerator"]) == row["zeroVisitRate"]["numerator"]
    assert {line["department_name"] for line in rows} == {"市公安局", "市民政局"}
    assert {line["snapshot"] for line in rows} == {f"{desk.standing()}; catalogue 7"}


def test_totals_are_a_marked_row_where_they_are_selected(app: ASGIApp) -> None:
    rows = table(app, BOTH)
    assert [line["total"] for line in rows] == ["false"] * 24 + ["true"]
    assert (rows[-1]["department"], rows[-1]["month"], rows[-1]["mobile_share_rank"]) == ("", "", "")
    (alone,) = table(app, "{ rates(by: [MONTH]) { totals { mobileShare { value numerator } } } }")
    assert list(alone) == ["mobile_share", "mobile_share_numerator", "total", "snapshot"]


def test_every_format_holds_the_same(app: ASGIApp) -> None:
    expected = [(line["department"], line["month"], number(line["mobile_share"])) for line in table(app, ROWS)]
    parquet = pq.read_table(io.BytesIO(file(app, "parquet", ROWS).content)).to_pylist()
    assert [(row["department"], row["month"], row["mobile_share"]) for row in parquet] == expected
    response = file(app, "xlsx", ROWS)
    assert response.headers["content-disposition"] == 'attachment; filename="rates-by-department-month.xlsx"'
    page = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    cells = [(row[0].value, row[3].value, row[4].value) for row in page.iter_rows(min_row=2)]
    assert [cell[:2] for cell in cells] == [row[:2] for row in expected]
    assert [cell[2] for cell in cells] == pytest.approx([row[2] for row in expected])


def test_every_selected_field_of_an_answer_is_a_column(app: ASGIApp) -> None:
    fields = asked(app, '{ __type(name: "RateAnswer") { fields { name } } }')["__type"]["fields"]
    names = [field["name"] for field in fields]
    for kind in KINDS:
        file(app, kind, f"{{ rates(by: [CHANNEL]) {{ rows {{ onlineAcceptanceRate {{ {' '.join(names)} }} }} }} }}")
    (line, *_) = table(app, f"{{ rates(by: [CHANNEL]) {{ rows {{ hallShare {{ {' '.join(names)} }} }} }} }}")
    assert len(line) == len(names) + len(("channel", "channel_name", "channel_name_en", "snapshot"))


def test_a_file_has_all_rows_or_the_page_asked_for(app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "query ($f: Int, $a: String) { rates(by: [MATTER, DAY], first: $f, after: $a) { rows { pcShare { value } } %s } }"
    plain = query.replace("%s", "")
    every = table(app, plain)
    assert len(every) > 200
    end = asked(app, query.replace("%s", "pageInfo { endCursor }"), f=50)["rates"]["pageInfo"]["endCursor"]
    assert table(app, plain, f=50) == every[:50]
    assert table(app, plain, f=50, a=end) == every[50:100]
    assert table(app, plain, a=end) == every[50:]
    monkeypatch.setattr(asking, "FILE_ROWS", 200)
    refused = post(app, plain.replace("pcShare", "kioskShare"), KINDS["csv"])
    assert (refused.status_code, code(refused)) == (400, "BAD_USER_INPUT")
    assert "200" in refused.json()["errors"][0]["message"]


def test_small_groups_are_withheld_in_files_too(app: ASGIApp) -> None:
    rows = table(app, "{ rates(by: [CHANNEL], suppress: 10) { rows { mobileShare { denominator suppressed } } } }")
    assert [line["mobile_share_denominator"] for line in rows if line["mobile_share_suppressed"] == "true"] == ["", ""]


@pytest.mark.parametrize(
    "query",
    [
        "{ a: rates { rows { month } } b: rates { rows { month } } }",
        "{ rates { snapshot } }",
        "{ definitions { name } path { gap } }",
        "{ rates { rows { month } } definitions { name } }",
        "{ __typename }",
        "{ rates { rows @skip(if: true) { month } } }",
    ],
)
def test_what_is_no_single_field_or_no_table_is_no_file(app: ASGIApp, query: str) -> None:
    response = post(app, query, KINDS["csv"])
    assert (response.status_code, code(response)) == (406, "BAD_REQUEST")
    assert "rates" in response.json()["errors"][0]["message"]


def test_errors_are_json_and_say_what_was_wrong(app: ASGIApp) -> None:
    response = post(app, "{ rates(by: [MONTH], first: 2000) { rows { month } } }", KINDS["parquet"])
    assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")
    assert response.headers["content-type"].startswith("application/json")
