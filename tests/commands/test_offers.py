"""`matters offer` at the shell: nothing is done that was not shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.matters import Offer
from registry.store.connect import open_engine
from registry.store.current import read_snapshot
from registry.words import Channel, OfferStatus
from tests.commands.running import Said, matters

Run = Callable[..., Said]
MATTER = "HZ-GA-001"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MATTERS_DATABASE", f"sqlite:///{tmp_path}/registry.sqlite")
    monkeypatch.chdir(tmp_path)
    matters(capfd, "load")
    return lambda *arguments: matters(capfd, *arguments)


def mobile(folder: Path) -> tuple[Offer, ...]:
    snapshot = read_snapshot(open_engine(f"sqlite:///{folder}/registry.sqlite"))
    return snapshot.holdings.matters[MATTER].offers_on(Channel.MOBILE)


def test_a_preview_names_the_bundle_that_breaks_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    said = run("offer", "suspend", MATTER, "--channel", "mobile", "--reason", "系统升级", "--preview")
    assert said.status == 0
    assert "“HZ-YJS-01 新生儿出生一件事”掌上办：承诺将做不到；“HZ-GA-001" in said.out
    assert "HZ-YJS-01 (Birth of a child): on a mobile: the promise breaks; HZ-GA-001" in said.out
    assert "一件事掌上办率：100.00%（41/41） → 97.56%（40/41）" in said.out
    assert [offer.status for offer in mobile(tmp_path)] == [OfferStatus.AVAILABLE]


def test_without_a_yes_nothing_is_done_where_nobody_can_be_asked(run: Run, tmp_path: Path) -> None:
    said = run("offer", "suspend", MATTER, "--channel", "mobile", "--reason", "系统升级")
    assert said.status == 1
    assert "--yes" in said.err
    assert [offer.status for offer in mobile(tmp_path)] == [OfferStatus.AVAILABLE]


def test_what_is_suspended_by_department_is_resumed_by_code(run: Run, tmp_path: Path) -> None:
    filters = ("--channel", "mobile", "--department", "HZ-GA")
    assert "修订 2" in run("offer", "suspend", *filters, "--reason", "系统升级", "--until", "2099-01-01", "--yes").out
    (before,) = mobile(tmp_path)
    assert (before.status, before.reason) == (OfferStatus.SUSPENDED, "系统升级")
    assert "修订 3" in run("offer", "resume", MATTER, "--channel", "mobile", "--yes").out
    assert [offer.status for offer in mobile(tmp_path)] == [OfferStatus.AVAILABLE]


def test_an_address_and_hours_are_put_right(run: Run, tmp_path: Path) -> None:
    right = ("--url", "https://new.example/", "--hours", "Mo-Fr 09:00-17:00", "--unknown", "depth")
    said = run("offer", "correct", MATTER, "--channel", "mobile", *right, "--yes")
    assert "网址 https://mobile.zwfw-hangzhou.example/matters/HZ-GA-001 → https://new.example/" in said.out
    assert "时间 — → Mo-Fr 09:00-17:00" in said.out
    (offer,) = mobile(tmp_path)
    assert (offer.url, offer.depth) == ("https://new.example/", None)


def test_a_planned_kiosk_says_from_when(run: Run) -> None:
    said = run("offer", "plan", MATTER, "--channel", "kiosk", "--reason", "建设中", "--from", "2099-01-01", "--yes")
    assert "自 — → 2099-01-01" in said.out
    assert "计划在自助终端开通，自2099-01-01起" in run("route", MATTER).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("suspend", "--channel", "mobile", "--reason", "因"), "请说明改哪些事项"),
        (("suspend", "X-9", "--channel", "mobile", "--reason", "因"), "没有编码为“X-9”的事项"),
        (("suspend", MATTER, "--channel", "fax", "--reason", "因"), "expected"),
        (("suspend", MATTER, "--channel", "mobile", "--reason", "因", "--until", "1999-01-01"), "已过"),
        (("correct", MATTER, "--channel", "mobile", "--hours", "早上"), "Mo-Fr"),
        (("correct", MATTER, "--channel", "mobile"), "请说明更正什么"),
        (("plan", MATTER, "--channel", "kiosk", "--reason", "因", "--from", "soon"), "不是日期"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_write(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused = run("offer", *arguments)
    assert refused.status != 0
    assert said in refused.err + refused.out
