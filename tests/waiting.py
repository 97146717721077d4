"""Waiting for what happens elsewhere, and how often it is killed."""

import os
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


def kills(usually: int) -> int:
    """How often a test kills what it watches: as often as MATTERS_TEST_KILLS says, few times if it doesn't."""
    return int(os.environ.get("MATTERS_TEST_KILLS", usually))
