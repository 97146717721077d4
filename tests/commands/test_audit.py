"""`matters audit`: what was done is listed, exported and verified; what was tampered with is named."""

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.store.connect import open_engine, writing
from registry.store.tables import audit
from tests.commands.running import matters


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    url = f"sqlite:///{tmp_path}/registry.sqlite"
    monkeypatch.setenv("MATTERS_DATABASE", url)
    assert matters(capfd, "load").status == 0
    assert matters(capfd, "close", "--channel", "kiosk", "--reason", "设备检修").status == 0
    return url


def test_the_newest_change_is_listed_first(database: str, capfd: pytest.CaptureFixture[str]) -> None:
    said = matters(capfd, "audit", "list", "--first", "1")
    assert "closure C-1" in said.out
    assert "设备检修" in said.out
    assert "没有记录" in matters(capfd, "audit", "list", "--subject", "nobody").out


def test_every_field_of_every_row_is_exported(database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (open_engine(database)).connect() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(audit))
    file = tmp_path / "audit.csv"
    assert matters(capfd, "audit", "export", "--output", str(file)).status == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert len(rows) == count
    assert json.loads(rows[0]["after"])["reason"] == "设备检修"
    lines = matters(capfd, "audit", "export", "--format", "jsonl", "--kind", "closure").out.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == ["C-1"]


def test_a_row_changed_by_sql_is_named(database: str, capfd: pytest.CaptureFixture[str]) -> None:
    whole = matters(capfd, "audit", "verify")
    assert whole.status == 0
    head = whole.out.split()[-1]
    assert matters(capfd, "audit", "verify", "--head", head).status == 0
    with writing(open_engine(database)) as connection:
        connection.execute(audit.update().where(audit.c.id == 7).values(subject="HZ-GA-999"))
    said = matters(capfd, "audit", "verify")
    assert said.status == 1
    assert said.out.startswith("#7: ")
    assert "1 处" in said.err
