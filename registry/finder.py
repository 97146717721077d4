"""Finding: filters that combine, facets with counts, orders, and pages that stay put.

A page is cut by key, not by offset: the cursor holds the sort key and the unique
code, so nothing is skipped or repeated when the catalogue changes between two pages.
"""

import base64
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic

import orjson

from registry.bundles import Bundle
from registry.errors import RegistryError
from registry.matters import Matter, TimeLimit
from registry.places import Place
from registry.search import Hit
from registry.shelf import Bits, Key, Order, R, Shelf
from registry.snapshot import Snapshot
from registry.words import Channel, OfferStatus, Word

PAGE_MAX = 100
NEVER = 10**9  # sorts what has no limit after everything that has one


class BadPage(RegistryError):
    """A page that can't be cut: no or both sizes, a size out of range, a cursor of another list."""


class MatterOrder(Word):
    """How matters may be sorted."""

    RELEVANCE = "relevance", "相关度", "best match first"
    CODE = "code", "编码", "by code"
    NAME = "name", "名称拼音", "by name, in pinyin"
    PROMISED_LIMIT = "promised_limit", "承诺时限", "shortest promised limit first, unknown last"


def pinyin_key(name: str) -> str:
    """A name as it is sorted in a Chinese list."""
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name))


def limit_key(limit: TimeLimit | None) -> float:
    """A limit in working days; unknown after all others."""
    return NEVER if limit is None else limit.working_days


@dataclass(frozen=True, slots=True)
class Sorting(Generic[R]):
    """A named way to sort; the key need not be unique, the code is added to it."""

    name: str
    key: Callable[[R], Key]


BY_CODE: Sorting[Any] = Sorting("CODE", lambda record: ())
MATTER_ORDERS: dict[MatterOrder, Sorting[Matter]] = {
    MatterOrder.CODE: BY_CODE,
    MatterOrder.NAME: Sorting("NAME", lambda matter: (pinyin_key(matter.name),)),
    MatterOrder.PROMISED_LIMIT: Sorting("PROMISED_LIMIT", lambda matter: (limit_key(matter.promised_limit),)),
}


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """A channel with a status of its offer."""

    channel: Channel
    status: OfferStatus


@dataclass(frozen=True, slots=True)
class Criteria:
    """What records must satisfy. `any_of`: by dimension, one of the values. `statuses`: all of them, in `region`."""

    any_of: Mapping[str, tuple[Hashable, ...]] = field(default_factory=dict)
    statuses: tuple[ChannelStatus, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """A page's records with their cursors, and whether there is more on either side."""

    records: tuple[tuple[str, R], ...]
    has_next: bool
    has_previous: bool


class Found(Generic[R]):
    """What was found: a set, narrowed one dimension at a time, in an order."""

    def __init__(self, shelf: Shelf[R], narrowed: Mapping[str, Bits], order: tuple[str, Order], hits: Iterable[Hit]):
        self.shelf = shelf
        self.narrowed = narrowed
        self.order_name, self.order = order
        self.hits = {hit.code: hit for hit in hits}

    @cached_property
    def bits(self) -> Bits:
        """The set of what satisfies everything."""
        return self.without(None)

    @property
    def count(self) -> int:
        """How many there are."""
        return self.bits.bit_count()

    def facet(self, dimension: str) -> list[tuple[Hashable, int]]:
        """How many there are for each value of a dimension, as if that dimension were not filtered; most first."""
        others = self.without(dimension)
        counts = ((value, (others & bits).bit_count()) for value, bits in self.shelf.by(dimension).items())
        return sorted(((value, n) for value, n in counts if n), key=lambda pair: (-pair[1], str(pair[0])))

    def without(self, dimension: str | None) -> Bits:
        """The set of what satisfies everything but the filter of one dimension."""
        found = self.shelf.all
        for name, bits in self.narrowed.items():
            if name != dimension:
                found &= bits
        return found

    def page(self, first: int | None, after: str | None, last: int | None, before: str | None) -> Page[R]:
        """The first so many after a cursor, or the last so many before one. Raises BadPage."""
        size = _page_size(first, last)
        start = bisect_right(self.order.keys, self._key(after)) if after is not None else 0
        stop = bisect_left(self.order.keys, self._key(before)) if before is not None else len(self.order.keys)
        window = range(start, max(start, stop))
        found = self.order.among(self.bits, window if first is not None else reversed(window))
        positions = [position for position, _ in zip(found, range(size + 1), strict=False)]
        more = len(positions) > size
        positions = positions[:size]
        if first is None:
            positions.reverse()
        earlier = range(min(start, len(self.order.keys)) - 1, -1, -1) if first is not None else ()
        later = range(stop, len(self.order.keys)) if last is not None else ()
        return Page(
            tuple((self._cursor(position), self._record(position)) for position in positions),
            has_next=more if first is not None else any(True for _ in self.order.among(self.bits, later)),
            has_previous=more if last is not None else any(True for _ in self.order.among(self.bits, earlier)),
        )

    def _record(self, position: int) -> R:
        return self.shelf.records[self.order.ordinals[position]]

    def _cursor(self, position: int) -> str:
        text = orjson.dumps([self.order_name, *self.order.keys[position]])
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    def _key(self, cursor: str) -> Key:
        key = _read_cursor(cursor, self.order_name)
        sample = self.order.keys[0] if self.order.keys else key
        if key is None or sample is None or [*map(_kind, key)] != [*map(_kind, sample)]:
            raise BadPage(
                f"游标“{cursor[:80]}”不属于此列表；请使用同一查询返回的 endCursor",
                f"the cursor “{cursor[:80]}” is not of this list; use an endCursor that the same query returned",
            )
        return key


def _read_cursor(cursor: str, order: str) -> Key | None:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        name, *key = orjson.loads(text)
    except (ValueError, TypeError):
        return None
    return tuple(key) if name == order else None


def _kind(part: object) -> type:
    # Whole numbers and fractions compare with one another; nothing else of a key does.
    return float if isinstance(part, int | float) and not isinstance(part, bool) else type(part)


def find_matters(
    snapshot: Snapshot,
    criteria: Criteria,
    search: str | None = None,
    order: MatterOrder | None = None,
) -> Found[Matter]:
    """Matters that satisfy the criteria and, if given, the search.

    They are sorted by relevance unless told otherwise; without a search, that is by code.
    """
    narrowed = _narrowed(snapshot.matters, criteria)
    if criteria.region is not None and not criteria.statuses:
        narrowed["region"] = _offered_in(snapshot, criteria.region)
    for wanted in criteria.statuses:
        bits = snapshot.with_status(wanted.channel, wanted.status, criteria.region)
        narrowed["channel"] = narrowed.get("channel", snapshot.matters.all) & bits
    return _found(
        snapshot.matters,
        narrowed,
        _searching(search, snapshot.search_matters),
        MATTER_ORDERS.get(order) if order else None,
    )


def find_bundles(snapshot: Snapshot, criteria: Criteria, search: str | None = None) -> Found[Bundle]:
    """Bundles that satisfy the criteria and, if given, the search: best match first, else by code."""
    narrowed = _narrowed(snapshot.bundles, criteria)
    return _found(snapshot.bundles, narrowed, _searching(search, snapshot.search_bundles), None)


def find_places(snapshot: Snapshot, criteria: Criteria) -> Found[Place]:
    """Places that satisfy the criteria, by code."""
    return _found(snapshot.places, _narrowed(snapshot.places, criteria), None, BY_CODE)


def channel_facet(snapshot: Snapshot, found: Found[Matter], region: str | None) -> list[tuple[ChannelStatus, int]]:
    """How many of what was found each channel has in each status, the channel filter itself left aside."""
    others = found.without("channel")
    pairs = [ChannelStatus(channel, status) for channel in Channel for status in OfferStatus]
    counts = ((p, (others & snapshot.with_status(p.channel, p.status, region)).bit_count()) for p in pairs)
    return [(pair, count) for pair, count in counts if count]


def _narrowed(shelf: Shelf[R], criteria: Criteria) -> dict[str, Bits]:
    narrowed: dict[str, Bits] = {}
    for dimension, values in criteria.any_of.items():
        sets = shelf.by(dimension)
        narrowed[dimension] = 0
        for value in values:
            narrowed[dimension] |= sets.get(value, 0)
    return narrowed


def _offered_in(snapshot: Snapshot, region: str) -> Bits:
    found = 0
    for channel in Channel:
        found |= snapshot.with_status(channel, OfferStatus.AVAILABLE, region)
    return found


def _searching(text: str | None, search: Callable[[str], tuple[Hit, ...]]) -> tuple[Hit, ...] | None:
    return search(text) if text is not None and text.strip() else None


def _found(
    shelf: Shelf[R], narrowed: dict[str, Bits], hits: tuple[Hit, ...] | None, sorting: Sorting[R] | None
) -> Found[R]:
    if hits is None:
        by = sorting or BY_CODE
        return Found(shelf, narrowed, (by.name, shelf.order(by.name, by.key)), ())
    narrowed["search"] = shelf.bits(hit.code for hit in hits)
    if sorting is not None:
        return Found(shelf, narrowed, (sorting.name, shelf.order(sorting.name, sorting.key)), hits)
    ranked = Order(((-hit.score, hit.code), shelf.ordinals[hit.code]) for hit in hits)
    return Found(shelf, narrowed, ("RELEVANCE", ranked), hits)


def _page_size(first: int | None, last: int | None) -> int:
    if (first is None) == (last is None):
        raise BadPage(
            f"请给出 first 或 last 之一（1 至 {PAGE_MAX}）", f"give either first or last, from 1 to {PAGE_MAX}"
        )
    size = first if first is not None else last
    if size is None or not 1 <= size <= PAGE_MAX:
        raise BadPage(
            f"first/last 应为 1 至 {PAGE_MAX} 的整数，而不是 {size}", f"first/last is from 1 to {PAGE_MAX}, not {size}"
        )
    return size
