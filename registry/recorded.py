"""Records as JSON can hold them, and read back from it."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from registry.hours import Hours, HoursException, format_exception, format_hours, parse_exception, parse_hours
from registry.secret import Secret

T = TypeVar("T")

# What is kept as text, and what makes it of a text.
TEXTS: dict[Any, Any] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Hours: parse_hours,
    HoursException: parse_exception,
}


def plain(value: Any) -> Any:
    """A record as JSON can hold it: words by name, dates as ISO texts. A secret is written nowhere."""
    match value:
        case Enum():
            return value.name
        case date():
            return value.isoformat()
        case Hours():
            return format_hours(value)
        case HoursException():
            return format_exception(value)
        case Secret():
            return None
        case tuple():
            return [plain(item) for item in value]
        case frozenset():
            return sorted(plain(item) for item in value)
        case object(__slots__=fields) if fields:
            return {field: plain(getattr(value, field)) for field in fields}
    return value


def read_back(kind: type[T], value: Any) -> T:
    """What `plain` made `value` of, given its type. Whatever the registry holds comes back equal.

    Fields that were added to a record since take their defaults. A union may be of one type and None.
    """
    read: T = _read(kind, value)
    return read


def _read(kind: Any, value: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (one,) = (part for part in parts if part is not NoneType)
        return None if value is None else _read(one, value)
    if origin in (tuple, frozenset):
        return origin(_read(parts[0], item) for item in value)
    if origin in (dict, Mapping):
        return {key: _read(parts[1], item) for key, item in value.items()}
    if kind in TEXTS:
        return TEXTS[kind](value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind[value]
    if is_dataclass(kind):
        made: Any = kind
        return made(**{name: _read(hint, value[name]) for name, hint in _hints(made).items() if name in value})
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return {name: hint for name, hint in get_type_hints(kind).items() if name in kind.__dataclass_fields__}
