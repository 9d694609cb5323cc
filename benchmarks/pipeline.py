"""From an append to a consumer's effect in MongoDB, against the bare parts in one loop."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from uuid import uuid4

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from pymongo import ReplaceOne

from benchmarks.append import rate
from benchmarks.measuring import Result, absolute, console, in_turns, open_loop, percentiles
from benchmarks.samples import (
    TYPES,
    Earn,
    Earned,
    context,
    earning_history,
    fresh_log,
    raw_document,
)
from zugabe.testing import Parts
from zugabe_events.consumer.consumer import Consumer
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel
from zugabe_events.eventstore.batcher import Batcher
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.messaging.kafka_broker import ConsumerBroker
from zugabe_events.mongo.client import Database, Document, LogIdentity
from zugabe_events.projections.mongo_views import PreparedFold, ProjectionEffect
from zugabe_events.runtime.deploy import deploy_topic
from zugabe_events.runtime.service import now
from zugabe_events.sequencer.sequencer import Sequencer
from zugabe_testing.consumers import subscribe

STEADY_PER_SECOND = 100
STEADY_SECONDS = 10

type Through = Callable[[], Awaitable[None]]
"""Appends one event of a new stream and returns when its effect is committed."""


@dataclass(frozen=True, slots=True)
class PointsView:
    dealer: str
    user: str
    orders: int
    points: int
    last: datetime


def project(view: PointsView | None, event: Event) -> PointsView | None:
    match event:
        case Earned():
            orders, points = (view.orders, view.points) if view else (0, 0)
            return PointsView(
                event.dealer, event.user, orders + 1, points + event.points, event.earned_at
            )
        case _:
            return view


def keys(event: Event) -> Sequence[str]:
    return [f"{event.dealer}/{event.user}"] if isinstance(event, Earned) else []


class Waiters:
    """Futures of writers that wait for the effect of their event, by user."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._users = count()

    def next(self) -> tuple[str, asyncio.Future[None]]:
        user = f"u{next(self._users)}"
        self._waiting[user] = asyncio.get_running_loop().create_future()
        return user, self._waiting[user]

    def done(self, user: str) -> None:
        if future := self._waiting.pop(user, None):
            future.set_result(None)


class NotifyingEffect(ProjectionEffect):
    """A projection that notifies writers when their event is visible."""

    waiters: Waiters

    def done(self, prepared: PreparedFold) -> None:
        super().done(prepared)
        for touch in prepared.touched:
            for key in touch.keys:
                self.waiters.done(key.removeprefix("d1/"))


@asynccontextmanager
async def with_the_kernel(
    parts: Parts, db: Database, identity: LogIdentity
) -> AsyncGenerator[Through]:
    store, waiters = MongoEventStore(db, identity, TYPES), Waiters()
    model = ReadModel("bench.points", 1, (identity.name,), PointsView, keys, project)
    effect = NotifyingEffect(db, model, 1, TYPES)
    effect.waiters = waiters
    consumer = Consumer(db, "bench.points", effect, f"bench.points.{uuid4()}")
    broker = ConsumerBroker(parts.kafka, graceful_timeout=5)
    subscribe(broker, consumer, [identity.name], instance="bench", session_ms=10_000)
    sequencer = asyncio.create_task(Sequencer(db, identity, parts.kafka, "bench", now).run())
    await broker.start()

    async def through() -> None:
        user, done = waiters.next()
        earn = Earn(user, "o")
        await handle(store, earning_history(user), earn, context(), attempt=uuid4(), new=True)
        await done

    try:
        yield through
    finally:
        consumer.stopping.set()
        await broker.stop()
        sequencer.cancel()
        await asyncio.gather(sequencer, return_exceptions=True)


@asynccontextmanager
async def bare(parts: Parts, db: Database, identity: LogIdentity) -> AsyncGenerator[Through]:
    """Batched inserts, a change stream, a producer, a consumer, bulk writes; no guarantees."""
    waiters, decoder = Waiters(), msgspec.json.Decoder(Earned)
    group = f"bench-{uuid4()}"
    producer = AIOKafkaProducer(bootstrap_servers=parts.kafka, enable_idempotence=True)
    consumer = AIOKafkaConsumer(
        identity.name, bootstrap_servers=parts.kafka, group_id=group, enable_auto_commit=False
    )
    await producer.start()
    await consumer.start()
    await consumer.seek_to_end()

    async def insert(documents: Sequence[Document]) -> Sequence[None]:
        await db.commits.insert_many(list(documents), ordered=False)
        return [None] * len(documents)

    inserts = Batcher[Document, None](insert, max_size=200)

    async def relay() -> None:
        async with await db.commits.watch(max_await_time_ms=1_000) as changes:
            watching.set()
            async for change in changes:
                commit = change["fullDocument"]
                value = commit["events"][0]["data"].encode()
                key = commit["key"].encode()
                await producer.send(identity.name, value, key=key, partition=commit["part"])

    async def effects() -> None:
        while True:
            batches = await consumer.getmany(timeout_ms=1_000, max_records=1_000)
            events = [
                decoder.decode(record.value) for records in batches.values() for record in records
            ]
            if events:
                await db.effects.bulk_write(
                    [
                        ReplaceOne({"_id": event.user}, {"points": event.points}, upsert=True)
                        for event in events
                    ],
                    ordered=False,
                )
            for event in events:
                waiters.done(event.user)

    async def through() -> None:
        user, done = waiters.next()
        await inserts.do(raw_document(user))
        await done

    watching = asyncio.Event()
    tasks = [asyncio.create_task(relay()), asyncio.create_task(effects())]
    await watching.wait()
    try:
        yield through
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await producer.stop()
        await consumer.stop()


async def run(parts: Parts) -> list[Result]:
    results = []
    async with fresh_log(parts.mongo) as (db, identity), fresh_log(parts.mongo) as (raw, other):
        await deploy_topic(parts.kafka, identity, 1)
        await deploy_topic(parts.kafka, other, 1)
        async with (
            with_the_kernel(parts, db, identity) as ours,
            bare(parts, raw, other) as theirs,
        ):
            await ours()
            await theirs()
            for in_flight, times in ((16, 2_000), (64, 4_000)):
                results.append(
                    await in_turns(
                        f"pipeline, {in_flight} in flight",
                        rate(ours, in_flight, times),
                        rate(theirs, in_flight, times),
                        bar=0.6,
                    )
                )
            raw_ms = await steady(theirs)
            ms = await steady(ours)
    console.print(
        f"bare at {STEADY_PER_SECOND}/s: p50 {raw_ms[49]:.1f} ms, p99 {raw_ms[98]:.1f} ms"
    )
    more = {"raw_p50": raw_ms[49], "raw_p99": raw_ms[98]}
    at = f"pipeline at {STEADY_PER_SECOND}/s"
    results.append(absolute(f"{at}, p50", ms[49], " ms", at_most=15, more=more))
    results.append(absolute(f"{at}, p99", ms[98], " ms", at_most=100))
    return results


async def steady(through: Through) -> list[float]:
    """Measure percentiles 1 to 99 in milliseconds at a fixed rate, whatever is still in flight."""
    starts = (number / STEADY_PER_SECOND for number in range(STEADY_PER_SECOND * STEADY_SECONDS))
    return percentiles(await open_loop(through, starts))
