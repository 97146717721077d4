"""What every file is turned into: chunks of rows, each cell a text, each row with its number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from registry.exchange.columns import folded
from registry.exchange.faults import Fault, RefusedFiles
from registry.exchange.mapping import Mapping, nearest
from registry.lake.columns import Column, by_name
from registry.lake.personal import is_personal_name


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A row of which a cell, or all, is lost already when the file is read."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows. `columns` has a text, never null, for each of `rows`; those of `spoilt` are not among them."""

    rows: pa.Array
    columns: dict[str, pa.Array]
    spoilt: list[Spoilt] = field(default_factory=list)


# A chunk that still is to be read, which another thread may do.
Reading = Callable[[], Chunk]
Readings = Iterator[tuple[Reading, int]]  # and how many bytes of the file it takes the reader to


@dataclass(frozen=True, slots=True)
class Layout:
    """Which of a file's columns are ours: our name by their place; the width is the header's."""

    width: int
    places: dict[int, str]


def layout_of(file: str, header: list[str], columns: tuple[Column, ...], mapping: Mapping) -> Layout:
    """The layout that a header makes. Raises RefusedFiles with a fault for each column that is wrong."""
    known = by_name(columns)
    places: dict[int, str] = {}
    faults: list[Fault] = []
    for place, theirs in enumerate(header):
        ours = mapping.ours(theirs)
        name = folded(theirs if ours is None else ours)
        if ours == "" or not any(header[place:]):
            continue  # not wanted, or an empty column that a spreadsheet adds after the last
        if is_personal_name(theirs):
            faults.append(personal_column(file, theirs))
        elif name not in known:
            faults.append(Fault(file, 1, theirs, None, *_unknown(place, name, known)))
        elif known[name].name in places.values():
            faults.append(Fault(file, 1, theirs, None, "与另一栏重复", "is there twice"))
        else:
            places[place] = known[name].name
    filled = {*places.values(), *mapping.constants}
    missing = [column.name for column in columns if column.required and column.name not in filled]
    faults += [Fault(file, 1, name, None, "缺少这一栏", "this column is required and missing") for name in missing]
    if faults:
        raise RefusedFiles(faults)
    return Layout(len(header), places)


def personal_column(file: str, header: str) -> Fault:
    """The fault of a column that seems to hold personal data."""
    zh = "似乎是身份证件号码或电话号码；不保存个人信息，请去掉这一栏，或在映射文件的 ignore 中列出"
    en = "looks like identity or telephone numbers, which are not kept: take it out, or list it under `ignore`"
    return Fault(file, 1, header, None, zh, en)


def refused(file: str, zh: str, en: str) -> RefusedFiles:
    """The error of a file that can't be read as a whole."""
    return RefusedFiles([Fault(file, None, None, None, zh, en)])


def _unknown(place: int, name: str, known: dict[str, Column]) -> tuple[str, str]:
    near = nearest(name, known) if name else None
    if near:
        return (
            f"不认识这一栏；您是指 {known[near].name} 吗？不需要则在映射文件的 ignore 中列出",
            f"unknown column; did you mean {known[near].name}? List it under `ignore` in a mapping if it is not wanted",
        )
    return (
        f"不认识第 {place + 1} 栏；请在映射文件中对应到已知的栏，或列入 ignore",
        f"column {place + 1} is unknown; map it to a known one, or list it under `ignore`",
    )
