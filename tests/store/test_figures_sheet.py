"""Answers as sheets and files: names beside codes, totals marked, notes, and the same figures in every format."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from registry.figures.notes import Note
from registry.figures.sheet import PARTS, Kind, Sheet, sheet_of
from registry.figures.writing import FORMATS, written
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Dimension, Question, Scope
from tests.store.desks import EAST, Town, numbered, town

D = Dimension
RATE = "online_acceptance_rate"


@pytest.fixture
def here(blank_url: str, tmp_path: Path) -> Iterator[Town]:
    with town(blank_url, tmp_path) as made:
        yield made


def fill(here: Town) -> None:
    """March: in GA 6 of 8 online, one case without a channel; in MZ 1 of 3."""
    some = numbered()
    here.cases(
        *some(4, "MOBILE"), *some(2, "PC", "B"), *some(1, "HALL"), *some(1, ""),
        *some(1, "MOBILE", "C"), *some(2, "HALL", "C", district=EAST),
    )  # fmt: skip


def asked(here: Town, *by: Dimension, rates: tuple[str, ...] = (RATE,), **fields) -> Sheet:
    return sheet_of(here.desk.ask(Question(rates, by, **fields)), here.desk.rates)


def rows(sheet: Sheet, *names: str) -> list[tuple]:
    return list(zip(*(sheet.column(name) for name in names), strict=True))


def notes(sheet: Sheet) -> dict[str, Note]:
    return {note.name: note for note in sheet.notes}


def test_an_answer_is_a_flat_table_with_names_beside_codes_and_the_totals_last(here: Town) -> None:
    fill(here)
    sheet = asked(here, D.DEPARTMENT, D.MONTH)
    names = ("department", "department_name", "department_name_en", "month", RATE, f"{RATE}_numerator", "total")
    assert rows(sheet, *names) == [
        ("GA", "市公安局", "Public Security Bureau", "2020-03", 0.75, 6, False),
        ("MZ", "=市民政局", None, "2020-03", 1 / 3, 1, False),
        (None, None, None, None, 7 / 11, 7, True),
    ]
    assert rows(sheet, f"{RATE}_target", f"{RATE}_attained", f"{RATE}_cases_to_target")[-1] == (0.8, "NO", 2)
    assert rows(sheet, f"{RATE}_denominator", f"{RATE}_completeness", f"{RATE}_policy")[-1] == (11, 1, "MOBILE_PC")


def test_without_dimensions_the_totals_are_the_only_row(here: Town) -> None:
    fill(here)
    assert rows(asked(here), RATE, "total") == [(7 / 11, True)]


def test_what_is_not_known_is_none(here: Town) -> None:
    sheet = asked(here)
    assert rows(sheet, RATE, f"{RATE}_numerator", f"{RATE}_completeness") == [(None, None, None)]
    fill(here)
    sheet = asked(here, D.CHANNEL)
    assert rows(sheet, "channel", "channel_name", "total")[-2:] == [(None, None, False), (None, None, True)]


def test_the_notes_say_what_the_figures_rest_on(here: Town) -> None:
    fill(here)
    here.volumes("A,,2020-03,HALL,50")
    said = notes(asked(here))
    assert "catalogue 3" in said["snapshot"].en
    assert "50 cases" in said["set_aside:derived_first"].en
    assert "MOBILE_PC:" in said["policy"].en
    assert "80 %" in said["target"].zh
    assert "a reading" in said[f"definition:{RATE}"].en
    assert "synthetic" not in said
    here.cases(*numbered("DEMO-")(1))
    assert "DEMO" in notes(asked(here))["synthetic"].zh
    assert "synthetic" not in notes(asked(here, rates=("zero_visit_rate",)))


def test_the_notes_name_each_policy_that_rows_are_under(here: Town) -> None:
    fill(here)
    said = [note.en for note in asked(here, D.ONLINE_POLICY).notes if note.name == "policy"]
    assert [each.split(":")[0] for each in said] == ["online policy MOBILE_PC", "online policy MOBILE_PC_KIOSK"]


def test_made_up_cases_are_noticed_among_others_in_the_same_file(here: Town) -> None:
    one, made_up, last = numbered("A"), numbered("DEMO-"), numbered("Z")
    here.cases(*one(2), *last(2))
    assert "synthetic" not in notes(asked(here))
    here.cases(*numbered("B")(2), *made_up(1), *numbered("Y")(2))
    assert "synthetic" in notes(asked(here))


def test_a_number_asked_for_again_as_reported_on_the_first_day_is_the_same_to_the_last_digit(here: Town) -> None:
    fill(here)
    first = here.desk.ask(Question(tuple(RATES_BY_NAME), (D.DEPARTMENT, D.MONTH)))
    told = datetime.now(UTC)
    some = numbered()
    withdrawn = {**numbered("N00000")(1)[0], "case_no": "N000008", "withdrawn": "1"}
    here.cases(*some(4, "HALL"), withdrawn)  # the first four were written down wrongly
    corrected = here.desk.ask(first.table.question).table.totals.answers[RATE]
    assert (corrected.numerator, corrected.denominator) == (2, 10)
    again = here.desk.ask(first.table.question, as_reported_on=told)
    assert again.table == first.table
    assert again.state == first.state
    assert "as they were known" in notes(sheet_of(again, here.desk.rates))["as_reported_on"].en


def test_every_format_says_the_same(here: Town) -> None:
    fill(here)
    sheet = asked(here, D.DEPARTMENT, D.MONTH, rates=(RATE, "time_limit_reduction"))
    names = [column.name for column in sheet.columns]
    parquet = pq.read_table(io.BytesIO(written(sheet, FORMATS["parquet"])))
    assert parquet.column_names == names
    assert [tuple(row.values()) for row in parquet.to_pylist()] == list(sheet.rows)
    assert json.loads(parquet.schema.metadata[b"notes"])[0]["name"] == "snapshot"
    assert str(parquet.schema.field(f"{RATE}_numerator").type) == "int64"
    said = json.loads(written(sheet, FORMATS["json"]))
    assert [tuple(row.values()) for row in said["rows"]] == list(sheet.rows)
    assert said["columns"][0] == {"name": "department", "zh": "部门编码", "en": "department code", "kind": "text"}
    book = openpyxl.load_workbook(io.BytesIO(written(sheet, FORMATS["xlsx"])))
    data, about = book.worksheets
    cells = [tuple(cell.value for cell in row) for row in data.iter_rows(min_row=2)]
    assert cells == list(sheet.rows)
    place = names.index(RATE)
    assert (data.cell(2, place + 1).number_format, data.cell(4, place + 1).font.bold) == ("0.00%", True)
    assert about.cell(1, 1).value == "snapshot"


def test_csv_opens_in_a_spreadsheet_as_it_is(here: Town) -> None:
    fill(here)
    given = written(asked(here, D.DEPARTMENT), FORMATS["csv"])
    assert given.startswith(b"\xef\xbb\xbfdepartment,")
    lines = given.decode("utf-8-sig").splitlines()
    assert lines[2].startswith("MZ,'=市民政局,,0.3333333333333333,1,3,")
    assert lines[3].startswith(",,,0.6363636363636364,7,11,")
    assert ',true,"cases ' in lines[3]


def test_every_kind_of_column_is_written(here: Town) -> None:
    assert {part.kind for part in PARTS} == set(Kind)
    wide = asked(here, *D, rates=tuple(RATES_BY_NAME), where=Scope())
    for form in FORMATS.values():
        assert written(wide, form)
    assert len({column.name for column in wide.columns}) == len(wide.columns)
