"""A small city to reckon rates in: two departments, two districts, four matters, one bundle; and volumes with defaults."""

from dataclasses import replace
from datetime import date
from typing import Any

from registry.holdings import Holdings
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Dimension, Question, Scope
from registry.rates.reckon import RateTable, reckon
from registry.rates.volumes import Given, Grain, Origin, Volume
from registry.words import Channel, LifeStage, MatterType, OfferStatus, RegionLevel, ServiceObject
from tests.make import CITY, make_bundle, make_department, make_holdings, make_matter, make_offer, make_region

WEST, EAST = "330106", "330107"
MOBILE, PC, KIOSK, HALL = Channel
ONLINE_RATE = "online_acceptance_rate"
USE_RATES = tuple(rate.name for rate in RATES_BY_NAME.values() if rate.family.name == "USE")
SHARES = ("mobile_share", "pc_share", "kiosk_share", "hall_share")
YEAR = Scope(date(2020, 1, 1), date(2020, 12, 31))
MARCH = Scope(date(2020, 3, 1), date(2020, 3, 31))


def everywhere(*closed: Channel):
    """Offers on all channels, those named closed with a reason."""
    return [
        make_offer(channel, OfferStatus.NOT_OFFERED, reason="须核对原件") if channel in closed else make_offer(channel)
        for channel in Channel
    ]


def city() -> Holdings:
    return make_holdings(
        make_department("GA"),
        make_department("MZ"),
        make_region(WEST, level=RegionLevel.DISTRICT, parent=CITY),
        make_region(EAST, level=RegionLevel.DISTRICT, parent=CITY),
        make_matter("A", everywhere(), type=MatterType.LICENCE, service_objects=(ServiceObject.PERSON,)),
        make_matter("B", everywhere(KIOSK), type=MatterType.CONFIRMATION, life_stages=(LifeStage.BIRTH,)),
        make_matter(
            "C",
            everywhere(KIOSK),
            department="MZ",
            type=MatterType.BENEFIT,
            service_objects=(ServiceObject.PERSON, ServiceObject.ENTERPRISE),
        ),
        make_matter("D", (), department="MZ", type=MatterType.LICENCE),
        make_bundle("ONE", ("A", "C"), life_stages=(LifeStage.SCHOOLING,)),
    )


def cases(count: int = 1, channel: Channel | None = PC, day: date = date(2020, 3, 5), **fields: Any) -> Volume:
    """Cases derived from case files, all of one day."""
    given: dict[str, Any] = {
        "matter": "A", "district": WEST, "start": day, "grain": Grain.DAY, "channel": channel, "assisted": False,
        "bundle": None, "given": Given.COUNT, "count": count, "origin": Origin.DERIVED,
    }  # fmt: skip
    return Volume(**given | fields)


def report(count: int | Given = 1, channel: Channel | None = PC, period: str = "2020-03", **fields: Any) -> Volume:
    """A total that a department reported; ND and NA as they are."""
    grain = {4: Grain.YEAR, 7: Grain.MONTH, 10: Grain.DAY}[len(period)]
    start = date.fromisoformat((period + "-01-01")[:10])
    said = (count, None) if isinstance(count, Given) else (Given.COUNT, count)
    given: dict[str, Any] = {"district": None, "grain": grain, "origin": Origin.REPORTED, "given": said[0]}
    return replace(cases(0, channel, start), **given | {"count": said[1]} | fields)


def asked(
    volumes: list[Volume], *by: Dimension, where: Scope = MARCH, rates: tuple[str, ...] = USE_RATES, **fields: Any
) -> RateTable:
    return reckon(Question(rates, by, where, **fields), volumes, city())


def online(volumes: list[Volume], **fields: Any):
    """The city's online acceptance rate."""
    return asked(volumes, **fields).totals.answers[ONLINE_RATE]
