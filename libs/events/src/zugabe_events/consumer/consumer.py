"""A consumer: messages in, effects out, each exactly once.

Nothing is acknowledged to Kafka, whose offsets only say where to read on; checkpoints decide.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bson.timestamp import Timestamp

from zugabe_events.consumer.batch_runner import BatchRunner
from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.consumer.effect import AnyEffect
from zugabe_events.consumer.gap_monitor import GapMonitor
from zugabe_events.consumer.joint_commit import Participant
from zugabe_events.consumer.lane_state import LaneState
from zugabe_events.consumer.lane_tracker import LaneTracker
from zugabe_events.consumer.lazy_flush import Flushed, LazyFlush
from zugabe_events.consumer.transient_errors import TransientRetries
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database


class Consumer:
    """One consumer of a process: it tracks lanes, runs batches, and flushes checkpoints late."""

    def __init__(
        self,
        db: Database,
        name: str,
        effect: AnyEffect,
        checkpoints: str | None = None,
        *,
        awaited: bool = False,
        careful: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`name` is the consumer group; `checkpoints` tells builds of one read model apart.

        `awaited`: other processes ask when its effects were committed (`Checkpoints.put_times`).
        `careful`: its process has crashed before, perhaps because of a message.
        """
        self.name = name
        self.stopping = asyncio.Event()
        self.progress = asyncio.Event()
        self.reread: Callable[[], Awaitable[None]] = nothing_to_reread
        self.hurry: Callable[[], None] = nothing_to_hurry
        """Have it given at once what its feed gathers for it: somebody waits."""
        retries = TransientRetries(name, self.stopping)
        lanes = LaneTracker(
            db, name, checkpoints or name, effect, retries, now, awaited=awaited, careful=careful
        )
        self._lanes = lanes
        self._runner = BatchRunner(name, lanes, retries, self._progressed)
        self._gap_monitor = GapMonitor(name, lanes, self.stopping, now)
        self.flushed = Flushed(name, lanes, self.stopping, lambda: self.reread())
        self.lazy_flush = LazyFlush(self.flushed)
        """Shared with the consumers that are fed together with it."""

    @property
    def checkpoints(self) -> Checkpoints:
        return self._lanes.checkpoints

    @property
    def effect_time(self) -> Timestamp | None:
        """Everything that `position` says was committed before this."""
        return self._lanes.effect_time

    @property
    def gaps(self) -> dict[Lane, LaneState]:
        return self._lanes.gaps

    def share(self, suspect_in_hand: asyncio.Lock) -> None:
        """With the other consumers of its process."""
        self._runner.suspect_in_hand = suspect_in_hand

    def current(self) -> tuple[str, AnyEffect]:
        """The name under which checkpoints are stored now, and the effect that belongs to them."""
        return self.checkpoints.consumer, self._lanes.effect.effect

    def retry_delay(self, lane: Lane) -> float:
        """Seconds until a lane's next message is tried again; 0 for a lane that does not wait."""
        return self._lanes.effect.retries.delay(lane)

    def position(self, lane: Lane) -> int | None:
        """The position up to which all is done; None for a lane that this process does not have."""
        state = self._lanes.states.get(lane)
        return state.pos if state else None

    async def retarget(self, consumer: str, effect: AnyEffect) -> None:
        """Go on with another effect, and read on from the checkpoints that belong to it.

        No batch comes in between: one that met them first would set back what others read as well.
        """
        async with self._lanes.exclusive():
            self._lanes.retarget(consumer, effect)
            await self.reread()

    def forget(self) -> None:
        """Load lanes again: after a rebalance others may have moved their checkpoints."""
        self._lanes.forget()

    async def take(
        self, by_lane: dict[Lane, list[Message]], joint: Participant | None = None
    ) -> dict[Lane, int]:
        """Apply what is next in each lane; returns the lanes to be read again, with offsets.

        Returns when every effect is committed, in a `joint` transaction if possible. Raises
        StoppedError.
        """
        async with self._lanes.exclusive():
            runs, seeks = await self._lanes.next_runs(by_lane)
            self._gap_monitor.watch()
            await self._runner.run(runs, seeks, joint)
            return seeks

    async def flush(self) -> None:
        """Write what the lazy flush has left."""
        await self.lazy_flush.flush()

    def _progressed(self) -> None:
        self.progress.set()
        self.progress.clear()
        self.lazy_flush.schedule()


async def nothing_to_reread() -> None:
    """Nothing is subscribed."""


def nothing_to_hurry() -> None:
    """Nothing is gathered."""
