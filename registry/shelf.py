"""A shelf: records of one kind in the order of their codes, with their sets and orders.

Sets of records are integers used as bitmaps, one bit a record: combining filters is
`&` and counting is `bit_count`, at a thousand records and at a hundred thousand.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, Protocol, TypeVar


class Coded(Protocol):
    """What can stand on a shelf."""

    @property
    def code(self) -> str:
        """Unique on the shelf."""


Bits = int
Key = tuple[Any, ...]
R = TypeVar("R", bound=Coded)


class Order:
    """A sorted list of records: their keys, each ending in the unique code, and their ordinals."""

    __slots__ = ("keys", "ordinals")

    def __init__(self, keyed: Iterable[tuple[Key, int]]) -> None:
        pairs = sorted(keyed)
        self.keys = [key for key, _ in pairs]
        self.ordinals = [ordinal for _, ordinal in pairs]

    def among(self, bits: Bits, positions: Iterable[int]) -> Iterator[int]:
        """Of these positions, in turn, those whose record is in the set."""
        flags = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
        for position in positions:
            ordinal = self.ordinals[position]
            byte = ordinal >> 3
            if byte < len(flags) and flags[byte] >> (ordinal & 7) & 1:
                yield position


class Shelf(Generic[R]):
    """The records, and by dimension the set for each value. Dimensions and orders are made when first asked for."""

    def __init__(self, records: Iterable[R], dimensions: Mapping[str, Callable[[R], Iterable[Hashable]]]) -> None:
        self.records: tuple[R, ...] = tuple(sorted(records, key=lambda record: record.code))
        self.ordinals = {record.code: ordinal for ordinal, record in enumerate(self.records)}
        self.all: Bits = (1 << len(self.records)) - 1
        self.dimensions = dimensions
        self._sets: dict[str, dict[Hashable, Bits]] = {}
        self._orders: dict[str, Order] = {}

    def bits(self, codes: Iterable[str]) -> Bits:
        """The set of the records with these codes; codes that nothing has are left out."""
        found = bytearray(len(self.records) // 8 + 1)
        for code in codes:
            ordinal = self.ordinals.get(code)
            if ordinal is not None:
                found[ordinal >> 3] |= 1 << (ordinal & 7)
        return int.from_bytes(found, "little")

    def by(self, dimension: str) -> dict[Hashable, Bits]:
        """The set of records for each value of a dimension; None stands for unknown."""
        if dimension not in self._sets:
            values = self.dimensions[dimension]
            found: defaultdict[Hashable, list[str]] = defaultdict(list)
            for record in self.records:
                for value in values(record):
                    found[value].append(record.code)
            self._sets[dimension] = {value: self.bits(codes) for value, codes in found.items()}
        return self._sets[dimension]

    def order(self, name: str, key: Callable[[R], Key]) -> Order:
        """All records sorted by `key`, then code. Sorted once for each name."""
        if name not in self._orders:
            self._orders[name] = Order(
                ((*key(record), record.code), ordinal) for ordinal, record in enumerate(self.records)
            )
        return self._orders[name]

    def take_over(self, earlier: "Shelf[R]", but: Collection[str] = ()) -> None:
        """Take the sets and orders of a shelf of the same records, but for dimensions that come out otherwise now."""
        self._sets.update((name, sets) for name, sets in tuple(earlier._sets.items()) if name not in but)
        self._orders.update(earlier._orders)
