"""The lease of who builds a read model: one process at a time by model and version."""

import asyncio
import contextlib
import time
from types import TracebackType
from uuid import uuid4

from pymongo.errors import DuplicateKeyError, PyMongoError

from zugabe_events.mongo.client import Database, Document
from zugabe_events.mongo.lease import Lease
from zugabe_events.projections.builds import has_served

LEASE_TTL_MS = 10_000
ACQUIRE_INTERVAL_SECONDS = 0.25


class BeingBuiltError(LookupError):
    """Another process is building this read model."""


class ReplacedError(Exception):
    """Another process has taken over the build of this read model, or already serves from it."""


class BuildLease:
    """The lease on the builds of one version of a model, by its family's name. An async context
    manager that its owner may enter again while inside.

    It saves work. What keeps documents right is that every write compares what they have seen.
    """

    def __init__(self, db: Database, family: str) -> None:
        self._db = db
        self._readmodels = db.readmodels
        self._name = family
        self._lease = Lease(db.readmodels, family, str(uuid4()), LEASE_TTL_MS, within="builder")
        self._depth = 0
        self._renewing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        """Wait for the lease of a process that was killed to expire. Raises BeingBuiltError."""
        if self._depth == 0:
            await self._acquire()
            self._renewing = asyncio.create_task(self._lease.keep_renewing())
        self._depth += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0 and self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
            with contextlib.suppress(PyMongoError):
                await self._lease.release()

    def check(self) -> None:
        """Raises ReplacedError when another process may have the lease."""
        if not self._lease.is_valid:
            raise ReplacedError(self._name)

    async def update(self, change: Document) -> None:
        """Change the document of the builds while the lease is held. Raises ReplacedError."""
        self.check()
        if not (await self._readmodels.update_one(self._lease.mine, change)).matched_count:
            raise ReplacedError(self._name)

    async def _acquire(self) -> None:
        begun: Document = {"serving": 1, "highest": 1}
        if not await has_served(self._db, self._name):
            begun["filling"] = True
        with contextlib.suppress(DuplicateKeyError):
            await self._readmodels.update_one(
                {"_id": self._name}, {"$setOnInsert": begun}, upsert=True
            )
        give_up = time.monotonic() + LEASE_TTL_MS / 1_000 + 1
        while await self._lease.acquire() is None:
            if time.monotonic() > give_up:
                message = f"{self._name} is being built by another process"
                raise BeingBuiltError(message)
            await asyncio.sleep(ACQUIRE_INTERVAL_SECONDS)
