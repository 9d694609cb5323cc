"""A document of a partner: stored under its id, perhaps replaced or removed; its bytes lie
elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onboarding.document.refusals import (
    DocumentExistsError,
    DocumentNotFoundError,
    DocumentRemovedError,
)
from zugabe_events.contracts.onboarding import DocumentRemoved, DocumentStored, Side
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import ForbiddenError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class StoreDocument:
    """`stored` is what will be said of it. `replaces` is the SHA-256 of the file whose place it
    takes under the same id, if it is known."""

    stored: DocumentStored
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveDocument:
    by: Side
    at: datetime


type Command = StoreDocument | RemoveDocument
type DocumentEvent = DocumentStored | DocumentRemoved


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Stored:
    event: DocumentStored


@dataclass(frozen=True, slots=True)
class Removed:
    pass


type Document = Unknown | Stored | Removed


def decide(command: Command, document: Document) -> Sequence[DocumentEvent]:
    match command:
        case StoreDocument(stored, replaces):
            return keep(stored, replaces, document)
        case RemoveDocument():
            return remove(command, document)


def keep(
    stored: DocumentStored, replaces: str | None, document: Document
) -> Sequence[DocumentEvent]:
    """Only the file that was seen is replaced, and a partner replaces only what they stored."""
    match document:
        case Unknown():
            return [stored]
        case Stored(before) if meaning(before) == meaning(stored):
            return []
        case Stored(before) if replaces == before.sha256:
            if stored.by == "partner" and before.by == "central":
                raise not_yours()
            return [stored]
        case Stored(before):
            raise DocumentExistsError(before.title)
        case Removed():
            raise DocumentRemovedError


def meaning(stored: DocumentStored) -> tuple[str, ...]:
    return (stored.brand, stored.title, stored.file_name, stored.media_type, stored.sha256)


def remove(command: RemoveDocument, document: Document) -> Sequence[DocumentEvent]:
    """A partner may remove only what they stored."""
    match document:
        case Unknown():
            raise DocumentNotFoundError
        case Stored(before) if command.by == "partner" and before.by == "central":
            raise not_yours()
        case Stored(before):
            return [DocumentRemoved(before.partner, before.brand, before.document, command.at)]
        case Removed():
            return []


def not_yours() -> ForbiddenError:
    return ForbiddenError("Dieses Dokument hat Ihr Customer Success Team hinterlegt.")


def stored(document: Document) -> DocumentStored:
    """Raise DocumentNotFoundError."""
    match document:
        case Stored(event):
            return event
        case Unknown() | Removed():
            raise DocumentNotFoundError


def evolve(_: Document, event: DocumentEvent) -> Document:
    match event:
        case DocumentStored():
            return Stored(event)
        case DocumentRemoved():
            return Removed()


DOCUMENT_DECIDER: Decider[Command, Document, DocumentEvent] = Decider(
    "document", Unknown(), decide, evolve
)


def document_history(partner: str, document_id: str) -> History[Document, DocumentEvent]:
    return History(Stream(f"document/{partner}/{document_id}", partner), DOCUMENT_DECIDER)
