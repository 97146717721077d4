"""What doing the bundle costs a person, before and after: all of it together beside one matter after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.impact.channels import Side
from registry.impact.words import Figure
from registry.matters import TimeLimit
from registry.routing.legs import channels_for, visits
from registry.routing.route import Route
from registry.routing.totals import Totals, one_by_one, together

Number = int | float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A number before and after. None is unknown."""

    before: Number
    after: Number

    @property
    def changed(self) -> bool:
        """Whether it moves, or becomes known or unknown."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure: as one bundle, and each member for itself.

    Steps are those the bundle states, of after and before the reform; all else is derived from the members.
    """

    figure: Figure
    together: Pair
    one_by_one: Pair

    @property
    def changed(self) -> bool:
        """Whether either moves."""
        return self.together.changed or self.one_by_one.changed


@dataclass(frozen=True, slots=True)
class Costs:
    """What one side comes to. `limit`: as the bundle publishes it."""

    together: Totals
    one_by_one: Totals
    limit: TimeLimit | None


NOBODY_KNOWS = Costs(Totals(None, None, None), Totals(None, None, None), None)


def costs(side: Side) -> Costs:
    """What a bundle comes to in the whole city; all unknown where there is none, or it has no members."""
    if side.bundle is None or not side.bundle.members:
        return NOBODY_KNOWS
    policy = side.ways.policy
    routes = [way for way in map(side.ways.route, side.codes) if isinstance(way, Route)]
    channels, limit = channels_for(routes, policy, None), side.bundle.promised_limit
    return Costs(together(routes, visits(channels, policy), limit), one_by_one(routes, policy), limit)


def figure_changes(before: Side, after: Side) -> tuple[FigureChange, ...]:
    """Visits, documents, steps and limit, in this order."""
    sides = (before, after)
    sums = [costs(side) for side in sides]
    steps = [(side.bundle.after.steps, side.bundle.before.steps) if side.bundle else (None, None) for side in sides]
    return (
        _change(Figure.VISITS, [(each.together.visits, each.one_by_one.visits) for each in sums]),
        _change(Figure.MATERIALS, [(each.together.materials, each.one_by_one.materials) for each in sums]),
        _change(Figure.STEPS, steps),
        _change(Figure.WORKING_DAYS, [(each.together.working_days, each.one_by_one.working_days) for each in sums]),
    )


def _change(figure: Figure, sides: Sequence[tuple[Number, Number]]) -> FigureChange:
    (old_together, old_apart), (new_together, new_apart) = sides
    return FigureChange(figure, Pair(old_together, new_together), Pair(old_apart, new_apart))
