"""Alarms about gaps that stay open: they need an operator."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from datetime import datetime

from pymongo.errors import PyMongoError

from zugabe_events.consumer.lane_state import LaneState
from zugabe_events.consumer.lane_tracker import LaneTracker
from zugabe_events.messaging.message import Lane

log = logging.getLogger(__name__)

GAP_CHECK_INTERVAL_SECONDS = 1.0
GAP_ALARM_INTERVAL_SECONDS = 5.0


class GapMonitor:
    """Repeats its alarm while a gap is open, also when no messages arrive, and stores the gap where
    other processes see it."""

    def __init__(
        self, name: str, lanes: LaneTracker, stopping: asyncio.Event, now: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._lanes = lanes
        self._stopping = stopping
        self._now = now
        self._task: asyncio.Task[None] | None = None

    def watch(self) -> None:
        if self._lanes.gaps and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._lanes.gaps and not self._stopping.is_set():
            await asyncio.sleep(GAP_CHECK_INTERVAL_SECONDS)
            for lane, state in self._lanes.gaps.items():
                if self._alarm(lane, state):
                    with contextlib.suppress(PyMongoError):
                        await self._lanes.checkpoints.put_gap(lane, state, self._now())

    def _alarm(self, lane: Lane, state: LaneState) -> bool:
        """True: the alarm was due."""
        now = time.monotonic()
        if state.gap is None or now - state.gap.alarmed <= GAP_ALARM_INTERVAL_SECONDS:
            return False
        state.gap.alarmed = now
        log.error(
            "%s: %s has waited %d s for position %d; republish it from the log: "
            "%s republish --part %d --from %d",
            self._name, lane, now - state.gap.since, state.pos + 1,
            lane.log, lane.part, state.pos + 1,
        )  # fmt: skip
        return True
