"""The catalogue as numbers: the values of matters in each dimension, and the channels they may have had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from registry.lake.engines.cells import Flags, Ints, mixed, ranked
from registry.rates.attributes import Attributes
from registry.rates.question import OF_MATTERS, Dimension, Key, Scope, Value
from registry.words import Channel

MONTHS_HELD = 1200


@dataclass(frozen=True, slots=True)
class Groups:
    """Which matters are in which groups, as pairs in the order of matters; a matter may be in several or in none.

    `labels`: what each group's number stands for. `start`, `many`: where each matter's pairs are.
    """

    labels: tuple[Key, ...]
    matter: Ints
    group: Ints
    start: Ints
    many: Ints

    @classmethod
    def of(cls, labels: Iterable[Key], matter: Ints, group: Ints, matters: int) -> "Groups":
        """The groups of some pairs."""
        many = np.bincount(matter, minlength=matters)
        return cls(tuple(labels), matter, group, np.cumsum(many) - many, many)

    def spread(self, matter: Ints) -> tuple[Ints, Ints]:
        """For cells of some matters: places of cells, and the group that each counts in there."""
        many = self.many[matter]
        place = np.arange(len(matter))
        if not many.size or many.min() == 1 == many.max():
            return place, self.group[self.start[matter]]
        nth = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        place = np.repeat(place, many)
        return place, self.group[self.start[matter[place]] + nth]

    def by(self, other: "Groups") -> "Groups":
        """Each of these groups split by the others."""
        place, group = other.spread(self.matter)
        distinct, ranks = ranked(*mixed([self.group[place], group], [len(self.labels) or 1, len(other.labels) or 1]))
        labels = [self.labels[each // len(other.labels)] + other.labels[each % len(other.labels)] for each in distinct]
        return Groups.of(labels, self.matter[place], ranks, len(self.many))

    def only(self, kept: Flags) -> "Groups":
        """Those of some labels."""
        chosen = kept[self.group]
        return Groups.of(self.labels, self.matter[chosen], self.group[chosen], len(self.many))


class Coded:
    """The attributes of some matters, each matter by its place in the list of them."""

    def __init__(self, matters: Sequence[str], attributes: Attributes) -> None:
        self.matters, self.attributes = matters, attributes
        self.values = lru_cache(maxsize=None)(self._values)
        self._offered_in = lru_cache(maxsize=MONTHS_HELD)(self._offered)

    def groups(self, by: Iterable[Dimension], where: Scope) -> Groups:
        """The matters grouped by their values in some dimensions, as far as those pass the filters."""
        every = np.arange(len(self.matters))
        found = Groups.of([()], every, np.zeros_like(every), len(every))
        for dimension in by:
            found = found.by(self._let(dimension, where))
        return found

    def passing(self, where: Scope) -> Flags:
        """Which matters pass all filters on matters."""
        passing = np.ones(len(self.matters), np.bool_)
        for dimension in OF_MATTERS.intersection(where.filters):
            passing &= self._let(dimension, where).many > 0
        return passing

    def offered(self, months: Sequence[str]) -> Flags:
        """By matter, month and channel: whether the catalogue says that it had it, or may have had."""
        if not months:
            return np.zeros((len(self.matters), 0, len(Channel)), np.bool_)
        return np.stack([self._offered_in(month) for month in months], axis=1)

    def members(self, bundles: Iterable[Value]) -> Flags:
        """The matters that are in any of the bundles."""
        codes = {matter for bundle in bundles if bundle for matter in self.attributes.members_of(bundle)}
        return np.fromiter((matter in codes for matter in self.matters), np.bool_)

    def _let(self, dimension: Dimension, where: Scope) -> Groups:
        groups = self.values(dimension)
        if dimension not in where.filters:
            return groups
        return groups.only(np.fromiter((where.lets(dimension, label) for (label,) in groups.labels), np.bool_))

    def _values(self, dimension: Dimension) -> Groups:
        numbers: dict[Key, int] = {}
        pairs = [
            (place, numbers.setdefault((value,), len(numbers)))
            for place, matter in enumerate(self.matters)
            for value in self.attributes.values(matter, dimension)
        ]
        matter, group = np.array(pairs, np.int64).reshape(-1, 2).T
        return Groups.of(numbers, matter, group, len(self.matters))

    def _offered(self, month: str) -> Flags:
        offered = (self.attributes.may_offer(matter, month) for matter in self.matters)
        return np.array([[channel in each for channel in Channel] for each in offered], np.bool_).reshape(
            -1, len(Channel)
        )
