"""Rebuilding a read model from the log, against raw reads and raw bulk writes of the same."""

import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from measuring import Result, in_turns
from pymongo import ReplaceOne
from samples import NOON, TYPES, Earned, fresh_log, raw_document

from zugabe.testing import Parts
from zugabe_events.envelope import Event
from zugabe_events.mongo import Database, Document, LogIdentity
from zugabe_events.parts import part_of
from zugabe_events.readmodels import ReadModel
from zugabe_events.rebuilding import Rebuild

EVENTS = 200_000
USERS = 20_000
BATCH = 2_000


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


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        await fill(db, identity)
        model = ReadModel("bench.points", 1, (identity.name,), PointsView, keys, project)

        async def ours() -> float:
            began = time.perf_counter()
            await Rebuild(db, identity, parts.kafka, model, TYPES).run()
            return EVENTS / (time.perf_counter() - began)

        async def raw() -> float:
            return await by_hand(db, identity)

        result = await in_turns("rebuild", ours, raw, bar=0.5, rounds=3)
        result.more = {
            "events": EVENTS,
            "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        return [result]


async def fill(db: Database, identity: LogIdentity) -> None:
    """A sequenced log, written down directly: users' orders spread over the whole of it."""
    positions = dict.fromkeys(range(identity.parts), 0)
    versions: dict[str, int] = {}
    for first in range(0, EVENTS, 10_000):
        commits: list[Document] = []
        by_part: dict[int, list[Document]] = {}
        for number in range(first, first + 10_000):
            user = f"u{number * 7919 % USERS}"
            versions[user] = versions.get(user, 0) + 1
            commit = raw_document(user)
            commit |= {"version": versions[user], "part": part_of(commit["key"], identity.parts)}
            commits.append(commit)
            by_part.setdefault(commit["part"], []).append(commit)
        await db.commits.insert_many(commits, ordered=False)
        await db.sequence.insert_many(
            [
                {
                    "_id": {"part": part, "pos": positions[part] + 1},
                    "last": positions[part] + len(some),
                    "commits": [{"id": one["_id"], "n": 1} for one in some],
                    "time": NOON,
                }
                for part, some in by_part.items()
            ]
        )
        for part, some in by_part.items():
            positions[part] += len(some)


async def by_hand(db: Database, identity: LogIdentity) -> float:
    """Read every commit, decode it, and write the documents that a fold leaves, batch by batch."""
    decoder = msgspec.json.Decoder(Earned)
    await db.drop_collection("raw")
    began = time.perf_counter()
    for part in range(identity.parts):
        waiting: list[Document] = []
        async for commit in db.commits.find({"part": part}, {"events": 1}, batch_size=BATCH):
            waiting.append(commit)
            if len(waiting) == BATCH:
                await write(db, decoder, waiting)
                waiting = []
        if waiting:
            await write(db, decoder, waiting)
    return EVENTS / (time.perf_counter() - began)


async def write(
    db: Database, decoder: "msgspec.json.Decoder[Earned]", commits: list[Document]
) -> None:
    folded: dict[str, Document] = {}
    for commit in commits:
        event = decoder.decode(commit["events"][0]["data"])
        folded[f"{event.dealer}/{event.user}"] = {
            "dealer": event.dealer,
            "user": event.user,
            "orders": 1,
            "points": event.points,
            "last": event.earned_at,
        }
    await db.raw.bulk_write(
        [ReplaceOne({"_id": key}, one, upsert=True) for key, one in folded.items()], ordered=False
    )
