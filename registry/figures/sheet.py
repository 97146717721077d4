"""A sheet: an answer as one flat table, as it goes into files and onto the screen.

Codes have names beside them, every rate has what defends it, the totals are a row
marked as such, and notes say what all of it rests on. Fractions become floats here
and nowhere before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from registry.figures.names import has_names, named
from registry.figures.notes import Note, notes_of, snapshot_line
from registry.holdings import Holdings
from registry.rates.answer import Answer
from registry.rates.question import Dimension, Key, Question
from registry.rates.rate import COUNTED_ONE_BY_ONE, Rate
from registry.rates.reckon import Row

if TYPE_CHECKING:  # it needs the extra `rates`; a sheet can do without
    from registry.figures.desk import Reported

Cell = str | int | float | bool | None
Cells = tuple[Cell, ...]
Ranks = Mapping[Key, int | None]


class Kind(Enum):
    """What a column's cells are; any may be None, which is unknown and never zero."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    SHARE = "share of 1"
    TRUTH = "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `name` is for programs and stays; `zh` and `en` are for people."""

    name: str
    zh: str
    en: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flat table. Every row has a cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]
    notes: tuple[Note, ...] = ()

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of a column, by its name."""
        place = [column.name for column in self.columns].index(name)
        return tuple(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that an answer says. The value itself has the rate's own name; the others are joined to it."""

    name: str
    zh: str
    en: str
    kind: Kind
    read: Callable[[Answer], Fraction | int | str | bool | None]

    def column(self, rate: Rate) -> Column:
        """Its column for a rate."""
        if self is VALUE:
            return Column(rate.name, rate.zh, rate.en, self.kind)
        # Days and the like may be parts of one; what is counted one by one is whole.
        whole = self.kind is Kind.NUMBER and rate.unit in COUNTED_ONE_BY_ONE
        kind = Kind.WHOLE if whole else self.kind
        return Column(f"{rate.name}_{self.name}", f"{rate.zh}·{self.zh}", f"{rate.en}: {self.en}", kind)


VALUE = Part("value", "值", "value", Kind.SHARE, lambda answer: answer.value)
PARTS: tuple[Part, ...] = (
    VALUE,
    Part("numerator", "分子", "numerator", Kind.NUMBER, lambda answer: answer.numerator),
    Part("denominator", "分母", "denominator", Kind.NUMBER, lambda answer: answer.denominator),
    Part("completeness", "完整度", "completeness", Kind.SHARE, lambda answer: answer.completeness),
    Part("lowest", "最低可能", "lowest possible", Kind.SHARE, lambda answer: answer.lowest),
    Part("highest", "最高可能", "highest possible", Kind.SHARE, lambda answer: answer.highest),
    Part("target", "目标", "target", Kind.SHARE, lambda answer: answer.target.value if answer.target else None),
    Part("attained", "是否达标", "attained", Kind.TEXT, lambda answer: answer.attained and answer.attained.name),
    Part("cases_to_target", "距目标件数", "cases to target", Kind.WHOLE, lambda answer: answer.to_target),
    Part("tolerates", "可容未报件数", "unreported cases borne", Kind.WHOLE, lambda answer: answer.tolerates),
    Part("policy", "线上口径", "online policy", Kind.TEXT, lambda answer: answer.policy and answer.policy.name),
    Part("suppressed", "已隐去", "suppressed", Kind.TRUTH, lambda answer: answer.suppressed),
)
# Of these cells are what they are.
PLAIN = (str, bool)
VALUES_REMEMBERED = 100_000
TOTAL = Column("total", "合计行", "totals row", Kind.TRUTH)
RANK = Column("rank", "名次", "rank", Kind.WHOLE)
SNAPSHOT = Column("snapshot", "数据快照", "snapshot")


def sheet_of(reported: "Reported", rates: Mapping[str, Rate], ranks: Ranks | None = None) -> Sheet:
    """The flat table of an answer, the totals last. `ranks`: each row's place, for a column of them."""
    table, holdings = reported.table, reported.snapshot.holdings
    question, chosen = table.question, [rates[name] for name in table.question.rates]
    snapshot, read, names = snapshot_line(reported), _reader(chosen), _namer(question.by, holdings)

    def cells(row: Row, *, total: bool) -> Cells:
        named_by = (None,) * len(_dimension_columns(question)) if total else names(row.key)
        placed = () if ranks is None else (None if total else ranks.get(row.key),)
        return (*named_by, *read(row), *placed, total, snapshot)

    rows = [cells(row, total=False) for row in table.rows] if question.by else []
    columns = (
        *_dimension_columns(question),
        *(part.column(rate) for rate in chosen for part in PARTS),
        *(() if ranks is None else (RANK,)),
        TOTAL,
        SNAPSHOT,
    )
    return Sheet(columns, (*rows, cells(table.totals, total=True)), notes_of(reported, chosen))


def _dimension_columns(question: Question) -> tuple[Column, ...]:
    return tuple(column for dimension in question.by for column in columns_of(dimension))


def columns_of(dimension: Dimension) -> tuple[Column, ...]:
    """A dimension's columns: its code with the names beside it, or a period's label."""
    code = Column(dimension.code, dimension.zh, dimension.en)
    if not has_names(dimension):
        return (code,)
    return (
        Column(dimension.code, f"{dimension.zh}编码", f"{dimension.en} code"),
        Column(f"{dimension.code}_name", dimension.zh, f"{dimension.en} in Chinese"),
        Column(f"{dimension.code}_name_en", f"{dimension.zh}英文名", f"{dimension.en} in English"),
    )


def _namer(by: tuple[Dimension, ...], holdings: Holdings) -> Callable[[Key], Cells]:
    """What reads a row's key as cells; each value is named once."""
    names = lru_cache(VALUES_REMEMBERED)(partial(cells_of, holdings=holdings))
    return lambda key: tuple([cell for each, value in zip(by, key, strict=True) for cell in names(each, value)])


def cells_of(dimension: Dimension, value: str | None, holdings: Holdings) -> Cells:
    """The cells of a value, for `columns_of` its dimension."""
    if not has_names(dimension):
        return (value,)
    names = named(dimension, value, holdings)
    return (names.code, names.zh, names.en)


def _reader(rates: list[Rate]) -> Callable[[Row], list[Cell]]:
    """What reads a row's answers as cells. A large sheet has millions: what they have in common is found once."""
    parts = [(rate.name, [(part.read, part.column(rate).kind) for part in PARTS]) for rate in rates]

    def read(row: Row) -> list[Cell]:
        return [plain(part(row.answers[name]), kind) for name, each in parts for part, kind in each]

    return read


def plain(value: Fraction | int | str | bool | None, kind: Kind) -> Cell:
    """A cell of its kind, as it leaves the house."""
    if value is None or isinstance(value, PLAIN):
        return value
    return int(value) if kind is Kind.WHOLE else value.numerator / value.denominator
