"""Consumer with the kernel (decode, dedupe, position; no effect) against bare aiokafka."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.measuring import Result, in_turns
from benchmarks.samples import TYPES, Earned, fresh_log, raw_document
from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.messaging.kafka_broker import ConsumerBroker
from zugabe_events.messaging.message import Message, outgoing, source_of
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.runtime.deploy import deploy_topic
from zugabe_testing.consumers import subscribe

EVENTS = 400_000


class CountingEffect:
    """Decodes every event, as effects do, and writes nothing."""

    def __init__(self) -> None:
        self.seen = 0
        self.all = asyncio.Event()

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> object | None:
        for message in messages:
            TYPES.decode(message.name, message.body, message.schema)
        self.seen += len(messages)
        if self.seen >= EVENTS:
            self.all.set()
        return None

    async def write(self, prepared: object, session: object) -> None:
        raise AssertionError

    def done(self, prepared: object) -> None:
        raise AssertionError


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        await deploy_topic(parts.kafka, identity, 1)
        await fill(parts.kafka, identity)

        async def ours() -> float:
            return await with_the_kernel(parts.kafka, db, identity)

        async def raw() -> float:
            return await bare(parts.kafka, identity)

        return [await in_turns("consume", ours, raw, bar=0.8)]


async def fill(bootstrap: str, identity: LogIdentity) -> None:
    source = source_of(identity).encode()
    positions = dict.fromkeys(range(identity.parts), 0)
    async with producing(bootstrap) as producer:
        for number in range(EVENTS):
            part = number % identity.parts
            positions[part] += 1
            commit = raw_document(f"u{number}") | {"part": part}
            for message in outgoing(commit, positions[part], source):
                await producer.send(
                    identity.name,
                    message.value,
                    key=message.key,
                    partition=part,
                    headers=message.headers,
                )


@asynccontextmanager
async def producing(bootstrap: str) -> AsyncGenerator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=5)
    await producer.start()
    yield producer
    await producer.flush()
    await producer.stop()


async def with_the_kernel(bootstrap: str, db: Database, identity: LogIdentity) -> float:
    effect = CountingEffect()
    consumer = Consumer(db, f"bench-{uuid4()}", effect)
    broker = ConsumerBroker(bootstrap, graceful_timeout=5)
    subscribe(broker, consumer, [identity.name], instance="bench", session_ms=10_000)
    began = time.perf_counter()
    await broker.start()
    await effect.all.wait()
    seconds = time.perf_counter() - began
    consumer.stopping.set()
    await broker.stop()
    return EVENTS / seconds


async def bare(bootstrap: str, identity: LogIdentity) -> float:
    """Consume with a consumer group of one and a decoder."""
    decoder = msgspec.json.Decoder(Earned)
    consumer = AIOKafkaConsumer(
        identity.name,
        bootstrap_servers=bootstrap,
        group_id=f"bench-{uuid4()}",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    began = time.perf_counter()
    await consumer.start()
    seen = 0
    while seen < EVENTS:
        for records in (await consumer.getmany(timeout_ms=1_000, max_records=1_000)).values():
            for record in records:
                decoder.decode(record.value)
            seen += len(records)
    seconds = time.perf_counter() - began
    await consumer.stop()
    return EVENTS / seconds
