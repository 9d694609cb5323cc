"""The lanes that a consumer reads: their states in memory, and which messages come next."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime

from bson.timestamp import Timestamp
from pymongo import UpdateOne

from zugabe_events.consumer.checkpoints import RETIRED, Advance, Checkpoint, Checkpoints
from zugabe_events.consumer.effect import AnyEffect
from zugabe_events.consumer.lane_state import LaneState, continue_lane
from zugabe_events.consumer.log_succession import predecessors_of, succeed
from zugabe_events.consumer.parking import DeadLetterEffect
from zugabe_events.consumer.runs import Run, begins_late
from zugabe_events.consumer.transient_errors import TransientRetries
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database


class LaneTracker:
    """A lane is loaded from its checkpoint when its first message comes, and again whenever another
    owner has moved the checkpoint. Whoever reads or changes states does it in `exclusive`."""

    def __init__(
        self,
        db: Database,
        name: str,
        consumer: str,
        effect: AnyEffect,
        retries: TransientRetries,
        now: Callable[[], datetime],
        *,
        awaited: bool,
        careful: bool,
    ) -> None:
        self.states: dict[Lane, LaneState] = {}
        self.untimed: dict[Lane, int] = {}
        """Positions whose effects are committed, but not yet the time at which they were."""
        self.effect_time: Timestamp | None = None
        """Everything that is done up to the states was committed before this."""
        self.checkpoints = Checkpoints(db, consumer)
        self.effect = DeadLetterEffect(db, consumer, effect, now, careful=careful)
        self._awaited = awaited
        self._db = db
        self._name = name
        self._now = now
        self._retries = retries
        self._lock = asyncio.Lock()
        self._outdated = False

    @asynccontextmanager
    async def exclusive(self) -> AsyncGenerator[None]:
        async with self._lock:
            try:
                yield
            finally:
                if self._outdated:
                    self._clear()

    def forget(self) -> None:
        """Load every lane again. What is in flight is finished first: its transaction finds out
        whether another owner has moved the checkpoint."""
        self._outdated = True
        if not self._lock.locked():
            self._clear()

    def _clear(self) -> None:
        self._outdated = False
        self.states.clear()
        self.untimed.clear()

    def retarget(self, consumer: str, effect: AnyEffect) -> None:
        """Go on with another effect, from the checkpoints that belong to it."""
        self.checkpoints = Checkpoints(self._db, consumer)
        self.effect = DeadLetterEffect(self._db, consumer, effect, self._now)
        self.forget()

    @property
    def gaps(self) -> dict[Lane, LaneState]:
        return {lane: state for lane, state in self.states.items() if state.gap}

    async def next_runs(
        self, by_lane: dict[Lane, list[Message]]
    ) -> tuple[list[Run], dict[Lane, int]]:
        """The runs that are next in their lanes, and the lanes to read again, with offsets."""
        seeks: dict[Lane, int] = {}
        runs: list[Run] = []
        checkpoints = await self.load([lane for lane in by_lane if lane not in self.states])
        for lane, messages in by_lane.items():
            state = self.states.get(lane)
            if state is None:
                checkpoint = checkpoints[lane]
                if checkpoint.pos == 0 and (predecessors := list(predecessors_of(messages[0]))):
                    if any(predecessor in by_lane for predecessor, _ in predecessors):
                        seeks[lane] = messages[0].offset  # the earlier history comes first
                        continue
                    checkpoint = await self._succeed(predecessors, messages[0])
                state = self.states[lane] = LaneState(checkpoint.pos)
                if begins_late(messages, checkpoint.pos):
                    seeks[lane] = checkpoint.offset
                    continue
            if self.effect.retries.delay(lane):
                seeks[lane] = messages[0].offset
                continue
            found = continue_lane(state, messages, self._name)
            if found.messages:
                hint = state.gap.offset - 1 if state.gap else found.messages[-1].offset
                runs.append(Run(lane, found.messages, hint))
            if found.seek is not None:
                seeks[lane] = found.seek
                state.gap = None
        return runs, seeks

    def remaining(self, run: Run) -> Run | None:
        """The part of a run that is still next in its lane: nothing is applied across a gap."""
        pos = self.states[run.lane].pos
        if run.messages[0].pos == pos + 1:
            return run
        messages = [message for message in run.messages if message.pos > pos]
        if messages and messages[0].pos == pos + 1:
            return Run(run.lane, messages, run.hint)
        return None

    async def load(self, lanes: Collection[Lane]) -> dict[Lane, Checkpoint]:
        """Read checkpoints, dead letters and retries of lanes. Effects of other owners up to there
        were committed before `effect_time`."""

        async def read() -> dict[Lane, Checkpoint]:
            checkpoints = await self.checkpoints.read(lanes)
            await self.effect.load({lane: at.pos for lane, at in checkpoints.items()})
            return checkpoints

        if not lanes:
            return {}
        checkpoints = await self._retries.until_available(read)
        self.effect_time = next(iter(checkpoints.values())).time
        return checkpoints

    async def reload(self, runs: list[Run], seeks: dict[Lane, int]) -> None:
        """After a fence: another owner has moved a checkpoint, or a commit of this process
        succeeded although its answer was lost."""
        checkpoints = await self.load([run.lane for run in runs])
        for run in runs:
            checkpoint = checkpoints[run.lane]
            in_gap = self.states[run.lane].gap is not None
            self.states[run.lane] = LaneState(checkpoint.pos)
            if in_gap or begins_late(run.messages, checkpoint.pos):
                seeks[run.lane] = checkpoint.offset

    async def _succeed(self, predecessors: list[tuple[Lane, int]], first: Message) -> Checkpoint:
        """Go on where the history of a predecessor and that of the new lane part."""
        for lane, last in predecessors:
            state = self.states.pop(lane, None) or LaneState((await self.load([lane]))[lane].pos)
            if state.pos:
                stored = RETIRED if state.stored == sys.maxsize else state.stored
                pos, offset = min(state.pos, last), first.offset - 1
                await succeed(
                    self._db, self.checkpoints.consumer, lane, stored, first.lane, pos, offset
                )
                break
        return (await self.load([first.lane]))[first.lane]

    def applied(self, run: Run, *, stored: bool) -> None:
        """Every effect of the run is in the database; `stored`: its checkpoint as well."""
        state, last = self.states[run.lane], run.messages[-1]
        state.pos = last.pos
        if stored:
            state.stored, state.unstored = last.pos, None
            if self._awaited:
                self.untimed[run.lane] = last.pos
        else:
            state.unstored = (last, run.hint)

    @property
    def has_unflushed(self) -> bool:
        return bool(self.untimed) or any(state.unstored for state in self.states.values())

    def unflushed(self) -> list[Advance]:
        """The advances of checkpoints over messages without an effect."""
        return [
            Advance(lane, state.stored, *state.unstored)
            for lane, state in self.states.items()
            if state.unstored is not None
        ]

    def flush_updates(self) -> list[UpdateOne]:
        times = self.checkpoints.time_updates(self.untimed, self.effect_time)
        return times + self.checkpoints.updates(self.unflushed())

    def note_flushed(self) -> None:
        self.untimed.clear()
        for state in self.states.values():
            if state.unstored is not None:
                state.stored, state.unstored = state.unstored[0].pos, None
