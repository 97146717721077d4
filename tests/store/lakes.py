"""A small city for the tests of the lake, its files of cases, and what a lake holds."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from registry.lake.settle import parquet
from registry.lake.tables import Lake, data_files, local_paths, open_lake
from tests.make import make_bundle, make_holdings, make_matter, make_region

CITY = make_holdings(
    *(make_matter(f"M-{n}", task_code=f"T-{n}") for n in range(20)),
    make_region("330105", name="拱墅区", parent="330100"),
    make_bundle("B-1", members=["M-1"]),
)
HEADER = (
    "case_no", "matter", "district", "channel", "applied_at", "accepted_at", "decided_at",
    "assisted", "bundle", "withdrawn",
)  # fmt: skip
NOW = datetime(2026, 11, 23, 12)


def case(number: int, **fields: str) -> dict[str, str]:
    """A case as a file has it, for a whole number: fine unless the fields say otherwise."""
    month = number % 12 + 1
    given = {
        "case_no": f"A{number:07}", "matter": f"M-{number % 20}", "district": "330102",
        "channel": ("MOBILE", "PC", "KIOSK", "HALL")[number % 4],
        "applied_at": f"2020-{month:02}-01 08:00:00", "accepted_at": f"2020-{month:02}-{number % 27 + 1:02} 09:30:00",
        "decided_at": "", "assisted": "0", "bundle": "", "withdrawn": "",
    }  # fmt: skip
    return given | fields


def write_cases(path: Path, cases: Iterable[dict[str, str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, HEADER)
        writer.writeheader()
        writer.writerows(cases)
    return path


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Lake]:
    with open_lake(url, folder / "lake", memory="300MB", clock=lambda: NOW) as lake:
        yield lake


def held(lake: Lake, columns: str = "case_no, matter, district, channel, accepted_at, assisted, bundle") -> list[Any]:
    """What the table of cases holds now, in the order of case numbers."""
    table = lake.table("cases")
    paths = local_paths(data_files(table, table.current_snapshot()))
    if not paths:
        return []
    return duckdb.sql(f"SELECT {columns} FROM {parquet(paths)} ORDER BY case_no").fetchall()
