"""Records from the values of rows, and rows' values from records: each other's inverse."""

from collections.abc import Callable, Iterator
from typing import Any

from registry.bundles import Bundle, Effort, Member
from registry.exchange.values import NO_LIMIT
from registry.holdings import Holdings
from registry.matters import Matter, Offer, TimeLimit
from registry.places import Department, Place, Region
from registry.words import LimitUnit

Values = dict[str, Any]

LIMITS = ("statutory_limit", "promised_limit")
EFFORTS = ("steps", "materials", "visits", "days")


def make(kind: type[Any], values: Values) -> Any:
    """A record of a kind from its row's values; those of a limit or an effort stand in several cells."""
    fields = {name: value for name, value in values.items() if "." not in name and name != "record"}
    for limit in LIMITS:
        amount, unit = values.get(f"{limit}.amount"), values.get(f"{limit}.unit")
        if amount == NO_LIMIT:
            fields["no_statutory_limit"] = True
        elif amount is not None:
            fields[limit] = TimeLimit(amount, unit or LimitUnit.WORKING_DAY)
    if kind is Bundle:
        for when in ("before", "after"):
            fields[when] = Effort(**{what: values.get(f"{when}.{what}") for what in EFFORTS})
    return kind(**fields)


def spread(record: Any) -> Values:
    """A record's values by the fields of its row."""
    values: Values = {name: getattr(record, name) for name in record.__slots__}
    for limit in LIMITS:
        if (value := values.get(limit)) is not None:
            values[f"{limit}.amount"], values[f"{limit}.unit"] = value.amount, value.unit
    if values.get("no_statutory_limit"):
        values["statutory_limit.amount"] = NO_LIMIT
    for when in ("before", "after"):
        if (effort := values.get(when)) is not None:
            values |= {f"{when}.{what}": getattr(effort, what) for what in EFFORTS}
    return values


def _marked(record: Region | Department) -> Values:
    return spread(record) | {"record": "行政区划" if isinstance(record, Region) else "部门"}


def _offers(held: Holdings) -> Iterator[Values]:
    for matter in held.matters.values():
        for offer in matter.offers:
            yield spread(offer) | {"matter": matter.code}


def _members(held: Holdings) -> Iterator[Values]:
    for bundle in held.bundles.values():
        for position, member in enumerate(bundle.members, start=1):
            yield spread(member) | {"bundle": bundle.code, "position": position}


# The values of every row of a kind's file.
ROWS: dict[str, Callable[[Holdings], Iterator[Values]]] = {
    "regions": lambda held: map(_marked, held.regions.values()),
    "departments": lambda held: map(_marked, held.departments.values()),
    "places": lambda held: map(spread, held.places.values()),
    "matters": lambda held: map(spread, held.matters.values()),
    "offers": _offers,
    "bundles": lambda held: map(spread, held.bundles.values()),
    "members": _members,
}
TYPES: dict[str, type[Any]] = {
    "regions": Region, "departments": Department, "places": Place, "matters": Matter,
    "offers": Offer, "bundles": Bundle, "members": Member,
}  # fmt: skip
