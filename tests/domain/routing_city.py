"""A small city for the worked examples, and the words in which their tables are written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from registry.bundles import Bundle, Member
from registry.closures import Closure, Link, LinkState
from registry.holdings import Holdings
from registry.hours import parse_exception, parse_hours
from registry.matters import Material, Matter, Offer, TimeLimit, offer_order
from registry.opening import CITY_ZONE
from registry.places import Department, Place, Region
from registry.routing.wishes import Wish
from registry.routing.words import Device, Preference
from registry.snapshot import Snapshot
from registry.words import (
    Channel,
    HandlingArea,
    LimitUnit,
    LoginLevel,
    MatterState,
    OfferStatus,
    OnlineDepth,
    PlaceKind,
    RegionLevel,
    ServiceObject,
    Word,
)

W = TypeVar("W", bound=Word)
WORKDAYS = parse_hours("Mo-Fr 08:30-12:00,13:30-17:00; PH off")
BROKEN_URL = "https://old.example/"
# A Monday on which everything is open.
MONDAY = datetime(2020, 9, 28, 10, 0, tzinfo=CITY_ZONE)
CHANNELS = {"掌上": Channel.MOBILE, "网上": Channel.PC, "自助": Channel.KIOSK, "大厅": Channel.HALL}
DEPTHS = {
    "咨询": OnlineDepth.CONSULT,
    "收件": OnlineDepth.INTAKE,
    "受理": OnlineDepth.ACCEPTANCE,
    "全程": OnlineDepth.WHOLE,
}

REGIONS = {
    "330100": Region("330100", "杭州市", RegionLevel.CITY, None, "Hangzhou"),
    "330102": Region("330102", "上城区", RegionLevel.DISTRICT, "330100", "Shangcheng"),
    "330106": Region("330106", "西湖区", RegionLevel.DISTRICT, "330100", "Xihu"),
    "330127": Region("330127", "淳安县", RegionLevel.COUNTY, "330100", "Chun’an"),
    "330103": Region(
        "330103", "下城区", RegionLevel.DISTRICT, "330100", valid_to=date(2021, 3, 31), successors=("330102",)
    ),
}
DEPARTMENTS = {
    "MZ": Department("MZ", "民政局", telephone="0571-0001"),
    "GA": Department("GA", "公安局", telephone="0571-0002"),
}
PLACES = {
    place.code: place
    for place in (
        Place("市民中心", "市民中心", PlaceKind.HALL, "330100", "示例大道18号", 120.212, 30.247, "0571-1000", WORKDAYS,
              (parse_exception("2020-10-01/2020-10-08 off 国庆中秋"), parse_exception("2020-10-17 09:00-12:00 加班"))),
        Place("西湖大厅", "西湖大厅", PlaceKind.HALL, "330106", "示例路6号", 120.130, 30.259, None, WORKDAYS),
        Place("西湖派出所", "西湖派出所", PlaceKind.HALL, "330106", "示例路7号", 120.131, 30.260, None,
              parse_hours("Mo-Fr 09:00-17:00; Sa 09:00-12:00; PH off"), (), ("GA",)),
        Place("上城大厅", "上城大厅", PlaceKind.HALL, "330102", "示例路2号", 120.171, 30.243, None, WORKDAYS),
        Place("夜间窗口", "夜间窗口", PlaceKind.HALL, "330102", None, None, None, None,
              parse_hours("Mo-Su 00:00-02:00,20:00-24:00"), (), ("夜",)),
        Place("西湖自助机", "西湖自助机", PlaceKind.KIOSK, "330106", "示例巷6号", 120.130, 30.250, None,
              parse_hours("Mo-Su 07:00-21:00")),
        Place("上城自助区", "上城自助区", PlaceKind.KIOSK, "330102", "示例巷2号", 120.172, 30.244, None, parse_hours("24/7")),
    )
}  # fmt: skip


def parts(cell: str) -> tuple[list[str], dict[str, str]]:
    """A cell such as `可办；登录：人脸核验`: what stands alone, and what is named."""
    pieces = [piece.strip() for piece in cell.split("；") if piece.strip()]
    named = dict(piece.split("：", 1) for piece in pieces if "：" in piece)
    return [piece for piece in pieces if "：" not in piece], named


def word(kind: type[W], text: str | None) -> W | None:
    """The word a cell means."""
    found = None if text is None else kind.read(text)
    assert text is None or found is not None, f"{text}: {kind.expected()}"
    return found


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def moment(cell: str) -> datetime:
    """`2020-10-01 09:00` is the city's time; `2020-10-01T01:00+00:00` says its own."""
    read = datetime.fromisoformat(cell) if cell else MONDAY
    return read if read.tzinfo else read.replace(tzinfo=CITY_ZONE)


def region(text: str | None) -> str | None:
    if text is None:
        return None
    return next((each.code for each in REGIONS.values() if each.name == text), text)


def offers(channel: Channel, cell: str) -> list[Offer]:
    return [_offer(channel, each) for each in cell.split(" / ") if each.strip()]


def _offer(channel: Channel, cell: str) -> Offer:
    (status, *_), said = parts(cell)
    url = {None: "https://new.example/", "无": None, "失效": BROKEN_URL}[said.get("网址")]
    found = word(OfferStatus, status)
    assert found is not None
    return Offer(
        channel,
        region(said.get("区域")) or "330100",
        found,
        place=said.get("地点"),
        url=url if channel in (Channel.MOBILE, Channel.PC) else None,
        login=word(LoginLevel, said.get("登录")),
        depth=DEPTHS.get(said.get("深度", "")),
        hours=parse_hours(said["时间"]) if "时间" in said else None,
        valid_from=day(said.get("起")),
        valid_to=day(said.get("止")),
        reason=said.get("因"),
    )


def matter(code: str, cell: str, offered: Iterable[Offer]) -> Matter:
    _, said = parts(cell)
    served = said.get("对象")
    limit = said.get("时限")
    return Matter(
        code=code,
        name=code,
        department=said.get("部门", "MZ"),
        service_objects=tuple(filter(None, (word(ServiceObject, each) for each in served.split("、"))))
        if served
        else (),
        visits=int(said["次数"]) if "次数" in said else None,
        visits_reason=said.get("现场"),
        state=word(MatterState, said.get("状态")) or MatterState.IN_USE,
        effective_from=day(said.get("起")),
        effective_to=day(said.get("止")),
        handling_area=word(HandlingArea, said.get("通办")),
        promised_limit=TimeLimit(int(limit), LimitUnit.WORKING_DAY) if limit else None,
        materials=tuple(map(Material, said["材料"].split("、"))) if "材料" in said else None,
        offers=tuple(sorted(offered, key=offer_order)),
    )


def wish(cell: str) -> Wish:
    _, said = parts(cell)
    position = said.get("位置")
    return Wish(
        device=word(Device, said.get("设备")),
        region=region(said.get("区域")),
        service_object=word(ServiceObject, said.get("身份")),
        login=word(LoginLevel, said.get("登录")),
        position=tuple(map(float, position.split())) if position else None,  # type: ignore[arg-type]
        preference=word(Preference, said.get("偏好")),
        applies={key[1:]: value == "是" for key, value in said.items() if key.startswith("若")},
    )


def closures(cell: str) -> dict[str, Closure]:
    """`渠道：掌上；因：升级；止：2020-09-28 12:00`, several between slashes."""
    found = {}
    for number, each in enumerate(filter(None, cell.split(" / "))):
        _, said = parts(each)
        found[str(number)] = Closure(
            code=str(number),
            reason=said["因"],
            starts=moment(said.get("起", "2020-01-01 00:00")),
            ends=moment(said["止"]) if "止" in said else None,
            channel=CHANNELS.get(said.get("渠道", "")),
            place=said.get("地点"),
            matter=said.get("事项"),
            region=region(said.get("区域")),
        )
    return found


def city(
    matters: Iterable[Matter], bundle: Bundle | None = None, closed: Mapping[str, Closure] | None = None
) -> Snapshot:
    """The city with these matters, and at most one bundle."""
    holdings = Holdings(
        REGIONS,
        DEPARTMENTS,
        PLACES,
        {each.code: each for each in matters},
        {bundle.code: bundle} if bundle else {},
        closed or {},
        {BROKEN_URL: Link(BROKEN_URL, LinkState.BROKEN, MONDAY)},
    )
    return Snapshot(holdings, 1, None)


def without_places(snapshot: Snapshot) -> Snapshot:
    """The same city, before anybody has entered a hall or a kiosk."""
    return Snapshot(replace(snapshot.holdings, places={}), 1, None)


def bundle_of(cell: str) -> tuple[list[Matter], Bundle]:
    """`甲：掌上 网上 大厅；若：有房；材料：身份证、户口簿 / 乙：…`: members, each with the channels that finish it."""
    matters, members = [], []
    for each in cell.split(" / "):
        alone, said = parts(each)
        code, channels = next(iter(said.items()))
        offered = [
            Offer(
                channel,
                "330100",
                OfferStatus.AVAILABLE if name in channels.split() else OfferStatus.NOT_OFFERED,
                place=said.get("地点") if channel is Channel.HALL else None,
                url="https://new.example/",
                depth=OnlineDepth.WHOLE,
            )
            for name, channel in CHANNELS.items()
        ]
        members.append(Member(code, said.get("若")))
        if "不存在" not in alone:
            matters.append(matter(code, each, offered))
    return matters, Bundle(
        "一件事", "一件事", "MZ", promised_limit=TimeLimit(3, LimitUnit.WORKING_DAY), members=tuple(members)
    )
