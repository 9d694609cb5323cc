"""Sequence documents: each gives a run of commits their positions, and is the fence against other
sequencers, in one insert.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bson.binary import Binary

from zugabe_events.mongo.client import MAJORITY_WRITE, OPTIONS, Database, Document
from zugabe_events.sequencer.lease import TermEndedError

MAX_DOCUMENT_COMMITS = 1_000


@dataclass(frozen=True, slots=True)
class SequencedCommit:
    """A commit and the position of its first event in its part."""

    commit: Document
    pos: int


def plan(
    commits: Iterable[Document], last: dict[int, int], times: dict[int, datetime], now: datetime
) -> tuple[list[Document], list[SequencedCommit]]:
    """One sequence document per part for commits in commit order; updates `last` and `times`."""
    by_part: dict[int, list[Document]] = {}
    for commit in commits:
        by_part.setdefault(commit["part"], []).append(commit)
    documents, sequenced = [], []
    for part, group in by_part.items():
        first = pos = last.get(part, 0) + 1
        for commit in group:
            sequenced.append(SequencedCommit(commit, pos))
            pos += len(commit["events"])
        last[part] = pos - 1
        times[part] = max(times.get(part, now), now)
        documents.append(
            {
                "_id": {"part": part, "pos": first},
                "last": pos - 1,
                "commits": [{"id": commit["_id"], "n": len(commit["events"])} for commit in group],
                "time": times[part],
                "at": max(commit["at"] for commit in group),
            }
        )
    return documents, sequenced


async def insert(db: Database, documents: Sequence[Document]) -> None:
    """With majority. Raises TermEndedError for a position that another sequencer has given away."""
    command: Document = {
        "insert": "sequence",
        "documents": documents,
        "ordered": False,
        "writeConcern": MAJORITY_WRITE.document,
    }
    reply = await db.command(command, codec_options=OPTIONS)
    if reply.get("writeErrors"):
        raise TermEndedError("another sequencer wrote this position")
    if error := reply.get("writeConcernError"):
        raise TermEndedError(f"no majority has the positions: {error['errmsg']}")


def range_of(part: int, above: int = 0) -> Document:
    """The filter for documents of a part that begin above a position."""
    return {"_id": {"$gt": {"part": part, "pos": above}, "$lt": {"part": part + 1, "pos": 0}}}


async def last_of(db: Database, part: int) -> Document | None:
    return await db.sequence.find_one(range_of(part), sort=[("_id", -1)])


async def positioned(
    db: Database, part: int, above: int, batch: int = 1_000, fields: Sequence[str] | None = None
) -> AsyncGenerator[list[SequencedCommit]]:
    """The commits of a part whose events lie above a position, in order and in batches.

    `fields` of the commits are read; None: all. The next batch is prefetched.
    """
    coming: asyncio.Task[list[SequencedCommit]] | None = None
    try:
        async for first_positions in _first_positions(db, part, above, batch):
            following = asyncio.create_task(_fetch(db, first_positions, fields))
            await asyncio.sleep(0)  # sends the query now, before the caller awaits anything
            ready, coming = coming, following
            if ready is not None:
                yield await ready
        if coming is not None:
            yield await coming
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)


async def _first_positions(
    db: Database, part: int, above: int, batch: int
) -> AsyncGenerator[list[tuple[Any, int]]]:
    """Ids of commits, each with the position of its first event, in batches."""
    covering = await db.sequence.find_one(
        {"_id": {"$gte": {"part": part, "pos": 0}, "$lte": {"part": part, "pos": above}}},
        {"last": 1},
        sort=[("_id", -1)],
    )
    start = covering["_id"]["pos"] - 1 if covering and covering["last"] > above else above
    found: list[tuple[Any, int]] = []
    async for document in db.sequence.find(range_of(part, start), sort=[("_id", 1)]):
        pos = document["_id"]["pos"]
        for commit in document["commits"]:
            if pos + commit["n"] - 1 > above:
                found.append((commit["id"], pos))
            pos += commit["n"]
        if len(found) >= batch:
            yield found
            found = []
    if found:
        yield found


async def _fetch(
    db: Database, first_positions: Sequence[tuple[Any, int]], fields: Sequence[str] | None
) -> list[SequencedCommit]:
    """Commits come in the order of their ids, without them: decoding an id costs more than sorting.

    Raises LookupError if one is not there.
    """
    by_id = sorted(first_positions, key=lambda found: plain(found[0]))
    ids = [commit_id for commit_id, _ in by_id]
    shown = {**dict.fromkeys(fields or (), True), "_id": False}
    commits = await db.commits.find({"_id": {"$in": ids}}, shown).sort("_id").to_list()
    if len(commits) != len(ids):
        message = f"{len(ids) - len(commits)} of {len(ids)} commits are not in the log"
        raise LookupError(message)
    sequenced = []
    for (commit_id, pos), commit in zip(by_id, commits, strict=True):
        commit["_id"] = commit_id
        sequenced.append(SequencedCommit(commit, pos))
    return sorted(sequenced, key=lambda each: each.pos)


def plain(commit_id: UUID | Binary) -> bytes:
    """An id in a form that is fast to compare."""
    return commit_id.bytes if isinstance(commit_id, UUID) else bytes(commit_id)
