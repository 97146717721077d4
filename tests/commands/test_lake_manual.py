"""The manual of files of cases and volumes: its examples work as they stand, and its tables hold what the code holds."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.lake.columns import CASE_COLUMNS, VOLUME_COLUMNS
from registry.plans import plan_change
from registry.store.connect import open_engine
from registry.store.migrate import migrate
from tests.commands.running import Said, matters
from tests.make import reference_holdings

MANUAL = (Path(__file__).parents[2] / "registry" / "lake" / "README.md").read_text(encoding="utf-8")
FILE_OR_COMMANDS = re.compile(r"(?:`([\w.]+)`:\n)?```(\w+)\n(.*?)```", re.DOTALL)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    database = f"sqlite:///{tmp_path}/registry.sqlite"
    monkeypatch.setenv("MATTERS_DATABASE", database)
    monkeypatch.setenv("MATTERS_LAKE", f"{tmp_path}/lake")
    monkeypatch.chdir(tmp_path)
    engine = open_engine(database)
    migrate(engine)
    load_holdings(engine, lambda held: plan_change(held, reference_holdings()), administrator("tests"), "the catalogue")
    return lambda *arguments: matters(capfd, *arguments)


def test_the_examples_work_as_they_stand(run: Callable[..., Said], tmp_path: Path) -> None:
    said: dict[str, list[Said]] = {}
    for name, language, text in FILE_OR_COMMANDS.findall(MANUAL):
        if language != "console":
            (tmp_path / name).write_text(text, encoding="utf-8")
            continue
        for line in text.splitlines():
            command, _, status = line.removeprefix("$ ").partition("# exit ")
            done = run(*shlex.split(command)[1:])
            assert done.status == int(status or 0), f"{line}\n{done.out}\n{done.err}"
            said.setdefault(command.strip(), []).append(done)
    first, last = (one.out for one in said["matters cases rejects"])
    assert first.startswith("cases.csv:5 channel “飞鸽”")
    assert last == ""
    assert "未变 unchanged 4" in said["matters volumes import exported.csv"][0].out
    assert "更正 replaced 1, 撤回 withdrawn 1" in said["matters cases import corrected.csv"][0].out
    assert "新增 new 2, " in said["matters cases import theirs.csv --mapping theirs.toml"][0].out


def test_its_tables_name_every_column_and_what_else_it_is_called() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|`]+) \| (yes|no) \| (?:yes|no) \|", MANUAL, re.MULTILINE)
    assert rows == [
        (column.name, " ".join(column.aliases), "yes" if column.required else "no")
        for column in (*CASE_COLUMNS, *VOLUME_COLUMNS)
    ]
