"""Documents in the making of a build, written when many events are folded in."""

from collections.abc import Sequence

from zugabe_events.building import Builder
from zugabe_events.messages import Lane, Message
from zugabe_events.mongo_views import Folded, ProjectionEffect
from zugabe_events.positions import Positions

FOLDED = 20_000
DOCUMENTS = 30_000
"""So many events, or documents, are in memory before they are written."""


class Desk:
    """Documents first, then their positions.

    Only one owner builds, so what lies here is what the database holds, or newer; one who was
    replaced meanwhile finds documents that have seen more, and ends. After a crash events come
    again; documents know what they have seen.
    """

    def __init__(
        self,
        effect: ProjectionEffect,
        positions: Positions,
        skipped: frozenset[str],
        builder: Builder,
    ) -> None:
        self._effect = effect
        self._positions = positions
        self._skipped = skipped
        self._builder = builder
        self._documents: dict[str, Folded] = {}
        self._last: dict[Lane, Message] = {}
        self._folded = 0

    async def fold(self, lane: Lane, messages: Sequence[Message]) -> None:
        folded = messages
        if self._skipped:
            folded = [message for message in messages if message.id not in self._skipped]
        await self._effect.fold(folded, self._documents)
        self._last[lane] = messages[-1]
        self._folded += len(messages)
        if self._folded >= FOLDED or len(self._documents) >= DOCUMENTS:
            await self.put_away()

    async def put_away(self) -> None:
        """Raises ReplacedError."""
        self._builder.check()
        await self._effect.save(self._documents)
        self._builder.check()
        for lane, message in self._last.items():
            await self._positions.put(lane, message)
        self._last.clear()
        self._folded = 0
        if len(self._documents) >= DOCUMENTS:
            self._documents.clear()
