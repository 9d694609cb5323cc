"""Rebuild a read model from the start of the logs beside the build that serves."""

import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.consumer.dead_letters import skipped_events
from zugabe_events.consumer.lane_state import LaneState, continue_lane
from zugabe_events.consumer.log_succession import predecessors_of
from zugabe_events.domain.event import EventTypes
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.messaging.authentication import Authentication, authentication_of
from zugabe_events.messaging.kafka_client import kafka_consumer
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message, from_log
from zugabe_events.mongo.client import BARE_IDS, Database, LogIdentity
from zugabe_events.projections.build_buffer import BuildBuffer
from zugabe_events.projections.build_lease import BuildLease
from zugabe_events.projections.builds import build_of, builds, family_of
from zugabe_events.projections.mongo_views import ProjectionEffect, deploy_views
from zugabe_events.sequencer.sequence import last_of, positioned

BATCH_SIZE = 2_000
MAX_REMAINING_EVENTS = 500
FIELDS = ("events",)


@dataclass(frozen=True, slots=True)
class Progress:
    """Events folded so far, events in total, events per second, and seconds left."""

    done: int
    total: int
    rate: float
    remaining: float


class Rebuild:
    """One build of one read model; resumable after an interruption.

    All methods raise BeingBuiltError while another process builds that model, and ReplacedError
    once another one has taken over.
    """

    def __init__(
        self,
        db: Database,
        identity: LogIdentity,
        bootstrap: str,
        model: AnyReadModel,
        types: EventTypes,
        on_progress: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self.builder = BuildLease(db, family_of(model))
        self._db = db
        self._identity = identity
        self._bootstrap = bootstrap
        self._model = model
        self._types = types
        self._on_progress = on_progress
        self._done = 0
        self._began = time.monotonic()

    async def run(self) -> int:
        """Build, then switch to the build. Returns its number."""
        async with self.builder:
            number = await self.build()
            await self.switch(number)
        return number

    async def build(self) -> int:
        """Build until at most `MAX_REMAINING_EVENTS` are left, and return the build's number."""
        async with self.builder:
            number = await self._begin()
            await self.catch_up(number)
        return number

    async def catch_up(self, number: int) -> None:
        """Fold what a build lacks until at most `MAX_REMAINING_EVENTS` are left."""
        async with self.builder:
            while await self._build(number) > MAX_REMAINING_EVENTS:
                pass
            await self._positions(number).borrow_offsets(self._identity.name)

    async def switch(self, number: int) -> None:
        """Let queries and the live projection switch to a build; the latter folds the rest."""
        async with self.builder:
            await self.builder.update(
                {"$set": {"serving": number}, "$unset": {"building": 1, "filling": 1}}
            )

    async def abandon(self) -> None:
        """Keep the build without serving it; the next rebuild starts another one."""
        async with self.builder:
            await self.builder.update({"$unset": {"building": 1}})

    async def _begin(self) -> int:
        """Continue an interrupted build, or begin a new one."""
        entry = await builds(self._db, self._model)
        number: int = entry.get("building") or max(entry.get("highest", 1), entry["serving"]) + 1
        await deploy_views(self._db, self._model, number)
        await self.builder.update({"$set": {"building": number, "highest": number}})
        return number

    def _positions(self, number: int) -> Checkpoints:
        return Checkpoints(self._db, build_of(self._model, number))

    async def _build(self, number: int) -> int:
        """Fold all present events and return their number."""
        positions = self._positions(number)
        effect = ProjectionEffect(self._db, self._model, number, self._types)
        skipped = await skipped_events(self._db, self._model.name)
        before = self._done
        states: dict[Lane, LaneState] = {}
        async with BuildBuffer(effect, positions, skipped, self.builder) as buffer:
            for topic in self._model.topics:
                source = (
                    self._own_log(positions)
                    if topic == self._identity.name
                    else self._other_log(topic, positions, states)
                )
                async for lane, messages, left in source:
                    await buffer.fold(lane, messages)
                    self._done += len(messages)
                    self._report(left)
                await buffer.flush()
                if topic == self._identity.name:
                    for predecessor in self._identity.before:
                        for part in range(self._identity.parts):
                            await positions.retire(Lane(topic, str(predecessor.id), part))
        return self._done - before

    def _report(self, remaining: int) -> None:
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = self._done / seconds
        self._on_progress(Progress(self._done, self._done + remaining, rate, remaining / rate))

    async def _own_log(
        self, positions: Checkpoints
    ) -> AsyncGenerator[tuple[Lane, list[Message], int]]:
        """Batches of the service's own log, part by part, each with the number of events left."""
        log_id = str(self._identity.id)
        bare = self._db.with_options(BARE_IDS)
        left: dict[int, int] = {}
        starts: dict[int, int] = {}
        for part in range(self._identity.parts):
            lane = Lane(self._identity.name, log_id, part)
            starts[part] = await positions.position(lane)
            last = await last_of(self._db, part)
            left[part] = (last["last"] if last else 0) - starts[part]
        for part, start in starts.items():
            lane = Lane(self._identity.name, log_id, part)
            async for commits in positioned(bare, part, start, BATCH_SIZE, FIELDS):
                messages = [
                    message
                    for sequenced in commits
                    for message in from_log(sequenced.commit, sequenced.pos, lane)
                    if message.pos > start
                ]
                if messages:
                    left[part] -= len(messages)
                    yield lane, messages, max(sum(left.values()), 0)

    async def _other_log(
        self, topic: str, positions: Checkpoints, states: dict[Lane, LaneState]
    ) -> AsyncGenerator[tuple[Lane, list[Message], int]]:
        """Batches of another service's topic, from the build's offsets to the present end."""
        authentication = authentication_of(self._bootstrap)
        async with kafka_consumer(self._bootstrap, topic) as consumer:
            parts = sorted(consumer.assignment())
            offsets = await positions.offsets(topic)
            ends = await consumer.end_offsets(parts)
            unread = {part for part in parts if offsets.get(part.partition, 0) < ends[part]}
            for part in parts:
                consumer.seek(part, offsets.get(part.partition, 0))
            while unread:
                for part, records in (
                    await consumer.getmany(*unread, timeout_ms=1_000, max_records=BATCH_SIZE)
                ).items():
                    for lane, messages in by_lane(records, authentication).items():
                        if lane not in states:
                            start = await self._start_of(positions, states, messages[0])
                            states[lane] = LaneState(start)
                        found = continue_lane(states[lane], messages, positions.consumer)
                        if found.messages:
                            states[lane].pos = found.messages[-1].pos
                            left = [ends[part] - await consumer.position(part) for part in unread]
                            yield lane, found.messages, max(sum(left), 0)
                        if found.seek is not None:
                            states[lane].gap = None
                            consumer.seek(part, found.seek)
                    if await consumer.position(part) >= ends[part]:
                        unread.discard(part)

    async def _start_of(
        self, positions: Checkpoints, states: dict[Lane, LaneState], first: Message
    ) -> int:
        """The position behind which to fold a lane; a log that continues under a new id is not
        folded twice."""
        pos = await positions.position(first.lane)
        for lane, last in predecessors_of(first) if not pos else ():
            earlier = states[lane].pos if lane in states else await positions.position(lane)
            if earlier:
                return min(earlier, last)
        return pos


def by_lane(records: Sequence[object], authentication: Authentication) -> dict[Lane, list[Message]]:
    """Messages by lane, without records that no sequencer has sent."""
    found: dict[Lane, list[Message]] = {}
    for record in records:
        with contextlib.suppress(MalformedMessageError):
            message = authentication.read(record)
            found.setdefault(message.lane, []).append(message)
    return found
