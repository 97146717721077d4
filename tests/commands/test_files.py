"""`matters load`, `export` and `check` at the shell."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.store.connect import open_engine, reading
from registry.store.revisions import current_revision
from tests.commands.running import Said, matters

Run = Callable[..., Said]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MATTERS_DATABASE", f"sqlite:///{tmp_path}/registry.sqlite")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: matters(capfd, *arguments)


def revision(folder: Path) -> int:
    with reading(open_engine(f"sqlite:///{folder}/registry.sqlite")) as connection:
        return current_revision(connection).number


def test_the_reference_catalogue_loads_checks_and_loads_again_without_a_change(run: Run, tmp_path: Path) -> None:
    assert "1017 事项 matters" in run("load").err
    assert run("load").err.strip() == "没有变化 · nothing to change"
    assert revision(tmp_path) == 1
    checked = run("check")
    assert checked.out.splitlines()[-1] == "1017 matters, 41 bundles, 0 problems"
    assert checked.status == 0


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_is_exported_loads_back_without_a_change(run: Run, tmp_path: Path, form: str) -> None:
    run("load")
    written = run("export", "out", "--format", form)
    assert all(Path(line).exists() for line in written.out.splitlines())
    assert "没有变化" in run("load", "out").err
    assert revision(tmp_path) == 1


def test_a_dry_run_shows_what_would_happen_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("load")
    (tmp_path / "more.csv").write_text("code,name,department\nX-1,一个新事项,HZ-GA\n", encoding="utf-8")
    shown = run("load", "--dry-run", "--keep-absent", "more.csv")
    assert "新增 added: 1 事项 matters (X-1)" in shown.err
    assert shown.status == 0
    assert revision(tmp_path) == 1


def test_a_file_without_the_members_of_bundles_is_refused_and_names_them(run: Run, tmp_path: Path) -> None:
    run("load")
    (tmp_path / "one.csv").write_text("code,name,department\nX-1,一个新事项,HZ-GA\n", encoding="utf-8")
    for arguments in (("load", "--dry-run", "one.csv"), ("load", "one.csv")):
        refused = run(*arguments)
        assert refused.status == 1
        assert "HZ-YJS-01" in refused.err
        assert revision(tmp_path) == 1


def test_a_breach_of_a_rule_is_a_line_and_an_exit_status(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "code,name,department,promise_day,promise_type,project_type\nX-1,一个新事项,某局,5,工作日,即办件\n",
        encoding="utf-8",
    )
    assert run("load", "m.csv").status == 0
    checked = run("check")
    assert checked.status == 1
    assert checked.out.splitlines()[-1] == "1 matters, 0 bundles, 2 problems"  # the limit, and no hall
    assert len(checked.out.splitlines()) == 3


@pytest.mark.parametrize(
    "arguments", [("load", "nowhere.csv"), ("load", "--mapping", "nowhere.toml", "x.csv"), ("show", "x")]
)
def test_what_cannot_be_done_is_said_without_a_traceback(run: Run, arguments: tuple[str, ...]) -> None:
    said = run(*arguments)
    assert said.status == 1
    assert "Traceback" not in said.err
    assert " / " in said.err


@pytest.mark.parametrize("words", [("身份证丢了",), ("gongjijin", "tiqu"), ("生孩子",)])
def test_searching_finds(run: Run, words: tuple[str, ...]) -> None:
    run("load")
    assert len(run("search", *words).out.splitlines()) > 2
    assert "没有找到" in run("search", "\U0001f600\U0001f600").out


def test_a_matter_and_a_bundle_are_shown(run: Run) -> None:
    run("load")
    matter = run("show", "HZ-GA-036").out
    assert all(text in matter for text in ("居民身份证丢失补领", "示例数据", "掌上办", "窗口办", "补领登记表"))
    bundle = run("show", "HZ-YJS-01").out
    assert "新生儿出生登记" in bundle
    assert "参加城乡居民医保的" in bundle


def test_migrations_are_run_by_hand_too(run: Run) -> None:
    assert run("migrate").status == 0
    assert run("migrate", "base").status == 0
    assert run("migrate").status == 0


def test_the_help_names_every_command_and_a_mistyped_one_is_refused(run: Run) -> None:
    from registry.commands import COMMANDS, GROUPS

    shown = run("--help").out
    assert all(f"  {name} " in shown for name in (*COMMANDS, *GROUPS))
    assert run("serv").status == 2
    for name in COMMANDS:
        assert run(name, "--help").status == 0
