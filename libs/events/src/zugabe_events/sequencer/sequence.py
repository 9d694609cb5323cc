"""Sequence documents: position, checkpoint and fence in one insert."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bson.binary import Binary
from pymongo.errors import BulkWriteError

from zugabe_events.mongo.client import Database, Document
from zugabe_events.sequencer.lease import TermEndedError

DOCUMENT_COMMITS = 1_000


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A commit and the position of its first event in its part."""

    commit: Document
    pos: int


def plan(
    commits: Iterable[Document], last: dict[int, int], times: dict[int, datetime], now: datetime
) -> tuple[list[Document], list[Sequenced]]:
    """One sequence document per part for commits in commit order; updates `last` and `times`."""
    by_part: dict[int, list[Document]] = {}
    for commit in commits:
        by_part.setdefault(commit["part"], []).append(commit)
    documents, sequenced = [], []
    for part, some in by_part.items():
        first = pos = last.get(part, 0) + 1
        for commit in some:
            sequenced.append(Sequenced(commit, pos))
            pos += len(commit["events"])
        last[part] = pos - 1
        times[part] = max(times.get(part, now), now)
        documents.append(
            {
                "_id": {"part": part, "pos": first},
                "last": pos - 1,
                "commits": [{"id": one["_id"], "n": len(one["events"])} for one in some],
                "time": times[part],
                "at": max(one["at"] for one in some),
            }
        )
    return documents, sequenced


async def insert(db: Database, documents: Sequence[Document]) -> None:
    """With majority. A place that is taken means that another sequencer acts: TermEndedError."""
    try:
        await db.sequence.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        message = "another sequencer wrote this position"
        raise TermEndedError(message) from error


def range_of(part: int, above: int = 0) -> Document:
    """A filter for the documents of a part that begin above a position."""
    return {"_id": {"$gt": {"part": part, "pos": above}, "$lt": {"part": part + 1, "pos": 0}}}


async def last_of(db: Database, part: int) -> Document | None:
    return await db.sequence.find_one(range_of(part), sort=[("_id", -1)])


async def positioned(
    db: Database,
    part: int,
    above: int,
    batch: int = 1_000,
    fields: Sequence[str] | None = None,
) -> AsyncGenerator[list[Sequenced]]:
    """The commits of a part whose events lie above a position, in order, batch by batch.

    `fields` of the commits are read; all without it. The next batch is fetched while one is used.
    """
    coming: asyncio.Task[list[Sequenced]] | None = None
    try:
        async for places in _places(db, part, above, batch):
            following = asyncio.create_task(_fetch(db, places, fields))
            await asyncio.sleep(0)  # it asks at once, also when nobody waits in between
            ready, coming = coming, following
            if ready is not None:
                yield await ready
        if coming is not None:
            yield await coming
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _places(
    db: Database, part: int, above: int, batch: int
) -> AsyncGenerator[list[tuple[Any, int]]]:
    """The ids of commits, each with the position of its first event."""
    covering = await db.sequence.find_one(
        {"_id": {"$gte": {"part": part, "pos": 0}, "$lte": {"part": part, "pos": above}}},
        sort=[("_id", -1)],
    )
    start = covering["_id"]["pos"] - 1 if covering and covering["last"] > above else above
    waiting: list[tuple[Any, int]] = []
    async for document in db.sequence.find(range_of(part, start), sort=[("_id", 1)]):
        pos = document["_id"]["pos"]
        for one in document["commits"]:
            if pos + one["n"] - 1 > above:
                waiting.append((one["id"], pos))
            pos += one["n"]
        if len(waiting) >= batch:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


async def _fetch(
    db: Database, places: Sequence[tuple[Any, int]], fields: Sequence[str] | None
) -> list[Sequenced]:
    ids = [commit_id for commit_id, _ in places]
    commits = await db.commits.find({"_id": {"$in": ids}}, fields).to_list()
    found = {plain(one["_id"]): one for one in commits}
    return [Sequenced(found[plain(commit_id)], pos) for commit_id, pos in places]


def plain(commit_id: UUID | Binary) -> bytes:
    """What is quickly compared."""
    return commit_id.bytes if isinstance(commit_id, UUID) else bytes(commit_id)
