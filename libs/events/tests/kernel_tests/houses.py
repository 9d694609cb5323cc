"""The house that the toy guests come to: its log, its consumers, its keys."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from random import Random

from aiokafka import AIOKafkaConsumer
from bson import encode

from kernel_tests.guests import TYPES, GuestView, erasure, guest_views, mails
from kernel_tests.toy import now
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.consumer.effect import AnyEffect
from zugabe_events.domain.consistency_token import Token
from zugabe_events.encryption.key_store import MongoKeyStore, deploy_persons
from zugabe_events.encryption.master_key import MasterFile
from zugabe_events.encryption.personal_data import KEY_TTL_SECONDS, People
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.kafka_broker import ConsumerBroker
from zugabe_events.mongo.client import OPTIONS, Database, LogIdentity
from zugabe_events.privacy.erasure import ErasureEffect, erasure_timer
from zugabe_events.privacy.subject_export import Export
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import MongoViews, ProjectionEffect, deploy_views
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.reactions.outbox import OutboxWorker, deploy_outbox, outbox_effect
from zugabe_events.reactions.timers import TimerWorker, deploy_timers, timer_effect
from zugabe_testing.consumers import subscribe
from zugabe_testing.personal_data import no_owner


def write_master(path: Path, *versions: str) -> Path:
    """Keys that follow from their version; the last one wraps."""
    lines = [f"{one} {b64encode(Random(one).randbytes(32)).decode()}\n" for one in versions]
    path.write_text("".join(lines))
    return path


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def pass_until_forgotten(self) -> None:
        self.seconds += KEY_TTL_SECONDS

    def __call__(self) -> float:
        return self.seconds


class Relay:
    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


def people_of(db: Database, path: Path, clock: Clock | None = None) -> People:
    """As one more process has them."""
    master = MasterFile(path)
    if clock is None:
        return People("guests", MongoKeyStore(db), master, no_owner)
    return People("guests", MongoKeyStore(db), master, no_owner, clock=clock)


async def deploy_people(db: Database) -> None:
    await deploy_persons(db)
    await deploy_outbox(db)
    await deploy_timers(db)


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


@dataclass
class House:
    """`time` is what its clocks show."""

    db: Database
    identity: LogIdentity
    kafka: str
    people: People
    store: MongoEventStore
    relay: Relay
    sending: OutboxWorker
    ringing: TimerWorker
    views: MongoViews[GuestView]
    time: list[datetime]

    @property
    def export(self) -> Export:
        model = guest_views(self.identity.name)
        return Export(self.db, "guests", self.people, [(model, build_of(model, 1))])

    async def until(self, look: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(120):
            while not await look():
                await asyncio.sleep(0.05)

    async def everything_stored(self) -> bytes:
        """All documents of the database and all records of the topic, byte by byte."""
        found = [
            encode(document, codec_options=OPTIONS)
            for name in await self.db.list_collection_names()
            async for document in self.db[name].find({})
        ]
        consumer = AIOKafkaConsumer(
            self.identity.name, bootstrap_servers=self.kafka, enable_auto_commit=False
        )
        await consumer.start()
        try:
            ends = await consumer.end_offsets(consumer.assignment())
            for part, end in ends.items():
                consumer.seek(part, 0)
                while await consumer.position(part) < end:
                    for record in (await consumer.getmany(part, timeout_ms=500)).get(part, ()):
                        found += [record.value, *(value for _, value in record.headers)]
        finally:
            await consumer.stop()
        return b"\n".join(found)


@asynccontextmanager
async def open_house(
    db: Database, identity: LogIdentity, kafka: str, master_file: Path
) -> AsyncGenerator[House]:
    """Its consumers run; mails and alarms are up to the test."""
    topic, time = identity.name, [now()]
    await deploy_people(db)
    model = guest_views(topic)
    await deploy_views(db, model, 1)
    people, relay = people_of(db, master_file), Relay()
    store = MongoEventStore(db, identity, TYPES)
    rule = erasure_timer(erasure(topic), people)
    assert rule is not None
    sending = OutboxWorker(db, relay, "Haus <haus@haus.example>", lambda: time[0], people)
    serving = ReadYourWrites(db, identity, {}, unreachable)
    alarms = timer_effect(db, rule, TYPES)
    erasing = ErasureEffect(db, erasure(topic), TYPES, people, now, alarms)
    effects: dict[str, tuple[AnyEffect, str]] = {
        f"guests.all.{topic}": (ProjectionEffect(db, model, 1, TYPES), build_of(model, 1)),
        erasure(topic).name: (erasing, "people"),
        mails(topic).name: (outbox_effect(db, mails(topic), TYPES, lambda: time[0]), "mails"),
    }
    broker = ConsumerBroker(kafka, graceful_timeout=10)
    consumers = [Consumer(db, group, *effect) for group, effect in effects.items()]
    for one in consumers:
        one.reread = subscribe(broker, one, [topic], instance="one", session_ms=6_000)
    await broker.start()
    try:
        ringing = TimerWorker(db, [rule], store, lambda: time[0])
        views = MongoViews(db, model, serving)
        yield House(db, identity, kafka, people, store, relay, sending, ringing, views, time)
    finally:
        for one in consumers:
            one.stopping.set()
        await broker.stop()
