"""Requests of queries for checkpoints that another process has in memory only.

They stand in a capped collection: whoever tails it is told at once, and waits at no cost for
MongoDB while there are none.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator

from pymongo import CursorType
from pymongo.errors import OperationFailure, PyMongoError

from zugabe_events.mongo.client import Database

log = logging.getLogger(__name__)

SIZE_BYTES = 16_384
INTERVAL_SECONDS = 0.5
MAX_WAIT_MS = 10_000
RETRY_INTERVAL_SECONDS = 1.0
NAMESPACE_EXISTS = 48


class FlushRequests:
    """Many waiting queries of a process cost one insert now and then."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._requests = db.flush_requests
        self._exists = False
        self._sent = -INTERVAL_SECONDS

    async def send(self) -> None:
        """Ask all other processes to flush checkpoints soon."""
        if time.monotonic() - self._sent >= INTERVAL_SECONDS:
            self._sent = time.monotonic()
            await self._create()
            await self._requests.insert_one({})

    async def received(self) -> AsyncGenerator[None]:
        """One for each request, until cancelled; the first ones may be old."""
        while True:
            try:
                await self._create()
                tail = self._requests.find({}, {"_id": 1}, cursor_type=CursorType.TAILABLE_AWAIT)
                tail.max_await_time_ms(MAX_WAIT_MS)
                async with tail:
                    while tail.alive:
                        async for _ in tail:
                            yield
            except PyMongoError as error:
                log.info("waiting for requests to flush: %s", type(error).__name__)
            await asyncio.sleep(RETRY_INTERVAL_SECONDS)

    async def _create(self) -> None:
        """A cursor of an empty collection ends at once, so the first request comes with it."""
        if self._exists:
            return
        try:
            await self._db.create_collection(
                self._requests.name, check_exists=False, capped=True, size=SIZE_BYTES
            )
            await self._requests.insert_one({})
        except OperationFailure as error:
            if error.code != NAMESPACE_EXISTS:
                raise
        self._exists = True
