"""Impacts at the shell: their sentences, and the cases they touch where the lake knows them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from registry.commands.start import out, settings
from registry.figures.people import cases_of_bundles
from registry.opening import CITY_ZONE
from registry.routing.sentences import Text
from registry.snapshot import Snapshot


def tell(sentences: Iterable[Text]) -> None:
    """Print sentences, in Chinese and below it in English."""
    for text in sentences:
        out.print(text.zh, markup=False)
        out.print(f"    {text.en}", markup=False, style="dim")


def cases_known(snapshot: Snapshot, moment: datetime, database: str | None) -> Mapping[str, int]:
    """The cases of the last twelve months on each bundle, as far as they are known."""
    return cases_of_bundles(settings(database), snapshot.holdings.bundles, moment.astimezone(CITY_ZONE).date())
