"""A process that publishes on demand, and may be killed while it does.

For each line on its standard input, a draft's version to publish or `due`, it starts a
process that does it, and says: the number of that process, `begun` as it begins and
`ended` after it. The line after waits for its end, and `over` is the answer.
"""

import os
import sys
from datetime import UTC, datetime, timedelta

from registry.changes.releasing import publish_bundle
from registry.changes.scheduling import publish_due
from registry.editing.drafts import Seen, Terms
from registry.store.connect import open_engine
from tests.store.editing_city import ADMIN


def say(word: object) -> None:
    os.write(1, f"{word}\n".encode())


def publish(database: str, what: str) -> None:
    engine = open_engine(database)
    say("begun")
    if what == "due":
        publish_due(engine, datetime.now(UTC) + timedelta(days=2))
    else:
        publish_bundle(engine, Seen("B-1", int(what)), Terms(), ADMIN)
    say("ended")


def main(database: str) -> None:
    # What the first engine has to import, every child has then.
    open_engine(database).dispose()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            say(os.getpid())
            publish(database, line.strip())
            os._exit(0)
        # Until the next line the number stays this child's own, so that a signal can't hit another.
        sys.stdin.readline()
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main(sys.argv[1])
