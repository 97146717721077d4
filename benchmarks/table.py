"""How a figure is shown, and how a time is taken."""

import statistics
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

console = Console(highlight=False)


def seconds_of(work: Callable[[], object]) -> float:
    """The wall time of one call, in seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median_seconds(work: Callable[[], object], *, runs: int = 7) -> float:
    """The median wall time of one call, in seconds, after one call that doesn't count."""
    work()
    return statistics.median(seconds_of(work) for _ in range(runs))


def show(title: str, headers: tuple[str, ...], rows: list[tuple[object, ...]], note: str = "") -> None:
    """Print one benchmark's figures."""
    table = Table(*headers, title=title, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(f"{cell:,.3g}" if isinstance(cell, float) else str(cell) for cell in row))
    console.print(table)
    if note:
        console.print(f"[dim]{note}[/dim]")
    console.print()
