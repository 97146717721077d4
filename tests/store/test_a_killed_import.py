"""An importer killed anywhere leaves nothing half done, two at once lose nothing, and neither leaves anything behind."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pyiceberg.catalog.sql import IcebergTables, SqlCatalogBaseTable

from registry.lake.intake import import_cases
from registry.lake.ledger import Imported, entries
from registry.lake.rejects import Reject, rejects
from registry.lake.tables import SCHEMAS, Lake, data_files, local_paths
from registry.store.connect import open_engine
from tests.store.importing import Importer
from tests.store.lakes import CITY, case, held, opened, write_cases
from tests.waiting import kills

KILLS = kills(12)
ALL = "case_no, matter, district, channel, applied_at, accepted_at, decided_at, assisted, bundle, row"

MONTHS = [f"2020-{month:02}-05 09:30:00" for month in (1, 2)]
BEFORE = [case(n, accepted_at=MONTHS[n % 2], applied_at="") for n in range(400)]
# It corrects half of them, some into another month, withdraws some, brings more, and is wrong here and there.
FILE = [
    case(n, accepted_at=MONTHS[n // 7 % 2], applied_at="", withdrawn="1" if n % 50 == 0 else "",
         channel="飞鸽" if n % 100 == 3 else "HALL")
    for n in range(200, 2000)
]  # fmt: skip


@pytest.fixture
def importer() -> Iterator[Importer]:
    made = Importer()
    yield made
    made.stop()


@dataclass(frozen=True)
class Everything:
    """All that an import is to change: the cases, what is said of the rejected rows, the counts of each import."""

    cases: list[Any]
    rejected: list[Reject]
    counts: list[Imported]


def everything(lake: Lake) -> Everything:
    return Everything(held(lake, ALL), list(rejects(lake)), [one.counts for one in entries(lake.table("cases"))])


def locations(lake: Lake) -> dict[str, str]:
    """Where the catalogue says that the tables are now: all there is to say which state the lake has."""
    with lake.catalog.engine.begin() as connection:
        # As one who would commit: waits until the server has rolled back or finished what a dead one asked for.
        rows = connection.execute(
            sa.select(IcebergTables.table_name, IcebergTables.metadata_location).with_for_update()
        )
        return {row.table_name: row.metadata_location for row in rows}


def put_back(lake: Lake, located: dict[str, str]) -> None:
    """Bring the lake back to a state. What was committed since is in no table any more."""
    with lake.catalog.engine.begin() as connection:
        for name, location in located.items():
            change = sa.update(IcebergTables).where(IcebergTables.table_name == name)
            connection.execute(change.values(metadata_location=location))


def strays(lake: Lake, name: str) -> set[Path]:
    """Data files in a table's folder that no state of the table names."""
    table = lake.table(name)
    named = {path for one in table.metadata.snapshots for path in local_paths(data_files(table, one))}
    return {path for path in (lake.folder / name / "data").rglob("*") if path.is_file() and str(path) not in named}


def left(lake: Lake) -> set[Path]:
    """What belongs to no import that is in."""
    return set((lake.folder / "work").iterdir()).union(*(strays(lake, name) for name in SCHEMAS))


def struck(lake: Lake, base: dict[str, str], known: set[Path]) -> str:
    """How far the import had come that was killed."""
    now = locations(lake)
    if now["cases"] != base["cases"]:
        return "committed"
    if now["rejects"] != base["rejects"]:
        return "committing"
    if left(lake) - known - set((lake.folder / "work").iterdir()):
        return "writing"
    return "reading" if any((lake.folder / "work").glob("*.lock")) else "starting"


def timed(importer: Importer, url: str, lake: Lake, of: tuple[Path, dict[str, str]]) -> float:
    """How many seconds an import takes that nobody kills."""
    path, base = of
    put_back(lake, base)
    importer.start(url, lake.folder.parent, path)
    begin = time.perf_counter()
    assert importer.wait(2)[0] == "begun"
    taken = time.perf_counter() - begin
    importer.end()
    return taken


def test_after_a_kill_anywhere_the_same_command_brings_what_one_import_brings(
    importer: Importer, blank_url: str, tmp_path: Path
) -> None:
    path = write_cases(tmp_path / "cases.csv", FILE)
    chance = random.Random(50)  # noqa: S311  # the same moments in every run
    outcomes: Counter[str] = Counter()
    with opened(blank_url, tmp_path) as lake:
        import_cases(lake, [write_cases(tmp_path / "before.csv", BEFORE)], holdings=CITY)
        list(map(lake.table, SCHEMAS))
        base = locations(lake)
        once = import_cases(lake, [path], holdings=CITY)
        whole = everything(lake)
        assert once == whole.counts[-1]
        assert min(once.rejected, once.unchanged, once.replaced, once.withdrawn, once.new) > 0
        reach = timed(importer, blank_url, lake, (path, base))
        for _ in range(KILLS):
            put_back(lake, base)
            known = left(lake)
            (child,) = importer.start(blank_url, tmp_path, path)
            time.sleep(chance.uniform(0, reach))
            os.kill(child, signal.SIGKILL)
            said = importer.end()
            outcome = struck(lake, base, known)
            outcomes[outcome] += 1
            # Two in three are to strike before the commit, however busy the machine is.
            reach *= 0.8 if outcome == "committed" else 1.1
            if outcome == "committed":
                assert everything(lake) == whole
            else:
                assert locations(lake)["cases"] == base["cases"]
                assert said in ([], ["begun"])
            again = import_cases(lake, [path], holdings=CITY)
            assert (again.read, again.accepted, again.rejected) == (once.read, once.accepted, once.rejected)
            assert everything(lake) == whole
            assert left(lake) <= known
    assert outcomes["committed"]
    assert sum(outcomes[name] for name in ("reading", "writing", "committing")) >= KILLS // 5, outcomes


CORRECTED = ("HALL", "PC", "KIOSK", "MOBILE")


def corrected(name: str, first: int, channel: str, folder: Path) -> Path:
    """A file of a hundred and one cases that says the same of each: the channel. One can't be."""
    rows = [case(n, accepted_at=MONTHS[0], applied_at="", channel=channel) for n in range(first, first + 100)]
    return write_cases(folder / name, [*rows, case(first, case_no=f"{name}-bad", matter="?")])


def blank(url: str, folder: Path) -> str:
    """The URL of a database without the lake's catalogue."""
    if url.startswith("sqlite"):
        return f"sqlite:///{folder}/registry.sqlite"
    engine = open_engine(url)
    SqlCatalogBaseTable.metadata.drop_all(engine)
    engine.dispose()
    return url


def one_after_the_other(lake: Lake, held_before: dict[str, str], files: dict[str, tuple[int, str]]) -> dict[str, str]:
    """What the files make of the cases if they come in the order that the ledger says."""
    now = dict(held_before)
    for entry in [one for one in entries(lake.table("cases")) if one.file in files]:
        first, channel = files[entry.file]
        now |= {f"A{n:07}": channel for n in range(first, first + 100)}
    return now


@pytest.mark.parametrize("nth", range(2))
def test_two_importers_at_once_lose_nothing_and_bring_nothing_twice(
    nth: int, importer: Importer, blank_url: str, tmp_path: Path
) -> None:
    url, known = blank(blank_url, tmp_path), dict[str, str]()
    # The first two make the lake, at the same moment.
    for wave in range(2):
        files = {f"{wave}{n}.csv": (n * 50, CORRECTED[wave * 2 + n]) for n in range(2)}
        importer.start(url, tmp_path, *(corrected(name, *how, tmp_path) for name, how in files.items()))
        said = [Imported(*counts) for counts in importer.wait(4) if counts != "begun"]
        importer.end()
        with opened(url, tmp_path) as lake:
            expected = one_after_the_other(lake, known, files)
            assert held(lake, "case_no, channel") == sorted(expected.items())
            imports = [one for one in entries(lake.table("cases")) if one.file in files]
            assert sorted(map(repr, said)) == sorted(repr(one.counts) for one in imports)
            assert [(one.read, one.accepted, one.rejected) for one in said] == [(101, 100, 1)] * 2
            assert sum(one.new for one in said) == len(expected) - len(known)
            assert [one.subject for one in rejects(lake)][-2:] == [f"{one.file}-bad" for one in imports]
            assert left(lake) == set()
        known = expected
