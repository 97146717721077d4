"""A bundle as it was: the moment asked for, and the answer out of memory."""

from datetime import date, datetime, time
from typing import Annotated, Any

from strawberry import Parent, argument

from registry import bundles
from registry.editing.history import bundle_as_of, published_at
from registry.errors import RegistryError
from registry.opening import CITY_ZONE
from schema.types import Info, holds

AsOf = Annotated[
    str | None,
    argument(
        description="As it was at this moment: 2020-10-22T09:00, the city's time without a zone; 2020-10-22 is the end of"
        " that day. Null before its first version. Its members' matters are shown as they are now."
    ),
]


class BadAsOf(RegistryError):
    """A text that is neither a day nor a moment."""


def find_bundle(
    info: Info, code: Annotated[str, argument(description="The bundle's code.")], as_of: AsOf = None
) -> Any:
    """The bundle with a code, now or at a moment."""
    snapshot = holds(info)
    if as_of is None:
        return snapshot.holdings.bundles.get(code)
    return bundle_as_of(snapshot.history, code, read_as_of(as_of))


def bundle_published_at(bundle: Parent[bundles.Bundle], info: Info) -> Any:
    """When this version was published."""
    return published_at(holds(info).history, bundle)


def read_as_of(text: str) -> datetime:
    """The moment meant by a day (its end, in the city) or a moment (in the city without a zone). Raises BadAsOf."""
    try:
        if len(text) == len("2020-10-22"):
            return datetime.combine(date.fromisoformat(text), time.max, CITY_ZONE)
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)
    except ValueError:
        shown = text[:80]
        raise BadAsOf(
            f"“{shown}”不是日期或时刻；应形如 2020-10-22 或 2020-10-22T09:00",
            f"“{shown}” is neither a day nor a moment; write 2020-10-22 or 2020-10-22T09:00",
        ) from None
