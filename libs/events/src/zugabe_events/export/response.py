"""Exports: a whole list as one file, read and sent in batches, a few at a time."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.export.csv import CsvWriter
from zugabe_events.export.table import Table, Writer
from zugabe_events.export.xlsx import KIND, XlsxWriter

type Format = Literal["csv", "xlsx"]

MEDIA_TYPES: Mapping[Format, str] = {"csv": "text/csv", "xlsx": f"{KIND}.sheet"}

WRITERS: Mapping[Format, Callable[[Table[Any]], Writer[Any]]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
}

BATCH = 500
"""Documents that are in memory for an export."""

STALLED_SECONDS = 60.0
"""Whoever takes nothing for so long is not sent the rest."""


class Exports:
    """Places for exports in a process. Who finds none is told to come back."""

    def __init__(self, most: int = 4, most_of_one: int = 2) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._running: Counter[str] = Counter()

    def begin(self, who: str) -> None:
        """Raises UnavailableError."""
        if self._running[who] >= self._most_of_one or self._running.total() >= self._most:
            raise UnavailableError(
                "Gerade gibt es zu viele Exporte. Bitte gleich noch einmal.",
                retry_after=10,
                code="exports-busy",
            )
        self._running[who] += 1

    def end(self, who: str) -> None:
        self._running[who] -= 1
        if not self._running[who]:
            del self._running[who]

    @property
    def running(self) -> int:
        return self._running.total()


@dataclass(frozen=True, slots=True)
class Export:
    """`who` counts for the place; it must have begun."""

    places: Exports
    who: str
    file: str

    async def sent[View](
        self, form: Format, table: Table[View], batches: AsyncGenerator[Sequence[View]]
    ) -> "ExportResponse":
        """With its first batch in hand: until here a refusal is a problem."""
        try:
            first = await anext(batches)
            writer = WRITERS[form](table)
        except BaseException:
            self.places.end(self.who)
            raise
        return ExportResponse(self, form, pieces(writer, first, batches))


async def pieces[View](
    writer: Writer[View], first: Sequence[View], batches: AsyncIterator[Sequence[View]]
) -> AsyncGenerator[bytes]:
    """Cells are written in a thread, one batch after the other: the event loop goes on."""
    yield await asyncio.to_thread(writer.rows, first)
    async for batch in batches:
        yield await asyncio.to_thread(writer.rows, batch)
    yield await asyncio.to_thread(writer.end)


class ExportResponse(StreamingResponse):
    """Ends with its client, and gives its place back however it ends.

    What breaks in the middle breaks the connection: a file that is not whole never looks so.
    """

    def __init__(self, export: Export, form: Format, content: AsyncGenerator[bytes]) -> None:
        headers = {"Content-Disposition": f'attachment; filename="{export.file}.{form}"'}
        super().__init__(content, headers=headers, media_type=MEDIA_TYPES[form])
        self._export = export
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patient_send(message: Message) -> None:
            async with asyncio.timeout(STALLED_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, patient_send)
        finally:
            self._export.places.end(self._export.who)
            await self._content.aclose()
