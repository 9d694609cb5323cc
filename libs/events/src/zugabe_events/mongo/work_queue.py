"""Documents that become due at a time, as a queue that several workers share."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING, ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from zugabe_events.mongo.alongside import alongside
from zugabe_events.mongo.client import Document

log = logging.getLogger(__name__)

RENEWALS_PER_TTL = 3


class WorkQueue:
    """A claim postpones a document's due time by `claim_ttl`: other workers pass over it, and it
    becomes due again if the one that has it dies."""

    def __init__(self, collection: AsyncCollection[Any], due: str, claim_ttl: timedelta) -> None:
        """`due` is the field with the due time; queries should find an index that ends with it."""
        self._collection = collection
        self._due = due
        self._claim_ttl = claim_ttl

    def due(self, now: datetime, where: Document) -> Document:
        """The query for what a claim would find."""
        return {**where, self._due: {"$lte": now}}

    async def claim(
        self, now: datetime, where: Document, changes: Document | None = None
    ) -> Document | None:
        """The document that has been due longest, as claimed; None when nothing is due."""
        claimed: Document | None = await self._collection.find_one_and_update(
            self.due(now, where),
            {"$set": {self._due: now + self._claim_ttl}, **(changes or {})},
            sort=[(self._due, ASCENDING)],
            return_document=ReturnDocument.AFTER,
        )
        return claimed

    @asynccontextmanager
    async def renewing(self, key: object, now: Callable[[], datetime]) -> AsyncGenerator[None]:
        """Renew the claim of the document with this `_id` while work on it takes long."""
        async with alongside(self._renew(key, now)):
            yield

    async def _renew(self, key: object, now: Callable[[], datetime]) -> None:
        while True:
            await asyncio.sleep(self._claim_ttl.total_seconds() / RENEWALS_PER_TTL)
            until = now() + self._claim_ttl
            try:
                await self._collection.update_one({"_id": key}, {"$set": {self._due: until}})
            except PyMongoError as error:
                log.warning("the claim of %s is not renewed: %s", key, type(error).__name__)
