"""Pages in memory: shown again as long as the documents that they are made of stay the same.

Whether they do is one query for their stamps. So a page is never older than the read models.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from cachetools import LRUCache

from catalog_shops.front.reading import Reading
from zugabe_events.domain.views import StampReader

type Make[Value] = Callable[[Reading], Awaitable[Value]]


@dataclass(frozen=True, slots=True)
class Made[Value]:
    """`reading` is what it was made of. `begun` counts with the requests, in their order."""

    value: Value
    reading: Reading
    begun: int


class StampedCache[Value]:
    """Keeps up to `max_size` of what was made, by the sum of `size_of`, used last.

    What is missing is made once for all who asked before it was begun.
    """

    def __init__(self, stamps: StampReader, size_of: Callable[[Value], int], max_size: int) -> None:
        self._stamps = stamps
        self._made: LRUCache[Hashable, Made[Value]] = LRUCache(
            max_size, getsizeof=lambda made: size_of(made.value)
        )
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()
        self._count = itertools.count()

    def __len__(self) -> int:
        return len(self._made)

    async def get(self, key: Hashable, at: datetime, make: Make[Value]) -> Made[Value]:
        """The page made before for this key, or the one that `make` returns now."""
        asked = next(self._count)
        if (current := await self._current(key, at)) is not None:
            return current
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            made = self._made.get(key)
            if made is not None and made.begun > asked and made.reading.is_within(at):
                return made
            if (current := await self._current(key, at)) is not None:
                return current
            begun, reading = next(self._count), Reading.as_of(at)
            made = Made(await make(reading), reading, begun)
            self._keep(key, made)
            return made

    async def _current(self, key: Hashable, at: datetime) -> Made[Value] | None:
        made = self._made.get(key)
        if made is None or not made.reading.is_within(at):
            return None
        stamps = await self._stamps.stamps(made.reading.keys)
        return made if made.reading.holds(stamps) else None

    def _keep(self, key: Hashable, made: Made[Value]) -> None:
        try:
            self._made[key] = made
        except ValueError:  # larger than all that may be kept
            self._made.pop(key, None)
