"""Completeness of all rows at once: the cells that `registry.rates.completeness` expects one by one, as arrays."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from registry.lake.engines.cells import COUNTED, EPOCH, ORIGINS, PARTS_OF_A_CHANNEL, Cells, Flags, Ints, mixed, ranked
from registry.lake.engines.coded import Coded, Groups
from registry.lake.engines.rows import Rows
from registry.lake.engines.told import NEVER, Told
from registry.rates.completeness import WEIGHT, Coverage
from registry.rates.periods import Period, period_of
from registry.rates.question import Dimension, Key, Question, key_period
from registry.rates.volumes import Given, Origin
from registry.words import Channel

REPORTED = ORIGINS[Origin.REPORTED]
# The sets of channels, by the bits of those in them.
BITS = np.array([1 << place for place in range(len(Channel))])
SETS = [frozenset(each for place, each in enumerate(Channel) if bits >> place & 1) for bits in range(1 << len(Channel))]


class Covering:
    """What a question expects, by matter, month and channel.

    `derived`: by matter and month, whether cases are told. `silent`: the cells that
    are expected though nothing is told of them, unless a report does.
    """

    def __init__(self, question: Question, told: Told, coded: Coded, months: Sequence[str]) -> None:
        where, self.coded, self.months = (
            question.where,
            coded,
            np.array([month_number(period_of(each).first) for each in months], np.int64),
        )
        self.channels = np.array([where.lets(Dimension.CHANNEL, each.name) for each in Channel])
        self.reports = bool(told.reports)
        self.bundles = where.filters.get(Dimension.BUNDLE)
        passing = coded.passing(where)
        self.derived = self._derived(told) & passing[:, None]
        reporters = (self._reported(told) & passing) | self.derived.any(axis=1)
        offered = coded.offered(months) & reporters[:, None, None] & self.channels
        self.silent = offered & ~self.derived[:, :, None]

    def _derived(self, told: Told) -> Flags:
        """Within a department's span, its matters that have cases at all."""
        groups = self.coded.values(Dimension.DEPARTMENT)
        first, last = (np.full(len(groups.labels), each, np.int32) for each in (NEVER, -NEVER))
        np.minimum.at(first, groups.group, told.first[groups.matter])
        np.maximum.at(last, groups.group, told.last[groups.matter])
        department = groups.group[groups.start]
        has, month = told.first < NEVER, self.months[None, :]
        return (_month(first)[department, None] <= month) & (month <= _month(last)[department, None]) & has[:, None]

    def _reported(self, told: Told) -> Flags:
        """The matters that report anything in the months asked about."""
        cells = told.loose.cells
        low, high = self._within(cells.periods)
        told_of = (high > low)[cells.period] & (cells.part % len(Origin) == REPORTED)
        reported = np.zeros(len(told.matters), np.bool_)
        reported[cells.matter[told_of]] = True
        return reported

    def _within(self, periods: Sequence[Period]) -> tuple[Ints, Ints]:
        """Of the months asked about, those that periods touch: from which to before which."""
        first = np.array([month_number(each.first) for each in periods], np.int64)
        last = np.array([month_number(each.last) for each in periods], np.int64)
        return np.searchsorted(self.months, first), np.searchsorted(self.months, last, "right")

    def coverages(self, rows: Rows, cells: Cells) -> list[Coverage]:
        """The coverage of each row. `cells`: those the rows are made of."""
        told, untold = self._expected(rows)
        derived = told.sum(axis=1)
        if not self.reports:
            return _coverages(told, untold, derived, np.zeros_like(derived))
        row, matter, month, channel, weight = self._said(rows, cells)
        said = np.bincount(row, minlength=len(rows))
        by_case, coarse = self.derived[matter, month], rows.coarse[row]
        # A coarse row expects nothing beside what is said of.
        awaited = self.silent[matter, month, channel] & ~coarse
        np.add.at(derived, row, by_case & coarse)
        np.add.at(told, (row, channel), np.where(by_case, coarse, weight == COUNTED))
        np.add.at(untold, (row, channel), ~by_case * ((weight == WEIGHT[Given.ND]) - 1 * awaited))
        return _coverages(told, untold, derived, said)

    def _expected(self, rows: Rows) -> tuple[Ints, Ints]:
        """By row and channel: of how many cells cases tell, and how many are silent if no report tells of them."""
        spans = [self._months_of(rows.times.dimensions, label) for label in rows.times.labels]
        places = {span: place for place, span in enumerate(dict.fromkeys(spans))}
        times = np.full(len(self.months), -1)
        for (low, high), place in places.items():
            times[low:high] = place
        time = np.array([places[span] for span in spans], np.int64)[rows.times.numbers]
        told, untold = (np.zeros((len(rows), len(Channel)), np.int64) for _ in range(2))
        for among, members in self._bundles(rows):
            derived, silent = self._summed(rows.groups, members, times, len(places))
            told[among] = derived[rows.matters.numbers[among], time[among]][:, None]
            untold[among] = silent[rows.matters.numbers[among], time[among]]
        asked = self.channels & ~rows.coarse[:, None]
        if (axis := rows.other(Dimension.CHANNEL)) is not None:
            asked = asked & (axis.numbers[:, None] == np.arange(len(Channel)))
        return told * asked, untold * asked

    def _months_of(self, dimensions: tuple[Dimension, ...], label: Key) -> tuple[int, int]:
        """Of the months asked about, those of a time: from which to before which."""
        if None in label:
            return 0, 0
        period = key_period(dimensions, label)
        if period is None:
            return 0, len(self.months)
        (low,), (high,) = self._within([period])
        return int(low), int(high)

    def _bundles(self, rows: Rows) -> Iterable[tuple[Ints, Flags | None]]:
        """Rows, and the only matters that they expect anything of; None: all."""
        if (axis := rows.other(Dimension.BUNDLE)) is not None:
            for number in np.unique(axis.numbers):
                (bundle,) = axis.labels[number]
                yield np.flatnonzero(axis.numbers == number), self.coded.members([bundle]) if bundle else None
        else:
            restricted = self.bundles is not None and None not in self.bundles
            yield np.arange(len(rows)), self.coded.members(self.bundles or ()) if restricted else None

    def _summed(self, groups: Groups, members: Flags | None, times: Ints, many: int) -> tuple[Ints, Ints]:
        """By group and time how many matters and months are told of by cases; and by channel, how many cells are silent."""
        matter, group = groups.matter, groups.group
        if members is not None:
            matter, group = matter[members[matter]], group[members[matter]]
        shape, within = (len(groups.labels), many, len(Channel)), times >= 0
        pair, month = np.nonzero(self.derived[matter] & within)
        derived = np.bincount(group[pair] * many + times[month], minlength=shape[0] * many)
        pair, month, channel = np.nonzero(self.silent[matter] & within[:, None])
        place = (group[pair] * many + times[month]) * len(Channel) + channel
        silent = np.bincount(place, minlength=shape[0] * many * shape[2])
        return derived.reshape(shape[:2]), silent.reshape(shape)

    def _said(self, rows: Rows, cells: Cells) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """What reports say: row, matter, month, channel and weight, once for each row and cell."""
        named = cells.part // PARTS_OF_A_CHANNEL < len(Channel)
        chosen = (named & (cells.part % len(Origin) == REPORTED))[rows.cell]
        cell, row = rows.cell[chosen], rows.row[chosen]
        low, high = (each[cells.period[cell]] for each in self._within(cells.periods))
        many = high - low
        each = np.repeat(np.arange(len(cell)), many)
        month = low[each] + np.arange(len(each)) - np.repeat(np.cumsum(many) - many, many)
        cell = cell[each]
        columns = [row[each], cells.matter[cell], month, cells.part[cell] // PARTS_OF_A_CHANNEL]
        sizes = [len(rows) + 1, len(self.derived) + 1, len(self.months) + 1, len(Channel)]
        distinct, place = ranked(*mixed(columns, sizes))
        weight = np.full(len(distinct), max(WEIGHT.values()))
        np.minimum.at(weight, place, cells.given[cell])
        row, matter, month, channel = np.unravel_index(distinct, sizes)
        return row, matter, month, channel, weight


def _coverages(told: Ints, untold: Ints, derived: Ints, said: Ints) -> list[Coverage]:
    reported, silent = told.sum(axis=1).tolist(), untold.sum(axis=1).tolist()
    told_of, untold_of = (((each > 0) @ BITS).tolist() for each in (told, untold))
    rows = zip(reported, silent, derived.tolist(), told_of, untold_of, said.tolist(), strict=True)
    return [
        Coverage(yes + no, yes, by_case, SETS[told_bits], SETS[untold_bits], mentioned)
        for yes, no, by_case, told_bits, untold_bits, mentioned in rows
    ]


def month_number(day: date) -> int:
    """Months since 1970."""
    return (day.year - EPOCH.year) * 12 + day.month - 1


def _month(days: Ints) -> Ints:
    """Months since 1970, of days since then."""
    months: Ints = days.astype("M8[D]").astype("M8[M]").astype(np.int64)
    return months
