"""Who asks: by granted tokens, and nothing else where there is no provider."""

import base64
import hashlib
import logging
import platform
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine

from registry.access import Role, administrator
from registry.changes.granting import grant_here, revoke
from registry.secret import Secret
from registry.snapshot import Snapshot
from registry.store.connect import open_engine, reading, writing
from registry.store.tokens import add_token, read_tokens
from registry.tokens import Token
from tests.schema.asking import code
from tests.schema.following import Still
from tests.schema.serving import served
from tests.schema.signing_in import ME, admin_app, ask_admin, secret, told


def test_a_granted_token_says_who_asks_and_what_they_may(engine: Engine, reference: Snapshot) -> None:
    app = admin_app(engine, reference)
    token = secret(engine, Role.ANALYST)
    answer = ask_admin(app, ME, token, X_Request_Id="desk-7.1")
    assert answer.json()["data"]["me"] == {
        "name": "token:T-1 陈某",
        "requestId": "desk-7.1",
        "grants": [{"role": "ANALYST", "departments": [], "permissions": ["READ_DRAFTS", "READ_RATES"]}],
    }
    assert answer.headers["X-Request-Id"] == "desk-7.1"
    assert answer.headers["Cache-Control"] == "no-store"
    with reading(engine) as connection:
        assert read_tokens(connection)["T-1"].last_used_at is not None


@pytest.mark.parametrize("given", [None, "", "bad id", "x" * 81, "<script>"])
def test_a_request_without_a_good_id_is_given_one_refused_or_not(
    engine: Engine, reference: Snapshot, given: str | None
) -> None:
    headers = {} if given is None else {"X_Request_Id": given}
    for token in (secret(engine), None):
        made = ask_admin(admin_app(engine, reference), ME, token, **headers).headers["X-Request-Id"]
        assert re.fullmatch(r"[0-9a-f-]{36}", made)


def test_without_a_token_nobody_is_told_anything(engine: Engine, reference: Snapshot) -> None:
    answer = ask_admin(admin_app(engine, reference), ME)
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic eDp5", "Bearer mr_short", "Bearer mr_" + "A" * 43, "Bearer a.b.c",
     "Bearer {} x", "Bearer {},Bearer {}", "{}", "Token {}", "Bearer {}=", "Bearer MR_{}"],
)  # fmt: skip
def test_what_is_no_token_of_ours_is_refused(engine: Engine, reference: Snapshot, authorization: str) -> None:
    given = authorization.replace("{}", secret(engine))
    answer = ask_admin(admin_app(engine, reference), ME, Authorization=given)
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_revoked_or_expired_token_ends_at_once(engine: Engine, reference: Snapshot) -> None:
    app = admin_app(engine, reference)
    first, second = secret(engine), Secret.new()
    ago = datetime.now(UTC) - timedelta(2)
    with writing(engine) as connection:
        over = Token("T-2", Role.EDITOR, (), "", "tests", ago, ago + timedelta(1))
        add_token(connection, over, second.digest)
    assert ask_admin(app, ME, first).status_code == 200
    assert ask_admin(app, ME, second.text).status_code == 401
    revoke(engine, "T-1", administrator("tests"))
    assert ask_admin(app, ME, first).status_code == 401


def test_a_token_in_the_address_counts_for_nothing(engine: Engine, reference: Snapshot) -> None:
    with served(admin_app(engine, reference)) as address:
        asked = {"query": ME, "access_token": secret(engine), "token": secret(engine)}
        assert httpx.get(f"{address}/admin/graphql", params=asked).status_code == 401


def test_a_token_for_this_machine_is_good_on_this_machine_only(engine: Engine, reference: Snapshot) -> None:
    app = admin_app(engine, reference)
    here = told(grant_here(engine, platform.node(), administrator("tests")))
    assert ask_admin(app, ME, here).status_code == 200
    assert ask_admin(app, ME, here, client=("::1", 9)).status_code == 200
    assert ask_admin(app, ME, here, client=("10.0.0.1", 9)).status_code == 401
    assert ask_admin(app, ME, here, client=("10.0.0.1", 9), Host="127.0.0.1").status_code == 401
    assert ask_admin(app, ME, here, X_Forwarded_For="127.0.0.1").status_code == 401
    assert ask_admin(app, ME, here, Forwarded="for=127.0.0.1").status_code == 401
    elsewhere = told(grant_here(engine, "another machine", administrator("tests")))
    assert ask_admin(app, ME, elsewhere).status_code == 401


def test_while_the_database_is_away_nobody_is_let_in(reference: Snapshot, tmp_path: object) -> None:
    app = admin_app(open_engine(f"sqlite:///{tmp_path}/secret-name.sqlite"), reference)
    answer = ask_admin(app, ME, "mr_" + "A" * 43)
    assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")
    assert "secret-name" not in answer.text


def test_no_token_gets_into_the_log(engine: Engine, reference: Snapshot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app = admin_app(engine, reference)
    token = secret(engine)
    for each in (token, token[:-1], "a.b.c"):
        ask_admin(app, ME, each)
    assert token[:-1] not in caplog.text


def test_without_a_store_there_is_no_admin_schema(reference: Snapshot) -> None:
    from registry.settings import Settings
    from schema.app import build_app

    assert ask_admin(build_app(Still(reference), Settings()), ME).status_code == 404


def test_the_page_for_a_browser_allows_its_own_script_and_nothing_else(engine: Engine, reference: Snapshot) -> None:
    with served(admin_app(engine, reference)) as address:
        answer = httpx.get(f"{address}/admin/graphql", headers={"Accept": "text/html"})
    page = answer.text
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert "://" not in page
    assert answer.headers["X-Frame-Options"] == "DENY"
