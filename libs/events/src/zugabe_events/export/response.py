"""Exports of whole lists as files, read and sent in batches, with limited concurrency."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from zugabe_events.domain.errors import UnavailableError
from zugabe_events.export.csv import CsvWriter
from zugabe_events.export.table import AnyTable, Writer
from zugabe_events.export.xlsx import KIND, XlsxWriter

type Format = Literal["csv", "xlsx"]

MEDIA_TYPES: Mapping[Format, str] = {"csv": "text/csv", "xlsx": f"{KIND}.sheet"}

WRITERS: Mapping[Format, Callable[[AnyTable[Any]], Writer[Any]]] = {
    "csv": CsvWriter,
    "xlsx": XlsxWriter,
}

BATCH_SIZE = 500
"""Documents in memory for an export."""

SEND_TIMEOUT_SECONDS = 60.0
"""An export whose client accepts no data for this time ends."""


class Exports:
    """Limits the exports that run in a process at a time; further ones have to be retried later."""

    def __init__(self, maximum: int = 4, maximum_per_caller: int = 2) -> None:
        self._maximum = maximum
        self._maximum_per_caller = maximum_per_caller
        self._running: Counter[str] = Counter()

    def begin(self, caller: str) -> None:
        """Raises UnavailableError."""
        if (
            self._running[caller] >= self._maximum_per_caller
            or self._running.total() >= self._maximum
        ):
            raise UnavailableError(
                "Gerade gibt es zu viele Exporte. Bitte gleich noch einmal.",
                retry_after=10,
                code="exports-busy",
            )
        self._running[caller] += 1

    def end(self, caller: str) -> None:
        self._running[caller] -= 1
        if not self._running[caller]:
            del self._running[caller]

    @property
    def running(self) -> int:
        return self._running.total()


@dataclass(frozen=True, slots=True)
class Export:
    """An export that `exports.begin` has admitted for a caller."""

    exports: Exports
    caller: str
    file: str

    async def response[View](
        self, form: Format, table: AnyTable[View], batches: AsyncGenerator[Sequence[View]]
    ) -> "ExportResponse":
        """Read the first batch before the response begins, so that a refusal is still a problem."""
        try:
            first = await anext(batches)
            writer = WRITERS[form](table)
        except BaseException:
            self.exports.end(self.caller)
            raise
        return ExportResponse(self, form, pieces(writer, first, batches))


async def pieces[View](
    writer: Writer[View], first: Sequence[View], batches: AsyncIterator[Sequence[View]]
) -> AsyncGenerator[bytes]:
    """Format batches one after the other in a thread, which keeps the event loop free."""
    yield await asyncio.to_thread(writer.rows, first)
    async for batch in batches:
        yield await asyncio.to_thread(writer.rows, batch)
    yield await asyncio.to_thread(writer.end)


class ExportResponse(StreamingResponse):
    """Ends when its client disconnects, and always ends the export.

    An error in the middle breaks the connection, so that an incomplete file never looks complete.
    """

    def __init__(self, export: Export, form: Format, content: AsyncGenerator[bytes]) -> None:
        headers = {"Content-Disposition": f'attachment; filename="{export.file}.{form}"'}
        super().__init__(content, headers=headers, media_type=MEDIA_TYPES[form])
        self._export = export
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await send(message)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            self._export.exports.end(self._export.caller)
            await self._content.aclose()
