"""Queue commands of one stream within the process."""

import asyncio
from collections.abc import Sequence
from uuid import UUID
from weakref import WeakValueDictionary

from zugabe_events.domain.event import Stream


class StreamLocks:
    """Commands of one stream queue in their process instead of running into each other."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.attempts: set[UUID] = set()
        """Those under way in this process."""

    def of(self, streams: Sequence[Stream]) -> "Turn":
        """For `async with`: nobody else of this process has a turn on any of these streams."""
        locks = []
        for stream_id in sorted({stream.id for stream in streams}):
            lock = self._locks.get(stream_id)
            if lock is None:
                lock = self._locks[stream_id] = asyncio.Lock()
            locks.append(lock)
        return Turn(locks)


class Turn:
    """Locks taken in one order everywhere, so that two turns never wait for each other."""

    __slots__ = ("_held", "_locks")

    def __init__(self, locks: Sequence[asyncio.Lock]) -> None:
        self._locks = locks
        self._held: list[asyncio.Lock] = []

    @property
    def taken(self) -> bool:
        return any(lock.locked() for lock in self._locks)

    async def __aenter__(self) -> None:
        try:
            for lock in self._locks:
                await lock.acquire()
                self._held.append(lock)
        except BaseException:
            await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        for lock in self._held:
            lock.release()
        self._held.clear()
