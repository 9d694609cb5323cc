"""Storing of material: the bytes first, then the event, then the bytes are claimed.

Names of its bytes begin like those of a partner `central`, which no partner may be called.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from onboarding.document.storage import name_of
from onboarding.material.decider import (
    MATERIAL_DECIDER,
    KeepMaterial,
    MaterialNotFoundError,
    RemoveMaterial,
    material_history,
)
from onboarding.material.files_view import MaterialFileView
from zugabe_events.contracts.onboarding import MaterialStored
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.kinds import CheckedFile
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import IsWanted
from zugabe_events.http.request_context import RequestContext

MAX_FILES = 200


class TooMuchMaterialError(RefusedError):
    code = "too-much-material"

    def __init__(self) -> None:
        super().__init__(
            f"Höchstens {MAX_FILES} Dateien sind möglich. Bitte entfernen Sie zuerst eine andere.",
            most=MAX_FILES,
        )


@dataclass(frozen=True, slots=True)
class MaterialStorage:
    store: EventStore
    files: Files
    inspection: Inspection
    scanner: Scanner
    views: Views[MaterialFileView]

    async def inspected(self, content: bytes, file_name: str) -> CheckedFile:
        """Raise FileRefusedError."""
        return await self.inspection.file(content, file_name)

    async def keep(self, stored: MaterialStored, content: bytes, request: RequestContext) -> None:
        """Raise what `decide` raises, TooMuchMaterialError, ScannerAwayError."""
        history, command = material_history(stored.item), KeepMaterial(stored)
        before = (await state_of(self.store, history)).stored
        name = bytes_of(stored)
        outdated = bytes_of(before) if before and bytes_of(before) != name else None
        if MATERIAL_DECIDER.decide(command, await state_of(self.store, history)):
            if before is None:
                await self._check_room()
            await self.scanner.check(content)
            await self.files.put(name, content)
        if outdated is not None:
            await self.files.loosen(outdated)
        attempt = request.attempt("keep-material", stored.item, stored.sha256)
        await request.handle(self.store, history, command, attempt=attempt)
        await self.files.keep(name)
        if outdated is not None:
            await self.files.delete(outdated)

    async def _check_room(self) -> None:
        if len(await self.listed()) >= MAX_FILES:
            raise TooMuchMaterialError

    async def listed(self) -> list[MaterialFileView]:
        where = {"dealer": CENTRAL, "status": "stored"}
        return list((await self.views.page(where, sort="item", limit=MAX_FILES)).items)

    async def find(self, item: str) -> MaterialStored:
        """Raise MaterialNotFoundError."""
        found = (await state_of(self.store, material_history(item))).stored
        if found is None:
            raise MaterialNotFoundError
        return found

    async def read(self, found: MaterialStored) -> AsyncIterator[bytes]:
        """Raise MaterialNotFoundError for one that is being removed."""
        chunks = await self.files.read(bytes_of(found))
        if chunks is None:
            raise MaterialNotFoundError
        return chunks

    async def remove(self, item: str, request: RequestContext) -> None:
        """Raise MaterialNotFoundError."""
        found = await self.find(item)
        await self.files.loosen(bytes_of(found))
        command = RemoveMaterial(item, request.context.at)
        await request.handle(self.store, material_history(item), command)
        await self.files.delete(bytes_of(found))


def bytes_of(stored: MaterialStored) -> str:
    return name_of(CENTRAL, stored.item, stored.sha256)


def is_material_or(store: EventStore, is_document: IsWanted) -> IsWanted:
    """True for a file of the material or, by its name, of a partner's documents."""

    async def is_wanted(name: str) -> bool:
        if not name.startswith(f"{CENTRAL}/"):
            return await is_document(name)
        _, item, _ = name.split("/")
        stored = (await state_of(store, material_history(item))).stored
        return stored is not None and bytes_of(stored) == name

    return is_wanted
