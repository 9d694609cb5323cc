"""Files looked at beside the event loop: in a process of its own for each, or in a thread.

A process leaves the time of this one to requests, and a file that is too much for it takes nothing
else with it.
"""

import asyncio
import sys
from asyncio import IncompleteReadError, StreamReader
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

from catalog_shops.catalogue_import.frames import (
    LENGTH_BYTES,
    Batch,
    Finished,
    Frame,
    Opened,
    Refused,
    Verdict,
    decode,
    decode_verdict,
    frames_of,
    verdict_on,
)
from catalog_shops.catalogue_import.recognition import Recognised
from catalog_shops.catalogue_import.records import Record
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope
from zugabe_events.domain.errors import InvalidError

MODULE = "catalog_shops.catalogue_import.reading_process"
BUFFERED_BYTES = 4_000_000


class ReaderEndedError(Exception):
    """The process that reads the file ended early, without a word about the file."""


class RecordStream:
    """`total` is the number of records, if it is known. `damage` is known at the end."""

    def __init__(self, next_frame: Callable[[], Awaitable[Frame]]) -> None:
        self.total: int | None = None
        self.damage = ""
        self._next_frame = next_frame
        self._is_over = False

    async def begin(self) -> None:
        """Wait until the file is open. Raises ReaderEndedError."""
        self._take(await self._next_frame())

    async def next_batch(self) -> Sequence[Record]:
        """The next records; none at the end. Raises ReaderEndedError."""
        return [] if self._is_over else self._take(await self._next_frame())

    def _take(self, frame: Frame) -> Sequence[Record]:
        match frame:
            case Opened(total):
                self.total = total
            case Batch(records):
                return records
            case Finished(damage):
                self._is_over, self.damage = True, damage
        return []


type Reading = Callable[
    [Path, ImportFormat, ImportScope, int], AbstractAsyncContextManager[RecordStream]
]
"""Opens a file, to be read in batches of a size."""


type Recognition = Callable[[Path, ImportScope | None, str], Awaitable[Recognised]]
"""Says what a file is, given the scope and the catalogue that its sender named. Raises InvalidError
and ReaderEndedError."""


@asynccontextmanager
async def process(*arguments: str) -> AsyncGenerator[StreamReader]:
    """The output of a process that ends with this context."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, *arguments,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, limit=BUFFERED_BYTES,
    )  # fmt: skip
    assert started.stdout is not None
    try:
        yield started.stdout
    finally:
        with suppress(ProcessLookupError):
            started.kill()
        await started.wait()


async def frame_from(output: StreamReader) -> bytes:
    try:
        length = int.from_bytes(await output.readexactly(LENGTH_BYTES), "big")
        return await output.readexactly(length)
    except IncompleteReadError:
        raise ReaderEndedError from None


@asynccontextmanager
async def read_in_process(
    path: Path, format_: ImportFormat, scope: ImportScope, batch_size: int
) -> AsyncGenerator[RecordStream]:
    async with process("read", str(path), format_, scope, str(batch_size)) as output:

        async def next_frame() -> Frame:
            return decode(await frame_from(output))

        stream = RecordStream(next_frame)
        await stream.begin()
        yield stream


async def recognise_in_process(path: Path, scope: ImportScope | None, catalogue: str) -> Recognised:
    async with process("recognise", str(path), scope or "", catalogue) as output:
        return found(decode_verdict(await frame_from(output)))


async def recognise_in_thread(path: Path, scope: ImportScope | None, catalogue: str) -> Recognised:
    """For tests: the same without a process."""
    return found(await asyncio.to_thread(verdict_on, path, scope, catalogue))


def found(verdict: Verdict) -> Recognised:
    match verdict:
        case Refused(detail, code, facts):
            raise InvalidError(detail, code=code, **facts)
        case Recognised():
            return verdict


@asynccontextmanager
async def read_in_thread(
    path: Path, format_: ImportFormat, scope: ImportScope, batch_size: int
) -> AsyncGenerator[RecordStream]:
    """For tests: the same without a process."""
    frames = frames_of(path, format_, scope, batch_size)
    stream = RecordStream(lambda: asyncio.to_thread(next, frames))
    try:
        await stream.begin()
        yield stream
    finally:
        frames.close()
