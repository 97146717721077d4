"""Mapping files: foreign columns and values, and what is said of a mapping that is wrong."""

from pathlib import Path

import pytest

from registry.exchange.faults import RefusedFiles
from registry.exchange.mapping import read_mapping
from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.holdings import Holdings
from registry.words import MatterType
from tests.make import CITY, make_holdings

EXAMPLES = Path("registry/exchange/examples")


@pytest.fixture
def mapped(tmp_path):
    def write(text, content=None):
        path = tmp_path / "mapping.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if content is not None:
            (tmp_path / "theirs.csv").write_text(content, encoding="utf-8")
        return path

    return write


def faults(path):
    with pytest.raises(RefusedFiles) as refused:
        read_mapping(path)
    return refused.value.faults


def test_the_example_reads_its_sample_quirks_and_all():
    mapping = read_mapping(EXAMPLES / "guangan.toml")
    loaded = read_files([EXAMPLES / "guangan-sample.csv"], mapping=mapping)
    held = plan_load(Holdings(), loaded).target
    assert len(held.matters) == 12
    # Two offices with several codes each are one department each; two matters have one name.
    assert len(held.departments) == len({one.name for one in held.departments.values()}) == 5
    assert len({matter.name for matter in held.matters.values()}) == 11
    assert {matter.type for matter in held.matters.values()} >= {MatterType.RULING, MatterType.AWARD}
    # A guide page is no offer, and "belongs to no main item" is no keyword.
    assert not any(matter.offers for matter in held.matters.values())
    assert sum(bool(matter.keywords) for matter in held.matters.values()) == 4
    assert not loaded.warnings


THEIRS = "编号;事由;部;类;备注\n1;开店;GA;甲;无关\n2;关店;GA;-;\n"
MAPPING = """
kind = "matters"
delimiter = ";"
empty = ["-"]
ignore = ["备注"]
[columns]
"编号" = "code"
"事由" = "task_name"
"部" = "dept_code"
"类" = "task_type"
[values.task_type]
"甲" = "01"
[constants]
batch = "第一批"
is_fee = false
"""


def test_columns_values_and_constants_are_translated(mapped, tmp_path):
    mapping = read_mapping(mapped(MAPPING, THEIRS))
    loaded = read_files([tmp_path / "theirs.csv"], mapping=mapping, held=make_holdings())
    found = [(one.code, one.name, one.type, one.batch, one.fee) for one in loaded.matters.values()]
    assert found == [("1", "开店", MatterType.LICENCE, "第一批", False), ("2", "关店", None, "第一批", False)]


def test_a_constant_that_refers_to_nothing_is_one_fault_not_one_a_row(mapped, tmp_path):
    text = MAPPING.replace('"部" = "dept_code"', '"部" = ""').replace("is_fee", 'dept_code = "XX"\nis_fee')
    mapping = read_mapping(mapped(text, THEIRS))
    with pytest.raises(RefusedFiles) as refused:
        read_files([tmp_path / "theirs.csv"], mapping=mapping, held=make_holdings())
    (fault,) = refused.value.faults
    assert (fault.row, fault.column, fault.value) == (None, "dept_code", "XX")


def test_a_constant_region_is_where_offers_hold(mapped, tmp_path):
    header = "code,name,dept_code,online_handle_url\n"
    path = mapped(f'kind = "matters"\n[constants]\nregion = "{CITY}"\n', f"{header}1,x,GA,https://x.example\n")
    held = make_holdings()
    loaded = read_files([tmp_path / "theirs.csv"], mapping=read_mapping(path), held=held)
    assert [offer.region for offer in loaded.offers["1"]] == [CITY]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff", "is not in UTF-8"),
        ("kind = ", "is not TOML: Invalid value (at "),
        ('kinds = "matters"', "did you mean kind?"),
        ('kind = "matter"', "expected one of regions, departments"),
        ('delimiter = "||"', "expected one character"),
        ('encoding = "klingon"', "no such encoding"),
        ("ignore = [1]", "expected a text"),
        ('empty = "-"', "expected a list"),
        ('[columns]\na = "task_nmae"', "did you mean task_name?"),
        ('[columns]\na = "zzzz"', "there is nothing called zzzz"),
        ('[values.task_typ]\na = "01"', "did you mean task_type?"),
        ('[values.task_type]\na = "13"', "expected 01 行政许可"),
        ('[constants]\ntask_type = "13"', "expected 01 行政许可"),
        ('[constants]\ntask_tipe = "01"', "did you mean task_type?"),
    ],
)
def test_what_is_wrong_in_a_mapping_is_said(mapped, text, said):
    (fault,) = faults(mapped(text))
    assert said in str(fault)


def test_all_that_is_wrong_in_a_mapping_is_said_at_once(mapped):
    path = mapped('foo = 1\nkind = "x"\ndelimiter = "||"\n[columns]\na = "b"\n')
    assert len(faults(path)) == 4


def test_a_mapping_that_is_not_there_is_said(tmp_path):
    (fault,) = faults(tmp_path / "none.toml")
    assert "No such file" in fault.en
