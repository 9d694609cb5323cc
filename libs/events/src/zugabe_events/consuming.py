"""Effects of messages, exactly once: an effect and the position it belongs to are one transaction.

Conflicts and infrastructure errors are retried without limit; nothing is acknowledged to Kafka,
whose offsets only tell where to read on.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bson.timestamp import Timestamp
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.messages import Lane, Message
from zugabe_events.mongo import MAJORITY_READ, MAJORITY_WRITE, Database
from zugabe_events.positions import FencedError, Place, Positions, Standing, Step, alarm, take

log = logging.getLogger(__name__)

BATCH = 500
COMMIT_MS = 2_000
FLUSH_SECONDS = 0.05


class ConflictError(Exception):
    """Another writer was faster: prepare again."""


class Effect(Protocol):
    """What messages set in motion. It is prepared and written as often as it takes."""

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        """Read and decide; `again` after a conflict, when nothing remembered may be trusted.

        None: these messages have no effect.
        """
        ...

    async def write(self, prepared: object, session: AsyncClientSession) -> None:
        """Write within the transaction. Raises ConflictError."""
        ...

    def done(self, prepared: object) -> None:
        """The transaction is committed."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive messages of one lane, and the offset hint that goes with the last of them."""

    lane: Lane
    messages: list[Message]
    hint: int


class StoppedError(Exception):
    """The process ends; what was not committed will come again."""


class Consuming:
    """One consumer: lanes in, effects out."""

    def __init__(
        self, db: Database, name: str, effect: Effect, positions: str | None = None
    ) -> None:
        """`name` is the consumer group; `positions` tells builds of one read model apart."""
        self.name = name
        self.positions = Positions(db, positions or name)
        self.stopping = asyncio.Event()
        self.progress = asyncio.Event()
        self.effect_time: Timestamp | None = None
        self.reread: Callable[[], Awaitable[None]] = nothing_to_reread
        self._db = db
        self._effect = effect
        self._places: dict[Lane, Place] = {}
        self._busy = asyncio.Lock()
        self._unnoted: dict[Lane, int] = {}
        self._flushing: asyncio.Task[None] | None = None

    async def retarget(self, consumer: str, effect: Effect) -> None:
        """Go on with another effect, from that one's own positions."""
        async with self._busy:
            self.positions = Positions(self._db, consumer)
            self._effect = effect
            self.forget()

    def forget(self) -> None:
        """After a rebalance others may have moved the lanes that come back to us."""
        self._places.clear()
        self._unnoted.clear()

    @property
    def holes(self) -> dict[Lane, Place]:
        return {lane: place for lane, place in self._places.items() if place.hole}

    def known(self, lane: Lane) -> int | None:
        """The position that this process knows to be done; None for a lane it does not have."""
        place = self._places.get(lane)
        return place.known if place else None

    async def take(self, by_lane: dict[Lane, list[Message]]) -> dict[Lane, int]:
        """Apply what is next in each lane; answers the lanes to be read again, with offsets.

        Returns when every effect is committed. Raises StoppedError.
        """
        async with self._busy:
            return await self._take(by_lane)

    async def _take(self, by_lane: dict[Lane, list[Message]]) -> dict[Lane, int]:
        seeks: dict[Lane, int] = {}
        runs: list[Run] = []
        for lane, messages in by_lane.items():
            place = self._places.get(lane)
            if place is None:
                place = self._places[lane] = Place((await self._stand(lane)).pos)
            taken = take(place, messages, self.name)
            if taken.next:
                hint = place.hole.offset - 1 if place.hole else taken.next[-1].offset
                runs.append(Run(lane, taken.next, hint))
            if taken.seek is not None:
                seeks[lane] = taken.seek
                place.hole = None
            alarm(place, lane, self.name)
        for some in batches(runs, BATCH):
            await self._apply(some, seeks)
        return seeks

    async def _stand(self, lane: Lane) -> Standing:
        """What others did up to there was committed by now, whenever that was."""
        while True:
            try:
                standing = await self.positions.read(lane)
                self.effect_time = standing.time
                return standing
            except PyMongoError as error:
                await self._wait(error, 1)

    async def _apply(self, runs: list[Run], seeks: dict[Lane, int]) -> None:
        """One transaction for runs of several lanes, in halves after a conflict."""
        tried = 0
        while runs:
            try:
                await self._effect_of(runs, again=tried > 0)
            except FencedError:
                runs = await self._still_next(runs, seeks)
                tried += 1
            except ConflictError as error:
                tried += 1
                if sum(len(run.messages) for run in runs) > 1:
                    first, second = halves(runs)
                    await self._apply(first, seeks)
                    runs = second
                else:
                    await self._wait(error, tried)
            except Exception as error:
                tried += 1
                await self._wait(error, tried)
            else:
                return

    async def _effect_of(self, runs: list[Run], *, again: bool) -> None:
        messages = [message for run in runs for message in run.messages]
        prepared = await self._effect.prepare(messages, again=again)
        if prepared is not None:
            await self._transact(runs, prepared)
        for run in runs:
            place, last = self._places[run.lane], run.messages[-1]
            place.known = last.pos
            if prepared is None:
                place.unwritten = (last, run.hint)
            else:
                place.written, place.unwritten = last.pos, None
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
                await self._effect.write(prepared, session)
            self.effect_time = session.operation_time
        self._effect.done(prepared)

    async def _still_next(self, runs: list[Run], seeks: dict[Lane, int]) -> list[Run]:
        """Someone else moved a position, or our own commit got through unnoticed."""
        left = []
        for run in runs:
            standing = await self._stand(run.lane)
            known = standing.pos
            self._places[run.lane] = Place(known)
            messages = [message for message in run.messages if message.pos > known]
            if messages and messages[0].pos == known + 1:
                left.append(Run(run.lane, messages, run.hint))
            elif messages:
                seeks[run.lane] = standing.offset
        return left

    def _flush_soon(self) -> None:
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush_later())

    async def _flush_later(self) -> None:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            async with self._busy:
                await self.flush()
        except PyMongoError as error:
            log.warning("%s: positions are not written yet: %s", self.name, type(error).__name__)

    async def flush(self) -> None:
        """Write positions behind messages without effect, and when effects were committed.

        Nothing is lost without it: such messages would be read again.
        """
        noted, self._unnoted = self._unnoted, {}
        if noted:
            await self.positions.reached(noted, self.effect_time)
        for lane, place in list(self._places.items()):
            if place.unwritten is None:
                continue
            last, hint = place.unwritten
            try:
                await self.positions.advance([Step(lane, place.written, last, hint)])
            except FencedError:
                del self._places[lane]
                await self.reread()
            else:
                place.written, place.unwritten = last.pos, None

    async def _wait(self, error: Exception, tried: int) -> None:
        """Back off, and say why; raises StoppedError when the process ends meanwhile."""
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
