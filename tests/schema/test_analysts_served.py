"""The analysts' address as it is served: lazily, to whom the settings say, and without what is not installed."""

import html
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from registry.access import Role
from registry.figures.desk import Desk
from registry.settings import Settings
from registry.snapshot import Snapshot
from registry.words import Channel, MatterType
from schema.analysts.serving import LateDesk, analysts_transport
from schema.app import build_app
from tests.make import make_holdings, make_matter, make_offer
from tests.schema.analysing import analysts_over, asked, desk_over
from tests.schema.asking import code, post
from tests.schema.following import Still
from tests.schema.serving import served
from tests.schema.signing_in import secret

QUERY = {"query": "{ rates(by: [DEPARTMENT]) { rows { department { code } zeroVisitRate { value } } snapshot } }"}


def at(folder: Path, analysts: str = "open") -> Settings:
    return Settings(database=f"sqlite:///{folder}/registry.sqlite", lake=str(folder / "lake"), analysts=analysts)


def test_an_empty_lake_answers_what_the_catalogue_knows(reference: Snapshot, tmp_path: Path) -> None:
    with served(build_app(Still(reference), at(tmp_path)), "on") as address, httpx.Client(base_url=address) as client:
        answer = client.post("/analysts/graphql", json=QUERY, timeout=60)
        data = answer.json()["data"]["rates"]
        assert data["snapshot"] == "cases -, volumes -; catalogue 1"
        assert len(data["rows"]) > 20
        assert all(0 <= row["zeroVisitRate"]["value"] <= 1 for row in data["rows"])
        got = client.get("/analysts/graphql", params=QUERY)
        again = client.get("/analysts/graphql", params=QUERY, headers={"If-None-Match": got.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "type RateTable" in client.get("/analysts/schema.graphql").text


def test_availability_is_told_as_of_the_day_that_is_asked_about(tmp_path: Path) -> None:
    opening = make_offer(Channel.PC, valid_from=date(2020, 7, 1))
    held = make_holdings(
        make_matter("M-1", [opening], type=MatterType.LICENCE), make_matter("M-2", type=MatterType.LICENCE)
    )
    query = "query ($on: Date, $where: RateFilter) { rates(on: $on, where: $where) { totals { pcAvailabilityRate { numerator } } } }"
    with desk_over(tmp_path, held, []) as desk:
        app = analysts_over(desk)
        told = [
            asked(app, query, on=on, where=where)["rates"]["totals"]["pcAvailabilityRate"]["numerator"]
            for on, where in (
                ("2020-06-30", None),
                ("2020-07-01", None),
                (None, {"to": "2020-06-30"}),
                (None, {"year": "2020"}),
            )
        ]
    assert told == [0, 1, 0, 1]


def test_many_may_ask_at_once(reference: Snapshot, tmp_path: Path) -> None:
    with served(build_app(Still(reference), at(tmp_path)), "on") as address:
        by = ("DEPARTMENT", "MATTER_TYPE", "SERVICE_OBJECT", "LIFE_STAGE", "BUNDLE", "DISTRICT")
        query = "{ rates(by: [%s]) { totalCount totals { zeroVisitRate { value } } } }"

        def ask(dimension: str) -> Any:
            sent = {"query": query.replace("%s", dimension)}
            return httpx.post(f"{address}/analysts/graphql", json=sent, timeout=120).json()["data"]["rates"]

        with ThreadPoolExecutor(len(by)) as pool:
            answers = list(pool.map(ask, by))
        assert all(answer["totalCount"] > 1 for answer in answers)
        assert len({answer["totals"]["zeroVisitRate"]["value"] for answer in answers}) == 1


def test_the_examples_on_the_page_work(reference: Snapshot, tmp_path: Path) -> None:
    with served(build_app(Still(reference), at(tmp_path)), "on") as address, httpx.Client(base_url=address) as client:
        page = client.get("/analysts/graphql", headers={"Accept": "text/html"}).text
        links = re.findall(r'href="(/analysts/graphql\?[^"]+)"', page)
        assert len(links) >= 5
        for link in map(html.unescape, links):
            answer = client.get(link, timeout=60)
            assert answer.status_code == 200, answer.text
            assert ("format=" in link) is ("content-disposition" in answer.headers)
            assert "errors" not in answer.text[:20]
        written = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
        assert written
        form = {"query": html.unescape(written[1]), "format": "json"}
        assert client.get("/analysts/graphql", params=form, timeout=60).json()["data"]["rates"]["rows"] == []


def test_where_the_setting_says_so_only_who_may_see_rates_is_answered(
    sqlite_engine: Engine, reference: Snapshot, tmp_path: Path
) -> None:
    app = build_app(Still(reference), at(tmp_path, "signed-in"), sqlite_engine)
    with served(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        refused = client.post("/analysts/graphql", json=QUERY)
        assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
        bearing = {
            role: {"Authorization": f"Bearer {secret(sqlite_engine, role)}"} for role in (Role.EDITOR, Role.ANALYST)
        }
        forbidden = client.post("/analysts/graphql", json=QUERY, headers=bearing[Role.EDITOR])
        assert (forbidden.status_code, code(forbidden)) == (403, "FORBIDDEN")
        for _ in range(2):
            assert "data" in client.post("/analysts/graphql", json=QUERY, headers=bearing[Role.ANALYST]).json()
        # What was answered to one who may is kept, and is for those only.
        assert client.post("/analysts/graphql", json=QUERY).status_code == 401


def test_where_nobody_can_sign_in_nobody_is_answered(reference: Snapshot, tmp_path: Path) -> None:
    with served(build_app(Still(reference), at(tmp_path, "signed-in"))) as address:
        refused = httpx.post(f"{address}/analysts/graphql", json=QUERY, headers={"Authorization": "Bearer mr_x"})
        assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
        assert httpx.get(f"{address}/healthz").status_code == 200


def test_without_the_libraries_it_says_what_to_install(reference: Snapshot) -> None:
    def opening() -> Desk:
        raise ModuleNotFoundError("No module named 'duckdb'", name="duckdb")

    app = analysts_transport(lambda: reference, LateDesk(opening), cost_limit=50_000)
    for _ in range(2):
        response = post(app, QUERY["query"])
        assert (response.status_code, code(response)) == (503, "SERVICE_UNAVAILABLE")
        assert "pip install 'matter-registry[rates]'" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("library", ["duckdb", "pyarrow", "ibis", "pyiceberg"])
def test_a_server_starts_without_the_libraries_of_rates(library: str) -> None:
    program = f"""
import sys
sys.modules["{library}"] = None
from registry.holdings import Holdings
from registry.settings import Settings
from registry.snapshot import Snapshot
from schema.app import build_app
from tests.schema.following import Still
build_app(Still(Snapshot(Holdings(), 1, None)), Settings())
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
