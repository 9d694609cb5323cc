"""Locks by stream, which queue commands within the process."""

import asyncio
from collections.abc import Sequence
from uuid import UUID
from weakref import WeakValueDictionary

from zugabe_events.domain.event import Stream


class StreamLocks:
    """Commands of one stream wait for each other instead of failing with StaleError."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.attempts: set[UUID] = set()
        """Attempts under way in this process."""

    def of(self, streams: Sequence[Stream]) -> "Locks":
        """Exclusive access to streams within this process, for `async with`."""
        locks = []
        for stream_id in sorted({stream.id for stream in streams}):
            lock = self._locks.get(stream_id)
            if lock is None:
                lock = self._locks[stream_id] = asyncio.Lock()
            locks.append(lock)
        return Locks(locks)


class Locks:
    """Locks that are acquired in a fixed order, so that they cannot deadlock."""

    __slots__ = ("_acquired", "_locks")

    def __init__(self, locks: Sequence[asyncio.Lock]) -> None:
        self._locks = locks
        self._acquired: list[asyncio.Lock] = []

    @property
    def taken(self) -> bool:
        return any(lock.locked() for lock in self._locks)

    async def __aenter__(self) -> None:
        try:
            for lock in self._locks:
                await lock.acquire()
                self._acquired.append(lock)
        except BaseException:
            await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        for lock in self._acquired:
            lock.release()
        self._acquired.clear()
