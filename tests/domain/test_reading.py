"""Reading files: what is accepted, and what is said of each fault."""

import json
from datetime import date

import openpyxl
import pytest

from registry.exchange.faults import Fault, RefusedFiles
from registry.exchange.mapping import Mapping
from registry.exchange.planning import plan_load
from registry.exchange.reading import Loaded, read_files
from registry.exchange.writing import export
from registry.hours import parse_hours
from registry.matters import Material, TimeLimit
from registry.words import Channel, LimitUnit, MaterialForm, MatterType, OfferStatus, ServiceObject
from tests.make import CITY, make_bundle, make_department, make_holdings, make_matter, make_offer, make_place

HELD = make_holdings(make_department("SB", name="市医保局", short_name="医保局"), make_place("P1", name="市民之家"))
MINIMAL = "code,name,department\nA-1,开办企业,GA\n"


@pytest.fixture
def put(tmp_path):
    """Writes a file and returns its path."""

    def write(content, name="matters.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def read(*paths, **options) -> Loaded:
    return read_files(paths, **{"held": HELD} | options)


def faults(*paths, **options) -> list[Fault]:
    with pytest.raises(RefusedFiles) as refused:
        read(*paths, **options)
    return list(refused.value.faults)


def fault(*paths, **options) -> Fault:
    (only,) = faults(*paths, **options)
    return only


def matter(put, header, row):
    (found,) = read(put(f"code,name,department,{header}\nA-1,开办企业,GA,{row}\n")).matters.values()
    return found


def test_code_name_and_department_are_enough_and_all_else_is_unknown(put):
    loaded = read(put(MINIMAL))
    assert loaded.matters == {"A-1": make_matter("A-1", name="开办企业")}
    assert loaded.offers is None
    assert loaded.warnings == ()


def test_a_file_of_any_name_with_these_columns_is_of_matters(put):
    assert read(put(MINIMAL, "事项清单.csv")).matters


@pytest.mark.parametrize("department", ["SB", "市医保局", "医保局"])
@pytest.mark.parametrize("header", ["department", "dept_code", "dept_name", "部门"])
def test_a_department_is_known_by_code_or_name(put, header, department):
    (found,) = read(put(f"code,name,{header}\nA-1,开办企业,{department}\n")).matters.values()
    assert found.department == "SB"


@pytest.mark.parametrize(
    ("header", "cell", "field", "value"),
    [
        ("task_type", "01", "type", MatterType.LICENCE),
        ("task_type", "1.0", "type", None),
        ("事项类型", "行政许可", "type", MatterType.LICENCE),
        ("TASK-TYPE", "licence", "type", None),
        ("type", "LICENCE", "type", MatterType.LICENCE),
        ("server_type", "1^２", "service_objects", (ServiceObject.PERSON, ServiceObject.ENTERPRISE)),
        ("server_type", "自然人，企业法人", "service_objects", (ServiceObject.PERSON, ServiceObject.ENTERPRISE)),
        ("limit_scene_num", "２.0", "visits", 2),
        ("limit_scene_num", "\u00a01\u3000", "visits", 1),
        ("limit_scene_num", "-1", "visits", None),
        ("is_fee", "Y", "fee", True),
        ("is_fee", "False", "fee", False),
        ("is_fee", "否", "fee", False),
        ("is_fee", "也许", "fee", None),
        ("plan_effective_date", "20200101", "effective_from", date(2020, 1, 1)),
        ("plan_effective_date", "2020/1/1", "effective_from", date(2020, 1, 1)),
        ("plan_effective_date", "2020-01-01 00:00:00", "effective_from", date(2020, 1, 1)),
        ("plan_effective_date", "2020-02-30", "effective_from", None),
        ("anticipate_day", "无", "no_statutory_limit", True),
        ("promise_day", "0", "promised_limit", TimeLimit(0, LimitUnit.WORKING_DAY)),
        ("promise_day", "无", "promised_limit", None),
        ("keywords", r"a\^b^c", "keywords", ("a^b", "c")),
        ("materials", "无", "materials", ()),
        ("materials", "无|", "materials", (Material("无"),)),
        (
            "materials",
            "居民身份证|电子证照^委托书|原件|部分情形^照片||部分情形",
            "materials",
            (
                Material("居民身份证", MaterialForm.ELECTRONIC),
                Material("委托书", MaterialForm.ORIGINAL, False),
                Material("照片", None, False),
            ),
        ),
        ("materials", "委托书|羊皮纸", "materials", None),
        ("catalog_code", "432014001W01", "catalog_code", "432014001W01"),
        ("catalog_code", "43201400100", "catalog_code", None),
        ("task_code", "12441500196720244T3442199806003", "task_code", "12441500196720244T3442199806003"),
        ("task_code", "12441500196720244X3442199806003", "task_code", None),
        ("task_handle_item", "12441500196720244T3442199806003", "task_handle_item", None),
    ],
)
def test_values_are_read_in_the_ways_people_write_them(put, header, cell, field, value):
    if value is None:
        path = put(f"code,name,department,{header}\nA-1,开办企业,GA,{cell}\n")
        found = fault(path)
        assert (found.row, found.column) == (2, header)
    else:
        assert getattr(matter(put, header, cell), field) == value


def test_an_empty_cell_is_unknown_never_a_default(put):
    found = matter(put, "is_fee,materials,limit_scene_num,anticipate_day,task_type", ",,,,")
    assert found == make_matter("A-1", name="开办企业")


def test_a_limit_without_a_unit_is_a_fault(put):
    found = fault(put("code,name,department,promise_day,promise_type\nA-1,开办企业,GA,5,\n"))
    assert (found.column, found.zh) == ("promise_type", "有时限而没有单位")


def test_the_most_particular_national_code_serves_as_the_code(put):
    task = "12441500196720244T3442199806003"
    rows = [f"{task}01,{task},000121008000", f",{task},000121008000", ",,000121008000", ",,"]
    text = "\n".join(f"{row},开办企业,GA" for row in rows)
    path = put(f"task_handle_item,task_code,catalog_code,name,department\n{text}\n")
    assert [(one.row, one.column) for one in faults(path)] == [(5, "code")]
    path = put(path.read_text().replace(",,,开办企业,GA\n", ""))
    assert [(one.code, one.scheme) for one in read(path).matters.values()] == [
        (f"{task}01", "task_handle_item"), (task, "task_code"), ("000121008000", "catalog_code"),
    ]  # fmt: skip


def test_a_code_with_a_known_scheme_is_validated(put):
    found = fault(put("code,code_scheme,name,department\n123,catalog_code,开办企业,GA\n"))
    assert (found.column, found.value) == ("code", "123")


def test_a_fault_says_where_what_and_what_was_expected(put):
    path = put("code,name,department,事项类型\nA-1,开办企业,GA,许可证\n")
    assert str(fault(path)).startswith(f"{path}:2 事项类型 “许可证”: 应为01 行政许可, 02 行政处罚")
    assert "\n" not in str(fault(put('code,name,department,is_fee\nA-1,n,GA,"a\nb"\n')))


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(put):
    path = put('code,name,department\nA-1,"两\n行",GA\n\nA-2,,GA\n,,\nA-3,好,XX\n')
    assert [(one.row, one.column) for one in faults(path)] == [(4, "name"), (6, "department")]


def test_ragged_rows_are_one_fault_each(put):
    path = put("code,name,department\nA-1,x\nA-2,x,GA,更多\nA-3,x,GA\nA-4\n")
    found = faults(path)
    assert [one.row for one in found] == [2, 3, 5]
    assert [("截断" in one.zh) for one in found] == [False, False, True]


def test_unknown_and_double_headers_are_refused_with_what_was_meant(put):
    path = put("code,nmae,department,事项名称,name,foo\nA-1,x,GA,y,z,1\n")
    found = {one.column: one for one in faults(path)}
    assert set(found) == {"nmae", "name", "foo"}
    assert "task_name" in found["nmae"].en
    assert all(one.row == 1 for one in found.values())


def test_a_misspelt_required_header_is_one_fault(put):
    assert fault(put("code,task_nam,department\nA-1,x,GA\n")).column == "task_nam"


def test_a_header_that_has_lost_a_column_is_one_fault_not_one_a_row(put):
    found = fault(put("code,name,department\n1,x,GA,1\n2,x,GA,1\n3,x,GA,1\n"))
    assert (found.row, found.column) == (1, None)
    assert "rows 4" in found.en


def test_a_misspelt_unit_is_one_fault(put):
    assert (
        fault(put("code,name,department,promise_day,promis_type\n1,x,GA,5,天\n2,x,GA,5,天\n")).column == "promis_type"
    )


def test_a_header_that_cannot_be_read_is_one_fault(put):
    assert fault(put('"code"x,name,department\n1,x,GA\n')).row == 1


def test_a_missing_required_column_is_one_fault(put):
    found = fault(put("code,department\nA-1,GA\nA-2,GA\n"))
    assert (found.row, found.column) == (1, "task_name")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "is empty"),
        (b"code,name,department\n", "a header and no rows"),
        (MINIMAL.encode("gbk"), "--encoding gbk"),
        ("code,name,department\nA-1,联通,GA\n".encode("gbk"), "--encoding gbk"),
        (MINIMAL.encode("utf-16"), "--encoding utf-16"),
        (MINIMAL.encode()[:-5], "cut off in the middle of a letter"),
        (MINIMAL.encode().replace("企".encode(), b"\xff"), "line 2 has bytes that are not utf-8"),
        (MINIMAL.replace(",", "\t").encode(), "map `delimiter`"),
        (b'code,name,department\nA-1,"x,GA\n', "a quotation mark is never closed"),
        (b'code,name,department\nA-1,"x"y,GA\nA-2,x,GA\n', "after a closing quotation mark"),
        (b"code,name,department\nA-1,x\0y,GA\n", "control character"),
        (b"code,name,department\nA-1," + b"x" * 100_001 + b",GA\n", "longer than 100000 characters"),
        (b"code,name,department\n" + b"x" * 81 + b",x,GA\n", "at most 80 characters"),
        (b'code,name,department\n"A\n1",x,GA\n', "at most 80 characters"),
    ],
)
def test_damaged_files_are_refused_with_one_clear_fault(put, content, said):
    path = put(MINIMAL)
    path.write_bytes(content[:-5] if said.startswith("cut") else content)
    if said.startswith("cut"):
        path.write_bytes("code,name,department\nA-1,开办企业".encode()[:-1])
    assert said in str(fault(path))


def test_a_mark_in_front_is_accepted_and_gbk_is_read_when_named(put):
    assert read(put(MINIMAL, encoding="utf-8-sig")).matters == read(put(MINIMAL)).matters
    assert read(put(MINIMAL, encoding="gbk"), encoding="gbk").matters == read(put(MINIMAL)).matters
    assert "no encoding called klingon" in str(fault(put(MINIMAL), encoding="klingon"))


def test_a_last_line_without_an_end_is_a_warning(put):
    (warning,) = read(put(MINIMAL.rstrip())).warnings
    assert "no line end" in warning.en


@pytest.mark.parametrize("name", ["matters.txt", "nothing.csv", "empty_folder"])
def test_paths_that_lead_nowhere_are_said(put, tmp_path, name):
    (tmp_path / "empty_folder").mkdir()
    put("x", "matters.txt")
    assert str(tmp_path / name) in str(fault(tmp_path / name))


def test_a_folder_with_two_forms_of_files_is_ambiguous(put, tmp_path):
    export(HELD, tmp_path, "csv")
    export(HELD, tmp_path, "json")
    assert ".csv and .json" in str(fault(tmp_path))


def test_a_file_that_cannot_be_read_brings_no_faults_of_what_refers_to_it(put):
    matters = put(MINIMAL.encode("gbk"))
    offers = put("matter,channel,region,status\nA-1,PC,330100,可办\nA-1,PC,999,可办\n", "offers.csv")
    assert [(one.row, one.column) for one in faults(matters, offers)] == [(None, None), (3, "region")]


def test_a_bad_code_brings_no_faults_of_what_refers_to_it(put):
    matters = put("code,name,department,is_fee\n,x,GA,\nA-2,y,XX,?\nA-2,y,GA,\n")
    offers = put("matter,channel,region,status\n" + "A-1,PC,330100,可办\nA-1,HALL,330100,可办\n", "offers.csv")
    more = put(offers.read_text() + "A-2,PC,330100,可办\nB9,PC,330100,可办\n", "offers.csv")
    assert [(one.row, one.column) for one in faults(matters, more)] == [
        (2, "code"), (3, "is_fee"), (4, "code"), (3, "department"), (5, "matter"),
    ]  # fmt: skip


def test_the_same_key_twice_is_a_fault_of_the_later_row(put):
    path = put("code,name,department\nA-1,x,GA\nA-2,x,GA\nA-1,y,GA\n")
    found = fault(path)
    assert (found.row, found.value) == (4, "A-1")
    assert f"{path}:2" in found.zh


def test_members_come_in_order_without_gaps_each_once(put):
    held = make_holdings(*[make_matter(f"M-{n}") for n in range(1, 5)], make_bundle("B-1"), make_bundle("B-2"))
    rows = ["B-1,M-1,1", "B-1,M-1,2", "B-1,M-2,1", "B-2,M-1,1", "B-2,M-2,3", "B-2,M-3,4", "B-3,M-1,1"]
    path = put("bundle,matter,position\n" + "\n".join(rows) + "\n", "members.csv")
    assert sorted((one.row, one.column) for one in faults(path, held=held)) == [
        (3, "matter"), (4, "position"), (6, "position"), (8, "bundle"),
    ]  # fmt: skip
    path = put("bundle,matter,condition\nB-1,M-2,有车的\nB-1,M-1,\n", "members.csv")
    (members,) = read(path, held=held).members.values()
    assert [(member.matter, member.condition) for member in members] == [("M-2", "有车的"), ("M-1", None)]


def test_a_region_lies_not_within_itself(put):
    path = put("code,name,level,parent\n1,a,市,2\n2,b,区,1\n3,c,区,1\n", "regions.csv")
    with pytest.raises(RefusedFiles) as refused:
        read(path)
    assert {one.column for one in refused.value.faults} >= {"parent"}


@pytest.mark.parametrize(
    ("kind", "text", "column"),
    [
        ("places", "code,name,kind,region,longitude\nP,x,大厅,330100,18\n", "kind"),
        ("places", "code,name,kind,region,longitude\nP,x,办事大厅,330100,181\n", "longitude"),
        ("places", "code,name,kind,region,latitude\nP,x,HALL,330100,nan\n", "latitude"),
        ("places", "code,name,kind,region,hours\nP,x,HALL,330100,周一 9:00\n", "hours"),
        ("places", "code,name,kind,region,exceptions\nP,x,HALL,330100,2020-10-08/2020-10-01 off\n", "exceptions"),
        ("places", "code,name,kind,region,departments\nP,x,HALL,330100,GA^XX\n", "departments"),
        ("offers", "matter,channel,region,status,url\nM-1,PC,330100,可办,ftp://x.example\n", "url"),
        ("offers", "matter,channel,region,status,url\nM-1,PC,330100,可办,https:///x\n", "url"),
        ("offers", "matter,channel,region,status,url\nM-1,PC,330100,可办,https://x.example:99999/\n", "url"),
        ("offers", "matter,channel,region,status,place\nM-1,PC,330100,可办,P9\n", "place"),
        ("offers", "matter,channel,region,status,valid_from,valid_to\nM-1,PC,330100,可办,20200102,20200101\n",
         "valid_to"),
        ("bundles", "code,name,lead_department,life_stages\nB,x,GA,出生^投胎\n", "life_stages"),
        ("departments", "code,name,record\nGA,x,区\n", "record"),
        ("departments", "code,name,record\nGA,x,\n", "record"),
    ],
)  # fmt: skip
def test_values_out_of_range_are_faults(put, kind, text, column):
    held = make_holdings(make_matter("M-1"))
    assert fault(put(text, f"{kind}.csv"), held=held).column == column


def test_departments_are_made_only_where_nothing_says_what_there_are(put):
    path = put("code,name,department\nA-1,x,区林业局\n")
    assert fault(path).column == "department"
    empty = make_holdings()
    empty.departments.clear()
    loaded = read(path, held=empty)
    assert [(one.code, one.name) for one in loaded.created.values()] == [("区林业局", "区林业局")]
    made = read(path, mapping=Mapping(create_departments=True))
    plan = plan_load(HELD, made, keep_absent=True)
    assert plan.added == {"departments": ("区林业局",), "matters": ("A-1",)}


def test_twelve_digits_of_a_region_are_its_six(put):
    held = make_holdings(make_matter("M-1"))
    path = put("matter,channel,region,status\nM-1,PC,330102000000,可办\n", "offers.csv")
    assert read(path, held=held).offers["M-1"][0].region == "330102"


WIDE = (
    "code,name,department,mobile_terminal_url,is_online,online_handle_url,online_handle_depth,"
    "is_service_terminals,is_entry_center,center_name,transact_addr,transact_time,link_addr\n"
)


def wide(put, row):
    loaded = read(put(f"{WIDE}A-1,x,GA,{row}\n"))
    return {offer.channel: offer for offer in loaded.offers.get("A-1", ())}, loaded


def test_channel_columns_of_a_matter_become_offers(put):
    offers, loaded = wide(
        put, "https://m.example,1,https://pc.example,4,0,1,市民之家,某路1号,Mo-Fr 09:00-17:00,https://guide.example"
    )
    assert offers[Channel.MOBILE] == make_offer(Channel.MOBILE, url="https://m.example")
    assert offers[Channel.PC].url == "https://pc.example"
    assert offers[Channel.KIOSK].status is OfferStatus.NOT_OFFERED
    assert offers[Channel.HALL] == make_offer(place="P1", hours=parse_hours("Mo-Fr 09:00-17:00"))
    assert [warning.en for warning in loaded.warnings] == ["these columns are not kept: link_addr"]


def test_empty_channel_columns_say_nothing_and_no_online_handling_says_no(put):
    offers, _ = wide(put, ",0,,,,0,,,,https://guide.example")
    assert list(offers.values()) == [make_offer(Channel.PC, OfferStatus.NOT_OFFERED)]


def test_words_that_are_no_opening_hours_are_not_kept_and_said(put):
    offers, loaded = wide(put, ",,https://pc.example,,,,别处,,周一至周五,")
    assert offers[Channel.PC].status is OfferStatus.AVAILABLE
    assert offers[Channel.HALL] == make_offer()
    assert len(loaded.warnings) == 3


def test_channel_columns_replace_only_the_channels_they_tell_of(put):
    held = make_holdings(make_matter("A-1", offers=[make_offer(), make_offer(Channel.PC)], name="x"))
    path = put("code,name,department,online_handle_url\nA-1,x,GA,https://pc.example\n")
    plan = plan_load(held, read(path, held=held))
    assert plan.target.matters["A-1"].offers == (make_offer(Channel.PC, url="https://pc.example"), make_offer())


def test_json_is_read_in_each_of_its_shapes(put):
    rows = [{"code": "A-1", "name": "开办企业", "department": "GA", "server_type": ["自然人", "2"], "is_fee": False}]
    shapes = [({"matters": rows}, "x.json"), ({"kind": "matters", "rows": rows}, "x.json"), (rows, "matters.json")]
    for content, name in shapes:
        (found,) = read(put(json.dumps(content), name)).matters.values()
        assert (found.fee, len(found.service_objects)) == (False, 2)


@pytest.mark.parametrize(
    ("content", "row", "said"),
    [
        ('{"matters": [', None, "cut off"),
        ('{"matters": [}', None, "line 1"),
        ('{"matters": 1}', None, "expected a list of rows"),
        ('{"matters": [1]}', 1, "expected an object"),
        ('{"matters": [{"code": "A", "code": "B", "name": "x", "department": "GA"}]}', 1, "stands twice"),
        ('{"matters": [{"code": "A", "name": {"zh": 1}, "department": "GA"}]}', 1, "expected a text"),
        ('{"matters": [{"code": NaN}]}', None, "NaN"),
        ('{"matters": []}', None, "no rows"),
        ("[" * 100_000, None, "is not JSON"),
    ],
)
def test_faults_in_json_have_their_place(put, content, row, said):
    found = fault(put(content, "x.json"))
    assert found.row == row
    assert said in str(found)


def test_numbers_in_json_keep_their_digits(put):
    text = '{"matters": [{"code": 123456789012345678901, "name": "x", "department": "GA", "version": 2}]}'
    assert list(read(put(text, "x.json")).matters) == ["123456789012345678901"]


def workbook(tmp_path, *rows, title="matters"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    return tmp_path / "x.xlsx"


def test_a_workbook_is_read_as_a_person_sees_it(tmp_path):
    header = ["code", "name", "department", "limit_scene_num", "is_fee", "plan_effective_date", None]
    path = workbook(tmp_path, header, ["001", "x", "GA", 20.0, True, date(2020, 1, 1), None])
    (found,) = read(path).matters.values()
    assert (found.code, found.visits, found.fee, found.effective_from) == ("001", 20, True, date(2020, 1, 1))


def test_cells_that_a_spreadsheet_has_spoilt_are_faults(tmp_path):
    header = ["code", "name", "department", "is_fee"]
    path = workbook(tmp_path, header, [1234567890123456789, "x", "GA"], ["A", "=1/0", "GA"], ["B", "x", "GA", "#REF!"])
    assert [(one.row, one.column) for one in faults(path)] == [(2, "code"), (3, "name"), (4, "is_fee")]


def test_a_workbook_cut_off_anywhere_is_refused(tmp_path):
    path = workbook(tmp_path, ["code", "name", "department"], ["A-1", "x", "GA"])
    whole = path.read_bytes()
    for size in range(1, len(whole), len(whole) // 40):
        path.write_bytes(whole[:size])
        assert "not a whole XLSX workbook" in str(fault(path))


def test_sheets_of_other_names_are_told_and_left(tmp_path):
    path = workbook(tmp_path, ["code", "name", "department"], ["A-1", "x", "GA"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明").append(["请填写"])
    book.save(path)
    loaded = read(path)
    assert list(loaded.matters) == ["A-1"]
    assert [warning.file for warning in loaded.warnings] == [f"{path}#说明"]


def test_references_follow_from_what_stays(put):
    held = make_holdings(make_matter("M-1"), make_matter("M-2"))
    matters = put("code,name,department\nM-1,x,GA\n")
    offers = put(f"matter,channel,region,status\nM-2,HALL,{CITY},可办\n", "offers.csv")
    assert fault(matters, offers, held=held).column == "matter"
    assert read(matters, offers, held=held, keep_absent=True).offers
