"""Where and by whom: regions, departments, halls and kiosks."""

from dataclasses import dataclass
from datetime import date

from registry.hours import Hours, HoursException
from registry.words import PlaceKind, RegionLevel


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative division by its GB/T 2260 code.

    Divisions merge and split: one that ends has a `valid_to`, and `successors` names
    those its area went to, so that a code in an old file still leads somewhere.
    """

    code: str
    name: str
    level: RegionLevel
    parent: str | None = None
    name_en: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    """An office that is responsible for matters. `telephone` is what a person may call."""

    code: str
    name: str
    short_name: str | None = None
    name_en: str | None = None
    telephone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A hall, a specialised hall or a kiosk. Coordinates are degrees, WGS 84; None is unknown.

    `departments` are those whose matters are handled there; empty: every department's.
    A SPECIAL place handles only the matters whose offers name it.
    """

    code: str
    name: str
    kind: PlaceKind
    region: str
    address: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    telephone: str | None = None
    hours: Hours | None = None
    exceptions: tuple[HoursException, ...] = ()
    departments: tuple[str, ...] = ()
    illustrative: bool = False
