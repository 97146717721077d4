"""Suppression: figures of small groups of cases are withheld, so that nobody can be told from them.

A group that is withheld alone could be reckoned as the total less all others, so the
next smallest are withheld with it until those withheld are two at least and add up to
`least`. If there are no others to withhold, the totals are. It guards one table, not
what two tables of different cut show side by side.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from registry.rates.answer import Answer
from registry.rates.question import Dimension, Key, key_order
from registry.rates.rate import Family, Rate
from registry.rates.reckon import RateTable, Row

WITHHELD = Answer(suppressed=True)
Sizes = Mapping[Key, Mapping[str, int]]


def suppressed(table: RateTable, rates: Mapping[str, Rate], least: int) -> RateTable:
    """The table without the figures of cases of groups smaller than `least`.

    All rates of use in a row go together, for they share their counts. Availability and
    bundles are of matters, not of people, and stay.
    """
    names = [name for name in table.question.rates if rates[name].family is Family.USE]
    sizes = {_group(table, row): {name: _size(row, name) for name in names} for row in table.rows}
    small = {key for key, each in sizes.items() if any(0 < size < least for size in each.values())}
    keys, hidden = _hidden(small, sizes, least) if table.question.by else (small, True)
    rows = tuple(_withheld(row, names) if _group(table, row) in keys else row for row in table.rows)
    small_total = any(0 < _size(table.totals, name) < least for name in names)
    totals = _withheld(table.totals, names) if small_total or not hidden else table.totals
    return replace(table, rows=rows, totals=totals)


def _hidden(small: set[Key], sizes: Sizes, least: int) -> tuple[set[Key], bool]:
    """The small rows and those withheld for their sake; and whether each is hidden from the totals of every rate."""
    chosen = set(small)
    while name := _betrayed(chosen, sizes, least):
        others = [(each[name], key_order(key), key) for key, each in sizes.items() if each[name] and key not in chosen]
        if not others:
            return chosen, False
        chosen.add(min(others)[-1])
    return chosen, True


def _betrayed(chosen: set[Key], sizes: Sizes, least: int) -> str | None:
    """A rate by whose totals the withheld could be reckoned: one of them alone, or several that are few together."""
    for name in sorted({name for key in chosen for name in sizes[key]}):
        behind = [sizes[key][name] for key in chosen if sizes[key][name]]
        if behind and (len(behind) < 2 or sum(behind) < least):
            return name
    return None


def _group(table: RateTable, row: Row) -> Key:
    """The group a row is of: the rows of one group under several online policies tell of the same cases."""
    by = table.question.by
    return tuple(value for each, value in zip(by, row.key, strict=True) if each is not Dimension.ONLINE_POLICY)


def _size(row: Row, name: str) -> int:
    return int(row.answers[name].denominator or 0)


def _withheld(row: Row, names: Iterable[str]) -> Row:
    return Row(row.key, {**row.answers, **dict.fromkeys(names, WITHHELD)})
