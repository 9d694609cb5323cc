"""Write buffer of a build: documents are folded in memory and written in bulk."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.projections.build_lease import BuildLease
from zugabe_events.projections.key_filter import KeyFilter
from zugabe_events.projections.mongo_views import DocumentFold, ProjectionEffect

MAX_EVENTS = 20_000
MAX_DOCUMENTS = 30_000
"""Events folded before a write, and documents in memory before older ones are forgotten."""


class BuildBuffer:
    """Writes documents first, then their positions.

    Only the owner of the lease builds, so the buffer is never older than the database; an owner
    that was replaced finds newer documents and ends. Events that come again after a crash are
    skipped, since documents know what they have seen.

    Documents in memory are of two generations, so that the older one is written while the next one
    is folded. Of a build that began empty, only documents that were forgotten are read.
    """

    def __init__(
        self,
        effect: ProjectionEffect,
        positions: Checkpoints,
        skipped: frozenset[str],
        builder: BuildLease,
    ) -> None:
        self._effect = effect
        self._positions = positions
        self._skipped = skipped
        self._builder = builder
        self._documents: dict[str, DocumentFold] = {}
        self._older: dict[str, DocumentFold] = {}
        self._forgotten: KeyFilter | None = None
        self._last: dict[Lane, Message] = {}
        self._folded = 0
        self._writing: asyncio.Task[None] | None = None

    async def fold(self, lane: Lane, messages: Sequence[Message]) -> None:
        folded = messages
        if self._skipped:
            folded = [message for message in messages if message.id not in self._skipped]
        await self._effect.fold(folded, self._documents, self._recall)
        self._last[lane] = messages[-1]
        self._folded += len(messages)
        if self._folded >= MAX_EVENTS or len(self._documents) >= MAX_DOCUMENTS:
            await self._start_write()
            if len(self._documents) >= MAX_DOCUMENTS:
                self._forget()

    async def flush(self) -> None:
        """Write everything. Raises ReplacedError."""
        await self._start_write()
        await self._finish_write()

    async def __aenter__(self) -> "BuildBuffer":
        if await self._effect.collection.find_one({}, {"_id": True}) is None:
            self._forgotten = KeyFilter()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel a write in progress after an error."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    def _recall(self, keys: Collection[str]) -> Collection[str]:
        """Take documents from the older generation; returns the keys of those to read."""
        unread = []
        for key in keys:
            folded = self._older.pop(key, None)
            if folded is not None:
                self._documents[key] = folded
            elif self._forgotten is None or key in self._forgotten:
                unread.append(key)
        return unread

    def _forget(self) -> None:
        """Forget the older generation, whose write is over; that of the present one has begun."""
        if self._forgotten is not None:
            for key in self._older:
                self._forgotten.add(key)
        self._older, self._documents = self._documents, {}

    async def _start_write(self) -> None:
        """Start a write, while folding goes on; only one is in progress at a time."""
        await self._finish_write()
        last, self._last, self._folded = self._last, {}, 0
        self._writing = asyncio.create_task(self._write(last))
        await asyncio.sleep(0)  # what it writes is fixed before anything more is folded

    async def _finish_write(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            await writing

    async def _write(self, last: Mapping[Lane, Message]) -> None:
        self._builder.check()
        await self._effect.save(self._documents)
        self._builder.check()
        for lane, message in last.items():
            await self._positions.put(lane, message)
