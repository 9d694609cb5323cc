"""HTTP for imports of catalogues: upload, progress, mistakes, cancelling."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from catalog_shops.catalogue_import.decider import CancelImport, ImportNotFoundError, import_history
from catalog_shops.catalogue_import.import_errors import ImportErrors, RowMistake
from catalog_shops.catalogue_import.listing import MISTAKES, TABLE, ImportQuery
from catalog_shops.catalogue_import.ports import ImportParts
from catalog_shops.catalogue_import.upload import UploadSlots, Wishes, start_import
from catalog_shops.catalogue_import.view import ImportView, key_of
from catalog_shops.catalogue_import.worker import ImportWorker
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import ImportFormat, ImportScope
from zugabe_events.domain.views import Page, Views
from zugabe_events.export.response import BATCH_SIZE, MEDIA_TYPES, Export, Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import FileName, Id, Limit, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

UPLOAD = "POST /dealers/{dealer}/catalogue-imports"
"""The one route that takes a body of hundreds of megabytes."""

FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}

Position = Annotated[str, StringConstraints(pattern=r"^[0-9]{9}\.[0-9]{2}$")]


class About(BaseModel):
    """Without a `scope`, a file is imported for what it is meant for. `catalogue` names the
    catalogue, instead of the name in a BMEcat file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_name: FileName
    scope: ImportScope | None = None
    dry_run: bool = False
    catalogue: Text | None = None
    confirm_delisting: bool = False


class MistakeQuery(BaseModel):
    """`after` is the `next` of the page before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Position = "000000000.00"
    limit: Limit = Field(100)


@dataclass(frozen=True, slots=True)
class ImportBegun:
    """`address` is where the import tells how far it is."""

    import_id: str
    address: str
    format: ImportFormat
    scope: ImportScope
    catalogue: str


@dataclass(frozen=True, slots=True)
class Cancelling:
    import_id: str
    status: Literal["cancelling"] = "cancelling"


def import_api(
    parts: ImportParts,
    imports: Views[ImportView],
    worker: ImportWorker,
    access: Access,
    quotas: Quotas,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/catalogue-imports", tags=["catalogue import"])
    slots = UploadSlots()

    @router.post("", status_code=status.HTTP_202_ACCEPTED, openapi_extra=FILE_BODY)
    async def import_catalogue(
        dealer: Id,
        about: Annotated[About, Query()],
        body: Request,
        request: Annotated[
            RequestContext, Depends(access.requires("import-articles", streams=True))
        ],
    ) -> ImportBegun:
        """Upload a catalogue of up to 500 MB: BMEcat, or a table (Excel, CSV) after the templates.

        It is read in the background. With an `Idempotency-Key`, a repeated upload of the same file
        is the same import.
        """
        edits_own(request)
        await quotas.count("imports", request)
        wishes = Wishes(
            about.file_name,
            about.scope,
            about.dry_run,
            about.catalogue or "",
            about.confirm_delisting,
        )
        with slots.slot():
            started = await start_import(parts, dealer, wishes, body.stream(), request)
        worker.rounds.wake()
        address = f"/dealers/{dealer}/catalogue-imports/{started.import_id}"
        request.response.headers["Location"] = address
        return ImportBegun(
            started.import_id, address, started.format, started.scope, started.catalogue
        )

    @list_routes(router, "", imports, TABLE, exports)
    async def list_imports(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-articles"))],
        query: Annotated[ImportQuery, Query()],
    ) -> Selection[ImportView]:
        """The imports of the tenant, the latest first unless sorted otherwise."""
        return Selection({**query.where(), "dealer": dealer})

    @router.get("/{import_id}")
    async def get_import(
        dealer: Id,
        import_id: Id,
        _: Annotated[RequestContext, Depends(reads(access.requires("see-articles"), imports))],
    ) -> ImportView:
        """An import: how far it is, what it did, and what was wrong."""
        return await found(imports, dealer, import_id)

    @router.post("/{import_id}/cancellation")
    async def cancel_import(
        dealer: Id,
        import_id: Id,
        request: Annotated[RequestContext, Depends(access.requires("import-articles"))],
    ) -> Cancelling:
        """The import ends within seconds; what it has done stays."""
        edits_own(request)
        command = CancelImport(request.context.at)
        attempt = request.attempt("cancel-import", import_id)
        await request.handle(
            parts.store, import_history(dealer, import_id), command, attempt=attempt
        )
        worker.rounds.wake()
        return Cancelling(import_id)

    @router.get("/{import_id}/errors")
    async def list_mistakes(
        dealer: Id,
        import_id: Id,
        query: Annotated[MistakeQuery, Query()],
        _: Annotated[RequestContext, Depends(reads(access.requires("see-articles"), imports))],
    ) -> Page[RowMistake]:
        """Errors in articles, in the order of the file; of each import the first 10,000
        mistakes, for half a year."""
        await found(imports, dealer, import_id)
        items = await parts.storage.errors.page(dealer, import_id, query.after, query.limit)
        return Page(items, items[-1].position if len(items) == query.limit else None)

    @router.get(
        "/{import_id}/errors.csv",
        response_model=None,
        responses={200: {"content": {MEDIA_TYPES["csv"]: {}}, "description": "The file"}},
    )
    async def export_mistakes(
        dealer: Id,
        import_id: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-articles"), imports))
        ],
    ) -> Response:
        """All mistakes that are kept."""
        await found(imports, dealer, import_id)
        export = Export(exports, request.context.actor, f"{MISTAKES.name}-{import_id}")
        exports.begin(export.caller)
        return await export.response(
            "csv", MISTAKES, batches(parts.storage.errors, dealer, import_id)
        )

    return router


async def found(imports: Views[ImportView], dealer: str, import_id: str) -> ImportView:
    view = await imports.get(key_of(dealer, import_id))
    if view is None:
        raise ImportNotFoundError
    return view


async def batches(
    errors: ImportErrors, dealer: str, import_id: str
) -> AsyncGenerator[Sequence[RowMistake]]:
    after = ""
    while True:
        items = await errors.page(dealer, import_id, after, BATCH_SIZE)
        yield items
        if len(items) < BATCH_SIZE:
            return
        after = items[-1].position
