"""Effects of messages, exactly once: an effect and the position it belongs to are one transaction.

Conflicts and infrastructure errors are retried without limit; what the code itself cannot handle is
found by halving and parked in the end. Nothing is acknowledged to Kafka, whose offsets only tell
where to read on.
"""

import asyncio
import contextlib
import logging
import random
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from zugabe_events.consumer.checkpoints import (
    RETIRED,
    Checkpoint,
    Checkpoints,
    FencedError,
    LaneState,
    Step,
    alarm,
    take,
)
from zugabe_events.consumer.log_succession import predecessors_of, succeed
from zugabe_events.consumer.parking import DeadLetterEffect, Effect
from zugabe_events.consumer.transient_errors import is_transient
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import MAJORITY_READ, MAJORITY_WRITE, Database
from zugabe_events.observability import metrics, tracing
from zugabe_events.observability.context import current_correlation

log = logging.getLogger(__name__)

BATCH = 500
COMMIT_MS = 2_000
FLUSH_SECONDS, FLUSH_ALONE_SECONDS = 0.05, 1.0
"""How late positions without an effect are written: soon, when other processes ask for them."""
FLUSH_AGAIN_SECONDS = 1.0
LOOK_AT_HOLES_SECONDS = 1.0


class ConflictError(Exception):
    """Another writer was faster: prepare again."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive messages of one lane, and the offset hint that goes with the last of them."""

    lane: Lane
    messages: list[Message]
    hint: int


class StoppedError(Exception):
    """The process ends; what was not committed will come again."""


class Consumer:
    """One consumer: lanes in, effects out."""

    def __init__(
        self,
        db: Database,
        name: str,
        effect: Effect,
        positions: str | None = None,
        *,
        awaited: bool = False,
        careful: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`name` is the consumer group; `positions` tells builds of one read model apart.

        `awaited`: other processes ask when its effects were committed (`Checkpoints.reached`).
        `careful`: its process has crashed before, perhaps because of a message.
        """
        self.name = name
        self.positions = Checkpoints(db, positions or name)
        self.stopping = asyncio.Event()
        self.progress = asyncio.Event()
        self.effect_time: Timestamp | None = None
        self.reread: Callable[[], Awaitable[None]] = nothing_to_reread
        self.alone = False
        """No other replica has a part of what this one hears."""
        self._awaited = awaited
        self._db = db
        self._now = now
        self._effect = DeadLetterEffect(db, positions or name, effect, now, careful=careful)
        self._places: dict[Lane, LaneState] = {}
        self._busy = asyncio.Lock()
        self._outdated = False
        self._unnoted: dict[Lane, int] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._handled = metrics.handled.labels(name)

    async def retarget(self, consumer: str, effect: Effect) -> None:
        """Go on with another effect, from that one's own positions."""
        async with self._alone():
            self.positions = Checkpoints(self._db, consumer)
            self._effect = DeadLetterEffect(self._db, consumer, effect, self._now)
            self.forget()

    def forget(self) -> None:
        """After a rebalance others may have moved the lanes that come back to us.

        What is in flight is finished first: its transaction finds out whether it still may.
        """
        self._outdated = True
        if not self._busy.locked():
            self._start_over()

    def _start_over(self) -> None:
        self._outdated = False
        self._places.clear()
        self._unnoted.clear()

    @asynccontextmanager
    async def _alone(self) -> AsyncGenerator[None]:
        async with self._busy:
            try:
                yield
            finally:
                if self._outdated:
                    self._start_over()

    @property
    def holes(self) -> dict[Lane, LaneState]:
        return {lane: place for lane, place in self._places.items() if place.hole}

    def effect_now(self) -> tuple[str, Effect]:
        """Whose positions are written, and the effect that belongs to them."""
        return self.positions.consumer, self._effect.effect

    def rests(self, lane: Lane) -> float:
        """For how many seconds a lane waits to try its next message again."""
        return self._effect.suspicion.rests(lane)

    def known(self, lane: Lane) -> int | None:
        """The position that this process knows to be done; None for a lane it does not have."""
        place = self._places.get(lane)
        return place.known if place else None

    async def take(self, by_lane: dict[Lane, list[Message]]) -> dict[Lane, int]:
        """Apply what is next in each lane; answers the lanes to be read again, with offsets.

        Returns when every effect is committed. Raises StoppedError.
        """
        async with self._alone():
            return await self._take(by_lane)

    async def _take(self, by_lane: dict[Lane, list[Message]]) -> dict[Lane, int]:
        seeks: dict[Lane, int] = {}
        runs: list[Run] = []
        for lane, messages in by_lane.items():
            place = self._places.get(lane)
            if place is None:
                standing = await self._stand(lane)
                if standing.pos == 0 and (formers := list(predecessors_of(messages[0]))):
                    if any(former in by_lane for former, _ in formers):
                        seeks[lane] = messages[0].offset  # the former history comes first
                        continue
                    standing = await self._succeed(formers, messages[0])
                place = self._places[lane] = LaneState(standing.pos)
                if begins_behind(messages, standing.pos):
                    seeks[lane] = standing.offset
                    continue
            if self.rests(lane):
                seeks[lane] = messages[0].offset
                continue
            taken = take(place, messages, self.name)
            if taken.next:
                hint = place.hole.offset - 1 if place.hole else taken.next[-1].offset
                runs.append(Run(lane, taken.next, hint))
            if taken.seek is not None:
                seeks[lane] = taken.seek
                place.hole = None
        self._watch_holes()
        for some in self._alone_first(runs):
            await self._apply(some, seeks)
        return seeks

    def _alone_first(self, runs: list[Run]) -> list[list[Run]]:
        """Messages under suspicion, one by one; then the others in batches."""
        if self._effect.suspicion.idle:
            return batches(runs, BATCH)
        alone: list[list[Run]] = []
        others: list[Run] = []
        for run in runs:
            rest = run
            while rest.messages and self._effect.suspicion.about(rest.messages[0]):
                first, rest = cut(rest, 1)
                alone.append([first])
            others.append(rest)
        return alone + batches(others, BATCH)

    async def _stand(self, lane: Lane) -> Checkpoint:
        """What others did up to there was committed by now, whenever that was."""
        tried = 0
        while True:
            try:
                standing = await self.positions.read(lane)
                await self._effect.stand(lane, standing.pos)
                self.effect_time = standing.time
                return standing
            except PyMongoError as error:
                tried += 1
                await self._wait(error, tried)

    async def _succeed(self, formers: list[tuple[Lane, int]], first: Message) -> Checkpoint:
        """Go on where a former lane of the same log and ours are the same."""
        for former, last in formers:
            place = self._places.pop(former, None) or LaneState((await self._stand(former)).pos)
            if place.known:
                consumer, known = self.positions.consumer, min(place.known, last)
                at = first.offset - 1
                written = RETIRED if place.written == sys.maxsize else place.written
                await succeed(self._db, consumer, former, written, first.lane, known, at)
                break
        return await self._stand(first.lane)

    async def _apply(self, runs: list[Run], seeks: dict[Lane, int], tried: int = 0) -> None:
        """One transaction for runs of several lanes, in halves after a conflict."""
        while runs := [rest for run in runs if (rest := self._next_of(run))]:
            try:
                await self._effect_of(runs, again=tried > 0)
            except FencedError:
                tried += 1
                await self._stand_again(runs, seeks)
            except Exception as error:
                tried += 1
                if in_conflict := isinstance(error, ConflictError):
                    metrics.conflicts.labels(self.name).inc()
                if not in_conflict and is_transient(error):
                    await self._wait(error, tried)
                elif sum(len(run.messages) for run in runs) > 1:
                    first, runs = halves(runs)
                    await self._apply(first, seeks, tried)
                elif in_conflict:
                    await self._wait(error, tried)
                else:
                    return await self._rest(runs[0], error, seeks)
            else:
                return

    async def _rest(self, run: Run, error: Exception, seeks: dict[Lane, int]) -> None:
        """The code cannot handle this message: its lane is read again from there, later."""
        [message] = run.messages
        seeks[run.lane] = min(message.offset, run.hint + 1, seeks.get(run.lane, message.offset))
        self._places[run.lane].hole = None
        tried = 0
        while True:
            try:
                return await self._effect.suspicion.failed(message, error)
            except PyMongoError as away:
                tried += 1
                await self._wait(away, tried)

    async def _effect_of(self, runs: list[Run], *, again: bool) -> None:
        messages = [message for run in runs for message in run.messages]
        await self._effect.before(messages)
        current_correlation.set(messages[0].correlation if len(messages) == 1 else None)
        with tracing.effects(self.name, messages):
            prepared = await self._effect.prepare(messages, again=again)
            if prepared is not None:
                await self._transact(runs, prepared)
            elif again:
                # An earlier try may have got through unnoticed: what it did was committed by now.
                await self._stand(runs[0].lane)
        self._handled.inc(len(messages))
        for run in runs:
            place, last = self._places[run.lane], run.messages[-1]
            place.known = last.pos
            if prepared is None:
                place.unwritten = (last, run.hint)
            else:
                place.written, place.unwritten = last.pos, None
                if self._awaited:
                    self._unnoted[run.lane] = last.pos
        self.progress.set()
        self.progress.clear()
        self._flush_soon()

    async def _transact(self, runs: list[Run], prepared: object) -> None:
        steps = [
            Step(run.lane, self._places[run.lane].written, run.messages[-1], run.hint)
            for run in runs
        ]
        async with self._db.client.start_session(causal_consistency=False) as session:
            async with await session.start_transaction(
                read_concern=MAJORITY_READ,
                write_concern=MAJORITY_WRITE,
                max_commit_time_ms=COMMIT_MS,
            ):
                await self.positions.advance(steps, session)
                try:
                    await self._effect.write(prepared, session)
                except PyMongoError as error:
                    if error.has_error_label("TransientTransactionError"):
                        raise ConflictError(self.name) from error
                    raise
            self.effect_time = session.operation_time
        self._effect.done(prepared)

    def _next_of(self, run: Run) -> Run | None:
        """What of a run is still next in its lane: nothing is ever applied over a gap."""
        known = self._places[run.lane].known
        if run.messages[0].pos == known + 1:
            return run
        messages = [message for message in run.messages if message.pos > known]
        if messages and messages[0].pos == known + 1:
            return Run(run.lane, messages, run.hint)
        return None

    async def _stand_again(self, runs: list[Run], seeks: dict[Lane, int]) -> None:
        """Someone else moved a position, or our own commit got through unnoticed."""
        for run in runs:
            standing = await self._stand(run.lane)
            in_hole = self._places[run.lane].hole is not None
            self._places[run.lane] = LaneState(standing.pos)
            if in_hole or begins_behind(run.messages, standing.pos):
                seeks[run.lane] = standing.offset

    def _watch_holes(self) -> None:
        if self.holes and (self._watching is None or self._watching.done()):
            self._watching = asyncio.create_task(self._tell_of_holes())

    async def _tell_of_holes(self) -> None:
        """Also while nothing arrives."""
        while self.holes and not self.stopping.is_set():
            await asyncio.sleep(LOOK_AT_HOLES_SECONDS)
            for lane, place in self.holes.items():
                if alarm(place, lane, self.name):
                    with contextlib.suppress(PyMongoError):
                        await self.positions.waits(lane, place, self._now())

    def _flush_soon(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush_later())

    async def _flush_later(self) -> None:
        await asyncio.sleep(FLUSH_ALONE_SECONDS if self.alone else FLUSH_SECONDS)
        while not self.stopping.is_set():
            try:
                return await self.flush()
            except Exception as error:
                log.warning(
                    "%s: positions are not written yet: %s: %s",
                    self.name, type(error).__name__, error,
                )  # fmt: skip
                await asyncio.sleep(FLUSH_AGAIN_SECONDS)

    async def flush(self) -> None:
        """Write positions behind messages without effect, and when effects were committed.

        Nothing is lost without it: such messages would be read again.
        """
        async with self._alone():
            await self._flush()

    async def _flush(self) -> None:
        noted, self._unnoted = self._unnoted, {}
        if noted:
            await self.positions.reached(noted, self.effect_time)
        steps = [
            Step(lane, place.written, *place.unwritten)
            for lane, place in self._places.items()
            if place.unwritten is not None
        ]
        if not steps:
            return
        try:
            await self.positions.advance(steps)
        except FencedError:
            for step in steps:
                del self._places[step.lane]
            if not self.stopping.is_set():
                await self.reread()
        else:
            for step in steps:
                place = self._places[step.lane]
                place.written, place.unwritten = step.last.pos, None

    async def _wait(self, error: Exception, tried: int) -> None:
        """Back off, and say why; raises StoppedError when the process ends meanwhile."""
        metrics.retries.labels(self.name).inc()
        if tried > 2 or not isinstance(error, ConflictError | PyMongoError):
            log.warning(
                "%s: try %d failed: %s: %s", self.name, tried, type(error).__name__, error,
                exc_info=None if isinstance(error, PyMongoError) else error,
            )  # fmt: skip
        seconds = random.uniform(0.5, 1) * min(0.005 * 2 ** min(tried, 12), 5.0)
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return
        raise StoppedError


async def nothing_to_reread() -> None:
    """Nobody is subscribed."""


def begins_behind(messages: Sequence[Message], known: int) -> bool:
    """True if what is next is missing: reading did not start, or go on, where it should."""
    ahead = next((message for message in messages if message.pos > known), None)
    return ahead is not None and ahead.pos > known + 1


def batches(runs: list[Run], size: int) -> list[list[Run]]:
    """Runs cut and packed so that no transaction gets more than `size` messages."""
    packed: list[list[Run]] = []
    room = 0
    for run in runs:
        rest = run
        while rest.messages:
            if room == 0:
                packed.append([])
                room = size
            now, rest = cut(rest, room)
            packed[-1].append(now)
            room -= len(now.messages)
    return packed


def cut(run: Run, at: int) -> tuple[Run, Run]:
    """The hint of a first part is its own last offset, unless a hole holds it back."""
    first = run.messages[:at]
    hint = min(run.hint, first[-1].offset) if first else run.hint
    return Run(run.lane, first, hint), Run(run.lane, run.messages[at:], run.hint)


def halves(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """The first half of the messages, the rest; a lane's order is kept."""
    size = (sum(len(run.messages) for run in runs) + 1) // 2
    first, *rest = batches(runs, size)
    return first, [run for some in rest for run in some]
