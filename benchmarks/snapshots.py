"""Loading a snapshot and searching it, at 1,000, 10,000 and 100,000 matters: both must grow linearly at most."""

import gc
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

from benchmarks.table import show

SIZES = (1_000, 10_000, 100_000)
QUERIES = ("身份证丢了", "公积金提取", "sfz", "开饭店", "jiashizheng huanzheng", "老人去世", "營業執照")


def fill(size: int, database: str) -> dict[str, float]:
    """In this process: make a database with so many matters."""
    from benchmarks.generate import generated
    from registry.access import administrator
    from registry.changes.loads import load_holdings
    from registry.plans import plan_change
    from registry.store.connect import open_engine
    from registry.store.migrate import migrate

    engine = open_engine(database)
    migrate(engine)
    holdings = generated(size)
    start = time.perf_counter()
    load_holdings(engine, lambda held: plan_change(held, holdings), administrator("bench"), "generated")
    return {"write_s": time.perf_counter() - start}


def measure(size: int, database: str) -> dict[str, float]:
    """In this process: seconds to load and index, mebibytes it holds, milliseconds a search takes."""
    from benchmarks.table import median_seconds
    from registry.exchange.reference import reference_holdings
    from registry.snapshot import Snapshot
    from registry.store.connect import open_engine
    from registry.store.current import read_snapshot

    # The libraries and their dictionaries are there before anything is measured.
    Snapshot(reference_holdings(), 0, None).warm()
    engine = open_engine(database)
    gc.collect()
    before = _resident()
    start = time.perf_counter()
    snapshot = read_snapshot(engine)
    loaded = time.perf_counter() - start
    held = _resident() - before
    start = time.perf_counter()
    snapshot.warm()
    warmed = time.perf_counter() - start
    gc.collect()
    indexed = _resident() - before
    assert len(snapshot.matters.records) == size
    search = median_seconds(lambda: [snapshot.search_matters(text) for text in QUERIES]) / len(QUERIES)
    return {
        "load_s": loaded, "held_mb": held, "index_s": warmed, "held_with_index_mb": indexed, "search_ms": search * 1000,
    }  # fmt: skip


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Each size in a process of its own, so that memory is its own."""
    figures = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            database = f"sqlite:///{folder}/bench.sqlite"
            figures[size] = _elsewhere("fill", size, database) | _elsewhere("measure", size, database)
    rows: list[tuple[object, ...]] = [
        (
            f"{size:,}",
            *(
                figures[size][name]
                for name in ("write_s", "load_s", "index_s", "held_mb", "held_with_index_mb", "search_ms")
            ),
        )
        for size in SIZES
    ]
    show(
        "快照与搜索 · snapshot and search",
        ("matters", "write s", "load s", "index s", "records MiB", "with indexes MiB", "search ms"),
        rows,
    )
    small, middle, large = (figures[size] for size in SIZES)
    # A thousand matters fit into memory that was freed before: what they take shows only from ten thousand on.
    show(
        "增长 · growth",
        ("what", "from", "to", "ratio", "limit"),
        [
            ("load time", "10,000", "100,000", large["load_s"] / middle["load_s"], "about 10 × (linear)"),
            ("memory, records", "10,000", "100,000", large["held_mb"] / middle["held_mb"], "about 10 × (linear)"),
            (
                "memory, with indexes", "10,000", "100,000",
                large["held_with_index_mb"] / middle["held_with_index_mb"], "about 10 × (linear)",
            ),
            ("search", "1,000", "100,000", large["search_ms"] / small["search_ms"], "≤ 10 ×"),
        ],
    )  # fmt: skip


def _elsewhere(what: str, size: int, database: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.snapshots", what, str(size), database]
    figures: dict[str, float] = orjson.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return figures


if __name__ == "__main__":
    if len(sys.argv) == 4:
        work = {"fill": fill, "measure": measure}[sys.argv[1]]
        sys.stdout.buffer.write(orjson.dumps(work(int(sys.argv[2]), sys.argv[3])))
    else:
        main()
