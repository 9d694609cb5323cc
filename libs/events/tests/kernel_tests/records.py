"""Records in a log's topic, and processes that consume them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer
from faststream.kafka import KafkaBroker

from kernel_tests.noting import Noting
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.messaging.message import source_of
from zugabe_events.mongo.client import Database, LogIdentity


@dataclass
class Records:
    """A log's topic, to which records are sent without a log behind."""

    db: Database
    identity: LogIdentity
    kafka: str
    sent: dict[int, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.identity.name

    async def send(self, number: int) -> None:
        """Send `number` messages to each part."""
        producer = AIOKafkaProducer(bootstrap_servers=self.kafka)
        await producer.start()
        for part in range(self.identity.parts):
            first = self.sent.get(part, 0) + 1
            self.sent[part] = first + number - 1
            for pos in range(first, first + number):
                headers = [
                    ("ce_id", b"%d.%d" % (part, pos)),
                    ("ce_type", b"added"),
                    ("ce_sequence", b"%d.%016d" % (part, pos)),
                    ("ce_source", source_of(self.identity).encode()),
                    ("ce_dataschema", b"added:1"),
                    *((name, b"x") for name in ("ce_subject", "ce_time", "ce_correlationid")),
                    ("ce_dealer", b"x"),
                ]
                await producer.send(self.name, b"{}", partition=part, headers=headers)
        await producer.stop()

    @property
    def total(self) -> int:
        return sum(self.sent.values())

    @asynccontextmanager
    async def process(
        self, *effects: Noting, name: str = "a", group: str = "old", gathers: float = 0.0
    ) -> AsyncGenerator[KafkaSource]:
        broker = KafkaBroker(self.kafka, apply_types=False, logger=None, graceful_timeout=10)
        source = KafkaSource()
        consumers = [Consumer(self.db, effect.name, effect) for effect in effects]
        for consumer in consumers:
            consumer.reread = source.add(consumer, [self.name], gathers=gathers)
        source.subscribe(broker, f"{self.name}.{group}", instance=name, session_ms=6_000)
        await broker.start()
        try:
            yield source
        finally:
            for consumer in consumers:
                consumer.stopping.set()
            await broker.stop()
            await source.stop()
            async with asyncio.timeout(120):
                await source.lazy_flush.flush()

    async def noted_by(self, effect: Noting) -> None:
        """Until every message is noted; twice would not be possible."""
        async with asyncio.timeout(120):
            while await self.db.noted.count_documents({"by": effect.name}) != self.total:
                await asyncio.sleep(0.02)
