"""How many people an edit touches: a bundle's cases of the last twelve months."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from registry.settings import Settings


def cases_of_bundles(settings: Settings, bundles: Iterable[str], day: date) -> Mapping[str, int]:
    """The cases accepted on each bundle in the twelve months up to a day, counted; nothing where that is unknown.

    It is unknown without the extra `rates`, without a lake, and where no case of that
    time says of which bundle it is: then nobody recorded it. Raises StoreUnreachable.
    """
    folder = Path(settings.lake)
    if not folder.is_dir():
        return {}
    try:
        import pyarrow.compute as pc

        from registry.lake.tables import open_lake
        from registry.lake.volumes import volumes
    except ImportError:
        return {}
    with open_lake(settings.database, folder) as lake:
        held = volumes(lake)
    days = pc.and_(pc.greater(held["start"], a_year_before(day)), pc.less_equal(held["start"], day))
    told = held.filter(pc.and_(days, pc.and_(pc.is_valid(held["bundle"]), pc.equal(held["origin"], "DERIVED"))))
    if not told.num_rows:
        return {}
    sums = told.group_by("bundle").aggregate([("count", "sum")])
    counts = dict(zip(sums["bundle"].to_pylist(), sums["count_sum"].to_pylist(), strict=True))
    return {code: counts.get(code, 0) for code in bundles}


def a_year_before(day: date) -> date:
    """The same day a year before; of 29 February, the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)
