"""Publishing what is planned when it falls due, beside a server: whichever process asks first does it."""

import logging
import threading
from datetime import UTC, datetime

from sqlalchemy import Engine

from registry.changes.scheduling import publish_due
from registry.errors import StoreUnreachable

logger = logging.getLogger(__name__)

INTERVAL = 1.0


class Punctual:
    """Asks the database for what is due, once a second, from `start` to `stop`."""

    def __init__(self, engine: Engine, interval: float = INTERVAL) -> None:
        self._engine = engine
        self._interval = interval
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="schedules", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the publication that is under way, if any."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _follow(self) -> None:
        away = False
        while not self._stopping.wait(self._interval):
            try:
                for schedule in publish_due(self._engine, datetime.now(UTC)):
                    logger.info("schedule %s: %s", schedule.code, schedule.state.en)
                away = False
            except StoreUnreachable as error:
                # Said once, not every second; what was due meanwhile is published when the database is back.
                if not away:
                    logger.warning("%s", error)
                away = True
            except Exception:
                logger.exception("what is due can't be published")
