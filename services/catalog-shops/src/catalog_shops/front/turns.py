"""A bound on what strangers can make a process do at a time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from zugabe_events.domain.errors import UnavailableError


class Turns:
    """So many at a time. Up to `most_waiting` wait for their turn; others have to come again."""

    def __init__(self, at_once: int, most_waiting: int = 0) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._left = at_once + most_waiting

    @asynccontextmanager
    async def taken(self) -> AsyncGenerator[None]:
        """Raise UnavailableError."""
        if self._left <= 0:
            raise UnavailableError("Zurzeit gibt es zu viele Anfragen. Bitte gleich noch einmal.")
        self._left -= 1
        try:
            async with self._free:
                yield
        finally:
            self._left += 1
