"""Write buffer of a build: documents are folded in memory and written in bulk."""

import asyncio
from collections.abc import Mapping, Sequence

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.projections.build_lease import BuildLease
from zugabe_events.projections.mongo_views import DocumentFold, ProjectionEffect

MAX_EVENTS = 20_000
MAX_DOCUMENTS = 30_000
"""Events folded, and documents in memory, before a write."""


class BuildBuffer:
    """Writes documents first, then their positions.

    Only the owner of the lease builds, so the buffer is never older than the database; an owner
    that was replaced finds newer documents and ends. Events that come again after a crash are
    skipped, since documents know what they have seen.
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
        self._last: dict[Lane, Message] = {}
        self._folded = 0
        self._writing: asyncio.Task[None] | None = None

    async def fold(self, lane: Lane, messages: Sequence[Message]) -> None:
        folded = messages
        if self._skipped:
            folded = [message for message in messages if message.id not in self._skipped]
        await self._effect.fold(folded, self._documents)
        self._last[lane] = messages[-1]
        self._folded += len(messages)
        if self._folded >= MAX_EVENTS or len(self._documents) >= MAX_DOCUMENTS:
            await self._start_write()
            if len(self._documents) >= MAX_DOCUMENTS:
                await self._finish_write()
                self._documents.clear()

    async def flush(self) -> None:
        """Write everything. Raises ReplacedError."""
        await self._start_write()
        await self._finish_write()

    async def __aenter__(self) -> "BuildBuffer":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel a write in progress after an error."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

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
