"""Who builds a read model: one at a time by model and version, however many try."""

import asyncio
import contextlib
import time
from types import TracebackType
from uuid import uuid4

from pymongo.errors import DuplicateKeyError, PyMongoError

from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.builds import has_served

LEASE_MS = 10_000
RENEW_SECONDS = 2.0
ASK_SECONDS = 0.25


class BeingBuiltError(LookupError):
    """Another process builds this read model now."""


class ReplacedError(Exception):
    """Another process builds this read model by now, or serves from what was built."""


class BuildLease:
    """A lease on the builds of one version of a model, `family_of` it, for `async with`, as often
    as its owner likes.

    It saves work. What keeps documents right is that every write compares what they have seen.
    """

    def __init__(self, db: Database, family: str) -> None:
        self._db = db
        self._readmodels = db.readmodels
        self._name = family
        self._owner = str(uuid4())
        self._depth = 0
        self._until = 0.0
        self._keeping: asyncio.Task[None] | None = None

    @property
    def mine(self) -> Document:
        return {"_id": self._name, "builder.owner": self._owner}

    async def __aenter__(self) -> None:
        """Waits for one who was killed, no longer. Raises BeingBuiltError."""
        if self._depth == 0:
            await self._acquire()
            self._keeping = asyncio.create_task(self._keep())
        self._depth += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0 and self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
            with contextlib.suppress(PyMongoError):
                await self._readmodels.update_one(self.mine, {"$unset": {"builder": 1}})

    def check(self) -> None:
        """Raises ReplacedError when somebody else may have the lease."""
        if time.monotonic() >= self._until:
            raise ReplacedError(self._name)

    async def update(self, change: Document) -> None:
        """Change what is known of the builds, while they are ours. Raises ReplacedError."""
        self.check()
        if not (await self._readmodels.update_one(self.mine, change)).matched_count:
            raise ReplacedError(self._name)

    async def _acquire(self) -> None:
        begun: Document = {"serving": 1, "highest": 1}
        if not await has_served(self._db, self._name):
            begun["filling"] = True
        with contextlib.suppress(DuplicateKeyError):
            await self._readmodels.update_one(
                {"_id": self._name}, {"$setOnInsert": begun}, upsert=True
            )
        free: Document = {
            "_id": self._name,
            "$or": [
                {"builder": {"$exists": False}},
                {"$expr": {"$lt": ["$builder.until", "$$NOW"]}},
            ],
        }
        give_up = time.monotonic() + LEASE_MS / 1_000 + 1
        while not await self._extend(free):
            if time.monotonic() > give_up:
                message = f"{self._name} is being built by another process"
                raise BeingBuiltError(message)
            await asyncio.sleep(ASK_SECONDS)

    async def _extend(self, where: Document) -> bool:
        """Time is the server's; ours begins to count before it, and so ends before."""
        began = time.monotonic()
        until = {"$add": ["$$NOW", LEASE_MS]}
        builder = {"owner": {"$literal": self._owner}, "until": until}
        updated = await self._readmodels.update_one(where, [{"$set": {"builder": builder}}])
        if updated.matched_count:
            self._until = began + LEASE_MS / 1_000
        return bool(updated.matched_count)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            with contextlib.suppress(PyMongoError):
                if not await self._extend(self.mine):
                    self._until = 0.0
                    return
