"""Tokens: secrets that nobody guesses, and for how long what they give holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from registry.access import Grant, Permission, Role
from registry.recorded import plain, read_back
from registry.secret import FORM, Secret
from registry.tokens import Granted, Token

NOW = datetime(2020, 10, 9, 1, 0, tzinfo=UTC)


def token(**fields: Any) -> Token:
    given = {"code": "T-3", "role": Role.EDITOR, "departments": ("GA",), "name": "陈某", "granted_by": "tests"}
    return Token(**given | {"granted_at": NOW, "expires_at": NOW + timedelta(days=1)} | fields)


def test_secrets_are_told_by_their_prefix_and_are_never_the_same() -> None:
    secrets = {Secret.new() for _ in range(1000)}
    assert len(secrets) == len({secret.digest for secret in secrets}) == 1000
    # Each of the 43 characters holds six bits, the last one four.
    assert all(FORM.fullmatch(secret.text) for secret in secrets)


def test_a_secret_is_written_nowhere_by_itself() -> None:
    secret = Secret.new()
    assert secret.text not in f"{secret} {secret!r} {[secret]}"
    assert plain(Granted(token(), secret))["secret"] is None
    assert read_back(Granted, plain(Granted(token(), secret))) == Granted(token(), None)


def test_a_token_holds_until_it_expires_or_is_revoked() -> None:
    assert token().holds_at(NOW)
    assert not token().holds_at(NOW + timedelta(days=1))
    assert not token(revoked_at=NOW).holds_at(NOW)


def test_its_holder_is_named_by_its_code_and_name() -> None:
    assert (token().holder, token(name="").holder) == ("token:T-3 陈某", "token:T-3")


def test_it_gives_its_role_for_its_departments() -> None:
    assert token().grant.allows(Permission.EDIT_BUNDLE, ("GA", "MZ"))
    assert not token().grant.allows(Permission.EDIT_BUNDLE, ("MZ",))
    assert token(departments=()).grant.allows(Permission.EDIT_BUNDLE, ("MZ",))


@pytest.mark.parametrize(
    ("text", "grant"),
    [
        ("editor", Grant(Role.EDITOR)),
        ("编辑@GA", Grant(Role.EDITOR, frozenset({"GA"}))),
        ("reviewer@GA+MZ", Grant(Role.REVIEWER, frozenset({"GA", "MZ"}))),
    ],
)
def test_a_grant_is_read_as_people_write_it(text: str, grant: Grant) -> None:
    assert Grant.read(text) == grant


@pytest.mark.parametrize("text", ["", "boss", "editor@", "editor@GA+", "@GA"])
def test_what_is_no_grant_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text.replace("+", r"\+") or "^$"):
        Grant.read(text)
