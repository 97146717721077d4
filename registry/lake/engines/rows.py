"""Rows as numbers: which rows of a table each cell counts in, for all cells at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from registry.lake.engines.cells import CHANNELS, PARTS_OF_A_CHANNEL, Cells, Flags, Ints, mixed, ranked
from registry.lake.engines.coded import Coded, Groups
from registry.lake.engines.told import Told
from registry.rates.completeness import COARSE
from registry.rates.periods import Period
from registry.rates.question import LABELS, OF_MATTERS, TIMES, Dimension, Key, Question


@dataclass(frozen=True, slots=True)
class Axis:
    """Some of the dimensions asked by: the labels there are, and by cell or row the number of its label."""

    dimensions: tuple[Dimension, ...]
    labels: Sequence[Key]
    numbers: Ints

    @property
    def coarse(self) -> Flags:
        """Whether it is of something that isn't broken down, by cell or row."""
        places = [place for place, each in enumerate(self.dimensions) if each in COARSE]
        coarse = (any(label[place] is None for place in places) for label in self.labels)
        found: Flags = np.fromiter(coarse, np.bool_, len(self.labels))[self.numbers]
        return found


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, by matters and time always, by the other dimensions as far as asked.

    `cell`, `row`: places of cells, and for each a row that it counts in. A cell may
    count in several rows, or in none.
    """

    groups: Groups
    matters: Axis
    times: Axis
    others: tuple[Axis, ...]
    cell: Ints
    row: Ints

    @property
    def axes(self) -> tuple[Axis, ...]:
        """All of them."""
        return (self.matters, self.times, *self.others)

    def __len__(self) -> int:
        return len(self.matters.numbers)

    @property
    def coarse(self) -> Flags:
        """The rows of what isn't broken down."""
        coarse: Flags = np.logical_or.reduce([axis.coarse for axis in self.axes])
        return coarse

    def other(self, dimension: Dimension) -> Axis | None:
        """The axis of a dimension that is neither of matters nor of time; None if it isn't asked by."""
        return next((axis for axis in self.others if dimension in axis.dimensions), None)

    def keys(self, by: Sequence[Dimension]) -> list[Key]:
        """The rows' keys."""
        values = {
            dimension: [axis.labels[number][place] for number in axis.numbers.tolist()]
            for axis in self.axes
            for place, dimension in enumerate(axis.dimensions)
        }
        return list(zip(*(values[each] for each in by), strict=True)) if by else [()]


def rows_of(question: Question, told: Told, coded: Coded, cells: Cells) -> Rows:
    """The rows of some cells. Asked by nothing, there is one, also of no cells."""
    by = question.by
    of_matters = tuple(each for each in by if each in OF_MATTERS)
    groups = coded.groups(of_matters, question.where)
    if not by:
        alone, every = Axis((), [()], np.zeros(1, np.int64)), np.arange(len(cells))
        return Rows(groups, alone, alone, (), every, np.zeros_like(every))
    cell, group = groups.spread(cells.matter)
    axes = [Axis(of_matters, groups.labels, group), _times(by, cells.periods, cells.period[cell])]
    names = [channel and channel.name for channel in CHANNELS]
    for dimension, column, values in (
        (Dimension.CHANNEL, cells.part // PARTS_OF_A_CHANNEL, names),
        (Dimension.DISTRICT, cells.district, told.codes.districts),
        (Dimension.BUNDLE, cells.bundle, told.codes.bundles),
    ):
        if dimension in by:
            axes.append(Axis((dimension,), [(value,) for value in values], column[cell]))
    sizes = [max(1, len(axis.labels)) for axis in axes]
    distinct, row = ranked(*mixed([axis.numbers for axis in axes], sizes))
    places = np.unravel_index(distinct, sizes)
    matters, times, *others = (replace(axis, numbers=place) for axis, place in zip(axes, places, strict=True))
    return Rows(groups, matters, times, tuple(others), cell, row)


def _times(by: Sequence[Dimension], periods: Sequence[Period], period: Ints) -> Axis:
    """Each period's label in each dimension of time, None in those that are finer than it."""
    asked = tuple(each for each in by if each in TIMES)
    labels: dict[Key, int] = {} if asked else {(): 0}
    number = [labels.setdefault(tuple(_label(each, one) for each in asked), len(labels)) for one in periods]
    return Axis(asked, list(labels), np.array(number, np.int64)[period])


def _label(dimension: Dimension, period: Period) -> str | None:
    first, last = LABELS[dimension](period.first), LABELS[dimension](period.last)
    return first if first == last else None
