"""A lease on a document: one owner at a time, by the server's clock.

A lease saves work. It does not keep writes of a former owner out by itself: filter them by `mine`.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError

from zugabe_events.mongo.client import Document

EXPIRED = datetime(1970, 1, 1, tzinfo=UTC)
RENEW_INTERVAL_SECONDS = 2.0


class Lease:
    """Fields `owner` and `until` of a document that exists already, renewed while it is held."""

    def __init__(
        self,
        collection: AsyncCollection[Any],
        key: str,
        owner: str,
        ttl_ms: int,
        *,
        within: str | None = None,
    ) -> None:
        """`within` names the embedded document that has the fields, and is there only while the
        lease is held; `owner` must then be unique to this object. Without it they are at the top
        level, beside an `epoch` that counts the terms and tells those of one owner apart."""
        self.epoch = 0
        self._collection = collection
        self._key = key
        self._owner = owner
        self._ttl_ms = ttl_ms
        self._within = within
        self._prefix = f"{within}." if within else ""
        self._until = 0.0

    @property
    def mine(self) -> Document:
        """The filter for the document while this owner holds it."""
        held: Document = {"_id": self._key, f"{self._prefix}owner": self._owner}
        return held if self._within else {**held, "epoch": self.epoch}

    @property
    def is_valid(self) -> bool:
        """False when another owner may have taken over. The local clock is started before the
        server's, so it runs out first."""
        return time.monotonic() < self._until

    async def acquire(self) -> Document | None:
        """Take a lease that is free, expired, or this owner's from an earlier term.

        Returns the document as it is then; None while another owner holds the lease.
        """
        owner, until = f"{self._prefix}owner", f"{self._prefix}until"
        free = [{owner: self._owner}, {"$expr": {"$lt": [f"${until}", "$$NOW"]}}]
        changes: Document = {owner: {"$literal": self._owner}}
        if not self._within:
            changes["epoch"] = {"$add": ["$epoch", 1]}
        document = await self._extend({"_id": self._key, "$or": free}, changes)
        if document is not None:
            self.epoch = document.get("epoch", 0)
        return document

    async def renew(self, changes: Mapping[str, Any] | None = None) -> bool:
        """Extend the lease, and set other fields with it. False: another owner has it."""
        literals = {name: {"$literal": value} for name, value in (changes or {}).items()}
        renewed = await self._extend(self.mine, literals)
        if renewed is None:
            self._until = 0.0
        return renewed is not None

    async def keep_renewing(self) -> None:
        """Renew the lease until another owner has it, or until cancelled."""
        renewed = True
        while renewed:
            await asyncio.sleep(RENEW_INTERVAL_SECONDS)
            with contextlib.suppress(PyMongoError):
                renewed = await self.renew()

    async def release(self) -> None:
        """Release the lease, so that the next owner can acquire it immediately."""
        self._until = 0.0
        free = {"$unset": {self._within: 1}} if self._within else {"$set": {"until": EXPIRED}}
        await self._collection.update_one(self.mine, free)

    async def _extend(self, where: Document, changes: Document) -> Document | None:
        began = time.monotonic()
        expiry = {f"{self._prefix}until": {"$add": ["$$NOW", self._ttl_ms]}}
        document: Document | None = await self._collection.find_one_and_update(
            where, [{"$set": {**changes, **expiry}}], return_document=ReturnDocument.AFTER
        )
        if document is not None:
            self._until = began + self._ttl_ms / 1_000
        return document
