"""What a question is about: the cells that are counted for it, and the volumes that are set aside."""

from dataclasses import dataclass

import numpy as np

from registry.lake.engines.cells import PARTS, Cells, Flags
from registry.lake.engines.coded import Coded
from registry.lake.engines.told import Told
from registry.rates.precedence import Reason
from registry.rates.question import OF_MATTERS, Dimension, Question, Scope
from registry.rates.volumes import Volume

Aside = tuple[tuple[Reason, Volume], ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """A scope's filters in the numbers of what is told; None: all pass.

    What is of the whole city may lie in any district, so it passes; `undivided` is its
    number if only some districts are asked about.
    """

    where: Scope
    matter: Flags | None
    part: Flags | None
    district: Flags | None
    bundle: Flags | None
    undivided: int | None

    @classmethod
    def of(cls, where: Scope, told: Told, coded: Coded) -> "Filters":
        """The filters of a scope."""
        codes = told.codes
        channels = _lets(where, Dimension.CHANNEL, {channel and channel.name: 0 for channel, *_ in PARTS})
        district, none = _lets(where, Dimension.DISTRICT, codes.districts), codes.districts.get(None)
        undivided = none if district is not None and none is not None and not district[none] else None
        if district is not None and none is not None:
            district[none] = True
        return cls(
            where,
            coded.passing(where) if OF_MATTERS.intersection(where.filters) else None,
            None if channels is None else np.repeat(channels, len(PARTS) // len(channels)),
            district,
            _lets(where, Dimension.BUNDLE, codes.bundles),
            undivided,
        )

    def passing(self, cells: Cells) -> Flags:
        """The cells that pass all of them, whatever their time."""
        passing = np.ones(len(cells), np.bool_)
        for lets, column in (
            (self.matter, cells.matter), (self.part, cells.part),
            (self.district, cells.district), (self.bundle, cells.bundle),
        ):  # fmt: skip
            if lets is not None:
                passing &= lets[column]
        return passing

    def sorted_out(self, cells: Cells) -> tuple[Flags, Flags]:
        """The cells that lie in the scope, and those that reach beyond it."""
        held = np.fromiter(map(self.where.holds, cells.periods), np.bool_)
        fits = passing = self.passing(cells)
        if not held.all():
            met = np.fromiter(map(self.where.meets, cells.periods), np.bool_)
            passing = passing & met[cells.period]
            fits = passing & held[cells.period]
        if self.undivided is not None:
            fits = fits & (cells.district != self.undivided)
        return fits, passing & ~fits


class TooCoarse(Exception):
    """What is told is summed up too coarsely to tell what a question is about: it needs days."""


def chosen(question: Question, told: Told, coded: Coded) -> tuple[Cells, Aside]:
    """The cells to count, and what is set aside. Raises TooCoarse."""
    filters, groups = Filters.of(question.where, told, coded), told.groups_for(question)
    if told.sifted:
        fits = filters.passing(groups)
    else:
        fits, coarse = filters.sorted_out(groups)
        if coarse.any() or (Dimension.DAY in question.by and fits.any()):
            raise TooCoarse
    groups = groups if fits.all() else groups.taken(fits)
    fits, coarse = filters.sorted_out(told.loose.cells)
    concerned = np.logical_or(*filters.sorted_out(told.aside.cells))
    aside = [(told.reasons[place], told.aside.volumes[place]) for place in np.flatnonzero(concerned)]
    aside += [(Reason.TOO_COARSE, told.loose.volumes[place]) for place in np.flatnonzero(coarse)]
    return groups.joined(told.loose.cells.taken(fits)), tuple(aside)


def _lets(where: Scope, dimension: Dimension, values: dict[str | None, int]) -> Flags | None:
    if dimension not in where.filters:
        return None
    return np.fromiter((where.lets(dimension, value) for value in values), np.bool_)
