"""A sheet: rows of cells under a header, whatever file they came in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self


class Spoilt(str):
    """A cell whose value is lost already, with the reason."""

    __slots__ = ("en", "zh")
    zh: str
    en: str

    @classmethod
    def because(cls, value: str, zh: str, en: str) -> Self:
        """The cell as it shows, and what is wrong with it."""
        cell = cls(value)
        cell.zh, cell.en = zh, en
        return cell


Rows = Iterable[tuple[int, list[str]]]


@dataclass(slots=True)
class Sheet:
    """One table of a file. `name` is what may tell its kind: the file's stem, the sheet's name, the key.

    `rows` are read once, each with its number as a spreadsheet counts. `header_row`
    is None in JSON. `cut` turns true when reading finds that rows at the end are missing,
    and `lost` counts rows of which nothing could be read. `ended`: the last row has its
    line end.
    """

    file: str
    name: str
    header: list[str]
    rows: Rows
    header_row: int | None = 1
    cut: bool = False
    lost: int = 0
    ended: bool = True


def with_header(rows: Rows) -> tuple[int, list[str], Iterator[tuple[int, list[str]]]]:
    """The first row that isn't blank, its number, and the rows after it, blank ones left out."""
    filled = ((number, cells) for number, cells in rows if any(cell and not cell.isspace() for cell in cells))
    number, header = next(filled, (1, []))
    return number, [cell.strip() for cell in header], filled
