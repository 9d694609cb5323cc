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

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from zugabe_events.messages import Lane, Message
from zugabe_events.mongo import MAJORITY_READ, MAJORITY_WRITE, Database
from zugabe_events.positions import FencedError, Place, Positions, alarm, take

log = logging.getLogger(__name__)

BATCH = 500
COMMIT_MS = 2_000


class ConflictError(Exception):
    """Another writer was faster: prepare again."""


class Effect(Protocol):
    """What messages set in motion. It is prepared and written as often as it takes."""

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object:
        """Read and decide; `again` after a conflict, when nothing remembered may be trusted."""
        ...

    async def write(self, prepared: object, session: AsyncClientSession) -> bool:
        """Write within the transaction. Raises ConflictError. False: there was nothing to write."""
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
        self.reread: Callable[[], Awaitable[None]] = nothing_to_reread
        self.busy = asyncio.Lock()
        self.stopping = asyncio.Event()
        self._db = db
        self._effect = effect
        self._places: dict[Lane, Place] = {}

    async def retarget(self, consumer: str, effect: Effect) -> None:
        """Go on with another effect, from that one's own positions."""
        async with self.busy:
            self.positions = Positions(self._db, consumer)
            self._effect = effect
            self._places.clear()

    def forget(self) -> None:
        """After a rebalance others may have moved the lanes that come back to us."""
        self._places.clear()

    @property
    def holes(self) -> dict[Lane, Place]:
        return {lane: place for lane, place in self._places.items() if place.hole}

    async def take(self, by_lane: dict[Lane, list[Message]]) -> dict[Lane, int]:
        """Apply what is next in each lane; answers the lanes to be read again, with offsets.

        Returns when every effect is committed. Raises StoppedError.
        """
        async with self.busy:
            return await self._take(by_lane)

    async def _take(self, by_lane: dict[Lane, list[Message]]) -> dict[Lane, int]:
        seeks: dict[Lane, int] = {}
        runs: list[Run] = []
        for lane, messages in by_lane.items():
            place = self._places.get(lane)
            if place is None:
                place = self._places[lane] = Place(await self._known(lane))
            taken = take(place, messages, self.name)
            if taken.next:
                hint = place.hole.offset - 1 if place.hole else taken.next[-1].offset
                runs.append(Run(lane, taken.next, hint))
            if taken.seek is not None:
                seeks[lane] = taken.seek
                place.hole = None
            alarm(place, lane, self.name)
        for some in batches(runs, BATCH):
            await self._apply(some)
        return seeks

    async def _known(self, lane: Lane) -> int:
        while True:
            try:
                return await self.positions.known(lane)
            except PyMongoError as error:
                await self._wait(error, 1)

    async def _apply(self, runs: list[Run]) -> None:
        """One transaction for runs of several lanes, in halves after a conflict."""
        tried = 0
        while runs:
            try:
                await self._transact(runs, again=tried > 0)
            except FencedError:
                runs = await self._still_next(runs)
                tried += 1
            except ConflictError as error:
                tried += 1
                if sum(len(run.messages) for run in runs) > 1:
                    first, second = halves(runs)
                    await self._apply(first)
                    runs = second
                else:
                    await self._wait(error, tried)
            except Exception as error:
                tried += 1
                await self._wait(error, tried)
            else:
                return

    async def _transact(self, runs: list[Run], *, again: bool) -> None:
        messages = [message for run in runs for message in run.messages]
        prepared = await self._effect.prepare(messages, again=again)
        steps = [(run.lane, run.messages[0].pos - 1, run.messages[-1], run.hint) for run in runs]
        async with self._db.client.start_session(causal_consistency=False) as session:
            async with await session.start_transaction(
                read_concern=MAJORITY_READ,
                write_concern=MAJORITY_WRITE,
                max_commit_time_ms=COMMIT_MS,
            ):
                await self.positions.advance(steps, session)
                wrote = await self._effect.write(prepared, session)
            time = session.operation_time
        for run in runs:
            self._places[run.lane].known = run.messages[-1].pos
        self._effect.done(prepared)
        if wrote:
            await self.positions.reached([run.lane for run in runs], time)

    async def _still_next(self, runs: list[Run]) -> list[Run]:
        """Someone else moved a position, or our own commit got through unnoticed."""
        left = []
        for run in runs:
            known = await self._known(run.lane)
            self._places.setdefault(run.lane, Place(known)).known = known
            messages = [message for message in run.messages if message.pos > known]
            if messages and messages[0].pos == known + 1:
                left.append(Run(run.lane, messages, run.hint))
        await self.positions.reached_now([run.lane for run in runs])
        return left

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
