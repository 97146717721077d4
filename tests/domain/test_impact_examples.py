"""The worked examples of impact: `impact_examples.csv`, a row each, in the bureau's words."""

import csv
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from registry.bundles import Bundle, Effort, Member
from registry.impact.channels import ChannelChange, Here, PromiseChange
from registry.impact.findings import Blocker, Notice
from registry.impact.impact import Impact, impact
from registry.impact.policy import HANGZHOU, Policy
from registry.impact.report import report
from registry.impact.words import Code, Figure, Turn, Weight
from registry.matters import Matter, Offer, offer_order
from registry.routing import policy as routing
from registry.words import BundleForm, OfferStatus
from tests.domain import routing_city as city

with (Path(__file__).parent / "impact_examples.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
SHORT = {channel: name for name, channel in city.CHANNELS.items()}
FORMS = {form.zh: form for form in BundleForm}


def bundle(matters: str, forms: str) -> Bundle:
    return Bundle(
        "一件事", "一件事", "MZ", forms=tuple(FORMS[each] for each in forms.split()), after=Effort(visits=0),
        members=tuple(map(Member, matters.split())),
    )  # fmt: skip


def limited(matter: Matter, cell: str) -> Matter:
    """`乙掌上：西湖区` holds there only; `乙掌上不提供：西湖区` is otherwise there than elsewhere."""
    if not cell or not cell.startswith(matter.code):
        return matter
    what, region = cell.removeprefix(matter.code).split("：")
    channel, status = city.CHANNELS[what[:2]], what[2:]
    code = city.region(region)
    assert code is not None
    offers = [
        offer if offer.channel is not channel or status else replace(offer, region=code) for offer in matter.offers
    ]
    if status:
        found = OfferStatus.read(status)
        assert found is not None
        offers.append(Offer(channel, code, found, reason="因"))
    return replace(matter, offers=tuple(sorted(offers, key=offer_order)))


def found(row: dict[str, str], policy: Policy = HANGZHOU) -> Impact:
    matters, _ = city.bundle_of(row["事项"])
    before = None if row["原来"] == "无" else bundle(row["原来"], row["原承诺"])
    snapshot = city.city([limited(each, row["仅限"]) for each in matters], before)
    return impact(snapshot, bundle(row["改为"], row["新承诺"]), city.MONDAY, policy=policy)


def turned(name: str, change: ChannelChange) -> str:
    districts = "；".join("、".join(region.name for region in here.regions) + said(here) for here in change.districts)
    return name + said(change.city) + (f"［{districts}］" if districts else "")


def said(here: Here) -> str:
    """The channels that were impossible and stay so need no reasons here: the journeys' table has them."""
    why = "、".join(f"{one.matter}{one.reason.code.zh}" for one in here.after.blocked_by)
    return here.turn.zh + (f"（{why}）" if why else "")


def channels(changes: Iterable[ChannelChange]) -> str:
    return " ".join(
        SHORT[each.channel] + each.turn.zh
        if each.turn is Turn.STILL_NOT
        else turned(SHORT[each.channel], each)
        for each in changes
    )  # fmt: skip


def promises(changes: Iterable[PromiseChange]) -> str:
    return " ".join(
        each.form.zh + each.turn.zh if each.turn is Turn.DROPPED else turned(each.form.zh, each) for each in changes
    )


def findings(found: Iterable[Blocker | Notice]) -> str:
    """`*`: may be overridden; 原已: was so before the edit."""
    return "；".join(
        "*" * getattr(each, "overridable", False)
        + " ".join(filter(None, (Code[each.code].zh, each.member)))
        + "（原已）" * getattr(each, "already", False)
        for each in found
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["情形"])
def test_the_impacts_of_the_table_hold(row: dict[str, str]) -> None:
    result = found(row)
    assert channels(result.channels) == row["渠道"]
    assert promises(result.promises) == row["承诺"]
    assert (findings(result.blockers), findings(result.notices)) == (row["拦截"], row["提示"])
    visits = next(each.together for each in result.figures if each.figure is Figure.VISITS)
    assert " → ".join("未知" if each is None else str(each) for each in (visits.before, visits.after)) == row["到场"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["情形"])
def test_what_is_said_is_whole_and_in_both_languages(row: dict[str, str]) -> None:
    for text in report(found(row)):
        assert text.zh
        assert text.en
        assert not set("{}") & set("".join(text))


def test_every_finding_occurs_in_the_table() -> None:
    results = [found(row) for row in ROWS]
    codes = {each.code for result in results for part in (result.blockers, result.notices) for each in part}
    already = {each.code for result in results for each in result.blockers if each.already}
    assert codes == {code.name for code in Code} - {"PROMISE_BROKEN_BEFORE"}
    assert already == {"PROMISE_BROKEN"}


def test_a_city_may_let_pass_what_was_broken_before() -> None:
    row = next(row for row in ROWS if row["情形"].startswith("原来就做不到"))
    lenient = replace(HANGZHOU, weights={**HANGZHOU.weights, Code.PROMISE_BROKEN_BEFORE: Weight.TELLS})
    result = found(row, lenient)
    assert result.blockers == ()
    assert ("PROMISE_BROKEN_BEFORE", "乙") in {(each.code, each.member) for each in result.notices}


def test_a_policy_that_forgets_a_finding_or_counts_the_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="a weight"):
        Policy(HANGZHOU.routing, {})
    with pytest.raises(ValueError, match="lasting"):
        Policy(routing.HANGZHOU, HANGZHOU.weights)
