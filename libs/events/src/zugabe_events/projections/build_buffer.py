"""Documents in the making of a build, written when many events are folded in."""

import asyncio
from collections.abc import Mapping, Sequence

from zugabe_events.consumer.checkpoints import Checkpoints
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.projections.build_lease import BuildLease
from zugabe_events.projections.mongo_views import Folded, ProjectionEffect

FOLDED = 20_000
DOCUMENTS = 30_000
"""So many events, or documents, are in memory before they are written."""


class BuildBuffer:
    """Documents first, then their positions.

    Only one owner builds, so what lies here is what the database holds, or newer; one who was
    replaced meanwhile finds documents that have seen more, and ends. After a crash events come
    again; documents know what they have seen.
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
        self._documents: dict[str, Folded] = {}
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
        if self._folded >= FOLDED or len(self._documents) >= DOCUMENTS:
            await self._begin_writing()
            if len(self._documents) >= DOCUMENTS:
                await self._written()
                self._documents.clear()

    async def put_away(self) -> None:
        """Comes back when all is written. Raises ReplacedError."""
        await self._begin_writing()
        await self._written()

    async def __aenter__(self) -> "BuildBuffer":
        return self

    async def __aexit__(self, *_: object) -> None:
        """After an error, what is on its way is of no use any more."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _begin_writing(self) -> None:
        """Folding goes on meanwhile, but only one write at a time is on its way."""
        await self._written()
        last, self._last, self._folded = self._last, {}, 0
        self._writing = asyncio.create_task(self._write(last))
        await asyncio.sleep(0)  # what it writes is fixed before anything more is folded

    async def _written(self) -> None:
        if self._writing is not None:
            writing, self._writing = self._writing, None
            await writing

    async def _write(self, last: Mapping[Lane, Message]) -> None:
        self._builder.check()
        await self._effect.save(self._documents)
        self._builder.check()
        for lane, message in last.items():
            await self._positions.put(lane, message)
