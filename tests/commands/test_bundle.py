"""`matters bundle` at the shell: edit, see, publish, plan, go back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.bundles import Effort
from registry.changes.reviewing import Verdict, review_bundle
from registry.commands.setting import BadSetting, read_setting
from registry.editing.drafts import Seen
from registry.editing.edits import SetField
from registry.matters import TimeLimit
from registry.store.connect import open_engine, writing
from registry.store.tables import schedules
from registry.words import BundleForm, LimitUnit
from tests.commands.running import Said, matters
from tests.make import make_bundle
from tests.store.editing_city import RITA, city, load

Run = Callable[..., Said]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    url = f"sqlite:///{tmp_path}/registry.sqlite"
    monkeypatch.setenv("MATTERS_DATABASE", url)
    monkeypatch.chdir(tmp_path)
    assert matters(capfd, "migrate").status == 0
    load(open_engine(url), city())
    return lambda *arguments: matters(capfd, "bundle", *arguments)


def test_a_bundle_is_edited_seen_published_and_put_back(run: Run) -> None:
    edited = run("edit", "B-1", "--add", "M-5", "--at", "1", "--condition", "双胞胎", "--set", "name=新名")
    assert "新增事项“M-5 事项M-5”（第 1 位）" in edited.out
    assert "草稿第 2 版" in edited.out
    assert run("diff", "B-1").out == edited.out
    shown = run("impact", "B-1").out
    assert "□ 请提交审核" in shown
    published = run("publish", "B-1", "--note", "加一项")
    assert "version 2 is published (revision 2)，未经审核" in published.out
    assert "version 3" in run("revert", "B-1", "--to", "1", "--expect", "2").out
    history = run("history", "B-1").out
    for said in ("第 1 版", "“加一项”", "未经审核", "name: B-1一件事 → 新名", "恢复第 1 版"):
        assert said in history
    assert "当时没有" in run("history", "B-1", "--as-of", "2020-01-01").out
    now = datetime.now(UTC).isoformat()
    assert run("history", "B-1", "--as-of", now).out.startswith("第 3 版")


def test_every_kind_of_edit_can_be_typed(run: Run) -> None:
    run("edit", "B-1", "--remove", "M-2", "--move", "M-3", "--to", "1")
    run("edit", "B-1", "--order", "M-1,M-3", "--member", "M-3", "--condition", "外地户籍")
    shown = run("diff", "B-1").out
    assert "移除事项“M-2 事项M-2”" in shown
    assert "事项“M-3 事项M-3”适用于：外地户籍" in shown
    assert "第 3 版" in shown
    for half in (("--move", "M-3"), ("--member", "M-3")):
        assert run("edit", "B-1", *half).status == 2


def test_the_person_who_edited_cannot_approve_and_another_can(run: Run, tmp_path: Path) -> None:
    run("edit", "B-1", "--add", "M-5")
    assert "待审核" in run("submit", "B-1", "--note", "请审").out
    refused = run("approve", "B-1")
    assert (refused.status, "须由另一人审核" in refused.err) == (1, True)
    assert run("ask-changes", "B-1", "--comment", "改").status == 1
    review_bundle(open_engine(f"sqlite:///{tmp_path}/registry.sqlite"), Seen("B-1", 2), Verdict(True), RITA)
    assert "未经审核" not in run("publish", "B-1").out


def test_a_broken_promise_needs_a_reason(run: Run) -> None:
    run("edit", "B-1", "--add", "M-6")
    assert "M-6" in run("publish", "B-1").err
    assert "overriding PROMISE_BROKEN" in run("publish", "B-1", "--override", "试点").out


def test_a_version_that_is_not_the_expected_one_is_refused_with_what_changed(run: Run) -> None:
    run("edit", "B-1", "--add", "M-5")
    refused = run("edit", "B-1", "--remove", "M-1", "--expect", "1")
    assert refused.status == 1
    assert "adds matter “M-5 事项M-5” at the end" in refused.err


def test_a_release_is_published_and_undone(run: Run) -> None:
    run("edit", "B-1", "--add", "M-5")
    run("edit", "B-2", "--set", "name=新名")
    assert run("release", "B-1", "B-2").out.startswith("R-1 已发布")
    assert run("undo", "R-1").out.startswith("R-2 已发布")
    assert run("undo", "R-1").status == 1


def test_what_is_planned_is_listed_published_when_due_or_cancelled(run: Run, tmp_path: Path) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    run("edit", "B-1", "--add", "M-5")
    assert run("publish", "B-1", "--at", later).out.startswith("S-1 B-1")
    run("edit", "B-2", "--set", "name=新名")
    assert run("release", "B-2", "--at", later).out.startswith("S-2 B-2")
    assert "nothing is due" in run("due").out
    assert "已取消" in run("cancel", "S-2", "--reason", "不发了").out
    assert "S-2" not in run("schedules").out
    assert "S-2" in run("schedules", "--all").out
    with writing(open_engine(f"sqlite:///{tmp_path}/registry.sqlite")) as connection:
        connection.execute(schedules.update().values(due=datetime.now(UTC)))
    assert run("due").out.startswith("S-1 已发布")


def test_drafts_are_listed_carried_over_and_discarded(run: Run, tmp_path: Path) -> None:
    assert "没有草稿" in run("drafts").out
    run("edit", "B-1", "--set", "name=草稿的")
    assert "cli:" in run("drafts").out
    load(open_engine(f"sqlite:///{tmp_path}/registry.sqlite"), city(name="导入的"))
    assert "rebase" in run("diff", "B-1").err
    assert "导入的 → 草稿的" in run("rebase", "B-1").err
    assert "已放弃" in run("discard", "B-1").out
    assert run("diff", "B-1").status == 1


BUNDLE = make_bundle("B-1", after=Effort(1, 2, 3, 4))


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("name=新名", "name", "新名"),
        ("简介 = 一句话", "summary", "一句话"),
        ("summary=", "summary", None),
        ("keywords=生孩子^出生证", "keywords", ("生孩子", "出生证")),
        ("keywords=", "keywords", ()),
        ("forms=网上办^掌上办", "forms", (BundleForm.ONLINE, BundleForm.MOBILE)),
        ("promised_limit=5工作日", "promised_limit", TimeLimit(5, LimitUnit.WORKING_DAY)),
        ("promised_limit=1 month", "promised_limit", TimeLimit(1, LimitUnit.MONTH)),
        ("promised_limit=2 months", "promised_limit", TimeLimit(2, LimitUnit.MONTH)),
        ("promised_limit=即办", "promised_limit", TimeLimit(0, LimitUnit.WORKING_DAY)),
        ("promised_limit=", "promised_limit", None),
        ("after.visits=0", "after", Effort(1, 2, 0, 4)),
        ("after_days=", "after", Effort(1, 2, 3, None)),
    ],
)
def test_a_setting_is_read_as_files_are(text: str, field: str, value: object) -> None:
    assert read_setting(text, BUNDLE) == SetField(field, value)


@pytest.mark.parametrize(
    "text", ["name", "code=B-2", "version=3", "nonsense=1", "forms=飞", "promised_limit=soon", "after.visits=x"]
)
def test_a_setting_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadSetting):
        read_setting(text, BUNDLE)
