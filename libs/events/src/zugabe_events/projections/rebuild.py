"""A read model from the start of the logs, beside the one that serves, and the switch to it."""

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

BATCH = 2_000
NEARLY_NOTHING = 500
FIELDS = ("events",)


@dataclass(frozen=True, slots=True)
class Progress:
    """Events folded so far, events known to be there, events per second, seconds left."""

    done: int
    total: int
    rate: float
    remaining: float


class Rebuild:
    """One build of one read model. It may be run again after it was interrupted.

    All of it raises BeingBuiltError when another process builds that model, and ReplacedError when
    another one has begun to.
    """

    def __init__(
        self,
        db: Database,
        identity: LogIdentity,
        bootstrap: str,
        model: AnyReadModel,
        types: EventTypes,
        told: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self.builder = BuildLease(db, family_of(model))
        self._db = db
        self._identity = identity
        self._bootstrap = bootstrap
        self._model = model
        self._types = types
        self._told = told
        self._done = 0
        self._began = time.monotonic()

    async def run(self) -> int:
        """Build until nothing is left to fold, then serve it. Answers its generation."""
        async with self.builder:
            generation = await self.build()
            await self.switch(generation)
        return generation

    async def build(self) -> int:
        """Build until next to nothing is left to fold, beside what serves."""
        async with self.builder:
            generation = await self._begin()
            await self.catch_up(generation)
        return generation

    async def catch_up(self, generation: int) -> None:
        """Fold into a build that does not serve what it lacks, until that is next to nothing."""
        async with self.builder:
            while await self._build(generation) > NEARLY_NOTHING:
                pass
            await self._positions(generation).borrow_offsets(self._identity.name)

    async def switch(self, generation: int) -> None:
        """Queries and the live projection go over to a build, which folds what is still left."""
        async with self.builder:
            await self.builder.update(
                {"$set": {"serving": generation}, "$unset": {"building": 1, "filling": 1}}
            )

    async def give_up(self) -> None:
        """What was built is kept, and the next one begins anew."""
        async with self.builder:
            await self.builder.update({"$unset": {"building": 1}})

    async def _begin(self) -> int:
        """A build that was interrupted goes on; else a new one begins."""
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
        """Fold everything that is there now; how many events that were."""
        positions = self._positions(generation)
        effect = ProjectionEffect(self._db, self._model, generation, self._types)
        skipped = await skipped_events(self._db, self._model.name)
        before = self._done
        places: dict[Lane, LaneState] = {}
        async with BuildBuffer(effect, positions, skipped, self.builder) as desk:
            for topic in self._model.hears:
                source = (
                    self._own(positions)
                    if topic == self._identity.name
                    else self._heard(topic, positions, places)
                )
                async for lane, messages, left in source:
                    await desk.fold(lane, messages)
                    self._done += len(messages)
                    self._tell(left)
                await desk.put_away()
                if topic == self._identity.name:
                    for former in self._identity.before:
                        for part in range(self._identity.parts):
                            await positions.retire(Lane(topic, str(former.id), part))
        return self._done - before

    def _tell(self, remaining: int) -> None:
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = self._done / seconds
        self._told(Progress(self._done, self._done + remaining, rate, remaining / rate))

    async def _own(self, positions: Checkpoints) -> AsyncGenerator[tuple[Lane, list[Message], int]]:
        """The service's own log, part by part; with each batch, how many events are left."""
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
            async for some in positioned(bare, part, known, BATCH, FIELDS):
                fresh = [
                    message
                    for one in some
                    for message in from_log(one.commit, one.pos, lane)
                    if message.pos > known
                ]
                if fresh:
                    left[part] -= len(fresh)
                    yield lane, fresh, max(sum(left.values()), 0)

    async def _heard(
        self, topic: str, positions: Checkpoints, places: dict[Lane, LaneState]
    ) -> AsyncGenerator[tuple[Lane, list[Message], int]]:
        """Another service's topic, from the offsets behind the positions to the present end."""
        async with kafka_consumer(self._bootstrap, topic) as consumer:
            parts = sorted(consumer.assignment())
            offsets = await positions.offsets(topic)
            ends = await consumer.end_offsets(parts)
            open_ = {one for one in parts if offsets.get(one.partition, 0) < ends[one]}
            for one in parts:
                consumer.seek(one, offsets.get(one.partition, 0))
            while open_:
                for one, records in (
                    await consumer.getmany(*open_, timeout_ms=1_000, max_records=BATCH)
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
        """Where a lane stands; a log that goes on under a new id is not folded twice."""
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
    """Records of strangers are passed over."""
    found: dict[Lane, list[Message]] = {}
    for record in records:
        with contextlib.suppress(MalformedMessageError):
            message = incoming(record)
            found.setdefault(message.lane, []).append(message)
    return found
