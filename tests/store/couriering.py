"""A process that is nothing but a courier, to be killed at any moment. It says when it is at work."""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from registry.courier.courier import Courier
from registry.courier.terms import Terms
from registry.store.connect import open_engine

# Nothing of a test waits for these: couriers that follow a killed one have a clock that is ahead.
TERMS = Terms(pauses=(timedelta(milliseconds=5),) * 9, jitter=0.0, interval=0.02)

if __name__ == "__main__":
    ahead = timedelta(hours=float(sys.argv[2]))
    Courier(open_engine(sys.argv[1]), TERMS, lambda: datetime.now(UTC) + ahead).start()
    os.write(1, b"begun\n")
    time.sleep(600)
