"""Counting all at once: what `registry.rates.counting` counts volume by volume, from cells.

A property test holds the two together. What is made of the counts is made in
`registry.rates.reckon`, whoever counts.
"""

from dataclasses import replace

import numpy as np

from registry.lake.engines.cells import COUNTED, PARTS, Cells, Ints, day
from registry.lake.engines.choosing import chosen
from registry.lake.engines.covering import Covering
from registry.lake.engines.rows import Rows, rows_of
from registry.lake.engines.told import NEVER, Told
from registry.rates.attributes import Attributes
from registry.rates.counting import CaseCount, Part, Tally, months_of
from registry.rates.periods import Period
from registry.rates.question import Key, Question


def count(question: Question, told: Told, attributes: Attributes) -> CaseCount:
    """The rows of a question, and all in one. Raises TooCoarse where days are needed; never of what is `sifted`."""
    coded = told.coded(attributes)
    cells, aside = chosen(question, told, coded)
    covering = Covering(question, told, coded, months_of(question.where, told.span))

    def tallies(asked: Question) -> dict[Key, Tally]:
        rows = rows_of(asked, told, coded, cells)
        tallies = [
            Tally(parts, coverage=coverage)
            for parts, coverage in zip(_parts(rows, cells), covering.coverages(rows, cells), strict=True)
        ]
        if not question.where.closed:
            _note_periods(tallies, rows, cells)
        return dict(zip(rows.keys(asked.by), tallies, strict=True))

    (total,) = tallies(replace(question, by=())).values()
    return CaseCount(tallies(question) if question.by else {}, total, aside)


def _counted(rows: Rows, cells: Cells) -> tuple[Ints, Ints]:
    """The places of the cells that are counts, and the rows that they count in."""
    counted = cells.given == COUNTED
    if counted.all():
        return rows.cell, rows.row
    counted = counted[rows.cell]
    return rows.cell[counted], rows.row[counted]


def _parts(rows: Rows, cells: Cells) -> list[dict[Part, int]]:
    """The rows' cases by channel, assistance and origin."""
    cell, row = _counted(rows, cells)
    place = row * len(PARTS) + cells.part[cell]
    sums, there = np.zeros(len(rows) * len(PARTS), np.int64), np.zeros(len(rows) * len(PARTS), np.bool_)
    # Of one type with the sums: numpy adds up others fifty times slower.
    np.add.at(sums, place, cells.count[cell].astype(np.int64, copy=False))
    there[place] = True
    found = np.flatnonzero(there)
    parts: list[dict[Part, int]] = [{} for _ in range(len(rows))]
    for each, many in zip(found.tolist(), sums[found].tolist(), strict=True):
        row_number, part = divmod(each, len(PARTS))
        parts[row_number][PARTS[part]] = many
    return parts


def _note_periods(tallies: list[Tally], rows: Rows, cells: Cells) -> None:
    """The days that the counts of rows are of, where their keys don't name a time."""
    timeless = np.fromiter((all(value is None for value in label) for label in rows.times.labels), np.bool_)
    if not timeless.any():
        return
    timeless = timeless[rows.times.numbers]
    cell, row = _counted(rows, cells)
    if not timeless.all():
        cell, row = cell[timeless[row]], row[timeless[row]]
    first, last = np.full(len(rows), NEVER, np.int32), np.full(len(rows), -NEVER, np.int32)
    np.minimum.at(first, row, cells.first[cell].astype(np.int32, copy=False))
    np.maximum.at(last, row, cells.last[cell].astype(np.int32, copy=False))
    for place in np.flatnonzero((first <= last) & timeless).tolist():
        tallies[place].period = Period(day(int(first[place])), day(int(last[place])))
