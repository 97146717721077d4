"""A hundred faults planted in the reference catalogue: exactly a hundred are told, each in its place."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.exchange.columns import COLUMNS
from registry.exchange.faults import RefusedFiles
from registry.exchange.reading import read_files
from registry.exchange.reference import reference_folder
from registry.exchange.workbooks import write_workbook
from registry.exchange.writing import export
from registry.words import Channel
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

Tables = dict[str, list[list[str]]]

# kind, column, what is written there instead
WRONG = [
    ("regions", "level", "街道"),
    ("regions", "parent", "999999"),
    ("regions", "valid_from", "2020-13-01"),
    ("regions", "record", ""),
    ("departments", "name", ""),
    ("departments", "record", "区划"),
    ("places", "kind", "餐馆"),
    ("places", "region", "999999"),
    ("places", "longitude", "1200"),
    ("places", "latitude", "北纬三十度"),
    ("places", "hours", "周一至周五 9:00-17:00"),
    ("places", "exceptions", "2020-10-01/2020-09-30 off"),
    ("places", "departments", "不存在的部门"),
    ("places", "illustrative", ""),
    ("matters", "code", ""),
    ("matters", "code", "X" * 81),
    ("matters", "catalog_code", "12345"),
    ("matters", "task_code", "12441500196720244X3442199806003"),
    ("matters", "task_handle_item", "12441500196720244T344219980600"),
    ("matters", "task_name", ""),
    ("matters", "task_name", "身份\x07证"),
    ("matters", "dept_code", ""),
    ("matters", "dept_code", "不存在的部门"),
    ("matters", "catalogue", "第三目录"),
    ("matters", "task_type", "13"),
    ("matters", "server_type", "自然人^外星人"),
    ("matters", "life_stages", "投胎"),
    ("matters", "use_level", "7"),
    ("matters", "project_type", "上报件"),
    ("matters", "anticipate_day", "二十"),
    ("matters", "anticipate_day", "-1"),
    ("matters", "anticipate_type", "时辰"),
    ("matters", "promise_day", "1.5"),
    ("matters", "promise_type", "周"),
    ("matters", "limit_scene_num", "一次"),
    ("matters", "handle_type", "飞鸽传书"),
    ("matters", "is_fee", "也许"),
    ("matters", "is_pay_online", "2"),
    ("matters", "is_schedule", "?"),
    ("matters", "is_mail_result", "on"),
    ("matters", "materials", "身份证|竹简"),
    ("matters", "accept_condition", "长" * 100_001),
    ("matters", "handle_area", "全宇宙"),
    ("matters", "task_version", "0"),
    ("matters", "task_state", "4"),
    ("matters", "plan_effective_date", "20200230"),
    ("matters", "plan_cancel_date", "明年"),
    ("matters", "illustrative", ""),
    ("matters", "illustrative", "是是"),
    ("offers", "matter", "不存在的事项"),
    ("offers", "channel", "电话"),
    ("offers", "region", ""),
    ("offers", "region", "110000"),
    ("offers", "place", "不存在的地点"),
    ("offers", "url", "www.example.cn"),
    ("offers", "url", "https://"),
    ("offers", "login", "指纹"),
    ("offers", "depth", "9"),
    ("offers", "hours", "Mo 17:00-09:00"),
    ("offers", "valid_from", "0000-01-01"),
    ("offers", "status", ""),
    ("offers", "status", "可"),
    ("bundles", "name", ""),
    ("bundles", "lead_department", "不存在的部门"),
    ("bundles", "cooperating_departments", "不存在的部门^另一个"),
    ("bundles", "audience", "宠物"),
    ("bundles", "life_stages", "出生^投胎"),
    ("bundles", "promise_day", "很快"),
    ("bundles", "forms", "托人办"),
    ("bundles", "before_steps", "-7"),
    ("bundles", "after_days", "5天"),
    ("bundles", "illustrative", "x"),
    ("members", "bundle", "不存在的一件事"),
    ("members", "matter", "不存在的事项"),
    ("members", "position", "第一"),
    ("members", "position", "0"),
]


@pytest.fixture
def tables() -> Tables:
    with reference_folder() as folder:
        texts = {kind: (folder / f"{kind}.csv").read_text(encoding="utf-8") for kind in COLUMNS}
    return {kind: list(csv.reader(io.StringIO(text, newline=""))) for kind, text in texts.items()}


def planted(tables: Tables, count: int) -> set[tuple[str, int]]:
    """Plant so many faults, one a row; where they are."""
    chance = random.Random(1017)  # noqa: S311  # the same faults in every run
    places: set[tuple[str, int]] = set()
    wanted = WRONG + [one for one in WRONG if one[0] in ("matters", "offers")]
    for kind, header, text in wanted[: count - 3]:
        column = tables[kind][0].index(header)
        row = next(row for _ in range(1000) if (kind, row := chance.randrange(1, len(tables[kind]))) not in places)
        tables[kind][row][column] = text
        places.add((kind, row))
    for kind, column in (("matters", 0), ("offers", None), ("members", 1)):
        rows = tables[kind]
        # A second record with the key of a sound one, or the whole row again.
        twin = next(row for row in range(2, len(rows)) if (kind, row) not in places)
        rows.append(list(rows[twin]))
        if column is not None and kind == "members":
            rows[-1][rows[0].index("position")] = "1000"
        places.add((kind, len(rows) - 1))
    return places


def as_csv(tables: Tables, folder: Path) -> None:
    for kind, rows in tables.items():
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / f"{kind}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")


def as_json(tables: Tables, folder: Path) -> None:
    content = {kind: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for kind, rows in tables.items()}
    (folder / "registry.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def as_xlsx(tables: Tables, folder: Path) -> None:
    # A workbook holds neither control characters nor so long a cell.
    held = {
        kind: [["否否" if "\x07" in cell or len(cell) > 30_000 else cell for cell in row] for row in rows]
        for kind, rows in tables.items()
    }
    with (folder / "registry.xlsx").open("wb") as file:
        write_workbook(file, held.items())


def told(folder: Path) -> list[tuple[str, int | None]]:
    with pytest.raises(RefusedFiles) as refused:
        read_files([folder])
    return sorted((Path(fault.file.replace("#", "/")).stem, fault.row or 0) for fault in refused.value.faults)


@pytest.mark.parametrize(("write", "shift"), [(as_csv, 1), (as_json, 0)])
def test_a_hundred_faults_are_a_hundred_reports(tables, tmp_path, write: Callable[[Tables, Path], None], shift):
    places = planted(tables, 100)
    assert len(places) == 100
    write(tables, tmp_path)
    assert told(tmp_path) == sorted((kind, row + shift) for kind, row in places)


def test_a_workbook_with_faults_tells_them_by_sheet_and_row(tables, tmp_path):
    soft = {"\x07", "长" * 100_001}
    places = planted(tables, 100)
    mild = {(kind, row) for kind, row in places if any(cell in soft or "\x07" in cell for cell in tables[kind][row])}
    as_xlsx(tables, tmp_path)
    assert told(tmp_path) == sorted((kind, row + 1) for kind, row in places - mild)


def test_ragged_and_misquoted_rows_count_once_beside_the_others(tables, tmp_path):
    as_csv(tables, tmp_path)
    path = tmp_path / "matters.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[10] = lines[10].replace(",是\n", "\n")
    lines[20] = lines[20].replace("\n", ",更多\n")
    lines[30] = '"' + lines[30].replace(",", '"x,', 1)
    lines[40] = lines[40].replace(",是\n", ",对对\n")
    path.write_text("".join(lines), encoding="utf-8")
    assert told(tmp_path) == [("matters", 11), ("matters", 21), ("matters", 31), ("matters", 41)]


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_spoilt_cell_is_one_fault_wherever_it_is(tmp_path, kind):
    held = make_holdings(
        make_place("P1"), make_place("P2"), make_place("P3"), make_department("SB"), make_department("WJ"),
        make_region("330104", parent=CITY),
        *[make_matter(f"M-{n}", offers=[make_offer(), make_offer(Channel.PC)]) for n in range(4)],
        *[make_bundle(f"B-{n}", members=["M-1", "M-2", "M-3"]) for n in range(3)],
    )  # fmt: skip
    export(held, tmp_path, "csv")
    path = tmp_path / f"{kind}.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    for column, name in enumerate(rows[0]):
        spoilt = [list(row) for row in rows]
        spoilt[3][column] = "\x07"
        as_csv({kind: spoilt}, tmp_path)
        assert told(tmp_path) == [(kind, 4)], name
