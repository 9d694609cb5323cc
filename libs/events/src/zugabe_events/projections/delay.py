"""For how long a read model has lacked events of another log: looked up in the background, so that
whoever must not read what is too old can ask at any time."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable

import aiohttp
from pymongo.errors import PyMongoError

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.projections.read_your_writes import Heads

log = logging.getLogger(__name__)

LOOK_INTERVAL_SECONDS = 10.0
BEHIND_INTERVAL_SECONDS = 2.0
"""While the read model lacks something."""

START_GRACE_SECONDS = 15.0
"""Events that a process finds missing when it starts may have been missing for long."""

MAX_OPEN = 1_000

NO_ANSWER = (aiohttp.ClientError, TimeoutError, PyMongoError, UnavailableError)


class Delay:
    """`heads` asks for the ends of the log, `reached` whether the read model includes them.

    What is not reached for `patience` seconds since it became known is too late. A log whose owner
    does not answer has no new ends, and one in which nothing happens is always reached.
    """

    def __init__(
        self,
        heads: Callable[[], Awaitable[Heads]],
        reached: Callable[[Heads], Awaitable[bool]],
        patience: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._heads = heads
        self._reached = reached
        self._patience = patience
        self._clock = clock
        self._open: deque[tuple[float, Heads]] = deque()
        self._latest: Heads | None = None

    def is_too_long(self) -> bool:
        return bool(self._open) and self._clock() - self._open[0][0] > self._patience

    async def look(self) -> None:
        """Note the ends of the log, and forget those that are reached."""
        with contextlib.suppress(*NO_ANSWER):
            self._note(await self._heads())
        with contextlib.suppress(*NO_ANSWER):
            if self._open and await self._reached(self._open[-1][1]):
                self._open.clear()
            while self._open and await self._reached(self._open[0][1]):
                self._open.popleft()

    def _note(self, heads: Heads) -> None:
        if heads == self._latest:
            return
        since = self._clock()
        if self._latest is None:
            since -= max(0.0, self._patience - START_GRACE_SECONDS)
        if len(self._open) >= MAX_OPEN:
            since, _ = self._open.pop()
        self._latest = heads
        self._open.append((since, heads))

    async def watch(self) -> None:
        """Look at once, and again and again until cancelled."""
        was_too_long = False
        while True:
            try:
                await self.look()
            except Exception as error:
                log.info("it is unknown how old a read model is: %s", type(error).__name__)
            if was_too_long != (was_too_long := self.is_too_long()):
                log.info("a read model lacks events for too long: %s", was_too_long)
            await asyncio.sleep(BEHIND_INTERVAL_SECONDS if self._open else LOOK_INTERVAL_SECONDS)
