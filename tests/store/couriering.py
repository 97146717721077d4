"""A process that is a courier, and publishes too if it is told to, to be killed at any moment.

Arguments: the database, by how many hours its clock is ahead, and `publish` if it is to. It says when it is at work.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from registry.access import administrator
from registry.changes.closing import close
from registry.closures import Closure
from registry.courier.courier import Courier
from registry.courier.terms import Terms
from registry.store.connect import open_engine
from registry.words import Channel

# Nothing of a test waits for these: couriers that follow a killed one have a clock that is ahead.
TERMS = Terms(pauses=(timedelta(milliseconds=5),) * 9, jitter=0.0, interval=0.02)
KIOSKS = Closure("", "检修", datetime(2020, 10, 22, 12, tzinfo=UTC), channel=Channel.KIOSK)

if __name__ == "__main__":
    database, hours, *others = sys.argv[1:]
    engine = open_engine(database)
    Courier(engine, TERMS, lambda: datetime.now(UTC) + timedelta(hours=float(hours))).start()
    os.write(1, b"begun\n")
    while "publish" in others:
        close(engine, KIOSKS, administrator("someone"))
        time.sleep(0.01)  # SQLite lets who waits in only while nobody writes
    time.sleep(600)
