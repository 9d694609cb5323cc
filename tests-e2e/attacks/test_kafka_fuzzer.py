"""S2: whoever can write to Kafka is believed in nothing, and stops nobody.

An attacker who knows every format, but no key, writes records of all kinds of brokenness between
the true ones. Seeded: what fails once fails again.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pymongo.asynchronous.client_session import AsyncClientSession

from zugabe.testing import Parts, parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.dead_letters import deploy_dead_letters
from zugabe_events.consumer.kafka_source import KafkaSource
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Context, Event, EventTypes, Stream
from zugabe_events.domain.mac import MacKeys
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.authentication import MAC, PURPOSE
from zugabe_events.messaging.kafka_broker import ConsumerBroker
from zugabe_events.messaging.kafka_security import address
from zugabe_events.messaging.message import Message
from zugabe_events.mongo.client import (
    Database,
    LogIdentity,
    connect,
    create_missing,
    database,
    deploy_log,
)
from zugabe_events.runtime.deploy import deploy_topic
from zugabe_events.sequencer.sequencer import Sequencer
from zugabe_testing.eventually import eventually

SEEDS = (1, 2)
ROUNDS = 6
FORGED_PER_ROUND = 60
GIANT_BYTES = 900_000
PARTS = 2

type Headers = list[tuple[str, bytes]]
type Raw = tuple[bytes | None, bytes | None, Headers]
"""Key, value and headers of a record."""


class Counted(Event, frozen=True):
    stored_as: ClassVar[str] = "attacked-counted"

    number: int


type AttackedEvent = Counted

COUNTING: Decider[int, None, Counted] = Decider(
    "attacked", None, lambda number, _: [Counted(number)], lambda _, __: None
)


@dataclass
class Believed:
    """An effect that notes what it was given, each position once."""

    db: Database

    async def prepare(self, messages: Sequence[Message], *, again: bool) -> list[Message]:
        return list(messages)

    async def write(self, prepared: list[Message], session: AsyncClientSession) -> None:
        documents = [
            {"_id": f"{one.lane.part}.{one.pos}", "log": one.lane.log_id, "body": one.body}
            for one in prepared
        ]
        await self.db.believed.insert_many(documents, session=session)

    def done(self, prepared: list[Message]) -> None:
        pass


@pytest.fixture(scope="module")
def real_parts() -> Generator[Parts]:
    with parts() as started:
        yield started


@dataclass
class Target:
    db: Database
    identity: LogIdentity
    kafka: str
    store: MongoEventStore
    written: int = 0

    async def write(self, number: int) -> None:
        for _ in range(number):
            name = f"attacked-{self.written % 3}"
            history = History(Stream(name, name), COUNTING)
            context = Context("tester", "service", "acme", datetime.now(UTC), "c1")
            await handle(self.store, history, self.written, context, attempt=uuid4())
            self.written += 1

    @asynccontextmanager
    async def sequencing(self) -> AsyncGenerator[None]:
        sequencer = Sequencer(self.db, self.identity, self.kafka, "one", lambda: datetime.now(UTC))
        task = asyncio.create_task(sequencer.run())
        try:
            yield
        finally:
            assert not task.done(), "the attacker has stopped the sequencer"
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @asynccontextmanager
    async def consuming(self) -> AsyncGenerator[None]:
        broker = ConsumerBroker(self.kafka, graceful_timeout=10)
        source = KafkaSource(self.kafka)
        consumer = Consumer(self.db, "believing", Believed(self.db))
        consumer.reread = source.add(consumer, [self.identity.name])
        group = f"{self.identity.name}.{uuid4().hex[:6]}"
        source.subscribe(broker, group, instance="one", session_ms=6_000)
        await broker.start()
        try:
            yield
        finally:
            consumer.stopping.set()
            await broker.stop()
            await source.stop()
            await source.lazy_flush.flush()

    async def all_believed(self) -> None:
        """Every true event has arrived, and nothing else."""
        bodies = {one["body"] async for one in self.db.believed.find()}
        assert bodies == {b'{"number":%d}' % number for number in range(self.written)}
        logs = await self.db.believed.distinct("log")
        assert logs == [str(self.identity.id)]


@pytest.fixture
async def target(real_parts: Parts, tmp_path: Path) -> AsyncGenerator[Target]:
    keys = tmp_path / "keys"
    keys.write_text(uuid4().hex * 2)
    client = connect(real_parts.mongo)
    db = database(client, f"t{uuid4().hex[:12]}")
    identity = await deploy_log(db, uuid4(), PARTS)
    await deploy_topic(real_parts.kafka, identity, 1)
    await deploy_dead_letters(db)
    await create_missing(db, "positions", "believed")
    kafka = address(real_parts.kafka, {"mac_keys": str(keys)})
    store = MongoEventStore(db, identity, EventTypes.of(AttackedEvent))
    yield Target(db, identity, kafka, store)
    await client.drop_database(db.name)
    await client.close()


def changed(headers: Headers, name: str, value: bytes) -> Headers:
    return [(its, value if its == name else content) for its, content in headers]


def forgeries(chance: random.Random, true: Raw, part: int) -> dict[str, Raw]:
    """A record of each kind, made from a true one."""
    key, value, headers = true
    unsigned = [(name, content) for name, content in headers if name != MAC]
    later = b"%d.%d" % (part, chance.randrange(1, 10_000))
    foreign = MacKeys([chance.randbytes(32)], PURPOSE)
    other_log = b"/zugabe/%s/%s" % (dict(headers)["ce_source"].split(b"/")[2], b"another")
    source = f"{dict(headers)['ce_source'].decode().rpartition('/')[2]}.0".encode()
    return {
        "no header at all": (key, value, []),
        "a header is missing": (key, value, chance.sample(headers, len(headers) - 1)),
        "headers in another order": (key, value, chance.sample(headers, len(headers))),
        "no MAC": (key, b'{"number":-1}', changed(unsigned, "ce_sequence", later)),
        "another body": (key, b'{"number":-2}', headers),
        "another position": (key, value, changed(headers, "ce_sequence", later)),
        "another log": (key, value, changed(headers, "ce_source", other_log)),
        "continues the log": (key, value, [*unsigned, ("ce_continues", source)]),
        "continues the log, behind the MAC": (key, value, [*headers, ("ce_continues", source)]),
        "a MAC of another's key": (
            key,
            b'{"number":-3}',
            [*changed(unsigned, "ce_sequence", later), (MAC, foreign.make(b"whatever"))],
        ),
        "an empty MAC": (key, value, changed(headers, MAC, b"")),
        "a truncated MAC": (key, b'{"number":-4}', changed(headers, MAC, headers[-1][1][:12])),
        "no value": (key, None, headers),
        "no key": (None, value, headers),
        "truncated": (key, (value or b"")[: chance.randrange(3)], headers),
        "giant": (key, chance.randbytes(GIANT_BYTES), unsigned),
        "a giant header": (key, value, [*unsigned, ("ce_reason", b"x" * 100_000)]),
        "noise": (
            chance.randbytes(20),
            chance.randbytes(200),
            [(name, chance.randbytes(chance.randrange(40))) for name, _ in headers],
        ),
        "a position that is no number": (key, value, changed(headers, "ce_sequence", b"0.\xff")),
        "a version that is no number": (key, value, changed(headers, "ce_dataschema", b"a:b")),
        "a repeat": true,
    }


async def true_record(kafka: str, topic: str) -> tuple[Raw, int]:
    """The first record that an attacker finds, as they can read it."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.partition("?")[0], auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        record = await asyncio.wait_for(consumer.getone(), 60)
    finally:
        await consumer.stop()
    return (record.key, record.value, list(record.headers)), record.partition


@asynccontextmanager
async def attacker(target: Target) -> AsyncGenerator[Callable[[Raw, int], Awaitable[object]]]:
    producer = AIOKafkaProducer(
        bootstrap_servers=target.kafka.partition("?")[0], max_request_size=2_000_000
    )
    await producer.start()

    async def send(raw: Raw, part: int) -> object:
        key, value, headers = raw
        return await producer.send_and_wait(
            target.identity.name, value, key=key, partition=part, headers=headers
        )

    try:
        yield send
    finally:
        await producer.stop()


@pytest.mark.integration
@pytest.mark.parametrize("seed", SEEDS)
async def test_no_forged_record_is_believed_or_stops_anybody(target: Target, seed: int) -> None:
    """S2: consumers and sequencer go on, also when they start behind nothing but forgeries"""
    chance = random.Random(seed)
    await target.write(4)
    async with target.sequencing(), target.consuming():
        await eventually(target.all_believed)
        true, part = await true_record(target.kafka, target.identity.name)
    async with attacker(target) as send:
        for number in range(ROUNDS):
            kinds = forgeries(chance, true, part)
            async with target.sequencing(), target.consuming():
                for _ in range(FORGED_PER_ROUND if number else 0):
                    kind = chance.choice([name for name in kinds if "giant" not in name])
                    await send(kinds[kind], chance.randrange(PARTS))
                for raw in kinds.values():
                    await send(raw, part)
                await target.write(5)
                await eventually(target.all_believed)
            for raw in list(kinds.values())[-12:]:  # the last ones of the topic, at the next start
                await send(raw, part)
