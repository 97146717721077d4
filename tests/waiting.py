"""Waiting for what happens elsewhere."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it comes to hold; the wait is long so that a slow machine is no failure."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False
