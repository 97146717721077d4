"""The desk: questions about rates, answered from the lake's volumes and the catalogue's snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from registry.lake.engines import Engine
from registry.lake.tables import Lake
from registry.lake.volumes import State, state, volumes_of
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Question
from registry.rates.rate import Rate
from registry.rates.reckon import RateTable, reckon
from registry.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Reported:
    """An answer, and what it rests on: the lake's state and the catalogue's snapshot. The same two, the same answer."""

    table: RateTable
    state: State
    snapshot: Snapshot
    as_reported_on: datetime | None


class Desk:
    """Answers questions. `catalogue` gives the snapshot to answer from; `engine` brings volumes down to a question."""

    def __init__(
        self, catalogue: Callable[[], Snapshot], lake: Lake, engine: Engine, rates: Mapping[str, Rate] = RATES_BY_NAME
    ) -> None:
        self.catalogue, self.lake, self._engine, self.rates = catalogue, lake, engine, rates

    def ask(self, question: Question, *, as_reported_on: datetime | None = None) -> Reported:
        """The answer as of now, or as cases and volumes were known at a moment (without a zone: the city's clock).

        Raises RefusedInput for a question that makes no sense, ClusterAway, StoreUnreachable.
        """
        held, snapshot = state(self.lake, as_reported_on=as_reported_on), self.catalogue()
        reduced = self._engine.reduced(volumes_of(self.lake, held), question)
        return Reported(reckon(question, reduced, snapshot.holdings, self.rates), held, snapshot, as_reported_on)

    def standing(self) -> State:
        """The lake's state now. While it and the catalogue's revision stay, every answer does."""
        return state(self.lake)

    def close(self) -> None:
        """Let the lake and the engine go."""
        self._engine.close()
        self.lake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
