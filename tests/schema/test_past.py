"""A bundle through the public schema: published, put back byte for byte, and as of any moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from registry.changes.releasing import Reversion, publish_bundle, revert_bundle
from registry.editing.drafts import Terms
from registry.editing.edits import AddMember, MoveMember, SetField
from registry.opening import CITY_ZONE
from registry.settings import Settings
from registry.store.current import Current
from schema.app import build_app
from schema.past import BadAsOf, read_as_of
from tests.schema.asking import post
from tests.store.editing_city import PAUL, approved, city, load, seen

EVERYTHING = """{
  registry { revision bundleCount }
  bundle(code: "B-1") {
    id code name nameEn summary version state keywords forms audience lifeStages batch illustrative
    leadDepartment { code name } cooperatingDepartments { code } promisedLimit { text }
    before { steps days } after { visits } effectiveFrom effectiveTo
    members { position code condition matter { code name offers { channel status } bundles { code version } } }
  }
  bundles(first: 10) { totalCount edges { cursor node { code version } } }
  journey(bundle: "B-1", at: "2020-10-12T10:00") { whole { channel possible } members { position } }
}"""
AS_OF = 'query ($at: String) { bundle(code: "B-1", asOf: $at) { name version publishedAt leadDepartment { name } } }'


@pytest.fixture
def current(engine: Engine) -> Current:
    load(engine, city())
    return Current(engine)


@pytest.fixture
def ask(current: Current) -> Callable[..., Any]:
    app = build_app(current, Settings())

    def asked(query: str, **variables: Any) -> Any:
        current.refresh()
        return post(app, query, variables=variables)

    return asked


def test_what_was_published_and_put_back_is_byte_for_byte_what_it_was(engine: Engine, ask: Callable[..., Any]) -> None:
    before = ask(EVERYTHING).content
    wanted = AddMember("M-5", 1, "双胞胎"), MoveMember("M-3", 1), SetField("summary", "另一件事")
    publish_bundle(engine, seen(approved(engine, *wanted)), Terms(), PAUL)
    between = ask(EVERYTHING).content
    revert_bundle(engine, Reversion("B-1", 2, 1), Terms(), PAUL)
    after = ask(EVERYTHING).content
    assert b"errors" not in before
    assert before != between
    put_back = after.replace(b'"version":3', b'"version":1').replace(b'"revision":3', b'"revision":1')
    assert put_back == before


def test_a_bundle_is_shown_as_of_any_moment(engine: Engine, current: Current, ask: Callable[..., Any]) -> None:
    publish_bundle(engine, seen(approved(engine, SetField("name", "改名"))), Terms(), PAUL)
    current.refresh()
    first, second = current.snapshot.history["B-1"].versions
    just = timedelta(microseconds=1)

    def shown(at: str | None) -> tuple[str, int] | None:
        found = ask(AS_OF, at=at).json()["data"]["bundle"]
        return found and (found["name"], found["version"])

    assert shown((first.at - just).isoformat()) is None
    assert shown(first.at.isoformat()) == shown((second.at - just).isoformat()) == ("B-1一件事", 1)
    assert shown(second.at.isoformat()) == shown(None) == shown("2999-01-01") == ("改名", 2)
    # Without a zone it is the city's time, and a day is its end there.
    local = second.at.astimezone(CITY_ZONE)
    assert shown(local.replace(tzinfo=None).isoformat()) == ("改名", 2)
    assert shown(local.date().isoformat()) == ("改名", 2)
    assert shown((first.at.astimezone(CITY_ZONE) - timedelta(days=1)).date().isoformat()) is None
    assert ask(AS_OF, at=None).json()["data"]["bundle"]["publishedAt"] == second.at.isoformat()


def test_a_day_is_its_end_and_what_is_neither_day_nor_moment_is_refused(ask: Callable[..., Any]) -> None:
    assert read_as_of("2020-10-22").isoformat() == "2020-10-22T23:59:59.999999+08:00"
    assert read_as_of("2020-10-22T09:00").isoformat() == "2020-10-22T09:00:00+08:00"
    assert read_as_of("2020-10-22T09:00Z").isoformat() == "2020-10-22T09:00:00+00:00"
    for text in ("", "昨天", "2020-13-01", "2020-10-22T", "x" * 1000):
        with pytest.raises(BadAsOf):
            read_as_of(text)
    assert ask(AS_OF, at="昨天").json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_a_version_whose_department_is_held_no_more_still_shows(
    engine: Engine, current: Current, ask: Callable[..., Any]
) -> None:
    publish_bundle(engine, seen(approved(engine, SetField("name", "改名"))), Terms(), PAUL)
    held = city()
    bundles = {code: replace(bundle, lead_department="WJ") for code, bundle in held.bundles.items()}
    matters = {code: replace(matter, department="WJ") for code, matter in held.matters.items()}
    departments = {code: each for code, each in held.departments.items() if code != "GA"}
    load(engine, replace(held, bundles=bundles, matters=matters, departments=departments))
    current.refresh()
    at = current.snapshot.history["B-1"].versions[0].at.isoformat()
    assert ask(AS_OF, at=at).json()["data"]["bundle"]["leadDepartment"] == {"name": "GA"}
