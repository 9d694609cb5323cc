"""Events of an older shape on real parts: folds, policies, read models and rebuilds read them."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from faststream.kafka import KafkaBroker
from kernel_tests.toy import (
    Add,
    Added,
    Mirrored,
    Start,
    context,
    counter_history,
    counters,
    evolve,
    now,
    policy,
)

from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NewerSchemaError
from zugabe_events.domain.event import Event, EventTypes, Upcast
from zugabe_events.domain.event_store import Commit
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, LogIdentity
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import (
    MongoViews,
    ProjectionEffect,
    canonical_hash,
    deploy_views,
)
from zugabe_events.projections.read_your_writes import LanePosition, ReadYourWrites
from zugabe_events.projections.rebuild import Rebuild
from zugabe_events.reactions.policies import PolicyEffect
from zugabe_testing.consumers import subscribe

NAMES = [f"n{number}" for number in range(5)]
EACH_DOZEN = 3


class AddedDozens(Event, frozen=True):
    """The event as earlier code stored it."""

    stored_as: ClassVar[str] = "added"

    counter: str
    dozens: int


class AddedSingly(Added, frozen=True):
    """The event as today's code writes and reads it."""

    schema_version: ClassVar[int] = 2
    upcasts: ClassVar[Mapping[int, Upcast]] = {
        1: lambda body: {"counter": body["counter"], "amount": body["dozens"] * 12}
    }


BEFORE, TODAY = EventTypes([AddedDozens, Mirrored]), EventTypes([AddedSingly, Mirrored])


def decide(command: Add, total: int) -> Sequence[AddedSingly]:
    """Adds as much as there is already: what it says depends on the fold."""
    return [AddedSingly(command.counter, total + command.amount)]


DOUBLING_DECIDER: Decider[Add, int, Added] = Decider("doubling", 0, decide, evolve)


async def unreachable(token: Token) -> LanePosition:
    raise AssertionError(token)


async def dozens(store: MongoEventStore, name: str) -> None:
    commits = [
        Commit(uuid4(), counter_history(name).stream, version, (AddedDozens(name, 1),), context())
        for version in range(1, EACH_DOZEN + 1)
    ]
    for commit in commits:
        await store.append([commit])


async def test_old_events_mean_to_everybody_what_they_meant(
    db: Database,
    log_identity: LogIdentity,
    topic: str,
    real_parts: Parts,
    start: Start,
) -> None:
    """X-14, N-7, N-9"""
    before = MongoEventStore(db, log_identity, BEFORE)
    await asyncio.gather(*(dozens(before, name) for name in NAMES))

    store = MongoEventStore(db, log_identity, TODAY)
    for name in NAMES:
        history = History(counter_history(name).stream, DOUBLING_DECIDER)
        await handle(store, history, Add(name, 1), context(), attempt=uuid4())
    total = 2 * EACH_DOZEN * 12 + 1

    model = counters(topic)
    await deploy_views(db, model, 1)
    start("one")
    async with consumers(db, real_parts, topic, store, TODAY):
        await until_all_show(db, log_identity, total)

    assert await Rebuild(db, log_identity, real_parts.kafka, model, TODAY).run() == 2
    live = await canonical_hash(db, build_of(model, 1))
    assert await canonical_hash(db, build_of(model, 2)) == live
    assert live[1] == len(NAMES)
    assert await versions_in_kafka(real_parts.kafka, topic) == {
        "urn:zugabe:added:1": len(NAMES) * EACH_DOZEN,
        "urn:zugabe:added:2": len(NAMES),
        "urn:zugabe:mirrored:1": len(NAMES) * (EACH_DOZEN + 1),
    }


async def test_code_of_yesterday_waits_for_what_it_cannot_read(
    db: Database,
    log_identity: LogIdentity,
    topic: str,
    real_parts: Parts,
    start: Start,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is passed over: code of today goes on where it stopped."""
    today = MongoEventStore(db, log_identity, TODAY)
    for name in NAMES:
        history = History(counter_history(name).stream, DOUBLING_DECIDER)
        await handle(today, history, Add(name, 1), context(), attempt=uuid4())
    before = MongoEventStore(db, log_identity, BEFORE)
    with pytest.raises(NewerSchemaError):
        await handle(
            before, counter_history(NAMES[0]), Add(NAMES[0], 1), context(), attempt=uuid4()
        )

    await deploy_views(db, counters(topic), 1)
    start("one")
    async with consumers(db, real_parts, topic, before, BEFORE):
        async with asyncio.timeout(120):
            while caplog.text.count("NewerSchemaError: added has schema 2") < len(NAMES):
                await asyncio.sleep(0.05)
    assert await db.positions.count_documents({"pos": {"$gt": 0}}) == 0
    async with consumers(db, real_parts, topic, today, TODAY):
        await until_all_show(db, log_identity, 1)


@asynccontextmanager
async def consumers(
    db: Database, parts: Parts, topic: str, store: MongoEventStore, types: EventTypes
) -> AsyncGenerator[None]:
    """A policy and a read model, as code that knows these events."""
    model = counters(topic)
    effects: dict[str, Any] = {
        "mirror": PolicyEffect(store, policy(topic), types, now),
        build_of(model, 1): ProjectionEffect(db, model, 1, types),
    }
    broker = KafkaBroker(parts.kafka, apply_types=False, logger=None)
    consumer = [Consumer(db, f"{name}.{topic}", one, name) for name, one in effects.items()]
    for one in consumer:
        subscribe(broker, one, [topic], instance="a", session_ms=6_000)
    await broker.start()
    try:
        yield
    finally:
        for one in consumer:
            one.stopping.set()
        await broker.stop()


async def until_all_show(db: Database, identity: LogIdentity, total: int) -> None:
    serving = ReadYourWrites(db, identity, {identity.name: ["mirror"]}, unreachable)
    views = MongoViews(db, counters(identity.name), serving)
    expected = [(total, total) for _ in NAMES]
    async with asyncio.timeout(120):
        while [(v.added, v.mirrored) for name in NAMES if (v := await views.get(name))] != expected:
            await asyncio.sleep(0.05)


async def versions_in_kafka(kafka: str, topic: str) -> Mapping[str, int]:
    """Stored events are sent as they are."""
    found: dict[str, int] = {}
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = sum((await consumer.end_offsets(consumer.assignment())).values())
        async with asyncio.timeout(120):
            while sum(found.values()) < ends:
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        schema = dict(record.headers)["ce_dataschema"].decode()
                        found[schema] = found.get(schema, 0) + 1
    finally:
        await consumer.stop()
    return found
