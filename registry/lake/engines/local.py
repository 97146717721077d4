"""The engine in this process: months held in memory, and DuckDB for what needs days."""

from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # it carries no types
import pyarrow.dataset as ds  # type: ignore[import-untyped, unused-ignore]  # it carries no types

from registry.lake.engines.choosing import TooCoarse
from registry.lake.engines.counting import count
from registry.lake.engines.reducing import Expression, Source, reduced, volumes_in
from registry.lake.engines.states import States
from registry.lake.engines.told import Told
from registry.lake.tables import Lake
from registry.lake.volumes import SCHEMA, State, derive, months_of, reports_of
from registry.rates.attributes import Attributes
from registry.rates.counting import CaseCount, Counter
from registry.rates.question import Question
from registry.rates.volumes import COLUMNS, Given, Grain, Origin

CELL = [name for name in COLUMNS if name != "count"]


class DuckDB:
    """DuckDB in memory, in this process, and before it the months of the states asked about last."""

    def __init__(self) -> None:
        self._backend: Any = None  # connected when a question needs days
        # A connection serves one thread at a time.
        self._lock = Lock()
        self._states = States()

    def reduced(self, volumes: Source, question: Question) -> Told:
        """See Engine."""
        # A data set reads from its files only the columns and rows that are asked for.
        held = ds.dataset(volumes) if isinstance(volumes, Path) else volumes
        with self._lock:
            return reduced(_table(held), question, self._fetched)

    def counter(self, lake: Lake, held: State, attributes: Attributes) -> Counter:
        """See Engine."""
        told = self._states.told(held, lambda: Told(months_of(lake, held), volumes_in(reports_of(lake, held))))

        def counted(question: Question) -> CaseCount:
            try:
                return count(question, told, attributes)
            except TooCoarse:
                return count(question, self._by_day(lake, held, told, question), attributes)

        return counted

    def close(self) -> None:
        """See Engine."""
        if self._backend is not None:
            self._backend.disconnect()

    def _fetched(self, expression: Expression) -> pa.Table:
        if self._backend is None:
            import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types

            self._backend = ibis.duckdb.connect()
        return self._backend.to_pyarrow(expression)

    def _by_day(self, lake: Lake, held: State, told: Told, question: Question) -> Told:
        """What is told of days, as far as the question needs it."""
        paths = derive(lake, held)
        with self._lock:
            table = _days(paths) if paths else _table(SCHEMA.empty_table())
            return reduced(table, question, self._fetched, told.reports)


def _table(held: pa.Table | ds.Dataset) -> Expression:
    import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types

    return ibis.memtable(held)


def _days(paths: list[str]) -> Expression:
    """The counts of days as volumes. Where they will be told of one by one, what was counted in several files is one."""
    import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types

    words = {"grain": Grain.DAY, "given": Given.COUNT, "origin": Origin.DERIVED}
    counts = _table(ds.dataset(paths, format="parquet"))
    days = counts.mutate(**{name: ibis.literal(word.name) for name, word in words.items()}).select(*COLUMNS)
    undivided = (
        days.filter(days.district.isnull()).group_by(CELL).agg(count=lambda cell: cell["count"].sum().cast("int64"))
    )
    return days.filter(days.district.notnull()).union(undivided.select(*COLUMNS))
