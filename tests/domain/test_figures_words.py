"""Words of analysts: rates, dimensions, values and conditions as they are typed, and what is said of wrong ones."""

from datetime import date

import pytest

from registry.errors import RefusedInput
from registry.figures.conditions import labels_within, read_scope, span_of
from registry.figures.names import Named, absent, named
from registry.figures.wording import UnknownName, read_dimensions, read_policy, read_rates, read_value
from registry.rates.definitions import RATES, RATES_BY_NAME
from registry.rates.periods import Period
from registry.rates.question import Dimension, Scope
from registry.rates.rate import OnlinePolicy
from registry.words import RegionLevel
from tests.make import CITY, make_bundle, make_department, make_holdings, make_matter, make_region

D = Dimension
TOWN = make_holdings(
    make_department("GA", name="市公安局", short_name="公安", name_en="Public Security Bureau"),
    make_department("MZ", name="市民政局"),
    make_region("330106", name="西湖区", level=RegionLevel.DISTRICT, parent=CITY),
    make_matter("A", name="身份证换领"),
    make_matter("B", name="居住证申领"),
    make_matter("C", name="居住证申领"),
    make_bundle("ONE", ("A",), name="出生一件事"),
)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.name)
def test_every_rate_is_known_by_its_name_its_chinese_and_its_english(rate) -> None:
    for text in (rate.name, rate.zh, rate.en, rate.en.upper(), f" {rate.name} ", rate.name.replace("_", "-")):
        assert read_rates([text], RATES_BY_NAME) == (rate.name,)


def test_several_rates_stand_between_commas_or_are_given_one_by_one() -> None:
    expected = ("hall_share", "pc_share", "mobile_share")
    assert read_rates(["窗口率，pc_share", "mobile share,hall_share"], RATES_BY_NAME) == expected
    assert read_rates([], RATES_BY_NAME) == ()


@pytest.mark.parametrize("dimension", D)
def test_every_dimension_is_known_by_its_words(dimension: Dimension) -> None:
    for text in (dimension.code, dimension.zh, dimension.en, dimension.name, dimension.code.replace("_", "-")):
        assert read_dimensions([text]) == (dimension,)


def test_policies_are_known_by_their_words() -> None:
    assert read_policy("mobile_pc_kiosk") is read_policy("MOBILE_PC_KIOSK") is OnlinePolicy.MOBILE_PC_KIOSK


@pytest.mark.parametrize(
    ("read", "hint"),
    [
        (lambda: read_rates(["onlin_acceptance"], RATES_BY_NAME), "online_acceptance_rate 办件线上受理率"),
        (lambda: read_rates(["线上受理率"], RATES_BY_NAME), "online_acceptance_rate"),
        (lambda: read_rates(["zzz"], RATES_BY_NAME), "write for instance: online_acceptance_rate"),
        (lambda: read_dimensions(["monht"]), "did you mean: month 月"),
        (lambda: read_policy("pc"), "mobile_pc"),
        (lambda: read_value(D.DEPARTMENT, "公安局", TOWN), "GA 市公安局"),
        (lambda: read_value(D.DEPARTMENT, "税务局", TOWN), "MZ 市民政局"),
        (lambda: read_value(D.CHANNEL, "hal", TOWN), "hall 窗口办"),
        (lambda: read_value(D.MATTER_TYPE, "许可", TOWN), "LICENCE 行政许可"),
        (lambda: read_value(D.MATTER, "居住证申领", TOWN), "write a code: B, C"),
        (lambda: read_value(D.DISTRICT, CITY, TOWN), "has districts"),
    ],
)
def test_a_wrong_word_is_told_what_may_be_written(read, hint: str) -> None:
    with pytest.raises(UnknownName) as refused:
        read()
    assert hint in str(refused.value)


@pytest.mark.parametrize(
    ("dimension", "text", "value"),
    [
        (D.DEPARTMENT, "GA", "GA"),
        (D.DEPARTMENT, "市公安局", "GA"),
        (D.DEPARTMENT, "公安", "GA"),
        (D.DEPARTMENT, "public security bureau", "GA"),
        (D.DISTRICT, "西湖区", "330106"),
        (D.BUNDLE, "出生一件事", "ONE"),
        (D.CHANNEL, "hall", "HALL"),
        (D.CHANNEL, "窗口办", "HALL"),
        (D.CHANNEL, "unknown", None),
        (D.MATTER_TYPE, "01", "LICENCE"),
        (D.MATTER_TYPE, "licence", "LICENCE"),
        (D.ONLINE_POLICY, "mobile_pc", "MOBILE_PC"),
        (D.DEPARTMENT, "未知", None),
    ],
)
def test_values_are_codes_or_exact_names(dimension: Dimension, text: str, value: str | None) -> None:
    assert read_value(dimension, text, TOWN) == value


def test_conditions_combine_and_values_of_one_follow_it() -> None:
    scope = read_scope(["department=GA,市民政局,month=2020-03..2020-06", "channel=hall"], TOWN)
    assert scope == Scope(filters={
        D.DEPARTMENT: frozenset({"GA", "MZ"}),
        D.MONTH: frozenset({"2020-03", "2020-04", "2020-05", "2020-06"}),
        D.CHANNEL: frozenset({"HALL"}),
    })  # fmt: skip
    assert read_scope([], TOWN) == Scope()


def test_a_range_may_be_open() -> None:
    assert read_scope(["month=2020-03.."], TOWN) == Scope(date(2020, 3, 1))
    assert read_scope(["年=..2020,day=2020-02-10.."], TOWN) == Scope(date(2020, 2, 10), date(2020, 12, 31))


def test_a_longer_period_is_made_of_those_asked_for() -> None:
    assert list(labels_within(D.MONTH, span_of("2020-Q1"))) == ["2020-01", "2020-02", "2020-03"]
    assert list(labels_within(D.DAY, span_of("2020-02"))) == [f"2020-02-{day:02}" for day in range(1, 30)]
    assert list(labels_within(D.YEAR, span_of("9998..9999"))) == ["9998", "9999"]
    assert span_of("2020..2020-03-05") == Period(date(2020, 1, 1), date(2020, 3, 5))


@pytest.mark.parametrize(
    "text",
    ["GA", "department", "month=2020-03-05", "month=2020-13", "month=", "month=2020-06..2020-03", "year=1900..2020",
     "colour=red", "quarter=2020-02..2020-04", "month=2020-06..,month=..2020-03", "=GA"],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(RefusedInput):
        read_scope([text], TOWN)


def test_values_have_names_in_both_languages_where_they_are_known() -> None:
    assert named(D.DEPARTMENT, "GA", TOWN) == Named("GA", "市公安局", "Public Security Bureau")
    assert named(D.DEPARTMENT, "MZ", TOWN) == Named("MZ", "市民政局", None)
    assert named(D.DEPARTMENT, "GONE", TOWN) == Named("GONE", None, None)
    assert named(D.CHANNEL, "HALL", TOWN) == Named("HALL", "窗口办", "hall")
    assert named(D.MONTH, "2020-03", TOWN) == Named("2020-03", "2020-03", "2020-03")
    assert named(D.CHANNEL, None, TOWN) == Named(None, None, None)
    assert all(all(absent(dimension)) for dimension in D)
