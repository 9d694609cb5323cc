"""The toy service as a whole process: it consumes a topic, mirrors what was added, and counts."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from faststream.kafka import KafkaBroker

from kernel_tests.toy import TYPES, CounterView, counters, mirror_additions, now
from kernel_tests.toy import add as add_to
from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.dead_letter_admin import DeadLetterAdmin
from zugabe_events.consumer.dead_letters import deploy_dead_letters
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.consumer.redrive import RedriveWorker, redriving
from zugabe_events.domain.policy import Policy, Reaction, ReceivedEvent
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.mongo.work_watch import WorkWatch
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import ProjectionEffect, deploy_views, from_document
from zugabe_events.reactions.policies import PolicyEffect


@dataclass
class ToyService:
    """`identity` is its own log, into which it mirrors; `topic` is the one it consumes."""

    db: Database
    identity: LogIdentity
    parts: Parts
    topic: str
    broken: Callable[[ReceivedEvent], bool] = lambda received: False
    careful: bool = False
    consumers: list[Consumer] = field(default_factory=list)

    @property
    def store(self) -> MongoEventStore:
        return MongoEventStore(self.db, self.identity, TYPES)

    @property
    def admin(self) -> DeadLetterAdmin:
        return DeadLetterAdmin(self.db, TYPES)

    @property
    def build(self) -> str:
        return build_of(counters(self.topic), 1)

    @property
    def mirrors(self) -> str:
        return f"toy.mirror.{self.db.name}"

    async def deploy(self) -> None:
        await deploy_dead_letters(self.db)
        await deploy_views(self.db, counters(self.topic), 1)

    def react(self, received: ReceivedEvent) -> list[Reaction]:
        if self.broken(received):
            raise ValueError("a defect")
        return mirror_additions(received)

    @asynccontextmanager
    async def running(self, name: str = "a") -> AsyncGenerator[None]:
        broker = KafkaBroker(
            self.parts.kafka,
            apply_types=False,
            logger=None,
            graceful_timeout=10,
            metadata_max_age_ms=1_000,
        )
        policy = Policy(self.mirrors, (self.topic,), self.react)
        model = counters(self.topic)
        reacting = PolicyEffect(self.store, policy, TYPES, now)
        counting = ProjectionEffect(self.db, model, 1, TYPES)
        group = f"toy.counters.{self.db.name}"
        self.consumers = [
            Consumer(self.db, policy.name, reacting, careful=self.careful),
            Consumer(self.db, group, counting, self.build, careful=self.careful),
        ]
        source = KafkaSource()
        for one in self.consumers:
            one.reread = source.add(one, [self.topic])
        workers = [RedriveWorker(self.db, one.current, now) for one in self.consumers]
        watching = asyncio.create_task(WorkWatch(self.db, [redriving(workers, now)]).run())
        source.subscribe(broker, f"toy.{self.db.name}", instance=name, session_ms=6_000)
        await broker.start()
        try:
            yield
        finally:
            for one in self.consumers:
                one.stopping.set()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await broker.stop()
            await source.stop()
            await source.lazy_flush.flush()

    async def add(self, name: str, amount: int = 1) -> CommandResult:
        return await add_to(self.store, name, amount)

    async def added(self) -> dict[str, int]:
        return {name: view.added for name, view in (await self.views()).items()}

    async def mirrored(self, name: str) -> list[str]:
        """The events that caused what stands in a mirror, in its order."""
        found = self.db.commits.find({"stream": f"mirror/{name}"}).sort("version")
        return [one["causation"] async for one in found]

    async def views(self) -> dict[str, CounterView]:
        found = self.db[self.build].find({})
        return {one["_id"]: from_document(CounterView, one) async for one in found}

    async def until_added(self, expected: dict[str, int], seconds: float = 120) -> None:
        """More would never become equal."""
        async with asyncio.timeout(seconds):
            while await self.added() != expected:
                await asyncio.sleep(0.05)
