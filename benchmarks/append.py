"""Appends through the real command path (load, decide, append), against bare inserts."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from uuid import uuid4

from benchmarks.measuring import Result, in_turns
from benchmarks.samples import TYPES, Earn, context, earning_history, fresh_log, raw_document
from zugabe.testing import Parts
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, Document

GROUPS_IN_FLIGHT = 3


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity), fresh_log(parts.mongo) as (raw_db, _):
        store = MongoEventStore(db, identity, TYPES)
        users = (f"u{number}" for number in count())

        async def one_command() -> None:
            user = next(users)
            earn = Earn(user, "o")
            await handle(store, earning_history(user), earn, context(), attempt=uuid4(), new=True)

        async def one_insert() -> None:
            await raw_db.commits.insert_one(raw_document(next(users)))

        results = []
        for in_flight, each, bar in ((1, 300, 0.0), (16, 4_000, 0.6), (64, 8_000, 0.6)):
            results.append(
                await in_turns(
                    f"append, {in_flight} in flight, against grouped inserts",
                    rate(one_command, in_flight, each),
                    grouped(raw_db, users, in_flight, each),
                    bar=bar,
                )
            )
        results.append(
            await in_turns(
                "append, 64 in flight, against single inserts",
                rate(one_command, 64, 8_000),
                rate(one_insert, 64, 3_000),
                bar=2.0,
            )
        )
        return results


def rate(
    work: Callable[[], Awaitable[None]], in_flight: int, times: int
) -> Callable[[], Awaitable[float]]:
    """Measure how often per second `in_flight` workers do `work`."""

    async def measured() -> float:
        left = iter(range(times))

        async def worker() -> None:
            for _ in left:
                await work()

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(in_flight)))
        return times / (time.perf_counter() - began)

    return measured


def grouped(
    db: Database, users: Iterator[str], in_flight: int, times: int
) -> Callable[[], Awaitable[float]]:
    """Bare `insert_many`: `in_flight` documents under way in a few groups."""
    size = max(1, in_flight // GROUPS_IN_FLIGHT)

    async def insert() -> None:
        documents: list[Document] = [raw_document(next(users)) for _ in range(size)]
        await db.commits.insert_many(documents, ordered=False)

    single = rate(insert, min(in_flight, GROUPS_IN_FLIGHT), times // size)

    async def measured() -> float:
        return size * await single()

    return measured
