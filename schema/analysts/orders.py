"""Orders and pages: rows sorted by any dimensions and any numbers of rates, cut by key.

A cursor holds what its row was sorted by and the row's own key, so nothing is skipped
or repeated when figures change between two pages.
"""

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from typing import Any

import orjson

from registry.errors import RefusedInput
from registry.finder import BadPage
from registry.rates.question import Dimension, Key, key_order
from registry.rates.reckon import Row
from schema.analysts.making import Text, Truth, Type, field, given, input_type, object_type, required
from schema.analysts.words import DIMENSION, MEASURE, SORT_DIRECTION, Measure, SortDirection, measured

PAGE_MAX = 1_000
PAGE = 100
NUMBER = re.compile(r"(-?\d{1,60})/(\d{1,60})")
# Sorts after every letter turned about, so that a prefix comes after what it begins.
END = 1

Sorted = str | Fraction | None


@dataclass(frozen=True, slots=True)
class Order:
    """One thing rows are sorted by: a dimension, or a number of a rate."""

    dimension: Dimension | None = None
    rate: str | None = None
    measure: Measure = Measure.VALUE
    descending: bool = False

    def value(self, row: Row, by: Sequence[Dimension]) -> Sorted:
        """What the row is sorted by."""
        if self.dimension is not None:
            return row.key[by.index(self.dimension)]
        number = measured(row.answers[self.rate or ""], self.measure)
        return None if number is None else Fraction(number)

    def place(self, value: Sorted) -> tuple[Any, ...]:
        """Where a value stands; what is not known stands last whichever way."""
        if value is None:
            return (1, ())
        if isinstance(value, Fraction):
            return (0, -value if self.descending else value)
        return (0, (*(-ord(letter) for letter in value), END) if self.descending else value)


def order_type(rate_name: Type) -> Type:
    """The input that sorts."""
    return input_type(
        "RateOrder",
        "One thing to sort by: a dimension, or a number of a rate.",
        {
            "dimension": given(DIMENSION, "A dimension that the table is by. Give this or `rate`."),
            "rate": given(rate_name, "A rate, whether it is selected or not. Give this or `dimension`."),
            "measure": given(MEASURE, "Which number of the rate; its value if absent.", default_value=Measure.VALUE),
            "direction": given(SORT_DIRECTION, "Which way.", default_value=SortDirection.ASC),
        },
    )


def orders_of(wanted: Sequence[Mapping[str, Any]] | None, by: Sequence[Dimension]) -> tuple[Order, ...]:
    """The orders asked for. Raises RefusedInput for one that sorts by nothing, by two things, or by what isn't there."""
    orders = []
    for each in wanted or ():
        dimension, rate = each.get("dimension"), each.get("rate")
        if (dimension is None) == (rate is None):
            raise RefusedInput(
                "orderBy 每项须给出 dimension 或 rate 之一", "each orderBy names either a dimension or a rate"
            )
        if dimension is not None and dimension not in by:
            raise RefusedInput(
                f"按{dimension.zh}排序须先按其分组：by 中加入 {dimension.name}",
                f"to sort by {dimension.en}, group by it: add {dimension.name} to `by`",
            )
        measure, direction = each.get("measure") or Measure.VALUE, each.get("direction")
        orders.append(Order(dimension, rate.code if rate else None, measure, direction is SortDirection.DESC))
    return tuple(orders)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a table, and how they stand in it."""

    rows: tuple[Row, ...]
    cursors: tuple[str, ...]
    has_next_page: bool
    has_previous_page: bool

    @property
    def start_cursor(self) -> str | None:
        """The cursor of the first row."""
        return self.cursors[0] if self.cursors else None

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the last row."""
        return self.cursors[-1] if self.cursors else None


PAGE_INFO = object_type(
    "PageInfo",
    "Where the page stands.",
    {
        "has_next_page": field(required(Truth), "Whether more comes after."),
        "has_previous_page": field(required(Truth), "Whether more comes before."),
        "start_cursor": field(Text, "The cursor of the first row; null: the page is empty."),
        "end_cursor": field(Text, "The cursor of the last row, to give as `after`; null: the page is empty."),
    },
)


@dataclass(frozen=True, slots=True)
class Sorting:
    """How the rows of a table by some dimensions are sorted: by the orders, then by their keys, which are unique."""

    by: tuple[Dimension, ...]
    orders: tuple[Order, ...]

    def page(self, rows: Sequence[Row], first: int, after: str | None) -> Page:
        """The first so many rows after a cursor. Raises BadPage for a cursor that is not of such a list."""
        places = sorted(((self._place(self._values(row), row.key), row) for row in rows), key=lambda pair: pair[0])
        start = 0
        if after is not None:
            start = bisect_right(places, self._place(*self._read(after)), key=lambda pair: pair[0])
        shown = tuple(row for _, row in places[start : start + first])
        return Page(shown, tuple(map(self._cursor, shown)), start + first < len(places), start > 0)

    def _values(self, row: Row) -> list[Sorted]:
        return [order.value(row, self.by) for order in self.orders]

    def _place(self, values: Sequence[Sorted], key: Key) -> tuple[Any, ...]:
        return (*(order.place(value) for order, value in zip(self.orders, values, strict=True)), key_order(key))

    def _cursor(self, row: Row) -> str:
        values = [f"{v.numerator}/{v.denominator}" if isinstance(v, Fraction) else v for v in self._values(row)]
        return base64.urlsafe_b64encode(orjson.dumps([self._mark, values, row.key])).decode().rstrip("=")

    @property
    def _mark(self) -> str:
        """Tells cursors of tables that are by or sorted by something else apart."""
        return blake2b(repr((self.by, self.orders)).encode(), digest_size=4).hexdigest()

    def _read(self, cursor: str) -> tuple[list[Sorted], Key]:
        try:
            text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mark, values, key = orjson.loads(text)
            if mark != self._mark or (len(values), len(key)) != (len(self.orders), len(self.by)):
                raise ValueError
            if any(not isinstance(each, str | None) for each in (*values, *key)):
                raise ValueError
            return [_read(order, value) for order, value in zip(self.orders, values, strict=True)], tuple(key)
        except (binascii.Error, ValueError, TypeError):
            raise BadPage(
                "after 不是此列表的游标；游标只能用于 by 与 orderBy 相同的查询",
                "`after` is no cursor of this list; a cursor serves queries with the same `by` and `orderBy`",
            ) from None


def _read(order: Order, value: str | None) -> Sorted:
    if order.dimension is not None or value is None:
        return value
    found = NUMBER.fullmatch(value)
    if found is None or int(found[2]) == 0:
        raise ValueError
    return Fraction(int(found[1]), int(found[2]))


def size_of(first: int | None) -> int:
    """The page's size. Raises BadPage for one that is out of range."""
    wanted = PAGE if first is None else first
    if not 1 <= wanted <= PAGE_MAX:
        raise BadPage(f"first 须为 1 至 {PAGE_MAX}", f"`first` is from 1 to {PAGE_MAX}")
    return wanted
