"""`matters webhook`: an address is added, told by the server that is started next, looked at and removed."""

from pathlib import Path

import pytest

from registry.settings import Settings
from registry.store.connect import open_engine, reading
from registry.store.deliveries import read_deliveries
from schema.app import create_app
from tests.commands.running import matters
from tests.schema.serving import served
from tests.store.receiving import receiver
from tests.waiting import eventually


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    url = f"sqlite:///{tmp_path}/registry.sqlite"
    monkeypatch.setenv("MATTERS_DATABASE", url)
    assert matters(capfd, "load").status == 0
    return url


def close(capfd: pytest.CaptureFixture[str]) -> None:
    assert matters(capfd, "close", "--channel", "kiosk", "--reason", "检修").status == 0


def test_a_served_registry_tells_of_what_is_done_at_the_shell(database: str, capfd: pytest.CaptureFixture[str]) -> None:
    with receiver() as there:
        added = matters(capfd, "webhook", "add", there.url, "--internal")
        assert added.out.startswith("whsec_")
        close(capfd)
        with served(create_app(Settings(database=database)), "on"):
            assert eventually(lambda: len(there.received) == 1)
            assert eventually(lambda: "DELIVERED" in delivery_states(database))
    said = matters(capfd, "webhook", "deliveries").out
    assert there.received[0].event in said
    assert "已送达" in said
    assert "HTTP 200" in said
    assert there.url in matters(capfd, "webhook", "list").out
    secret = added.out.strip()
    for shown in (("webhook", "list", "--all"), ("webhook", "deliveries"), ("audit", "export")):
        assert secret not in matters(capfd, *shown).out


def delivery_states(database: str) -> list[str]:
    with reading(open_engine(database)) as connection:
        return [each.state.name for each in read_deliveries(connection)]


def test_what_waits_is_listed_tried_again_and_dropped_with_its_address(
    database: str, capfd: pytest.CaptureFixture[str]
) -> None:
    own = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert matters(capfd, "webhook", "add", "https://example.cn/hook", "--secret", own).out == ""
    close(capfd)
    assert "D-1" in matters(capfd, "webhook", "deliveries", "--state", "pending", "--webhook", "W-1").out
    assert "没有推送" in matters(capfd, "webhook", "dead").out
    assert "1 次推送" in matters(capfd, "webhook", "retry", "W-1").out
    assert "已移除" in matters(capfd, "webhook", "remove", "W-1").out
    assert "没有 webhook" in matters(capfd, "webhook", "list").out
    assert "没有推送" in matters(capfd, "webhook", "deliveries").out


def test_what_can_not_be_is_said_in_a_sentence(database: str, capfd: pytest.CaptureFixture[str]) -> None:
    for command in (
        ("add", "http://example.cn/hook"), ("add", "https://10.0.0.1/"), ("add", "https://example.cn/", "--secret", "x"),
        ("remove", "W-9"), ("retry", "D-9"),
    ):  # fmt: skip
        said = matters(capfd, "webhook", *command)
        assert said.status == 1
        assert " / " in said.err
