"""Batches that are being generated, by any process, each from where it broke off."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from pymongo import ASCENDING

from zugabe_events.domain.event import Fact
from zugabe_events.mongo.client import Database, Document, create_missing
from zugabe_events.mongo.work_queue import WorkQueue

COLLECTION = "unique_code_batches"
CLAIM_TTL = timedelta(seconds=30)
"""Time after which another process goes on with a batch whose process died."""


class QueuedBatch(Fact, frozen=True):
    """A batch of which `done` codes are stored; `claim` counts the turns at it.

    The codes are drawn from `secret`, which is forgotten once they are complete. See
    `UniqueCodesRequested` for the other fields.
    """

    owner: str
    campaign_id: str
    batch_id: str
    campaign_code: str
    first: int
    count: int
    letters: int
    due: datetime
    secret: bytes
    done: int = 0
    claim: int = 0
    failures: int = 0

    @property
    def key(self) -> str:
        return f"{self.owner}/{self.campaign_id}/{self.batch_id}"


class BatchQueue(Protocol):
    async def put(self, batch: QueuedBatch) -> None:
        """Unless it is known already."""
        ...

    async def done_of(self, owner: str, campaign_id: str) -> dict[str, int]:
        """The number of stored codes of a campaign, by batch."""
        ...

    async def open_of(self, owner: str) -> int:
        """The number of an owner's batches that are not complete."""
        ...

    async def claim(self, now: datetime) -> QueuedBatch | None:
        """The batch that has been due longest; it is due again after a while."""
        ...

    async def save(self, batch: QueuedBatch, *, finished: bool = False) -> bool:
        """False if another process has it."""
        ...


class MongoBatchQueue:
    def __init__(self, db: Database) -> None:
        self._batches = db[COLLECTION]
        self._queue = WorkQueue(self._batches, "due", CLAIM_TTL)

    async def put(self, batch: QueuedBatch) -> None:
        document = {**document_of(batch), "open": True}
        await self._batches.update_one({"_id": batch.key}, {"$setOnInsert": document}, upsert=True)

    async def done_of(self, owner: str, campaign_id: str) -> dict[str, int]:
        found = self._batches.find(
            {"owner": owner, "campaign_id": campaign_id}, {"batch_id": 1, "done": 1}
        )
        return {document["batch_id"]: document["done"] async for document in found}

    async def open_of(self, owner: str) -> int:
        return await self._batches.count_documents({"owner": owner, "open": True})

    async def claim(self, now: datetime) -> QueuedBatch | None:
        found = await self._queue.claim(now, {"open": True}, {"$inc": {"claim": 1}})
        return msgspec.convert(found, QueuedBatch) if found else None

    async def save(self, batch: QueuedBatch, *, finished: bool = False) -> bool:
        mine = {"_id": batch.key, "claim": batch.claim}
        changes = {**document_of(batch), "open": not finished}
        return (await self._batches.update_one(mine, {"$set": changes})).matched_count == 1


def document_of(batch: QueuedBatch) -> Document:
    fields: Document = msgspec.to_builtins(batch, builtin_types=(datetime, bytes))
    return fields


async def deploy_batch_queue(db: Database) -> None:
    """A deploy step."""
    await create_missing(db, COLLECTION)
    await db[COLLECTION].create_index([("open", ASCENDING), ("due", ASCENDING)])
    await db[COLLECTION].create_index([("owner", ASCENDING), ("campaign_id", ASCENDING)])
