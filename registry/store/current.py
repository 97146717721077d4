"""The current snapshot: follows the database's revision, and goes on without it when it is away."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Engine

from registry.editing.history import extended
from registry.errors import StoreUnreachable
from registry.snapshot import Snapshot
from registry.store.announcements import read_recent
from registry.store.connect import reading
from registry.store.holdings import read_holdings
from registry.store.renewing import renewed
from registry.store.revisions import current_revision
from registry.store.versions import newest_versions, versions_since

logger = logging.getLogger(__name__)

# Every process shows a change within a second of its commit: asked four times a
# second, a revision number costs the database next to nothing.
INTERVAL = 0.25


def read_snapshot(engine: Engine, held: Snapshot | None = None) -> Snapshot:
    """The newest revision's snapshot, read as of one moment. What is held and has not changed is not read again.

    Raises StoreUnreachable.
    """
    with reading(engine) as connection:
        revision = current_revision(connection)
        recent = read_recent(connection, revision.number, held.recent if held else None)
        holdings = renewed(connection, held, recent) if held else None
        if held is None or holdings is None:
            holdings = read_holdings(connection)
            history = extended({}, newest_versions(connection), holdings.bundles)
            return Snapshot(holdings, revision.number, revision.published_at, recent, history)
        newer = versions_since(connection, held.revision)
    history = extended(held.history, newer, holdings.bundles)
    snapshot = Snapshot(holdings, revision.number, revision.published_at, recent, history)
    snapshot.take_over(held)
    return snapshot


class Current:
    """Holds the newest snapshot. Readers take `snapshot` once and keep it for their whole answer.

    `unreachable_since` is when the database stopped answering; None while it answers.
    """

    def __init__(self, engine: Engine, interval: float = INTERVAL) -> None:
        self._engine = engine
        self._interval = interval
        self._stopping = threading.Event()
        # Two that read at once could leave the older one's snapshot in place of the newer one's.
        self._refreshing = threading.Lock()
        self._thread = threading.Thread(target=self._follow, name="revision", daemon=True)
        self.unreachable_since: datetime | None = None
        self.snapshot = read_snapshot(engine)

    def start(self) -> None:
        """Begin to follow the database."""
        self._thread.start()

    def stop(self) -> None:
        """Stop following it."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def refresh(self) -> None:
        """Read the newest revision if it is not the one held. Never raises: the old snapshot goes on answering."""
        with self._refreshing:
            self._refresh()

    def _refresh(self) -> None:
        try:
            with reading(self._engine) as connection:
                newest = current_revision(connection).number
            if newest != self.snapshot.revision:
                snapshot = read_snapshot(self._engine, self.snapshot)
                snapshot.warm()
                self.snapshot = snapshot
                logger.info("revision %d is published", snapshot.revision)
        except StoreUnreachable as error:
            if self.unreachable_since is None:
                self.unreachable_since = datetime.now(UTC)
                logger.warning("%s", error)
            return
        except Exception:
            # Whatever is wrong with a new revision must not take the old one's readers down.
            logger.exception("the newest revision can't be read; revision %d goes on", self.snapshot.revision)
            return
        if self.unreachable_since is not None:
            logger.warning("the database answers again")
            self.unreachable_since = None

    def _follow(self) -> None:
        self._safely(self.snapshot.warm)
        while not self._stopping.wait(self._interval):
            self.refresh()

    @staticmethod
    def _safely(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            logger.exception("the indexes can't be made ahead of the first query")
