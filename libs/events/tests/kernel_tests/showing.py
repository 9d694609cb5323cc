"""A replica of a service that shows counters: it follows what is switched, as a whole one does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from faststream.kafka import KafkaBroker

from kernel_tests.toy import TYPES, CounterView
from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.projection import ReadModel
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.mongo.work_watch import WorkWatch
from zugabe_events.projections.builds import build_of, family_of
from zugabe_events.projections.mongo_views import MongoViews, ProjectionEffect
from zugabe_events.projections.read_your_writes import Heads, LanePosition, ReadYourWrites
from zugabe_events.projections.switch import Switch, switching
from zugabe_testing.consumers import subscribe


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


class Replica:
    def __init__(
        self, db: Database, identity: LogIdentity, parts: Parts, model: ReadModel[CounterView]
    ) -> None:
        self.db = db
        self.identity = identity
        self.parts = parts
        self.model = model
        self.serving = ReadYourWrites(db, identity, {}, unreachable)
        self.views = MongoViews(db, model, self.serving)

    @asynccontextmanager
    async def running(self, name: str) -> AsyncGenerator[None]:
        broker = KafkaBroker(self.parts.kafka, apply_types=False, logger=None, graceful_timeout=10)
        family = f"{family_of(self.model)}.{self.identity.name}"
        generation = await self.serving.registry.projected(self.model)
        effect = ProjectionEffect(self.db, self.model, generation, TYPES)
        consumer = Consumer(self.db, family, effect, build_of(self.model, generation))
        topics = [self.identity.name]
        consumer.reread = subscribe(broker, consumer, topics, instance=name, session_ms=6_000)
        self.serving.local = [consumer]
        generations = self.serving.registry
        switch = Switch(generations, self.db, TYPES, self.heads, self.model, consumer, generation)
        await broker.start()
        following = asyncio.create_task(WorkWatch(self.db, [switching([switch])]).run())
        try:
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            consumer.stopping.set()
            await broker.stop()
            await consumer.flush()

    async def heads(self, log: str) -> Heads:
        assert log == self.identity.name
        return await self.serving.heads()

    async def added(self, name: str) -> int:
        view = await self.views.get(name)
        return view.added if view else 0
