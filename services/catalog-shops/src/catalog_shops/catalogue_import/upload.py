"""Uploads of catalogues: received on disk, recognised, stored, started, and put into the queue."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID, uuid5

from catalog_shops.catalogue_import.decider import (
    NotStarted,
    Running,
    StartImport,
    TooManyImportsError,
    import_history,
)
from catalog_shops.catalogue_import.import_queue import ImportTask
from catalog_shops.catalogue_import.ports import ImportParts, file_name_of
from catalog_shops.catalogue_import.reading import ReaderEndedError
from catalog_shops.catalogue_import.working_file import working_file
from zugabe_events.contracts.catalog_shops import CatalogueImportStarted, ImportScope
from zugabe_events.domain.errors import UnavailableError
from zugabe_events.domain.event import derived_id, event_id
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.files.sweeper import IsWanted
from zugabe_events.http.request_context import RequestContext

MAX_BYTES = 500_000_000
PIECE_BYTES = 1_000_000
MAX_CONCURRENT_UPLOADS = 4
"""Uploads that a process receives at a time, since each takes disk."""
MAX_WAITING = 20
"""Imports of a tenant whose files are kept."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The purpose of the file's import; `scope` None is the one that the file states."""

    file_name: str
    scope: ImportScope | None
    dry_run: bool
    catalogue: str
    confirm_delisting: bool


class UploadSlots:
    """Limits the uploads of a process; further ones have to be retried later."""

    def __init__(self, maximum: int = MAX_CONCURRENT_UPLOADS) -> None:
        self._free = maximum

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Raises UnavailableError, also for a disk that is full."""
        if not self._free:
            raise UnavailableError(
                "Gerade werden schon mehrere Kataloge hochgeladen. Bitte gleich noch einmal.",
                retry_after=30,
                code="uploads-busy",
            )
        self._free -= 1
        try:
            yield
        except OSError as error:
            if error.errno not in (ENOSPC, EDQUOT):
                raise
            raise UnavailableError(
                "Für die Datei ist gerade kein Platz. Bitte später noch einmal.",
                retry_after=300,
                code="no-space",
            ) from error
        finally:
            self._free += 1


async def start_import(
    parts: ImportParts,
    dealer: str,
    wishes: Wishes,
    content: AsyncIterable[bytes],
    request: RequestContext,
) -> CatalogueImportStarted:
    """Raises InvalidError for a file that cannot be imported, and KeyReusedError."""
    with working_file(parts.storage.folder) as file:
        digest, size = await received(content, file)
        path = Path(file.name)
        try:
            found = await parts.storage.recognition(path, wishes.scope, wishes.catalogue)
        except ReaderEndedError as error:
            raise UnavailableError(
                "Die Datei kann gerade nicht geprüft werden. Bitte gleich noch einmal."
            ) from error
        attempt = request.attempt()
        started = CatalogueImportStarted(
            dealer=dealer,
            import_id=attempt.hex,
            file=digest,
            file_name=wishes.file_name,
            size_bytes=size,
            format=found.format,
            scope=found.scope,
            dry_run=wishes.dry_run,
            started_at=request.context.at,
            catalogue=found.catalogue,
            confirm_delisting=wishes.confirm_delisting,
        )
        return await Upload(parts, started, request).begin(path)


@dataclass(frozen=True, slots=True)
class Upload:
    """An import that is about to begin: the bytes first, then its place in the queue, then the
    event, and then the bytes are claimed."""

    parts: ImportParts
    started: CatalogueImportStarted
    request: RequestContext

    async def begin(self, path: Path) -> CatalogueImportStarted:
        parts, started, request = self.parts, self.started, self.request
        dealer, import_id = started.dealer, started.import_id
        history = import_history(dealer, import_id)
        attempt = derived_id("start-import", dealer, import_id)
        task = self._task(uuid5(attempt, history.stream.id))
        name = file_name_of(dealer, import_id, started.file)
        state = await state_of(parts.store, history)
        is_new = isinstance(state, NotStarted)
        if is_new:
            if await parts.storage.queue.waiting(dealer) >= MAX_WAITING:
                raise TooManyImportsError(MAX_WAITING)
            await parts.storage.files.put_stream(name, pieces_of(path))
            await parts.storage.queue.add(dealer, task)
        handled = await handle(
            parts.store,
            history,
            StartImport(started),
            request.context,
            attempt=attempt,
            body=f"{request.body}/{started.file}",
        )
        request.add_token(handled)
        if is_new:
            await parts.storage.queue.add(
                dealer, task
            )  # if it was thought to be abandoned meanwhile
            await parts.storage.files.keep(name)
        return handled.of(CatalogueImportStarted) or started

    def _task(self, commit_id: UUID) -> ImportTask:
        context = self.request.context
        return ImportTask(
            self.started.import_id,
            self.started.file,
            context.actor,
            context.role,
            context.correlation,
            event_id(commit_id, 0),
            context.at,
        )


async def received(content: AsyncIterable[bytes], file: IO[bytes]) -> tuple[str, int]:
    """Write a body to disk as it comes; return its hash and its size."""
    digest, size, waiting = sha256(), 0, bytearray()
    async for piece in content:
        size += len(piece)
        waiting += piece
        if len(waiting) >= PIECE_BYTES:
            await asyncio.to_thread(written, file, digest.update, bytes(waiting))
            waiting.clear()
    await asyncio.to_thread(written, file, digest.update, bytes(waiting))
    await asyncio.to_thread(file.flush)
    return digest.hexdigest(), size


def written(file: IO[bytes], update: Callable[[bytes], None], piece: bytes) -> None:
    update(piece)
    file.write(piece)


async def pieces_of(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
    finally:
        await asyncio.to_thread(file.close)


def is_import_file(store: EventStore) -> IsWanted:
    """True while an import still needs the file of that name."""

    async def is_wanted(name: str) -> bool:
        dealer, import_id, digest = name.split("/")
        state = await state_of(store, import_history(dealer, import_id))
        return isinstance(state, Running) and state.started.file == digest

    return is_wanted
