"""HTTP for documents. What is downloaded is a file to be saved, and never a page of ours."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, Response, status
from pydantic import BaseModel, ConfigDict, StringConstraints

from onboarding.document.listing import TABLE, DocumentQuery
from onboarding.document.storage import DocumentStorage, Upload
from onboarding.document.view import DocumentView
from onboarding.partner.arrival import require_arrival
from zugabe_events.contracts.onboarding import DocumentStored
from zugabe_events.export.response import Exports
from zugabe_events.files.kinds import KINDS
from zugabe_events.files.response import FileResponse, attachment
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import FileName, Id, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

UPLOAD = "PUT /partners/{partner}/documents/{document}"
"""The one route that takes large bodies."""


class About(BaseModel):
    """`brand` is left out for what is about all of them. `replaces` is the SHA-256 of the file that
    bears this id, to replace it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    file_name: FileName
    brand: Id | None = None
    replaces: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    document: str
    media_type: str
    size_bytes: int
    sha256: str


def document_api(storage: DocumentStorage, access: Access, exports: Exports) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}/documents", tags=["document"])

    @router.put("/{document}")
    async def store_document(
        partner: Id,
        document: Id,
        about: Annotated[About, Query()],
        content: Annotated[bytes, Body(media_type="application/octet-stream")],
        request: Annotated[
            RequestContext, Depends(reads(access.requires("store-documents"), storage.documents))
        ],
    ) -> StoredDocument:
        """Upload a file of up to ten megabytes: PDF, PNG, JPEG, GIF, XLSX, CSV or text."""
        await require_arrival(storage.store, partner, request)
        upload = Upload(
            partner,
            document,
            about.brand or "",
            about.title,
            about.file_name,
            content,
            about.replaces,
        )
        handled = await storage.keep(upload, request)
        found = handled.of(DocumentStored) or await storage.find(partner, document)
        return StoredDocument(document, found.media_type, found.size_bytes, found.sha256)

    @list_routes(router, "", storage.documents, TABLE, exports)
    async def list_documents(
        partner: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-documents"))],
        query: Annotated[DocumentQuery, Query()],
    ) -> Selection[DocumentView]:
        """The documents of a partner, of one brand or of all (ON-13)."""
        await require_arrival(storage.store, partner, request)
        return Selection({**query.where(), "dealer": partner, "status": "stored"})

    @router.get(
        "/{document}",
        response_class=FileResponse,
        responses={
            200: {
                "content": {
                    kind.media_type: {"schema": {"type": "string", "format": "binary"}}
                    for kind in KINDS.values()
                },
                "description": "The file",
            }
        },
    )
    async def get_document(
        partner: Id,
        document: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-documents"))],
    ) -> Response:
        """The content of a document, for download."""
        await require_arrival(storage.store, partner, request)
        found = await storage.find(partner, document)
        chunks = await storage.read(found)
        return attachment(chunks, found.file_name, found.media_type, found.size_bytes)

    @router.delete("/{document}", status_code=status.HTTP_204_NO_CONTENT)
    async def remove_document(
        partner: Id,
        document: Id,
        request: Annotated[RequestContext, Depends(access.requires("remove-documents"))],
    ) -> None:
        """Delete a file; the record of the document remains."""
        await require_arrival(storage.store, partner, request)
        await storage.remove(partner, document, request)

    return router
