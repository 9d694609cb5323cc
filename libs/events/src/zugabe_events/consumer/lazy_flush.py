"""Checkpoints behind messages without an effect, written late and together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from zugabe_events.consumer.checkpoints import Advance, FencedError
from zugabe_events.consumer.lane_tracker import LaneTracker

log = logging.getLogger(__name__)

FLUSH_DELAY_SECONDS, FLUSH_DELAY_ALONE_SECONDS = 0.05, 1.0
"""Soon where other processes ask for the positions, later where one process has all lanes."""
FLUSH_RETRY_INTERVAL_SECONDS = 1.0


class LazyFlush:
    """Nothing is lost without it: messages without an effect would be read again."""

    def __init__(
        self,
        name: str,
        lanes: LaneTracker,
        stopping: asyncio.Event,
        reread: Callable[[], Awaitable[None]],
    ) -> None:
        self.alone = False
        """No other replica has any of the partitions that this consumer reads."""
        self._name = name
        self._lanes = lanes
        self._stopping = stopping
        self._reread = reread
        self._task: asyncio.Task[None] | None = None

    def schedule(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await asyncio.sleep(FLUSH_DELAY_ALONE_SECONDS if self.alone else FLUSH_DELAY_SECONDS)
        while not self._stopping.is_set():
            try:
                return await self.flush()
            except Exception as error:
                log.warning(
                    "%s: checkpoints could not be written, retrying: %s: %s",
                    self._name, type(error).__name__, error,
                )  # fmt: skip
                await asyncio.sleep(FLUSH_RETRY_INTERVAL_SECONDS)

    async def flush(self) -> None:
        """Write checkpoints behind messages without an effect, and commit times others wait for."""
        async with self._lanes.exclusive():
            await self._flush()

    async def _flush(self) -> None:
        lanes = self._lanes
        untimed, lanes.untimed = lanes.untimed, {}
        if untimed:
            await lanes.checkpoints.put_times(untimed, lanes.effect_time)
        advances = [
            Advance(lane, state.stored, *state.unstored)
            for lane, state in lanes.states.items()
            if state.unstored is not None
        ]
        if not advances:
            return
        try:
            await lanes.checkpoints.advance(advances)
        except FencedError:
            for advance in advances:
                del lanes.states[advance.lane]
            if not self._stopping.is_set():
                await self._reread()
        else:
            for advance in advances:
                state = lanes.states[advance.lane]
                state.stored, state.unstored = advance.last.pos, None
