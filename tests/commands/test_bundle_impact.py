"""`matters bundle impact` at the shell: of an edit that nobody made yet, and of a draft."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.access import administrator
from registry.changes.drafting import open_draft, save_draft
from registry.editing.drafts import Seen
from registry.editing.edits import AddMember
from registry.store.connect import open_engine
from tests.commands.running import Said, matters

Run = Callable[..., Said]
BUNDLE = "HZ-YJS-01"
HALL_ONLY = "HZ-GA-052"  # can't be done on a mobile, and on a PC only in part


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MATTERS_DATABASE", f"sqlite:///{tmp_path}/registry.sqlite")
    monkeypatch.chdir(tmp_path)
    matters(capfd, "load")
    return lambda *arguments: matters(capfd, *arguments)


def test_what_is_published_has_no_impact(run: Run) -> None:
    said = run("bundle", "impact", BUNDLE)
    assert said.status == 0
    assert said.out.splitlines()[1:] == ["没有影响", "    nothing changes for anybody"]


def test_an_edit_that_nobody_made_yet_names_the_member_in_the_way(run: Run) -> None:
    said = run("bundle", "impact", BUNDLE, "--add", HALL_ONLY, "--remove", "HZ-WJ-001", "--move", f"{HALL_ONLY}=1")
    assert "3 处假设" in said.out
    assert f"[须说明理由] 将做不到掌上办：“{HALL_ONLY}" in said.out
    assert "一件事掌上办率：100.00%（41/41） → 97.56%（40/41）" in said.out
    assert run("bundle", "impact", BUNDLE).out.splitlines()[1] == "没有影响"


def test_of_a_draft_it_says_what_is_still_needed(run: Run, tmp_path: Path) -> None:
    engine, actor = open_engine(f"sqlite:///{tmp_path}/registry.sqlite"), administrator("甲")
    draft = open_draft(engine, BUNDLE, actor)
    save_draft(engine, Seen(BUNDLE, draft.version), (AddMember(HALL_ONLY),), actor)
    said = run("bundle", "impact", BUNDLE)
    assert f"将做不到掌上办：“{HALL_ONLY}" in said.out
    assert "要发布，还须" in said.out
    assert "□ 请提交审核" in said.out
    assert "□ 由另一人审核通过（不能是甲）" in said.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("HZ-YJS-99",), "没有编码为“HZ-YJS-99”的一件事"),
        ((BUNDLE, "--add", "X-9"), "没有编码为“X-9”的事项"),
        ((BUNDLE, "--remove", "X-9"), "其中没有事项“X-9”"),
        ((BUNDLE, "--move", "HZ-WJ-001"), "MATTER=POSITION"),
        ((BUNDLE, "--at", "soon"), "不是时刻"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused = run("bundle", "impact", *arguments)
    assert refused.status != 0
    assert said in refused.err + refused.out
