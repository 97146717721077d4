"""Moments and days as people type them: the city's time unless a zone is given."""

from datetime import date, datetime

from registry.errors import RegistryError
from registry.opening import CITY_ZONE


class BadMoment(RegistryError):
    """A text that is no moment, or no day."""


def read_moment(text: str) -> datetime:
    """An aware moment out of 2020-10-01, 2020-10-01T09:00 or one with a zone. Raises BadMoment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadMoment(
            f"“{text}”不是时刻；应形如 2020-10-01T09:00", f"“{text}” is no moment; write 2020-10-01T09:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)


def read_day(text: str) -> date:
    """A day out of 2020-10-01. Raises BadMoment."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadMoment(f"“{text}”不是日期；应形如 2020-10-01", f"“{text}” is no day; write 2020-10-01") from None
