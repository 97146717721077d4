"""What is told in the states asked about last, made once for each and held as long as it fits."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from registry.lake.engines.told import Told
from registry.lake.volumes import State

# Groups and volumes of all states together, at some fifty bytes a group. A city's year is a million of them at most.
MOST_HELD = 10_000_000
MOST_STATES = 8


class States:
    """Holds what is told by state. May be asked by many threads: one makes it, and those who want the same wait."""

    def __init__(self, most: int = MOST_HELD) -> None:
        self._most, self._lock = most, Lock()
        self._held: OrderedDict[State, Future[Told]] = OrderedDict()

    def told(self, state: State, make: Callable[[], Told]) -> Told:
        """What is told in a state; made if it isn't held."""
        with self._lock:
            future = self._held.get(state)
            mine = future is None
            if future is None:
                future = self._held[state] = Future()
            self._held.move_to_end(state)
        if mine:
            self._make(state, future, make)
        return future.result()

    def _make(self, state: State, future: Future[Told], make: Callable[[], Told]) -> None:
        try:
            future.set_result(make())
        except BaseException as error:
            # Who comes next tries again.
            with self._lock:
                self._held.pop(state, None)
            future.set_exception(error)
            return
        with self._lock:
            while len(self._held) > 1 and (len(self._held) > MOST_STATES or self._size() > self._most):
                self._held.popitem(last=False)

    def _size(self) -> int:
        return sum(len(future.result()) for future in self._held.values() if future.done() and not future.exception())
