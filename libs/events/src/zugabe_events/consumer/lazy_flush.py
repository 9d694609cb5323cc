"""Checkpoints behind messages without an effect, written late and together."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from zugabe_events.consumer.checkpoints import FencedError, write_updates
from zugabe_events.consumer.lane_tracker import LaneTracker

log = logging.getLogger(__name__)

FLUSH_DELAY_SECONDS, HURRIED_FLUSH_DELAY_SECONDS = 1.0, 0.05
HURRY_SECONDS = 1.0
"""The time for which flushes are early after a query of another process asked for checkpoints."""
FLUSH_RETRY_INTERVAL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Flushed:
    """The lanes of one consumer, and a function that reads them on from their checkpoints."""

    name: str
    lanes: LaneTracker
    stopping: asyncio.Event
    reread: Callable[[], Awaitable[None]]


class LazyFlush:
    """Nothing is lost without it: messages without an effect would be read again.

    Flushes all consumers that are fed together in one request, between their batches.
    """

    def __init__(self, *flushed: Flushed) -> None:
        self._hurry_until = 0.0
        self._hurried = asyncio.Event()
        self.between_batches = asyncio.Lock()
        self.flushed = list(flushed)
        self._task: asyncio.Task[None] | None = None

    def schedule(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def hurry(self) -> None:
        """Flush soon, now and for a while."""
        self._hurry_until = time.monotonic() + HURRY_SECONDS
        self._hurried.set()

    async def _run(self) -> None:
        await self._wait()
        while not all(flushed.stopping.is_set() for flushed in self.flushed):
            try:
                return await self.flush()
            except Exception as error:
                log.warning(
                    "%s: checkpoints could not be written, retrying: %s: %s",
                    ", ".join(flushed.name for flushed in self.flushed),
                    type(error).__name__,
                    error,
                )
                await asyncio.sleep(FLUSH_RETRY_INTERVAL_SECONDS)

    async def _wait(self) -> None:
        if time.monotonic() < self._hurry_until:
            return await asyncio.sleep(HURRIED_FLUSH_DELAY_SECONDS)
        self._hurried.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FLUSH_DELAY_SECONDS):
                await self._hurried.wait()

    async def flush(self) -> None:
        """Write checkpoints behind messages without an effect, and commit times others wait for."""
        async with self.between_batches, AsyncExitStack() as stack:
            together = tuple(self.flushed)
            for flushed in together:
                await stack.enter_async_context(flushed.lanes.exclusive())
            await flush_together([each for each in together if each.lanes.has_unflushed])


async def flush_together(ripe: Sequence[Flushed]) -> None:
    """In one request, or each alone if another owner has moved a checkpoint."""
    if len(ripe) > 1:
        try:
            updates = [update for flushed in ripe for update in flushed.lanes.flush_updates()]
            await write_updates(ripe[0].lanes.checkpoints.db, updates)
        except FencedError:
            pass
        else:
            for flushed in ripe:
                flushed.lanes.note_flushed()
            return
    for flushed in ripe:
        await flush_alone(flushed)


async def flush_alone(flushed: Flushed) -> None:
    lanes = flushed.lanes
    if lanes.untimed:
        await lanes.checkpoints.put_times(lanes.untimed, lanes.effect_time)
        lanes.untimed.clear()
    if not (advances := lanes.unflushed()):
        return
    try:
        await lanes.checkpoints.advance(advances)
    except FencedError:
        for advance in advances:
            del lanes.states[advance.lane]
        if not flushed.stopping.is_set():
            await flushed.reread()
    else:
        lanes.note_flushed()
