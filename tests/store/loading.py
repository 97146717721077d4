"""A process that loads on demand, and may be killed while it does.

For each folder named on its standard input it starts a process that loads it, and
says: the number of that process, `begun` inside the transaction, `ended` after it.
The line after waits for its end, and `over` is the answer.
"""

import os
import sys
from pathlib import Path

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.exchange.planning import plan_load
from registry.exchange.reading import read_files
from registry.holdings import Holdings
from registry.plans import Plan
from registry.store.connect import open_engine


def say(word: object) -> None:
    os.write(1, f"{word}\n".encode())


def load(database: str, folder: Path) -> None:
    def plan(held: Holdings) -> Plan:
        say("begun")
        return plan_load(held, read_files([folder], held=held))

    load_holdings(open_engine(database), plan, administrator("someone"), "a load")
    say("ended")


def main(database: str) -> None:
    # What the first engine has to import, every child has then.
    open_engine(database).dispose()
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            load(database, Path(line.strip()))
            os._exit(0)
        say(child)
        # Until the next line the number stays this child's own, so that a signal can't hit another.
        sys.stdin.readline()
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main(sys.argv[1])
