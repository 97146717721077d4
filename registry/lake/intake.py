"""Intake: files of cases into the lake, each all or nothing, and the same file twice as if once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from registry.exchange.mapping import Mapping
from registry.holdings import Holdings
from registry.lake.cases import CASES
from registry.lake.ledger import Entry, Imported, latest
from registry.lake.places import Workplace, workplace
from registry.lake.rejects import keep_rejects, known_faults, rejected_rows
from registry.lake.settle import Settling, prepare
from registry.lake.staging import Progress, Source, form_of, stage
from registry.lake.tables import Lake
from registry.lake.words import Wording


def import_cases(  # noqa: PLR0913  # the options of a command
    lake: Lake,
    paths: Sequence[Path],
    *,
    holdings: Holdings,
    mapping: Mapping | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Import files of cases, in their order; what all of them did.

    Raises RefusedFiles for a file that can't be taken at all; those before it are in.
    """
    wording = Wording.over(holdings, mapping)
    sources = [Source(path, CASES, wording, encoding, progress) for path in paths]
    return sum((import_source(lake, source) for source in sources), Imported())


def import_source(lake: Lake, source: Source) -> Imported:
    """Import one file. Content that was imported before is looked at again only where it was rejected.

    Raises RefusedFiles for a file that can't be taken at all, LakeBusy.
    """
    form_of(source.path)
    key = source.key
    before = latest(lake.table(source.kind.table), key)
    if before and not before.counts.rejected:
        return _unchanged(before.counts)
    again = rejected_rows(lake, before.id) if before else None
    with workplace(lake) as place:
        return _bring_in(source, place, key, again)


def _bring_in(source: Source, place: Workplace, key: str, again: list[int] | None) -> Imported:
    staged = stage(source, place)
    with place.connect() as connection:
        prepare(staged, connection, again)
        rejected = known_faults(staged, connection, again)
        counts = Imported(staged.read, staged.read - rejected, rejected)
        if again is not None and rejected == len(again):
            return _unchanged(counts)
        keep_rejects(staged, connection)
        entry = Entry(place.id, source.path.name, str(source.path.resolve()), key, counts)
        return Settling(staged, connection, entry).settle()


def _unchanged(counts: Imported) -> Imported:
    return replace(counts, unchanged=counts.accepted, replaced=0, withdrawn=0)
