"""Granting at the shell, and the one link that `matters serve` prints."""

import os
import re
from pathlib import Path

import httpx
import pytest

from tests.commands.running import matters
from tests.commands.test_closing import serving

ME = {"query": "{ me { name grants { role departments } } }"}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a database that is not there yet, which every command takes."""
    url = f"sqlite:///{tmp_path}/registry.sqlite"
    monkeypatch.setenv("MATTERS_DATABASE", url)
    return url


def test_a_token_is_granted_listed_and_revoked(database: str, capfd: pytest.CaptureFixture[str]) -> None:
    matters(capfd, "load")
    granted = matters(capfd, "grant", "editor", "--departments", "HZ-GA,HZ-MZ", "--name", "陈某", "--days", "7")
    assert re.fullmatch(r"mr_[A-Za-z0-9_-]{43}\n", granted.out)
    assert "T-1" in granted.err
    listed = matters(capfd, "grants").out
    assert all(part in listed for part in ("T-1", "editor", "HZ-GA HZ-MZ", "陈某", "never", "holds"))
    assert granted.out.strip() not in listed
    assert "T-1" in matters(capfd, "revoke", "T-1").out
    assert "no token holds" in matters(capfd, "grants").out
    assert "revoked" in matters(capfd, "grants", "--all").out
    again = matters(capfd, "revoke", "T-1")
    assert (again.status, "T-1" in again.err) == (1, True)


def test_a_role_or_department_that_is_none_is_refused(database: str, capfd: pytest.CaptureFixture[str]) -> None:
    refused = matters(capfd, "grant", "boss")
    assert (refused.status, "reader" in refused.err) == (2, True)
    refused = matters(capfd, "grant", "editor", "--departments", "NONE")
    assert (refused.status, "NONE" in refused.err) == (1, True)


def link(log: Path) -> tuple[str, str]:
    """The address and the token of the one link in what a server said."""
    (found,) = re.findall(r"(http://\S+)#token=(mr_\S+)", log.read_text())
    return found


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_server_prints_one_link_for_this_machine_and_the_next_start_ends_it(
    database: str, tmp_path: Path, workers: str
) -> None:
    environment = os.environ | {"MATTERS_WORKERS": workers}
    with serving(environment, tmp_path / "first"):
        address, token = link(tmp_path / "first")
        bearer = {"Authorization": f"Bearer {token}"}
        me = httpx.post(address, json=ME, headers=bearer).json()["data"]["me"]
        assert me == {"name": "token:T-1 本机 local", "grants": [{"role": "EDITOR", "departments": []}]}
        assert "Authorization" in httpx.get(address, headers={"Accept": "text/html"}).text
    with serving(environment, tmp_path / "second"):
        address, newer = link(tmp_path / "second")
        assert httpx.post(address, json=ME, headers=bearer).status_code == 401
        assert httpx.post(address, json=ME, headers={"Authorization": f"Bearer {newer}"}).status_code == 200


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"MATTERS_HOST": "0.0.0.0"}, "matters grant editor"),  # noqa: S104  # that is what is tested
        (
            {
                "MATTERS_OIDC_ISSUER": "https://id.city.example",
                "MATTERS_OIDC_AUDIENCE": "matters",
                "MATTERS_OIDC_ROLES": "editors:editor",
            },
            "https://id.city.example",
        ),
    ],
)
def test_a_server_that_others_reach_or_that_has_a_provider_prints_no_link(
    database: str, tmp_path: Path, setting: dict[str, str], said: str
) -> None:
    with serving(os.environ | setting, tmp_path / "log"):
        text = (tmp_path / "log").read_text()
        assert said in text
        assert "mr_" not in text
