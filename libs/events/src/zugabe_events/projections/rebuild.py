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
from zugabe_events.messaging.kafka_client import kafka_consumer
from zugabe_events.messaging.message import Lane, MalformedMessageError, Message, from_log, incoming
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
            generation = await self.build()
            await self.switch(generation)
        return generation

    async def build(self) -> int:
        """Build until at most `MAX_REMAINING_EVENTS` are left, and return the build's number."""
        async with self.builder:
            generation = await self._begin()
            await self.catch_up(generation)
        return generation

    async def catch_up(self, generation: int) -> None:
        """Fold what a build lacks until at most `MAX_REMAINING_EVENTS` are left."""
        async with self.builder:
            while await self._build(generation) > MAX_REMAINING_EVENTS:
                pass
            await self._positions(generation).borrow_offsets(self._identity.name)

    async def switch(self, generation: int) -> None:
        """Let queries and the live projection switch to a build; the latter folds the rest."""
        async with self.builder:
            await self.builder.update(
                {"$set": {"serving": generation}, "$unset": {"building": 1, "filling": 1}}
            )

    async def abandon(self) -> None:
        """Keep the build without serving it; the next rebuild starts another one."""
        async with self.builder:
            await self.builder.update({"$unset": {"building": 1}})

    async def _begin(self) -> int:
        """Continue an interrupted build, or begin a new one."""
        known = await builds(self._db, self._model)
        generation: int = (
            known.get("building") or max(known.get("highest", 1), known.get("serving", 1)) + 1
        )
        await deploy_views(self._db, self._model, generation)
        await self.builder.update({"$set": {"building": generation, "highest": generation}})
        return generation

    def _positions(self, generation: int) -> Checkpoints:
        return Checkpoints(self._db, build_of(self._model, generation))

    async def _build(self, generation: int) -> int:
        """Fold all present events and return their number."""
        positions = self._positions(generation)
        effect = ProjectionEffect(self._db, self._model, generation, self._types)
        skipped = await skipped_events(self._db, self._model.name)
        before = self._done
        places: dict[Lane, LaneState] = {}
        async with BuildBuffer(effect, positions, skipped, self.builder) as buffer:
            for topic in self._model.hears:
                source = (
                    self._own_log(positions)
                    if topic == self._identity.name
                    else self._other_log(topic, positions, places)
                )
                async for lane, messages, left in source:
                    await buffer.fold(lane, messages)
                    self._done += len(messages)
                    self._report(left)
                await buffer.flush()
                if topic == self._identity.name:
                    for former in self._identity.before:
                        for part in range(self._identity.parts):
                            await positions.retire(Lane(topic, str(former.id), part))
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
        for part, known in starts.items():
            lane = Lane(self._identity.name, log_id, part)
            async for some in positioned(bare, part, known, BATCH_SIZE, FIELDS):
                fresh = [
                    message
                    for one in some
                    for message in from_log(one.commit, one.pos, lane)
                    if message.pos > known
                ]
                if fresh:
                    left[part] -= len(fresh)
                    yield lane, fresh, max(sum(left.values()), 0)

    async def _other_log(
        self, topic: str, positions: Checkpoints, places: dict[Lane, LaneState]
    ) -> AsyncGenerator[tuple[Lane, list[Message], int]]:
        """Batches of another service's topic, from the build's offsets to the present end."""
        async with kafka_consumer(self._bootstrap, topic) as consumer:
            parts = sorted(consumer.assignment())
            offsets = await positions.offsets(topic)
            ends = await consumer.end_offsets(parts)
            open_ = {one for one in parts if offsets.get(one.partition, 0) < ends[one]}
            for one in parts:
                consumer.seek(one, offsets.get(one.partition, 0))
            while open_:
                for one, records in (
                    await consumer.getmany(*open_, timeout_ms=1_000, max_records=BATCH_SIZE)
                ).items():
                    for lane, messages in by_lane(records).items():
                        place = places.get(lane) or await self._place(positions, places, messages)
                        taken = continue_lane(place, messages, positions.consumer)
                        if taken.messages:
                            place.pos = taken.messages[-1].pos
                            left = sum(ends[two] for two in open_) - sum(
                                [await consumer.position(two) for two in open_]
                            )
                            yield lane, taken.messages, max(left, 0)
                        if taken.seek is not None:
                            place.gap = None
                            consumer.seek(one, taken.seek)
                    if await consumer.position(one) >= ends[one]:
                        open_.discard(one)

    async def _place(
        self, positions: Checkpoints, places: dict[Lane, LaneState], messages: Sequence[Message]
    ) -> LaneState:
        """The state of a lane; a log that continues under a new id is not folded twice."""
        lane = messages[0].lane
        known = await positions.position(lane)
        for former, last in predecessors_of(messages[0]) if not known else ():
            before = places.get(former) or LaneState(await positions.position(former))
            if before.pos:
                known = min(before.pos, last)
                break
        place = places[lane] = LaneState(known)
        return place


def by_lane(records: Sequence[object]) -> dict[Lane, list[Message]]:
    """Messages by lane, without records that are no events."""
    found: dict[Lane, list[Message]] = {}
    for record in records:
        with contextlib.suppress(MalformedMessageError):
            message = incoming(record)
            found.setdefault(message.lane, []).append(message)
    return found
