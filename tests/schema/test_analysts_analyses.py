"""Beyond the table: pace, path, change and flags, as `registry.figures` finds them, and as files."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from registry.figures.about import About
from registry.figures.changes import what_changed
from registry.figures.desk import Desk
from registry.figures.pacing import pace_to_target
from registry.figures.paths import path_to_target
from registry.holdings import Holdings
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.periods import Period, period_of
from registry.rates.question import Dimension, Scope
from schema.analysts.files import KINDS
from tests.schema.analysing import CITY, analysts_over, asked, desk_over
from tests.schema.asking import code, post
from tests.store.lakes import case

ABOUT = "snapshot notes { name zh en }"


def city() -> Holdings:
    """Every matter is of one department and type, so that each has peers."""
    return replace(CITY, matters={code: replace(held, department="GA") for code, held in CITY.matters.items()})


def cases() -> Iterator[dict[str, str]]:
    """Most of each matter's cases come by mobile, but those of M-1 to M-3 by the hall; half as many in 2019."""
    for number in range(900):
        matter, year = number % 9, 2020 if number % 3 else 2019
        at_hall = matter in (1, 2, 3) or number % 90 < 9
        day = f"{year}-{number % 8 + 1:02}-{number % 27 + 1:02} 09:00:00"
        yield case(
            number, matter=f"M-{matter}", channel="HALL" if at_hall else "MOBILE", applied_at=day, accepted_at=day,
            district=("330102", "330105")[number % 2],
        )  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_over(tmp_path_factory.mktemp("lake"), city(), list(cases())) as made:
        yield made


@pytest.fixture(scope="module")
def app(desk: Desk) -> ASGIApp:
    return analysts_over(desk)


def test_the_pace_says_what_the_remaining_months_need(app: ASGIApp, desk: Desk) -> None:
    shown = asked(
        app,
        """{ pace(through: "2020-06") { year target through forecast soFar { numerator denominator value } remaining
          expectedCases needed withinReach missing months { month counts { value } } %s } }""".replace("%s", ABOUT),
    )["pace"]
    told = pace_to_target(desk, About(), through="2020-06")
    assert (shown["year"], shown["target"], shown["through"], shown["forecast"]) == (
        2020,
        0.8,
        "2020-06",
        told.pace.forecast.name,
    )
    assert shown["soFar"]["denominator"] == told.pace.so_far.denominator
    assert shown["remaining"] == [f"2020-{month:02}" for month in range(7, 13)]
    assert shown["needed"] == (None if told.pace.needed is None else float(told.pace.needed))
    assert len(shown["months"]) == 6
    assert shown["notes"][0]["name"] == "snapshot"
    by_mean = asked(
        app, '{ pace(through: "2020-06", forecast: MEAN_SO_FAR, target: 0.5) { needed withinReach target } }'
    )["pace"]
    assert by_mean["target"] == 0.5
    assert by_mean["withinReach"] is True


def test_the_path_names_the_fewest_matters_that_close_the_gap(app: ASGIApp, desk: Desk) -> None:
    shown = asked(
        app,
        """{ path(where: {year: ["2020"]}) { target gap left closes answer { value casesToTarget rank } steps { matter { code name }
          department { code } moved share reachedByPeers peers peersCount } unknown { code } %s } }""".replace(
            "%s", ABOUT
        ),
    )["path"]
    told = path_to_target(desk, About(where=_of("2020")))
    assert [step["matter"]["code"] for step in shown["steps"]] == [step.matter for step in told.path.steps]
    assert {step["matter"]["code"] for step in shown["steps"]} <= {"M-1", "M-2", "M-3"}
    assert shown["gap"] == shown["answer"]["casesToTarget"] == told.path.gap > 0
    assert shown["left"] == max(0, shown["gap"] - sum(step["moved"] for step in shown["steps"]))
    assert shown["closes"] is (shown["left"] == 0)
    assert shown["steps"][0]["department"] == {"code": "GA"}


def _of(label: str) -> Any:
    return Scope(filters={Dimension.YEAR: frozenset({label})})


def test_what_changed_is_mix_and_within_and_adds_up(app: ASGIApp, desk: Desk) -> None:
    query = """{ change(by: [MATTER, DISTRICT], before: "2019", after: "2020-01..2020-06") { before after mix within partCount
      periods { first last } parts(first: 5) { matter { code } district { code } before { value } after { numerator }
      mix within total } leftOut { matter { code } } %s } }""".replace("%s", ABOUT)
    shown = asked(app, query)["change"]
    spans = (period_of("2019"), Period(date(2020, 1, 1), date(2020, 6, 30)))
    told = what_changed(desk, About(), (Dimension.MATTER, Dimension.DISTRICT), *spans).change
    assert told is not None
    assert shown["mix"] == float(told.mix)
    assert Fraction(told.mix) + told.within == told.after - told.before
    assert (len(shown["parts"]), shown["partCount"]) == (5, len(told.parts))
    assert [(part["matter"]["code"], part["district"]["code"]) for part in shown["parts"]] == [
        p.key for p in told.parts[:5]
    ]
    assert shown["periods"][1] == {"first": "2020-01-01", "last": "2020-06-30"}
    nothing = asked(app, '{ change(by: [MATTER], before: "1999", after: "2020") { mix parts { total } partCount } }')[
        "change"
    ]
    assert nothing == {"mix": None, "parts": [], "partCount": 0}


def test_flags_are_raised_by_group(app: ASGIApp) -> None:
    shown = asked(
        app,
        f"{{ flags(by: [DISTRICT]) {{ lookedAt groupCount groups(first: 1) {{ district {{ code }} flags {{ flag months amount }} }} {ABOUT} }} }}",
    )["flags"]
    assert (shown["lookedAt"], shown["groupCount"], len(shown["groups"])) == (3, 2, 1)
    assert shown["groups"][0]["district"] == {"code": "330102"}
    (raised,) = shown["groups"][0]["flags"]
    assert (raised["flag"], raised["amount"]) == ("MONTHS_MISSING", len(raised["months"]))
    assert raised["months"][0] == "2019-02"


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_found_can_be_had_as_a_file(app: ASGIApp, kind: str) -> None:
    for query in (
        '{ pace(through: "2020-06") { needed } }',
        '{ path(where: {year: ["2020"]}) { gap } }',
        '{ change(by: [MATTER], before: "2019", after: "2020") { mix } }',
        "{ flags(by: [MATTER]) { lookedAt } }",
        "{ definitions { name } }",
    ):
        response = post(app, query, KINDS[kind])
        assert response.status_code == 200, response.text
        assert response.headers["content-disposition"].startswith(
            f'attachment; filename="{query.split()[1].partition("(")[0]}.'
        )


def test_the_file_of_a_change_adds_up(app: ASGIApp) -> None:
    response = post(app, '{ change(by: [MATTER], before: "2019", after: "2020") { mix } }', KINDS["csv"])
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    parts, total = rows[:-1], rows[-1]
    assert total["total"] == "true"
    assert sum(float(row["change"]) for row in parts) == pytest.approx(float(total["change"]))


@pytest.mark.parametrize(
    "query",
    [
        "{ pace(year: 0) { needed } }",
        "{ pace(year: 2300) { needed } }",
        "{ pace(year: 1999) { needed } }",
        '{ pace(through: "2020") { needed } }',
        '{ pace(where: {year: ["2020"]}) { needed } }',
        "{ pace(rate: HALL_SHARE) { needed } }",
        "{ pace(rate: ZERO_VISIT_RATE) { needed } }",
        "{ pace(target: 2) { needed } }",
        '{ path(where: {year: ["1999"]}) { gap } }',
        '{ change(by: [], before: "2019", after: "2020") { mix } }',
        '{ change(by: [LIFE_STAGE], before: "2019", after: "2020") { mix } }',
        '{ change(by: [MATTER], before: "0001..", after: "2020") { mix } }',
        '{ change(by: [MATTER], before: "soon", after: "2020") { mix } }',
        '{ change(by: [MATTER], before: "2019", after: "2020", where: {month: ["2020-01"]}) { mix } }',
        '{ change(by: [MATTER], before: "2019", after: "2020") { parts(first: 0) { total } } }',
        "{ flags(by: [MONTH]) { lookedAt } }",
        "{ flags(rate: ZERO_VISIT_RATE) { lookedAt } }",
        "{ flags(by: [MATTER, MATTER]) { lookedAt } }",
    ],
)
def test_what_makes_no_sense_is_refused(app: ASGIApp, query: str) -> None:
    response = post(app, "{ definitions { name } " + query[1:])
    assert code(response) == "BAD_USER_INPUT", response.text
    assert response.json()["data"]["definitions"]


LABELS = st.sampled_from(
    ["2019", "2020", "2020-Q1", "2020-03", "2019-02..2020-05", "2020-03-05", "..2020", "2021", "x", ""]
)
VARIABLES = st.fixed_dictionaries(
    {
        "by": st.lists(st.sampled_from([each.name for each in Dimension]), max_size=2), "before": LABELS, "after": LABELS,
        "rate": st.sampled_from([None, *(name.upper() for name in RATES_BY_NAME)]),
        "target": st.sampled_from([None, 0, 0.5, 1, 1.5]), "year": st.sampled_from([None, 2019, 2020, 2021, 9999]),
        "through": st.sampled_from([None, "2019-03", "2020-01", "2020-12", "2021-06"]),
        "where": st.sampled_from([None, {}, {"district": ["330102"]}, {"channel": [None]}, {"year": ["2020"]}, {"matter": []}]),
    }
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(variables=VARIABLES)
def test_whatever_is_analysed_is_answered_or_refused(app: ASGIApp, variables: dict[str, Any]) -> None:
    head = """query ($by: [Dimension!]!, $before: String!, $after: String!, $rate: RateName, $target: Float, $year: Int,
      $through: String, $where: RateFilter)"""
    for body in (
        "pace(rate: $rate, where: $where, target: $target, year: $year, through: $through) { needed withinReach missing notes { zh } }",
        "path(where: $where, target: $target) { gap left steps { matter { name } moved } unknown { name } notes { zh } }",
        "change(rate: $rate, where: $where, by: $by, before: $before, after: $after) { mix within parts { total } leftOut { month } }",
        "flags(rate: $rate, where: $where, by: $by) { lookedAt groups { month flags { flag amount } } }",
    ):
        names = [name for name in variables if f"${name}" in body]
        declared = [part.strip() for part in head[len("query (") : -1].split(",")]
        used = ", ".join(part for part in declared if part.partition(":")[0][1:] in names)
        response = post(app, f"query ({used}) {{ {body} }}", variables={name: variables[name] for name in names})
        assert "errors" not in response.json() or code(response) == "BAD_USER_INPUT", response.text
