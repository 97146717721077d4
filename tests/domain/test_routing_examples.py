"""The worked examples: `routing_examples.csv` and `journey_examples.csv`, a row each, in the bureau's words."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from registry.errors import UnknownBundle, UnknownMatter
from registry.matters import Material
from registry.routing.journey import Journey, journey
from registry.routing.policy import HANGZHOU
from registry.routing.route import Route, route
from registry.routing.wishes import BadMoment, BadPosition, UnknownRegion, Wish
from registry.routing.words import Applies, ReasonCode, Standing
from registry.words import Channel, MaterialForm
from tests.domain import routing_city as city

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROUTES = rows("routing_examples.csv")
JOURNEYS = rows("journey_examples.csv")


def routed(row: dict[str, str]) -> Route:
    offered = [offer for name, channel in city.CHANNELS.items() for offer in city.offers(channel, row[name])]
    snapshot = city.city([city.matter("事项", row["事项"], offered)], closed=city.closures(row["临时停用"]))
    return route(snapshot, "事项", city.wish(row["意愿"]), city.moment(row["时刻"]))


def told(way: Route) -> str:
    """All that a person is told."""
    return "\n".join(_told(way))


def _told(way: Route) -> Iterator[str]:
    for verdict in way.verdicts:
        for reason in filter(None, (verdict.reason, *verdict.notes)):
            yield reason.text.zh
            yield reason.remedy.zh if reason.remedy else ""
    for channel in way.begin:
        yield f"可先 {channel.zh}"
    for place in filter(None, (way.place, way.hall)):
        yield f"{place.name} {place.address} 电话 {place.telephone}"
        yield "开着" if place.open_now else ""
        yield f"关 {place.closes_at:%Y-%m-%d %H:%M}" if place.closes_at else ""
        yield f"下次 {place.next_opening:%Y-%m-%d %H:%M}" if place.next_opening else ""


@pytest.mark.parametrize("row", ROUTES, ids=lambda row: row["情形"])
def test_the_examples_of_the_table_hold(row: dict[str, str]) -> None:
    way = routed(row)
    found = [verdict.reason.code.zh if verdict.reason else verdict.standing.zh for verdict in way.verdicts]
    assert way.chosen.channel.zh == row["去向"]
    assert found == [row[f"{name}结论"] for name in city.CHANNELS]
    for text in filter(None, row["告诉"].split("；")):
        silent, _, untold = text.partition("不说 ")
        assert (untold not in told(way)) if untold else (silent in told(way))


def test_the_table_covers_every_reason_and_every_channel() -> None:
    ways = [routed(row) for row in ROUTES]
    journeys = [journeyed(row) for row in JOURNEYS]
    codes = {
        reason.code for way in ways for each in way.verdicts for reason in filter(None, (each.reason, *each.notes))
    }
    codes |= {blocked.reason.code for each in journeys for whole in each.whole for blocked in whole.blocked_by}
    assert codes == set(ReasonCode)
    assert {way.chosen.channel for way in ways} == set(Channel)
    assert {verdict.standing for way in ways for verdict in way.verdicts} == set(Standing)
    assert len(ROUTES) + len(JOURNEYS) >= 60


def test_every_sentence_is_in_both_languages_and_whole() -> None:
    for way in map(routed, ROUTES):
        for verdict in way.verdicts:
            for reason in filter(None, (verdict.reason, *verdict.notes)):
                for text in (*reason.text, *(reason.remedy or ())):
                    assert text
                    assert not set("[]{}") & set(text)


def journeyed(row: dict[str, str]) -> Journey:
    matters, bundle = city.bundle_of(row["成员"])
    snapshot = city.city(matters, bundle, city.closures(row["临时停用"]))
    return journey(snapshot, bundle.code, city.wish(row["意愿"]), city.moment(row["时刻"]))


def totals(visits: int | None, materials: int | None, days: float | None) -> str:
    return " ".join("未知" if each is None else f"{each:g}" for each in (visits, materials, days))


@pytest.mark.parametrize("row", JOURNEYS, ids=lambda row: row["情形"])
def test_the_journeys_of_the_table_hold(row: dict[str, str]) -> None:
    found = journeyed(row)
    short = {channel: name for name, channel in city.CHANNELS.items()}
    whole = " ".join(short[each.channel] for each in found.whole if each.possible)
    blocked = "；".join(
        f"{short[each.channel]}：" + "、".join(f"{one.matter}{one.reason.code.zh}" for one in each.blocked_by)
        for each in found.whole
        if each.blocked_by
    )
    legs = " → ".join(
        short[leg.channel] + "".join(one.code + "？" * (one.applies is Applies.DEPENDS) for one in leg.members)
        for leg in found.legs
    )
    assert (whole, blocked, legs) == (row["整件可办"], row["谁挡路"], row["行程"])
    costs = [totals(each.visits, each.materials, each.working_days) for each in (found.together, found.one_by_one)]
    assert costs == [row["一起办"], row["逐件办"]]
    places = "、".join(leg.place.name for leg in found.legs if leg.place)
    assert places == row["地点"]


def test_no_place_known_leaves_the_department_and_its_telephone() -> None:
    snapshot = city.without_places(city.city([city.matter("事项", "", [])]))
    hall = route(snapshot, "事项", Wish(), city.MONDAY).hall
    assert (hall.known, hall.name, hall.telephone) == (False, "民政局", "0571-0001")
    assert (hall.open_now, hall.next_opening, hall.closes_at) == (None, None, None)


def test_not_even_the_department_known_leaves_its_code() -> None:
    snapshot = city.without_places(city.city([city.matter("事项", "部门：某局", [])]))
    way = route(snapshot, "事项", Wish(), city.MONDAY)
    assert (way.hall.known, way.hall.name, way.hall.telephone) == (False, "某局", None)
    assert "请按事项名称查找，或向某局询问" in told(way)


def test_documents_to_bring_leave_out_what_the_office_fetches() -> None:
    held = (Material("身份证", MaterialForm.ORIGINAL), Material("户口簿", MaterialForm.ELECTRONIC), Material("委托书"))
    for materials, names in ((held, ["身份证", "委托书"]), ((), [])):
        matter = replace(city.matter("事项", "", []), materials=materials)
        found = route(city.city([matter]), "事项", Wish(), city.MONDAY).documents
        assert found is not None
        assert [document.name for document in found] == names
    assert route(city.city([city.matter("事项", "", [])]), "事项", Wish(), city.MONDAY).documents is None


def test_a_document_that_one_member_always_wants_is_always_wanted() -> None:
    matters, bundle = city.bundle_of("甲：掌上 / 乙：掌上")
    sometimes, always = Material("委托书", always=False), Material("委托书")
    first, second = (
        replace(matter, materials=(wanted,)) for matter, wanted in zip(matters, (sometimes, always), strict=True)
    )
    assert journey(city.city([first, second], bundle), "一件事", Wish(), city.MONDAY).documents == (always,)


def test_a_bundle_may_mix_channels_where_a_policy_puts_fewer_visits_first() -> None:
    matters, bundle = city.bundle_of("甲：掌上 大厅 / 乙：网上 大厅")
    snapshot = city.city(matters, bundle)
    fewest = replace(HANGZHOU, single_channel_first=False)
    assert [leg.channel for leg in journey(snapshot, "一件事", Wish(), city.MONDAY).legs] == [Channel.HALL]
    mixed = journey(snapshot, "一件事", Wish(), city.MONDAY, fewest)
    assert [leg.channel for leg in mixed.legs] == [Channel.MOBILE, Channel.PC]
    assert mixed.together.visits == 0


def test_a_city_with_another_order_changes_a_table() -> None:
    offered = [offer for channel in Channel for offer in city.offers(channel, "可办")]
    snapshot = city.city([city.matter("事项", "", offered)])
    desks = replace(HANGZHOU, order=(Channel.PC, Channel.KIOSK, Channel.MOBILE, Channel.HALL))
    way = route(snapshot, "事项", Wish(), city.MONDAY, desks)
    assert way.chosen.channel is Channel.PC
    assert [verdict.channel for verdict in way.verdicts] == list(desks.order)
    with pytest.raises(ValueError, match="the hall last"):
        replace(HANGZHOU, order=tuple(reversed(Channel)))


def test_what_a_reason_quotes_is_never_read_as_a_sentence() -> None:
    snapshot = city.city([city.matter("事项", "", city.offers(Channel.MOBILE, "不提供；因：{at}[{x}]"))])
    assert "不能在手机办理：{at}[{x}]" in told(route(snapshot, "事项", Wish(), city.MONDAY))


def test_a_question_that_cannot_be_answered_is_refused() -> None:
    snapshot = city.city([city.matter("事项", "", [])])
    for error, ask in (
        (UnknownMatter, lambda: route(snapshot, "没有", Wish(), city.MONDAY)),
        (UnknownBundle, lambda: journey(snapshot, "没有", Wish(), city.MONDAY)),
        (UnknownRegion, lambda: route(snapshot, "事项", Wish(region="999999"), city.MONDAY)),
        (BadMoment, lambda: route(snapshot, "事项", Wish(), datetime(2020, 9, 28, 10))),
        (BadMoment, lambda: route(snapshot, "事项", Wish(), city.MONDAY.replace(year=9999))),
        (BadPosition, lambda: Wish(position=(200.0, 0.0))),
        (BadPosition, lambda: Wish(position=(float("nan"), 0.0))),
    ):
        with pytest.raises(error) as caught:
            ask()
        assert caught.value.code == "BAD_USER_INPUT"
