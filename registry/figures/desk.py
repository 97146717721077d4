"""The desk: questions about rates, answered from the lake's volumes and the catalogue's snapshot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from registry.figures.synthetic import holds_synthetic
from registry.holdings import Holdings
from registry.lake.engines import Engine, open_engine
from registry.lake.tables import Lake, open_lake
from registry.lake.volumes import State, state
from registry.rates.attributes import Attributes
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Question
from registry.rates.rate import Rate
from registry.rates.reckon import RateTable, tabulate
from registry.settings import Settings
from registry.snapshot import Snapshot

STATES_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Reported:
    """An answer, and what it rests on: the lake's state and the catalogue's snapshot. The same two, the same answer.

    `synthetic`: among the cases are made-up ones.
    """

    table: RateTable
    state: State
    snapshot: Snapshot
    as_reported_on: datetime | None
    synthetic: bool = False


class Desk:
    """Answers questions. `catalogue` gives the snapshot to answer from; `engine` counts cases."""

    def __init__(
        self, catalogue: Callable[[], Snapshot], lake: Lake, engine: Engine, rates: Mapping[str, Rate] = RATES_BY_NAME
    ) -> None:
        self.catalogue, self.lake, self._engine, self.rates = catalogue, lake, engine, rates
        self._synthetic: dict[State, bool] = {}
        self._attributes: Attributes | None = None

    def ask(self, question: Question, *, as_reported_on: datetime | None = None) -> Reported:
        """The answer as of now, or as cases and volumes were known at a moment (without a zone: the city's clock).

        Raises RefusedInput for a question that makes no sense, ClusterAway, StoreUnreachable.
        """
        held, snapshot = state(self.lake, as_reported_on=as_reported_on), self.catalogue()
        attributes = self._attributes_of(snapshot.holdings)
        table = tabulate(question, self._engine.counter(self.lake, held, attributes), attributes, self.rates)
        return Reported(table, held, snapshot, as_reported_on, self._holds_synthetic(held))

    def standing(self) -> State:
        """The lake's state now. While it and the catalogue's revision stay, every answer does."""
        return state(self.lake)

    def _attributes_of(self, holdings: Holdings) -> Attributes:
        """The catalogue as rates see it. It takes longer to make than to answer, so that of the last catalogue is kept."""
        attributes = self._attributes
        if attributes is None or attributes.holdings is not holdings:
            attributes = self._attributes = Attributes(holdings)
        return attributes

    def _holds_synthetic(self, held: State) -> bool:
        if held not in self._synthetic:
            if len(self._synthetic) >= STATES_REMEMBERED:
                self._synthetic.clear()
            self._synthetic[held] = holds_synthetic(self.lake, held)
        return self._synthetic[held]

    def close(self) -> None:
        """Let the lake and the engine go."""
        self._engine.close()
        self.lake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_desk(settings: Settings, catalogue: Callable[[], Snapshot], rates: Mapping[str, Rate] = RATES_BY_NAME) -> Desk:
    """The desk that the settings describe. The registry's tables are taken as they are: nothing is migrated.

    Raises WrongSetting for a database or an engine that can't be one.
    """
    engine = open_engine(settings.rates_engine)
    return Desk(catalogue, open_lake(settings.database, Path(settings.lake)), engine, rates)
