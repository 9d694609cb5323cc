"""Imports that wait to be carried out: for each tenant in order, by one process at a time."""

import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec
from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from zugabe_events.domain.event import Fact
from zugabe_events.mongo.client import Database, create_missing
from zugabe_events.mongo.lease import EXPIRED, Lease

COLLECTION = "catalogue_import_queue"
LEASE_TTL_MS = 15_000
"""Time after which another process goes on with the imports of one that died."""


class ImportTask(Fact, frozen=True):
    """Facts for a worker that are not in the log: for whom it acts, and since when it waits.

    `cause` is the id of the event that started the import. `tries` were in vain for whatever
    reason, `failures` because of errors that may never pass.
    """

    import_id: str
    file: str
    actor: str
    role: str
    correlation: str
    cause: str
    queued_at: datetime
    tries: int = 0
    failures: int = 0


class Turn(Protocol):
    """A tenant's turn, held until it is released or runs out."""

    @property
    def is_valid(self) -> bool: ...

    async def keep_renewing(self) -> None: ...

    async def release(self) -> None: ...


class ImportQueue(Protocol):
    async def add(self, dealer: str, task: ImportTask) -> None:
        """Add an import behind the others of its tenant, once."""
        ...

    async def waiting(self, dealer: str) -> int:
        """The number of a tenant's imports that are not over."""
        ...

    async def tenants(self, now: datetime) -> Sequence[str]:
        """Tenants that have something to be carried out."""
        ...

    async def hold(self, dealer: str) -> Turn | None:
        """Take a tenant's turn; None while another process has it."""
        ...

    async def first(self, dealer: str) -> ImportTask | None: ...

    async def remove(self, dealer: str, import_id: str) -> None: ...

    async def postpone(self, dealer: str, import_id: str, until: datetime, *, failed: bool) -> None:
        """Try the first import again later; the others wait for it."""
        ...


class MongoImportQueue:
    """A document per tenant: its imports, and the lease of whoever carries them out."""

    def __init__(self, db: Database, owner: str, lease_ttl_ms: int = LEASE_TTL_MS) -> None:
        """`owner` names this process, and no other one ever."""
        self._queue = db[COLLECTION]
        self._owner = owner
        self._lease_ttl_ms = lease_ttl_ms

    async def add(self, dealer: str, task: ImportTask) -> None:
        new = {"owner": "", "until": EXPIRED, "epoch": 0, "due": EXPIRED, "imports": []}
        with contextlib.suppress(DuplicateKeyError):  # another process was first
            await self._queue.update_one({"_id": dealer}, {"$setOnInsert": new}, upsert=True)
        await self._queue.update_one(
            {"_id": dealer, "imports.import_id": {"$ne": task.import_id}},
            {"$push": {"imports": msgspec.to_builtins(task, builtin_types=(datetime,))}},
        )

    async def waiting(self, dealer: str) -> int:
        found = await self._queue.find_one({"_id": dealer}, {"imports": {"$size": "$imports"}})
        return int(found["imports"]) if found else 0

    async def tenants(self, now: datetime) -> Sequence[str]:
        waiting = {"imports.0": {"$exists": True}, "due": {"$lte": now}}
        return [found["_id"] async for found in self._queue.find(waiting, {"_id": 1}).sort("due")]

    async def hold(self, dealer: str) -> Lease | None:
        lease = Lease(self._queue, dealer, self._owner, self._lease_ttl_ms)
        return lease if await lease.acquire() is not None else None

    async def first(self, dealer: str) -> ImportTask | None:
        found = await self._queue.find_one({"_id": dealer}, {"imports": {"$slice": 1}})
        imports = found["imports"] if found else []
        return msgspec.convert(imports[0], ImportTask) if imports else None

    async def remove(self, dealer: str, import_id: str) -> None:
        gone = {"$pull": {"imports": {"import_id": import_id}}, "$set": {"due": EXPIRED}}
        await self._queue.update_one({"_id": dealer}, gone)

    async def postpone(self, dealer: str, import_id: str, until: datetime, *, failed: bool) -> None:
        await self._queue.update_one(
            {"_id": dealer, "imports.import_id": import_id},
            {
                "$set": {"due": until},
                "$inc": {"imports.$.tries": 1, "imports.$.failures": int(failed)},
            },
        )


async def deploy_import_queue(db: Database) -> None:
    """A deploy step."""
    await create_missing(db, COLLECTION)
    await db[COLLECTION].create_index(
        [("due", ASCENDING)],
        name="waiting",
        partialFilterExpression={"imports.0": {"$exists": True}},
    )
