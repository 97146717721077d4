"""What a person wishes, has at hand and already knows; and questions that can't be answered."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry.errors import RegistryError
from registry.opening import CITY_ZONE
from registry.routing.words import Device, Preference
from registry.words import LoginLevel, ServiceObject

Position = tuple[float, float]
FIRST_YEAR, LAST_YEAR = 1950, 2199


class UnknownRegion(RegistryError):
    """No region has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"没有代码为“{code}”的区域，请用六位行政区划代码",
            f"no region has the code “{code}”: use a GB/T 2260 code",
        )


class BadMoment(RegistryError):
    """A moment without a time zone, or out of the years that can be reckoned with."""


class BadPosition(RegistryError):
    """A position that is not on the Earth."""


@dataclass(frozen=True, slots=True)
class Wish:
    """All is optional. None: anything at hand, the whole city, anybody, any login can be got.

    `position` is longitude and latitude in degrees. `applies` says of conditional
    members of a bundle, by the matter's code, whether they apply.
    """

    device: Device | None = None
    region: str | None = None
    service_object: ServiceObject | None = None
    login: LoginLevel | None = None
    position: Position | None = None
    preference: Preference | None = None
    applies: Mapping[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.position is None:
            return
        longitude, latitude = self.position
        if not (math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
            raise BadPosition(
                f"位置（{longitude}，{latitude}）不在地球上：先经度（-180至180），后纬度（-90至90）",
                f"the position ({longitude}, {latitude}) is not on Earth: longitude first, then latitude",
            )


def in_the_city(moment: datetime) -> datetime:
    """The moment by the city's clock. Raises BadMoment."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise BadMoment(
            f"时刻“{moment.isoformat()}”没有时区，请写成 2020-10-01T09:00+08:00",
            f"the moment {moment.isoformat()} has no time zone: write 2020-10-01T09:00+08:00",
        )
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadMoment(
            f"时刻“{moment.isoformat()}”须在{FIRST_YEAR}年至{LAST_YEAR}年之间",
            f"the moment {moment.isoformat()} is not between {FIRST_YEAR} and {LAST_YEAR}",
        )
    return moment.astimezone(CITY_ZONE)
