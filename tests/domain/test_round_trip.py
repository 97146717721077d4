"""What is exported is read back exactly."""

import tempfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import RefusedInput
from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.exchange.reference import reference_folder
from registry.exchange.workbooks import LONGEST_CELL
from registry.exchange.writing import export
from registry.holdings import Holdings
from tests.holdings import holdings
from tests.make import make_bundle, make_holdings, make_matter, make_offer, reference_holdings

FORMS = ["csv", "xlsx", "json"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(held=holdings(), form=st.sampled_from(FORMS))
def test_any_holdings_come_back_as_they_were(held, form):
    with tempfile.TemporaryDirectory() as folder:
        export(held, Path(folder), form)
        loaded = read_files([Path(folder)])
    plan = plan_load(Holdings(), loaded)
    assert plan.target == held
    assert not loaded.warnings
    assert plan_load(held, loaded).nothing


def test_the_reference_catalogue_is_written_as_an_export_writes_it(tmp_path):
    with reference_folder() as folder:
        for path in export(reference_holdings(), tmp_path, "csv"):
            assert path.read_bytes() == (folder / path.name).read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_second_export_writes_the_same_bytes(form, tmp_path):
    held = make_holdings(make_matter(offers=[make_offer()]), make_bundle(members=["M-1"]))
    first = [path.read_bytes() for path in export(held, tmp_path, form)]
    again = [path.read_bytes() for path in export(held, tmp_path, form)]
    assert first == again
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in export(held, tmp_path, form)
    )


def test_what_excel_would_cut_off_is_refused_and_leaves_nothing_behind(tmp_path):
    held = make_holdings(make_matter(conditions="长" * (LONGEST_CELL + 1)))
    with pytest.raises(RefusedInput, match="beyond what Excel can hold"):
        export(held, tmp_path, "xlsx")
    assert list(tmp_path.iterdir()) == []
    assert export(held, tmp_path, "csv")


def test_an_export_that_fails_leaves_the_old_file(tmp_path):
    export(make_holdings(), tmp_path, "json")
    before = (tmp_path / "registry.json").read_bytes()
    broken = make_holdings(make_matter(type="not a word"))
    with pytest.raises(AttributeError):
        export(broken, tmp_path, "json")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("registry.json", before)]


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedInput, match="can't write to"):
        export(make_holdings(), tmp_path / "file", "csv")


def test_a_workbook_opens_in_other_programs_with_the_same_texts(tmp_path):
    held = make_holdings(make_matter("=1+1", name="#REF!", conditions="两\n行", keywords=("_x0041_",)))
    export(held, tmp_path, "xlsx")
    book = openpyxl.load_workbook(tmp_path / "registry.xlsx")
    assert book.sheetnames == ["regions", "departments", "places", "matters", "offers", "bundles", "members"]
    header, row = book["matters"].iter_rows(values_only=True)
    cells = dict(zip(header, row, strict=True))
    assert (cells["code"], cells["task_name"], cells["accept_condition"]) == ("=1+1", "#REF!", "两\n行")
    assert cells["task_type"] is None
    assert book["matters"].freeze_panes == "A2"
    assert book["matters"]["A2"].number_format == "@"
    assert book["matters"]["A2"].data_type == "s"
