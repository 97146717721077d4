"""What is told of cases in a state of the lake, ready to be counted: groups of alike cases, and volumes one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pyarrow as pa

from registry.lake.engines.cells import (
    Cells,
    Codes,
    Flags,
    Ints,
    cells_of_groups,
    cells_of_volumes,
    day,
)
from registry.lake.engines.coded import Coded
from registry.rates.attributes import Attributes
from registry.rates.periods import Period, month_of, year_of
from registry.rates.precedence import Reason, Settled, settle_reported
from registry.rates.question import Dimension, Question
from registry.rates.volumes import Origin, Volume

NEVER = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Loose:
    """Volumes that are counted one by one, and the same as cells."""

    volumes: tuple[Volume, ...]
    cells: Cells


class Told:
    """All that is told of cases. It never changes, and may be asked by many threads at once.

    `groups`: cases, summed up. `loose`: volumes that are used as they are, by the
    precedence of reports; `aside` are those that are not, and `reasons` why. `first`,
    `last`: by matter, the days of its first and last case. `sifted`: the groups are of
    the question's time and no other.
    """

    def __init__(self, groups: pa.Table, others: Iterable[Volume] = (), *, sifted: bool = False) -> None:
        self.codes, self.sifted = Codes(), sifted
        every, inside = cells_of_groups(self.codes, groups), _inside(groups)
        others = tuple(others)
        derived = tuple(volume for volume in others if volume.origin is Origin.DERIVED)
        self.reports = tuple(volume for volume in others if volume.origin is Origin.REPORTED)
        settled = _settled(self.reports, derived, every, self.codes)
        self.loose = self._loosed((*derived, *settled.kept))
        self.aside = self._loosed(tuple(volume for _, volume in settled.aside))
        self.reasons: tuple[Reason, ...] = tuple(reason for reason, _ in settled.aside)
        self.groups = every if inside.all() else cells_of_groups(self.codes, groups.filter(pa.array(inside)))
        self.matters = tuple(matter or "" for matter in self.codes.matters)
        self.first, self.last = self._spans(every)
        self.span = self._span()
        self._merged: dict[tuple[bool, bool], Cells] = {(True, True): self.groups}
        self._coded: tuple[Attributes, Coded] | None = None
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.groups) + len(self.reports)

    def groups_for(self, question: Question) -> Cells:
        """The groups, as fine as the question needs them."""
        asked = {*question.by, *question.where.filters}
        district, bundle = Dimension.DISTRICT in asked, Dimension.BUNDLE in asked
        if self.sifted:
            return self.groups
        with self._lock:
            if (district, bundle) not in self._merged:
                self._merged[district, bundle] = self.groups.merged(district=district, bundle=bundle)
            return self._merged[district, bundle]

    def coded(self, attributes: Attributes) -> Coded:
        """The catalogue in the numbers used here; that of the last catalogue asked with is kept."""
        held = self._coded
        if held is None or held[0] is not attributes:
            held = self._coded = (attributes, Coded(self.matters, attributes))
        return held[1]

    def _loosed(self, volumes: tuple[Volume, ...]) -> Loose:
        return Loose(volumes, cells_of_volumes(self.codes, volumes))

    def _spans(self, groups: Cells) -> tuple[Ints, Ints]:
        first, last = np.full(len(self.matters), NEVER, np.int32), np.full(len(self.matters), -NEVER, np.int32)
        loose = self.loose.cells.taken([volume.origin is Origin.DERIVED for volume in self.loose.volumes])
        for cells in (groups, loose):
            np.minimum.at(first, cells.matter, cells.first)
            np.maximum.at(last, cells.matter, cells.last)
        return first, last

    def _span(self) -> Period | None:
        """From the first day that anything told and used is of to the last."""
        days = [(day(int(self.first.min())), day(int(self.last.max())))] if (self.first < NEVER).any() else []
        days += [(volume.start, volume.last) for volume in self.loose.volumes]
        return Period(min(first for first, _ in days), max(last for _, last in days)) if days else None


def _inside(groups: pa.Table) -> Flags:
    if "inside" not in groups.column_names:
        return np.ones(len(groups), np.bool_)
    inside: Flags = groups["inside"].combine_chunks().to_numpy(zero_copy_only=False)
    return inside


def _settled(reported: Sequence[Volume], derived: Iterable[Volume], groups: Cells, codes: Codes) -> Settled:
    """The precedence of reports over each other, and of cases over them."""
    if not reported:
        return Settled((), ())
    matters = list(codes.matters)
    months = groups.first.astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)
    told = {
        (matters[matter], day(month))
        for matter, month in set(zip(groups.matter.tolist(), months.tolist(), strict=True))
    }
    told |= {(volume.matter, volume.start) for volume in derived}
    return settle_reported(
        reported, {(matter, label(first)) for matter, first in told for label in (month_of, year_of)}
    )
