"""What a bundle saves: doing its members together beside doing them one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from registry.matters import Material, Matter, TimeLimit
from registry.routing.policy import Policy
from registry.routing.route import Route

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class Totals:
    """What it costs a person. None is unknown; the matters it is unknown of are named by code.

    `materials` counts documents: together each is brought once. `working_days` is the
    promised limit, a month being 22 and a year 253; `limit` is as it is published.
    """

    visits: int | None
    materials: int | None
    working_days: float | None
    limit: TimeLimit | None = None
    visits_unknown: tuple[str, ...] = ()
    materials_unknown: tuple[str, ...] = ()
    limit_unknown: tuple[str, ...] = ()


def together(routes: Sequence[Route], visits: int, limit: TimeLimit | None) -> Totals:
    """As one bundle: the visits of its legs, each document once, the bundle's own limit."""
    matters = [route.matter for route in routes]
    unknown = tuple(matter.code for matter in matters if matter.materials is None)
    return Totals(
        visits=visits,
        materials=None if unknown else len(documents(matters)),
        working_days=limit.working_days if limit else None,
        limit=limit,
        materials_unknown=unknown,
    )


def one_by_one(routes: Sequence[Route], policy: Policy) -> Totals:
    """Each for itself: the sums over the members.

    A member's visits are those the catalogue states, and one at least if its own route
    leads to a place.
    """
    matters = [route.matter for route in routes]
    limits = [matter.promised_limit for matter in matters]
    visits = [
        None if route.matter.visits is None else max(route.matter.visits, int(route.chosen.channel in policy.on_site))
        for route in routes
    ]
    materials = [None if matter.materials is None else len(matter.materials) for matter in matters]
    days = [None if limit is None else limit.working_days for limit in limits]
    return Totals(
        visits=_sum(visits),
        materials=_sum(materials),
        working_days=_sum(days),
        visits_unknown=_unknown(matters, visits),
        materials_unknown=_unknown(matters, materials),
        limit_unknown=_unknown(matters, days),
    )


def documents(matters: Iterable[Matter]) -> tuple[Material, ...]:
    """The documents that matters want, each name once, in order; always wanted if any always wants it."""
    found: dict[str, Material] = {}
    for matter in matters:
        for material in matter.materials or ():
            held = found.get(material.name)
            if held is None or (material.always and not held.always):
                found[material.name] = material
    return tuple(found.values())


def _sum(numbers: Sequence[N | None]) -> N | int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _unknown(matters: Sequence[Matter], values: Sequence[float | None]) -> tuple[str, ...]:
    return tuple(matter.code for matter, value in zip(matters, values, strict=True) if value is None)
