"""Column types that carry the domain's own values, the same on every database."""

from datetime import UTC
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from registry.hours import Hours, HoursException, format_exception, format_hours, parse_exception, parse_hours
from registry.matters import Material
from registry.words import MaterialForm, Word


class WordColumn(TypeDecorator[Word]):
    """A word of a vocabulary, kept by its name."""

    impl = sa.String(24)
    cache_ok = True

    def __init__(self, vocabulary: type[Word]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str | None:
        return None if value is None else value.name

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:
        return None if value is None else self.vocabulary[value]


class WordsColumn(TypeDecorator[tuple[Word, ...]]):
    """Several words of a vocabulary, in order."""

    impl = sa.JSON
    cache_ok = True

    def __init__(self, vocabulary: type[Word]) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def process_bind_param(self, value: tuple[Word, ...] | None, dialect: Dialect) -> list[str]:
        return [word.name for word in value or ()]

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[Word, ...]:
        return tuple(self.vocabulary[name] for name in value or ())


class TextsColumn(TypeDecorator[tuple[str, ...]]):
    """Several texts, in order."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> list[str]:
        return list(value or ())

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value or ())


class MaterialsColumn(TypeDecorator[tuple[Material, ...]]):
    """A matter's documents; NULL when unknown."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: tuple[Material, ...] | None, dialect: Dialect) -> list[Any] | None:
        if value is None:
            return None
        return [[m.name, m.form.name if m.form else None, m.always] for m in value]

    def process_result_value(self, value: list[Any] | None, dialect: Dialect) -> tuple[Material, ...] | None:
        if value is None:
            return None
        return tuple(Material(name, MaterialForm[form] if form else None, always) for name, form, always in value)


class HoursColumn(TypeDecorator[Hours]):
    """A week's opening hours, kept as the text that people write."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Hours | None, dialect: Dialect) -> str | None:
        return None if value is None else format_hours(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Hours | None:
        return None if value is None else parse_hours(value)


class ExceptionsColumn(TypeDecorator[tuple[HoursException, ...]]):
    """Dated exceptions from opening hours, kept as texts."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[HoursException, ...] | None, dialect: Dialect) -> list[str]:
        return [format_exception(exception) for exception in value or ()]

    def process_result_value(self, value: list[str] | None, dialect: Dialect) -> tuple[HoursException, ...]:
        return tuple(parse_exception(text) for text in value or ())


class Moment(TypeDecorator[Any]):
    """A moment in UTC. SQLite has no time zones, so they are put back on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)
