"""Names: what the values of dimensions are called, beside their codes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.holdings import Holdings
from registry.rates.question import Dimension, Value
from registry.rates.rate import OnlinePolicy
from registry.words import Channel, LifeStage, MatterType, ServiceObject, Word

D = Dimension
# Dimensions whose values are codes of records, and where those are.
CODED: Mapping[Dimension, Callable[[Holdings], Mapping[str, Any]]] = {
    D.DEPARTMENT: lambda held: held.departments,
    D.DISTRICT: lambda held: held.regions,
    D.MATTER: lambda held: held.matters,
    D.BUNDLE: lambda held: held.bundles,
}
# Dimensions whose values are names of words. The others' values are labels of periods, which are their own names.
WORDED: Mapping[Dimension, type[Word]] = {
    D.MATTER_TYPE: MatterType, D.SERVICE_OBJECT: ServiceObject, D.CHANNEL: Channel, D.LIFE_STAGE: LifeStage,
    D.ONLINE_POLICY: OnlinePolicy,
}  # fmt: skip
# What a row without a value in a dimension is of.
ABSENT: Mapping[Dimension, tuple[str, str]] = {
    D.DISTRICT: ("未分区县", "not broken down"),
    D.CHANNEL: ("未记录渠道", "not recorded"),
    D.BUNDLE: ("不在一件事中", "in no bundle"),
}
NOT_KNOWN = ("未知", "unknown")
TOO_WIDE = ("时段更宽", "of a longer period")


@dataclass(frozen=True, slots=True)
class Named:
    """A value with its names. None: the name is not known; code None: the row has no value in the dimension."""

    code: Value
    zh: str | None = None
    en: str | None = None


def named(dimension: Dimension, value: Value, holdings: Holdings) -> Named:
    """The value with its names. A code that the catalogue no longer holds has none."""
    if value is None:
        return Named(None)
    if dimension in CODED:
        record = CODED[dimension](holdings).get(value)
        return Named(value, getattr(record, "name", None), getattr(record, "name_en", None))
    if dimension in WORDED:
        word = WORDED[dimension][value]
        return Named(value, word.zh, word.en)
    return Named(value, value, value)


def has_names(dimension: Dimension) -> bool:
    """Whether its values have names beside their codes."""
    return dimension in CODED or dimension in WORDED


def absent(dimension: Dimension) -> tuple[str, str]:
    """What to call the row that has no value in a dimension."""
    return ABSENT.get(dimension, NOT_KNOWN if has_names(dimension) else TOO_WIDE)


def every_value(dimension: Dimension, holdings: Holdings) -> Iterator[Named]:
    """All values that a dimension has in the catalogue, with their names; none of the labels of periods."""
    if dimension in CODED:
        yield from (named(dimension, code, holdings) for code in CODED[dimension](holdings))
    elif dimension in WORDED:
        yield from (named(dimension, word.name, holdings) for word in WORDED[dimension])
