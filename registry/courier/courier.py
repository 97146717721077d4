"""The courier's round: whose turn is it, try, write down what came of it; until it is told to stop.

One webhook's announcements go in the order of their revisions, one at a time: one that fails
holds back those after it, and no other webhook's. Every process of a server has a courier;
the database says whose turn it is.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Engine

from registry.courier.terms import Terms
from registry.errors import StoreUnreachable
from registry.store.connect import reading, writing
from registry.store.deliveries import Attempt, Outcome, begin_attempt, end_attempt, turns
from registry.webhooks import DeliveryState

T = TypeVar("T")

logger = logging.getLogger(__name__)

STANDARD = Terms()
CUT_OFF = Outcome(None, "服务停止，未等到应答 / the server stopped before the answer came")


def _now() -> datetime:
    return datetime.now(UTC)


class Courier:
    """Delivers what is announced, in a thread of its own, from `start` to `stop`."""

    def __init__(self, engine: Engine, terms: Terms = STANDARD, clock: Callable[[], datetime] = _now) -> None:
        self._engine, self._terms, self._clock = engine, terms, clock
        self._thread = threading.Thread(target=self._work, name="courier", daemon=True)
        self._told_to_stop = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._away = False

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End. A request under way is broken off, and made again by whoever comes next."""
        self._told_to_stop.set()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            runner.run(self._rounds())

    async def _rounds(self) -> None:
        at_work: dict[str, asyncio.Task[None]] = {}
        while not self._told_to_stop.is_set():
            at_work = {code: task for code, task in at_work.items() if not task.done()}
            for code in await asyncio.to_thread(self._turns):
                if code not in at_work and len(at_work) < self._terms.at_once:
                    at_work[code] = asyncio.create_task(self._serve(code))
            await self._unless_stopping(asyncio.sleep(self._terms.interval))
        await asyncio.gather(*at_work.values())

    async def _serve(self, webhook: str) -> None:
        """Make attempts for one webhook until nothing is due. Never raises: what goes wrong is tried again."""
        try:
            while not self._told_to_stop.is_set():
                attempt = await asyncio.to_thread(self._begin, webhook)
                if attempt is None:
                    return
                outcome = await self._send(attempt)
                state = await asyncio.to_thread(self._end, attempt, outcome)
                level = logging.WARNING if state is DeliveryState.DEAD else logging.INFO
                logger.log(level, "%s to %s: %s: %s", attempt.delivery.code, webhook, state.en, outcome.said)
        except StoreUnreachable as error:
            logger.warning("%s", error)
        except Exception:
            logger.exception("the courier can't serve %s", webhook)

    async def _send(self, attempt: Attempt) -> Outcome:
        from registry.courier.sending import send  # the HTTP client, which a server without webhooks need not load

        return await self._unless_stopping(send(attempt, self._terms, self._clock())) or CUT_OFF

    async def _unless_stopping(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What comes of the work; None if the courier is to stop first."""
        doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait((doing, stopping), return_when=asyncio.FIRST_COMPLETED)
        if doing.done():
            stopping.cancel()
            return doing.result()
        doing.cancel()
        await asyncio.wait((doing,))
        return None

    def _turns(self) -> list[str]:
        try:
            with reading(self._engine) as connection:
                found = turns(connection, self._clock())
        except Exception as error:
            # Said once: it is asked twice a second, and the thread must outlive whatever this is.
            if not self._away:
                logger.warning("the courier waits: %s", error, exc_info=not isinstance(error, StoreUnreachable))
            self._away = True
            return []
        self._away = False
        return found

    def _begin(self, webhook: str) -> Attempt | None:
        with writing(self._engine) as connection:
            return begin_attempt(connection, webhook, self._clock(), self._terms.lease)

    def _end(self, attempt: Attempt, outcome: Outcome) -> DeliveryState:
        with writing(self._engine) as connection:
            return end_attempt(connection, attempt, outcome, self._clock(), self._terms.pause)
