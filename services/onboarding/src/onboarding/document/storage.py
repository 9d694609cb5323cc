"""Storing of documents: the bytes first, then the event, then the bytes are claimed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from onboarding.brand.state import BrandNotFoundError
from onboarding.document.decider import (
    DOCUMENT_DECIDER,
    Document,
    RemoveDocument,
    Stored,
    StoreDocument,
    document_history,
    stored,
)
from onboarding.document.refusals import (
    DocumentNotFoundError,
    DocumentsTooLargeError,
    TooManyDocumentsError,
)
from onboarding.document.view import DocumentView
from onboarding.partner.decider import partner_history
from onboarding.partner.state import Partner, open_partner
from zugabe_events.contracts.onboarding import DocumentStored, Side
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore, state_of, states_of
from zugabe_events.domain.views import Views
from zugabe_events.eventstore.command_handler import CommandResult
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import IsWanted
from zugabe_events.http.request_context import RequestContext

MAX_DOCUMENTS = 500
MAX_BYTES = 1_000_000_000
"""Of all documents of a partner together (S24)."""


@dataclass(frozen=True, slots=True)
class Upload:
    partner: str
    document: str
    brand: str
    title: str
    file_name: str
    content: bytes
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentStorage:
    store: EventStore
    files: Files
    inspection: Inspection
    scanner: Scanner
    documents: Views[DocumentView]

    async def keep(self, upload: Upload, request: RequestContext) -> CommandResult:
        """Raise what `decide` raises, FileRefusedError, ScannerAwayError."""
        file = await self.inspection.file(upload.content, upload.file_name)
        event = DocumentStored(
            partner=upload.partner,
            brand=upload.brand,
            document=upload.document,
            title=upload.title,
            file_name=upload.file_name,
            media_type=file.media_type,
            size_bytes=len(file.content),
            sha256=file.sha256,
            by=side_of(request),
            stored_at=request.context.at,
        )
        histories: list[History[Any, Any]] = [
            document_history(upload.partner, upload.document),
            partner_history(upload.partner),
        ]

        def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
            of_document, of_partner = states
            check_brand(upload.brand, of_partner)
            command = StoreDocument(event, upload.replaces)
            return [DOCUMENT_DECIDER.decide(command, of_document), []]

        states = await states_of(self.store, histories)
        name = name_of(upload.partner, upload.document, event.sha256)
        if any(decide(states)):
            await self._check_room(upload.partner, event.size_bytes)
            await self.scanner.check(file.content)
            await self.files.put(name, file.content)
        outdated = outdated_name(states[0], event)
        if outdated is not None:
            await self.files.loosen(outdated)
        handled = await request.handle_together(
            self.store,
            histories,
            decide,
            attempt=request.attempt("store-document", upload.document, event.sha256),
        )
        await self.files.keep(name)
        if outdated is not None:
            await self.files.delete(outdated)
        return handled

    async def _check_room(self, partner: str, size_bytes: int) -> None:
        """Raise TooManyDocumentsError, DocumentsTooLargeError."""
        where = {"dealer": partner, "status": "stored"}
        page = await self.documents.page(where, sort="stored_at", limit=MAX_DOCUMENTS)
        if len(page.items) >= MAX_DOCUMENTS:
            raise TooManyDocumentsError(MAX_DOCUMENTS)
        if sum(one.size_bytes for one in page.items) + size_bytes > MAX_BYTES:
            raise DocumentsTooLargeError(MAX_BYTES)

    async def find(self, partner: str, document_id: str) -> DocumentStored:
        """Raise DocumentNotFoundError."""
        return stored(await state_of(self.store, document_history(partner, document_id)))

    async def read(self, found: DocumentStored) -> AsyncIterator[bytes]:
        """Raise DocumentNotFoundError for one that is being removed."""
        name = name_of(found.partner, found.document, found.sha256)
        chunks = await self.files.read(name)
        if chunks is None:
            raise DocumentNotFoundError
        return chunks

    async def remove(
        self, partner: str, document_id: str, request: RequestContext
    ) -> CommandResult:
        command = RemoveDocument(side_of(request), request.context.at)
        history = document_history(partner, document_id)
        state = await state_of(self.store, history)
        said = DOCUMENT_DECIDER.decide(command, state)
        name = None
        if said:
            found = stored(state)
            name = name_of(partner, document_id, found.sha256)
            await self.files.loosen(name)

        def decide(states: Sequence[Any]) -> Sequence[Sequence[Event]]:
            return [DOCUMENT_DECIDER.decide(command, states[0])]

        handled = await request.handle_together(
            self.store, [history], decide, attempt=request.attempt("remove-document", document_id)
        )
        if name is not None:
            await self.files.delete(name)
        return handled


def name_of(partner: str, document: str, sha256: str) -> str:
    """None of them has a slash."""
    return f"{partner}/{document}/{sha256}"


def outdated_name(document: Document, event: DocumentStored) -> str | None:
    """The name of the bytes that `event` replaces."""
    if not isinstance(document, Stored) or document.event.sha256 == event.sha256:
        return None
    return name_of(event.partner, event.document, document.event.sha256)


def is_document(store: EventStore) -> IsWanted:
    """True for the file name of a document."""

    async def is_wanted(name: str) -> bool:
        partner, document, sha256 = name.split("/")
        state = await state_of(store, document_history(partner, document))
        return isinstance(state, Stored) and state.event.sha256 == sha256

    return is_wanted


def side_of(request: RequestContext) -> Side:
    return "partner" if request.principal.role == "partner" else "central"


def check_brand(brand: str, of_partner: Partner) -> None:
    """Raise BrandNotFoundError for another partner's brand; refuse while paused or closed."""
    if brand not in ("", *open_partner(of_partner).brands):
        raise BrandNotFoundError
