"""After the last fault: until everything that was appended has had its effects everywhere."""

import asyncio
import time
from typing import Any

from chaos.system import LOGS
from pymongo import AsyncMongoClient

LOOK_SECONDS = 0.5
QUIET_LOOKS = 3

type Mongo = AsyncMongoClient[dict[str, Any]]
type Heads = dict[str, dict[int, int]]


class BehindError(AssertionError):
    """Somebody does not catch up, though everything runs."""


async def caught_up(mongo_url: str, patience_seconds: float) -> float:
    """Seconds until all caught up. Raises BehindError, which says who is behind and by how much."""
    began, quiet = time.monotonic(), 0
    before: Heads = {}
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as mongo:
        while True:
            behind, heads = await _behind(mongo)
            quiet = quiet + 1 if not behind and heads == before else 0
            if quiet == QUIET_LOOKS:
                return time.monotonic() - began
            if time.monotonic() - began > patience_seconds:
                raise BehindError("; ".join(behind) or "events still cause events")
            before = heads
            await asyncio.sleep(LOOK_SECONDS)


async def _behind(mongo: Mongo) -> tuple[list[str], Heads]:
    """Sentences about logs, consumers and alarms; and where the parts of the logs end."""
    behind: list[str] = []
    heads: Heads = {}
    for log in LOGS:
        sequenced, heads[log] = await _sequenced(mongo, log)
        appended = await mongo[log].commits.count_documents({})
        if appended != sequenced:
            behind.append(f"{log}: {appended - sequenced} of {appended} commits have no position")
    for service in LOGS:
        behind += await _consumers_behind(mongo, service, heads)
    open_ = await mongo["checkout"].timers.count_documents({"open": True})
    if open_:
        behind.append(f"checkout: {open_} attempts have not met their fate")
    return behind, heads


async def _sequenced(mongo: Mongo, log: str) -> tuple[int, dict[int, int]]:
    """The number of commits that have a position, and the last position by part."""
    grouped = await mongo[log].sequence.aggregate(
        [
            {
                "$group": {
                    "_id": "$_id.part",
                    "commits": {"$sum": {"$size": "$commits"}},
                    "last": {"$max": "$last"},
                }
            }
        ]
    )
    parts = await grouped.to_list()
    return sum(one["commits"] for one in parts), {one["_id"]: one["last"] for one in parts}


async def _consumers_behind(mongo: Mongo, service: str, heads: Heads) -> list[str]:
    known: dict[tuple[str, str], dict[int, int]] = {}
    async for one in mongo[service].positions.find({}):
        known.setdefault((one["consumer"], one["log"]), {})[one["part"]] = one["pos"]
    found = []
    for (consumer, log), positions in known.items():
        missing = {
            part: head - positions.get(part, 0)
            for part, head in heads.get(log, {}).items()
            if positions.get(part, 0) < head
        }
        if missing:
            found.append(
                f"{service}: {consumer} is {sum(missing.values())} events of {log} behind, "
                f"in parts {sorted(missing)}"
            )
    return found
