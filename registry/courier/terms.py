"""On which terms the courier works: when it tries again, how long it waits, when it gives up."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

# What lies between a failure and the next attempt. After the last of them it is given up, some 16 hours on.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=8),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Numbers are seconds.

    A pause is longer or shorter by up to `jitter` of itself, so that what failed at once
    is not tried again at once; `chance` gives numbers from 0 to 1. `total` bounds one
    request, `connect` its beginning. `lease` must be longer than a request and what is
    written around it: after so long a courier that says nothing is taken for dead.
    """

    pauses: tuple[timedelta, ...] = PAUSES
    jitter: float = 0.2
    chance: Callable[[], float] = random.random
    connect: float = 5.0
    total: float = 15.0
    lease: timedelta = timedelta(seconds=90)
    interval: float = 0.5
    at_once: int = 8

    def pause(self, failures: int) -> timedelta | None:
        """How long to wait after so many failures in a row; None: no longer."""
        if failures > len(self.pauses):
            return None
        return self.pauses[failures - 1] * (1 + self.jitter * (2 * self.chance() - 1))
