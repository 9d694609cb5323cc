"""Sample event, decider and documents: a small event like those of the bonus accounts."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import uuid4

import msgspec
from bson.timestamp import Timestamp
from pymongo import ReplaceOne

from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Context, Event, EventTypes, Stream
from zugabe_events.domain.partitioning import PARTS, part_of
from zugabe_events.mongo.client import (
    Database,
    Document,
    LogIdentity,
    connect,
    database,
    deploy_log,
)
from zugabe_events.sequencer.sequence import SequencedCommit, plan


class Earned(Event, frozen=True):
    stored_as: ClassVar[str] = "earned"

    dealer: str
    user: str
    order_id: str
    points: int
    earned_at: datetime


type SampleEvent = Earned

READ, WRITTEN = 2_000, 20_000
"""Commits per read and per write of a bare rebuild; writing as often as the kernel does."""
TYPES = EventTypes([Earned])
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Earn:
    user: str
    order_id: str


def decide(command: Earn, points: int) -> Sequence[Earned]:
    return [Earned("d1", command.user, command.order_id, 7, NOON)]


def evolve(points: int, event: Earned) -> int:
    return points + event.points


EARNING_DECIDER: Decider[Earn, int, Earned] = Decider("earning", 0, decide, evolve)


def earning_history(user: str) -> History[int, Earned]:
    return History(Stream(f"account/d1/{user}", f"d1/{user}"), EARNING_DECIDER)


def context() -> Context:
    return Context("bench", "service", "d1", NOON, "c1")


def raw_document(user: str) -> Document:
    """A commit as it is stored, built by hand."""
    return {
        "_id": uuid4(),
        "stream": f"account/d1/{user}",
        "version": 1,
        "part": hash(user) % PARTS,
        "key": f"d1/{user}",
        "at": Timestamp(0, 0),
        "recorded": NOON,
        "events": [{"name": "earned", "schema": 1, "data": raw_event(user)}],
        "actor": "bench",
        "role": "service",
        "dealer": "d1",
        "reason": None,
        "correlation": "c1",
        "causation": None,
        "traceparent": None,
        "body": "",
    }


def one_event(stream: str, key: str, version: int, event: Event, parts: int) -> Document:
    """A commit of one event, as it is stored."""
    data = msgspec.json.encode(event).decode()
    return raw_document(key) | {
        "stream": stream,
        "version": version,
        "part": part_of(key, parts),
        "key": key,
        "events": [{"name": event.stored_as, "schema": 1, "data": data}],
    }


async def write_log(
    db: Database, commits: Sequence[Document], last: dict[int, int]
) -> Sequence[SequencedCommit]:
    """Write commits directly, with positions after `last`, which is advanced by part."""
    documents, sequenced = plan(commits, last, {}, commits[-1]["recorded"])
    await db.commits.insert_many(commits, ordered=False)
    await db.sequence.insert_many(documents, ordered=False)
    return sequenced


async def bare_rebuild(
    db: Database, parts: int, decoders: Mapping[str, "msgspec.json.Decoder[Any]"], view: Document
) -> None:
    """Read and decode every commit, and write `view` for each stream of a batch, computing nothing.

    Documents of a batch are written while the next one is read.
    """
    await db.drop_collection("raw")

    async def write(streams: set[str]) -> None:
        writes = [ReplaceOne({"_id": key}, view | {"_id": key}, upsert=True) for key in streams]
        await db.raw.bulk_write(writes, ordered=False)

    touched, read, writing = set[str](), 0, asyncio.create_task(asyncio.sleep(0))
    for part in range(parts):
        fields = {"events": 1, "stream": 1}
        async for commit in db.commits.find({"part": part}, fields, batch_size=READ):
            for event in commit["events"]:
                decoders[event["name"]].decode(event["data"])
            touched.add(commit["stream"])
            read += 1
            if read % WRITTEN == 0:
                await writing
                writing, touched = asyncio.create_task(write(touched)), set()
    await writing
    if touched:
        await write(touched)


def raw_event(user: str) -> str:
    return (
        f'{{"dealer":"d1","user":"{user}","order_id":"o-{user}","points":7,'
        '"earned_at":"2026-05-04T12:00:00Z"}'
    )


@asynccontextmanager
async def fresh_log(url: str) -> AsyncGenerator[tuple[Database, LogIdentity]]:
    """Deploy a new log, and drop it afterwards."""
    client = connect(url)
    db = database(client, f"bench{uuid4().hex[:12]}")
    try:
        yield db, await deploy_log(db, uuid4())
    finally:
        await client.drop_database(db.name)
        await client.close()
