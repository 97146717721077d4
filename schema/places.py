"""Regions, departments and places as clients see them. Their values are the registry's own records."""

from datetime import date
from typing import Any

import strawberry
from strawberry import ID, Parent

from registry import places, words
from registry.hours import format_hours
from schema.types import Info, Node, field, holds, node_id


@strawberry.type(description="An administrative division (行政区划) by its GB/T 2260 code.")
class Region:
    """GraphQL's view of places.Region."""

    code: str = field(description="The GB/T 2260 code.")
    name: str = field(description="The Chinese name.")
    name_en: str | None = field(description="The English name, where known.")
    level: words.RegionLevel = field(description="What kind of division it is.")
    parent: str | None = field(description="The code of the region it lies in.")
    valid_from: date | None = field(description="The first day it existed; null: unknown.")
    valid_to: date | None = field(description="The last day it existed; null: it still does.")
    successors: list[str] = field(description="Codes of the regions its area went to when it ended.")


def _department_id(department: Parent[places.Department]) -> Any:
    return node_id("Department", department.code)


@strawberry.type(description="An office responsible for matters (部门).")
class Department(Node):
    """GraphQL's view of places.Department."""

    id: ID = field(resolver=_department_id, description="An id that is unique over all kinds of nodes.")
    code: str = field(description="The department's code.")
    name: str = field(description="The Chinese name.")
    short_name: str | None = field(description="The name people use.")
    name_en: str | None = field(description="The English name, where known.")
    telephone: str | None = field(description="What a person may call.")
    address: str | None = field(description="Where it is.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value is shown as this type."""
        return isinstance(value, places.Department)


def _spans(exception: Parent[Any]) -> Any:
    return [str(span) for span in exception.spans]


@strawberry.type(description="Days on which other hours hold.")
class HoursException:
    """GraphQL's view of hours.HoursException."""

    first: date = field(description="The first day.")
    last: date = field(description="The last day.")
    spans: list[str] = field(resolver=_spans, description="Opening times such as 08:30-12:00; none: closed.")
    note: str | None = field(description="Why.")


def _place_id(place: Parent[places.Place]) -> Any:
    return node_id("Place", place.code)


def region_of(record: Parent[Any], info: Info) -> Any:
    """The region of a place or an offer."""
    return holds(info).holdings.regions.get(record.region)


def hours_of(record: Parent[Any]) -> Any:
    """The hours of a place or an offer, as text."""
    return format_hours(record.hours) if record.hours else None


def _place_departments(place: Parent[places.Place], info: Info) -> Any:
    known = holds(info).holdings.departments
    return [known[code] for code in place.departments if code in known]


@strawberry.type(description="A hall, a specialised hall or a self-service kiosk.")
class Place(Node):
    """GraphQL's view of places.Place."""

    id: ID = field(resolver=_place_id, description="An id that is unique over all kinds of nodes.")
    code: str = field(description="The place's code.")
    name: str = field(description="The Chinese name.")
    kind: words.PlaceKind = field(
        description="A hall, a specialised hall (only for matters whose offers name it) or a kiosk."
    )
    region: Region | None = field(resolver=region_of, description="The region it lies in.")
    address: str | None = field(description="The street address; null: unknown.")
    longitude: float | None = field(description="Degrees east, WGS 84; null: unknown.")
    latitude: float | None = field(description="Degrees north, WGS 84; null: unknown.")
    telephone: str | None = field(description="What a person may call.")
    hours: str | None = field(
        resolver=hours_of, description="Opening hours as OpenStreetMap writes them; null: unknown."
    )
    exceptions: list[HoursException] = field(description="Days on which other hours hold.")
    departments: list[Department] = field(
        resolver=_place_departments,
        description="Whose matters are handled there; none listed: every department's.",
    )
    illustrative: bool = field(description="Whether it is made up for show.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        """Whether a value is shown as this type."""
        return isinstance(value, places.Place)
