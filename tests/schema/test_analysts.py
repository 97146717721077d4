"""The analysts' schema: generated from the definitions, reckoning what is selected and no more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from registry.errors import RefusedInput
from registry.figures.desk import Desk, Reported
from registry.lake.intake import import_cases
from registry.rates.definitions import RATES, RATES_BY_NAME
from registry.rates.question import Dimension, Question, Scope
from registry.snapshot import Snapshot
from schema.analysts import analysts_schema
from schema.analysts.extent import demand_few_rows
from schema.analysts.words import Measure
from tests.schema.analysing import CITY, analysts_over, asked, desk_over
from tests.schema.asking import code, get, post
from tests.store.lakes import case, write_cases

D = Dimension


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_over(tmp_path_factory.mktemp("lake")) as made:
        yield made


@pytest.fixture(scope="module")
def app(desk: Desk) -> ASGIApp:
    return analysts_over(desk)


class Watched:
    """A desk that remembers what it was asked."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.rates, self.standing, self.catalogue = desk, desk.rates, desk.standing, desk.catalogue
        self.questions: list[Question] = []

    def ask(self, question: Question, **more: Any) -> Reported:
        self.questions.append(question)
        return self.desk.ask(question, **more)


def refused(app: ASGIApp, query: str, **variables: Any) -> str:
    """The message of a query that is answered with BAD_USER_INPUT."""
    response = post(app, query, variables=variables)
    assert code(response) == "BAD_USER_INPUT", response.text
    return str(response.json()["errors"][0]["message"])


# Figures


def test_a_table_says_what_the_desk_says(app: ASGIApp, desk: Desk) -> None:
    data = asked(
        app,
        """{ rates(by: [DEPARTMENT, MONTH], where: {from: "2020-01-01", to: "2020-12-31"}) {
          rows { department { code name nameEn } month onlineAcceptanceRate { ...A } hallShare { ...A } }
          totals { onlineAcceptanceRate { ...A } hallShare { ...A } department { code } }
          snapshot revision onlinePolicy asReportedOn illustrative } }
        fragment A on RateAnswer { value numerator denominator completeness reported expected lowest highest target
          attained casesToTarget tolerates policy suppressed }""",
    )["rates"]
    where = Scope(date(2020, 1, 1), date(2020, 12, 31))
    told = desk.ask(Question(("online_acceptance_rate", "hall_share"), (D.DEPARTMENT, D.MONTH), where))
    for shown, row in zip([*data["rows"], data["totals"]], [*told.table.rows, told.table.totals], strict=True):
        for name, field in (("online_acceptance_rate", "onlineAcceptanceRate"), ("hall_share", "hallShare")):
            known = row.answers[name].output()
            known["casesToTarget"] = known.pop("cases_to_target")
            assert shown[field] == known
        if row.key:
            assert (shown["department"]["code"], shown["month"]) == row.key
    assert data["rows"][0]["department"] == {"code": "GA", "name": "市公安局", "nameEn": "Public Security Bureau"}
    assert data["totals"]["department"] is None
    assert data["totals"]["onlineAcceptanceRate"]["target"] == 0.8
    assert data["snapshot"] == f"{told.state}; catalogue 7"
    assert (data["revision"], data["onlinePolicy"], data["asReportedOn"]) == (7, "MOBILE_PC", None)


def test_every_dimension_has_a_field_and_every_rate_too(app: ASGIApp) -> None:
    fields = {
        field["name"]: field
        for field in asked(app, '{ __type(name: "RateRow") { fields { name } } }')["__type"]["fields"]
    }
    definitions = asked(app, "{ definitions { name field } }")["definitions"]
    assert [each["name"] for each in definitions] == list(RATES_BY_NAME)
    assert len(fields) == len(Dimension) + len(RATES)
    assert {each["field"] for each in definitions} < fields.keys()


@pytest.mark.parametrize("dimension", Dimension)
def test_every_dimension_can_be_grouped_by(app: ASGIApp, desk: Desk, dimension: Dimension) -> None:
    coded = dimension in (D.DEPARTMENT, D.DISTRICT, D.MATTER, D.BUNDLE)
    name = "".join((first if n == 0 else first.title()) for n, first in enumerate(dimension.code.split("_")))
    field = f"{name} {{ code }}" if coded else name
    rows = asked(
        app, f"{{ rates(by: [{dimension.name}], first: 1000) {{ rows {{ {field} mobileShare {{ denominator }} }} }} }}"
    )
    shown = [(row[name]["code"] if row[name] and coded else row[name]) for row in rows["rates"]["rows"]]
    told = desk.ask(Question(("mobile_share",), (dimension,)))
    assert shown == [row.key[0] for row in told.table.rows]
    assert len(shown) >= 2


def test_the_two_policies_differ_by_the_kiosks(app: ASGIApp) -> None:
    query = (
        "query ($p: OnlinePolicy!) { rates(onlinePolicy: $p) { totals { onlineAcceptanceRate { numerator policy } } } }"
    )
    narrow, wide = (
        asked(app, query, p=p)["rates"]["totals"]["onlineAcceptanceRate"] for p in ("MOBILE_PC", "MOBILE_PC_KIOSK")
    )
    assert wide["numerator"] == narrow["numerator"] + 60
    assert (narrow["policy"], wide["policy"]) == ("MOBILE_PC", "MOBILE_PC_KIOSK")


def test_what_was_set_aside_is_told(app: ASGIApp) -> None:
    data = asked(app, "{ rates { setAside { reason rows cases matters } } }")
    assert data["rates"]["setAside"] == [{"reason": "DERIVED_FIRST", "rows": 1, "cases": 7, "matters": ["M-5"]}]


def test_notes_say_what_must_be_said(app: ASGIApp) -> None:
    table = asked(app, "{ rates { totals { onlineAcceptanceRate { value } } notes { name zh en } synthetic } }")[
        "rates"
    ]
    names = [note["name"] for note in table["notes"]]
    assert names == ["snapshot", "definition:online_acceptance_rate", "policy", "set_aside:derived_first"]
    assert all(note["zh"] and note["en"] for note in table["notes"])
    assert table["synthetic"] is False


def test_definitions_tell_everything(app: ASGIApp) -> None:
    data = asked(
        app,
        """{ definitions { name field zh en family followsPolicy population unit direction reading
          numerator { zh en } denominator { zh en } owner { zh en } source { zh en } reviewedBy reviewedOn
          reviewedUntil targets { value first last department district source { zh en } }
          example { numerator denominator value } dimensions } }""",
    )["definitions"]
    first = data[0]
    assert (first["zh"], first["unit"], first["direction"], first["reading"]) == (
        "办件线上受理率",
        "CASES",
        "HIGHER",
        True,
    )
    assert first["targets"][0]["value"] == 0.8
    assert first["example"] == {"numerator": 80, "denominator": 100, "value": 0.8}
    of_matters = next(each for each in data if each["name"] == "zero_visit_rate")
    assert "CHANNEL" in first["dimensions"]
    assert "CHANNEL" not in of_matters["dimensions"]
    assert "LICENCE" in of_matters["population"]
    assert all(each["owner"]["zh"] and each["reviewedUntil"] for each in data)


# Only what is selected


def test_only_what_is_selected_is_reckoned(desk: Desk) -> None:
    watched = Watched(desk)
    app = analysts_over(watched)  # type: ignore[arg-type]
    query = """query ($no: Boolean = false) { rates(by: [MONTH]) { rows { ...R m: mobileShare { value }
      hallShare @include(if: $no) { value } } totals { ... on RateRow { pcShare { value } } } } }
      fragment R on RateRow { month kioskShare { value } }"""
    asked(app, query)
    assert watched.questions[-1].rates == ("kiosk_share", "mobile_share", "pc_share")
    assert watched.questions[-1].by == (D.MONTH,)


def test_without_rows_nothing_is_broken_down(desk: Desk) -> None:
    watched = Watched(desk)
    app = analysts_over(watched)  # type: ignore[arg-type]
    asked(app, "{ rates(by: [MATTER, DAY], orderBy: [{rate: HALL_SHARE}]) { totals { pcShare { value } } } }")
    assert watched.questions == [Question(("pc_share",))]
    asked(app, "{ rates { __typename } definitions { name } }")
    assert len(watched.questions) == 1


def test_rows_are_listed_though_no_rate_is_selected(app: ASGIApp) -> None:
    data = asked(app, "{ rates(by: [DEPARTMENT]) { rows { department { code } } } }")
    assert [row["department"]["code"] for row in data["rates"]["rows"]] == ["GA", "MZ"]


# Filters


def test_filters_combine_and_null_is_what_is_not_known(app: ASGIApp) -> None:
    count = lambda where: asked(  # noqa: E731
        app, f"{{ rates(where: {where}) {{ totals {{ hallShare {{ denominator }} }} }} }}"
    )["rates"]["totals"]["hallShare"]["denominator"]
    assert count("{channel: [null]}") == 4
    assert count('{channel: [null], matter: "M-1"}') is None
    assert count('{district: ["330105"], channel: [MOBILE, PC]}') == 60
    assert count('{month: ["2019-03"]}') == 3
    assert count('{to: "2019-12-31"}') == 3
    assert count('{from: "2020-01-01", year: ["2020"], quarter: ["2020-Q1", "2020-Q2"]}') < 314
    assert count("{serviceObject: [null]}") == 18
    assert count("{}") == count("{matter: null}") == 317


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('where: {department: ["XX"]}', "GA 市公安局"),
        ('where: {matter: ["M-99"]}', "M-9"),
        ('where: {month: ["2020"]}', "2020-03"),
        ('where: {month: ["２０２０-03"]}', "2020-03"),
        ('where: {day: ["yesterday"]}', "2020-03-05"),
        ('where: {from: "2020-02-01", to: "2020-01-01"}', "2020-02-01"),
        ('where: {from: "1000-01-01", to: "2020-01-01"}', "50"),
        ("by: [MONTH, MONTH]", "一次|重复"),
        ("first: 0", "1000"),
        ("first: 1001", "1000"),
        ('after: "x"', "orderBy"),
        ('after: "WyJ4IixbXSxbXV0"', "orderBy"),
        ("orderBy: [{}]", "dimension"),
        ("orderBy: [{dimension: MONTH, rate: PC_SHARE}]", "dimension"),
        ("orderBy: [{dimension: MONTH}]", "MONTH"),
        ("suppress: 0", "1000000"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_may_be_written(app: ASGIApp, arguments: str, said: str) -> None:
    message = refused(app, f"{{ rates({arguments}) {{ rows {{ pcShare {{ value }} }} }} }}")
    assert any(each in message for each in said.split("|")), message


@pytest.mark.parametrize("value", ["20201", "2020-13-01", "now", "", "2020-02-30", 5, True, [], {}])
def test_moments_and_days_that_are_none_are_refused(app: ASGIApp, value: Any) -> None:
    for argument, kind in (("asReportedOn", "DateTime"), ("on", "Date")):
        query = f"query ($v: {kind}) {{ rates({argument}: $v) {{ snapshot }} }}"
        response = post(app, query, variables={"v": value})
        assert (response.status_code, code(response)) == (400, "BAD_USER_INPUT")
    response = post(app, "{ rates(on: 2020, asReportedOn: NOW) { snapshot } }")
    assert code(response) == "GRAPHQL_VALIDATION_FAILED"


# Orders and pages


def keys(page: Any) -> list[tuple[str, str]]:
    return [(row["matter"]["code"], row["month"]) for row in page["rows"]]


@pytest.mark.parametrize(
    "order",
    [
        "[]",
        "[{rate: MOBILE_SHARE, direction: DESC}]",
        "[{rate: ONLINE_ACCEPTANCE_RATE, measure: CASES_TO_TARGET, direction: DESC}, {dimension: MONTH, direction: DESC}]",
        "[{dimension: MATTER, direction: DESC}, {rate: HALL_SHARE, measure: NUMERATOR}]",
        "[{rate: ZERO_VISIT_RATE, measure: COMPLETENESS, direction: ASC}]",
    ],
)
def test_pages_follow_one_another_without_gap_or_repetition(app: ASGIApp, order: str) -> None:
    page = f"""query ($first: Int, $after: String) {{
      rates(by: [MATTER, MONTH], first: $first, after: $after, orderBy: {order}) {{ rows {{ matter {{ code }} month }}
        totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"""
    whole = asked(app, page, first=1000)["rates"]
    assert not whole["pageInfo"]["hasNextPage"]
    assert len(set(keys(whole))) == len(whole["rows"]) == whole["totalCount"] > 60
    seen: list[tuple[str, str]] = []
    after = None
    while True:
        part = asked(app, page, first=37, after=after)["rates"]
        seen += keys(part)
        assert part["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            break
    assert seen == keys(whole)


def test_rows_are_sorted_by_a_number_with_the_unknown_last_either_way(app: ASGIApp) -> None:
    query = """query ($d: SortDirection!) { rates(by: [MATTER, YEAR], first: 1000, orderBy: [{rate: ASSISTED_SHARE, direction: $d}])
      { rows { matter { code } assistedShare { value } } } }"""
    up, down = (
        [row["assistedShare"]["value"] for row in asked(app, query, d=d)["rates"]["rows"]] for d in ("ASC", "DESC")
    )
    known = [value for value in up if value is not None]
    assert len(known) < len(up)
    assert up[: len(known)] == sorted(known)
    assert down[: len(known)] == sorted(known, reverse=True)
    assert set(up[len(known) :]) == set(down[len(known) :]) == {None}


def test_a_cursor_of_another_list_is_refused(app: ASGIApp) -> None:
    first = asked(app, "{ rates(by: [MONTH], first: 2) { pageInfo { endCursor } } }")
    after = first["rates"]["pageInfo"]["endCursor"]
    assert "after" in refused(app, "query ($a: String) { rates(by: [YEAR], after: $a) { rows { year } } }", a=after)


def test_without_first_a_page_has_a_hundred_rows(app: ASGIApp) -> None:
    data = asked(app, "{ rates(by: [MATTER, DAY]) { rows { day } pageInfo { hasNextPage } } }")["rates"]
    assert (len(data["rows"]), data["pageInfo"]["hasNextPage"]) == (100, True)


def test_ranks_are_shared_by_equals_and_counted_over_all_pages(app: ASGIApp) -> None:
    query = """query ($after: String) { rates(by: [MONTH], first: 5, after: $after, where: {from: "2020-01-01"}) {
      rows { month hallShare { value rank } } totals { hallShare { rank } } pageInfo { endCursor } } }"""
    one = asked(app, query)["rates"]
    two = asked(app, query, after=one["pageInfo"]["endCursor"])["rates"]
    placed = {row["month"]: (row["hallShare"]["rank"], row["hallShare"]["value"]) for row in one["rows"] + two["rows"]}
    # The lowest share of the hall is the best.
    assert all((a[0] < b[0]) == (a[1] < b[1]) for a in placed.values() for b in placed.values())
    assert one["totals"]["hallShare"]["rank"] is None


def test_small_groups_are_withheld_when_asked(app: ASGIApp) -> None:
    query = "query ($n: Int) { rates(by: [CHANNEL], suppress: $n) { rows { channel mobileShare { denominator suppressed } } } }"
    shown, withheld = (asked(app, query, n=n)["rates"]["rows"] for n in (None, 10))
    assert [row["mobileShare"]["denominator"] for row in shown if row["channel"] is None] == [4]
    assert [row["mobileShare"] for row in withheld if row["channel"] is None] == [
        {"denominator": None, "suppressed": True}
    ]
    assert sum(row["mobileShare"]["suppressed"] for row in withheld) == 2
    aside = asked(app, "{ rates(suppress: 10) { setAside { cases } } }")
    assert aside["rates"]["setAside"] == [{"cases": None}]
    for least, told in ((1, True), (10, False)):
        notes = asked(app, f"{{ rates(suppress: {least}) {{ notes {{ name }} }} }}")["rates"]["notes"]
        assert ({"name": "set_aside:derived_first"} in notes) is told


# Keeping


def test_an_answer_is_kept_until_the_lake_changes_and_can_be_had_as_reported_before(tmp_path: Path) -> None:
    query = "{ rates { totals { hallShare { numerator denominator } } } }"
    with desk_over(tmp_path) as desk:
        app = analysts_over(desk)
        first = get(app, query)
        assert get(app, query, if_none_match=first.headers["etag"]).status_code == 304
        moment = datetime.now(UTC)
        import_cases(
            desk.lake, [write_cases(tmp_path / "more.csv", [case(0, channel="HALL"), case(999)])], holdings=CITY
        )
        now = get(app, query, if_none_match=first.headers["etag"])
        assert now.status_code == 200
        assert now.json()["data"]["rates"]["totals"]["hallShare"]["denominator"] == 318
        before = f'{{ rates(asReportedOn: "{moment.isoformat()}") {{ totals {{ hallShare {{ numerator denominator }} }} }} }}'
        assert get(app, before).json() == first.json()


# The list of definitions


def test_a_definition_added_to_the_list_is_in_the_schema_and_answers(tmp_path: Path) -> None:
    added = replace(RATES_BY_NAME["hall_share"], name="window_share_of_2020", zh="窗口率（试）", en="hall share, tried")
    rates = (*RATES, added)
    with desk_over(tmp_path, rates=rates) as desk:
        app = analysts_over(desk)
        data = asked(
            app,
            """{ rates(by: [MONTH], orderBy: [{rate: WINDOW_SHARE_OF_2020}]) { rows { windowShareOf2020 { value } }
              totals { windowShareOf2020 { value } hallShare { value } } } definitions { name zh } }""",
        )
    assert data["rates"]["totals"]["windowShareOf2020"] == data["rates"]["totals"]["hallShare"]
    assert data["definitions"][-1] == {"name": "window_share_of_2020", "zh": "窗口率（试）"}


def test_two_rates_cannot_share_a_field_nor_take_a_dimensions() -> None:
    with pytest.raises(ValueError, match="same field"):
        analysts_schema((*RATES, replace(RATES[0], name="mobileShare")))
    with pytest.raises(ValueError, match="dimension"):
        analysts_schema((*RATES, replace(RATES[0], name="month")))


# Limits


def test_every_number_of_every_rate_for_a_thousand_rows_is_allowed_once_and_not_four_times(app: ASGIApp) -> None:
    fields = [each["field"] for each in asked(app, "{ definitions { field } }")["definitions"]]
    answer = "value numerator denominator completeness target attained casesToTarget"
    one = f"rates(by: [MONTH], first: 1000) {{ rows {{ month {' '.join(f'{name} {{ {answer} }}' for name in fields)} }} }}"
    assert post(app, f"{{ {one} }}").status_code == 200
    assert code(post(app, f"{{ a: {one} b: {one} }}")) == "GRAPHQL_VALIDATION_FAILED"
    many = " ".join(f"r{n}: rates {{ snapshot }}" for n in range(9))
    assert code(post(app, f"{{ {many} }}")) == "GRAPHQL_VALIDATION_FAILED"


def test_a_table_that_may_be_too_large_is_refused_before_it_is_reckoned(reference: Snapshot) -> None:
    held = reference.holdings
    year = Scope(date(2020, 1, 1), date(2020, 12, 31))
    for by in (
        "MATTER DAY",
        "DEPARTMENT DAY DISTRICT",
        "MATTER MONTH DISTRICT DEPARTMENT QUARTER",
        "BUNDLE MATTER MONTH",
    ):
        demand_few_rows([D[name] for name in by.split()], year, held)
    demand_few_rows([D.MATTER, D.DAY], Scope(), held)
    with pytest.raises(RefusedInput, match="2000000"):
        demand_few_rows([D.MATTER, D.DAY, D.DISTRICT], year, held)
    one = replace(year, filters={D.MATTER: frozenset({"HZ-GA-036"})})
    demand_few_rows([D.MATTER, D.DAY, D.DISTRICT, D.CHANNEL], one, held)


# Whatever is asked


CODES = {
    "department": ["GA", "MZ"],
    "district": ["330102", "330105"],
    "matter": ["M-1", "M-3", "M-19"],
    "bundle": ["B-1"],
}
NAMES = {
    "matterType": ["LICENCE", "OTHER"],
    "serviceObject": ["PERSON"],
    "channel": ["MOBILE", "HALL"],
    "lifeStage": ["BIRTH"],
}
LABELS = {"day": ["2020-03-09"], "month": ["2020-03", "2019-03"], "quarter": ["2020-Q1"], "year": ["2019", "2020"]}


def some(values: list[str], *more: None) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.sampled_from([*values, *more]), max_size=2)


FILTERS = st.fixed_dictionaries(
    {},
    optional={name: some(values, None) for name, values in (CODES | NAMES).items()}
    | {name: some(values) for name, values in LABELS.items()}
    | {"from": st.sampled_from(["2019-01-01", "2020-03-05"]), "to": st.sampled_from(["2020-04-15", "2020-12-31"])},
)
ORDERS = st.lists(
    st.fixed_dictionaries(
        {"rate": st.sampled_from([name.upper() for name in RATES_BY_NAME])},
        optional={
            "measure": st.sampled_from([each.name for each in Measure]),
            "direction": st.sampled_from(["ASC", "DESC"]),
        },
    ),
    max_size=2,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_asked_of_what_there_is_is_answered(app: ASGIApp, data: st.DataObject) -> None:
    variables = {
        "by": data.draw(st.lists(st.sampled_from([each.name for each in D]), max_size=3, unique=True)),
        "where": data.draw(FILTERS), "orderBy": data.draw(ORDERS), "first": data.draw(st.integers(1, 20)),
        "suppress": data.draw(st.none() | st.integers(1, 50)), "on": data.draw(st.sampled_from([None, "2020-06-30"])),
    }  # fmt: skip
    page = asked(
        app,
        """query ($by: [Dimension!], $where: RateFilter, $orderBy: [RateOrder!], $first: Int, $suppress: Int, $on: Date) {
          rates(by: $by, where: $where, orderBy: $orderBy, first: $first, suppress: $suppress, on: $on) {
            rows { department { code name } matterType channel month onlineAcceptanceRate { ...A } zeroVisitRate { ...A }
              bundleDaysReduction { ...A } } totals { assistedShare { ...A } } totalCount setAside { reason cases }
            pageInfo { endCursor } } }
        fragment A on RateAnswer { value numerator denominator completeness target attained casesToTarget tolerates rank }""",
        **variables,
    )["rates"]
    assert len(page["rows"]) == min(page["totalCount"], variables["first"])
    for row in page["rows"]:
        for name in ("onlineAcceptanceRate", "zeroVisitRate"):
            answer = row[name]
            assert (answer["value"] is None) is (not answer["denominator"] or answer["numerator"] is None)
