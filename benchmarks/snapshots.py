"""Loading a snapshot and searching it, at 1,000, 10,000 and 100,000 matters: both must grow linearly at most."""

import subprocess
import sys
import tempfile
from pathlib import Path

import orjson

from benchmarks.table import show

SIZES = (1_000, 10_000, 100_000)
QUERIES = ("身份证丢了", "公积金提取", "sfz", "开饭店", "jiashizheng huanzheng", "老人去世", "營業執照")


def measure(size: int, database: str) -> dict[str, float]:
    """In this process: seconds to load and index, megabytes it holds, seconds a search takes."""
    import gc
    import time

    from benchmarks.generate import generated
    from benchmarks.table import median_seconds
    from registry.store.connect import open_engine, writing
    from registry.store.current import read_snapshot
    from registry.store.holdings import put
    from registry.store.migrate import migrate
    from registry.store.revisions import add_revision

    engine = open_engine(database)
    migrate(engine)
    holdings = generated(size)
    with writing(engine) as connection:
        for kind in ("regions", "departments", "places", "matters", "bundles"):
            records = list(getattr(holdings, kind).values())
            put(connection, type(records[0]), records)
        add_revision(connection, "bench", "generated")
    del holdings, records
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
    search = median_seconds(lambda: [snapshot.search_matters(text) for text in QUERIES]) / len(QUERIES)
    return {
        "load_s": loaded, "held_mb": held, "index_s": warmed, "held_with_index_mb": _resident() - before,
        "search_ms": search * 1000,
    }  # fmt: skip


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Each size in a process of its own, so that memory is its own."""
    figures = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.snapshots", str(size), f"sqlite:///{folder}/bench.sqlite"]
            figures[size] = orjson.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    rows: list[tuple[object, ...]] = [
        (
            f"{size:,}",
            *(figures[size][name] for name in ("load_s", "index_s", "held_mb", "held_with_index_mb", "search_ms")),
        )
        for size in SIZES
    ]
    show(
        "快照与搜索 · snapshot and search",
        ("matters", "load s", "index s", "records MiB", "with indexes MiB", "search ms"),
        rows,
    )
    small, large = figures[SIZES[0]], figures[SIZES[-1]]
    factor = SIZES[-1] / SIZES[0]
    show(
        f"增长 · growth from {SIZES[0]:,} to {SIZES[-1]:,} (× {factor:.0f} matters)",
        ("what", "ratio", "limit"),
        [
            ("load time", large["load_s"] / small["load_s"], f"≤ {factor:.0f} × and a little (linear)"),
            (
                "memory with indexes",
                large["held_with_index_mb"] / small["held_with_index_mb"],
                f"≤ {factor:.0f} × (linear)",
            ),
            ("search", large["search_ms"] / small["search_ms"], "≤ 10 ×"),
        ],
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.stdout.buffer.write(orjson.dumps(measure(int(sys.argv[1]), sys.argv[2])))
    else:
        main()
