"""HTTP for files of the material, which central uploads once for all partners (ON-3)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query, status
from pydantic import BaseModel, ConfigDict

from onboarding.brand.api import Platform
from onboarding.material.catalogue import Kind
from onboarding.material.files_view import TABLE, MaterialFileView, MaterialQuery
from onboarding.material.storage import MaterialStorage
from zugabe_events.contracts.onboarding import MaterialStored, Phase, Step
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import FileName, Id, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

MATERIAL_UPLOAD = "PUT /material/{item}"
"""A route that takes large bodies."""


class AboutMaterial(BaseModel):
    """`shown_from` is left out for what is shown from the start of its phase on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    file_name: FileName
    kind: Kind
    phase: Phase
    step: Step | None = None
    shown_from: Phase | None = None
    platform: Platform | None = None


@dataclass(frozen=True, slots=True)
class StoredMaterial:
    item: str
    media_type: str
    size_bytes: int
    sha256: str


def material_files_api(storage: MaterialStorage, access: Access, exports: Exports) -> APIRouter:
    router = APIRouter(prefix="/material", tags=["material"])
    keeps = reads(access.requires("keep-material"), storage.views)

    @router.put("/{item}")
    async def keep_material(
        item: Id,
        about: Annotated[AboutMaterial, Query()],
        content: Annotated[bytes, Body(media_type="application/octet-stream")],
        request: Annotated[RequestContext, Depends(keeps)],
    ) -> StoredMaterial:
        """Upload a file of up to ten megabytes for all partners, or another one in its place."""
        file = await storage.inspected(content, about.file_name)
        stored = MaterialStored(
            item=item,
            title=about.title,
            kind=about.kind,
            phase=about.phase,
            step=about.step,
            shown_from=about.shown_from,
            platform=about.platform,
            file_name=about.file_name,
            media_type=file.media_type,
            size_bytes=len(file.content),
            sha256=file.sha256,
            stored_at=request.context.at,
        )
        await storage.keep(stored, file.content, request)
        return StoredMaterial(item, stored.media_type, stored.size_bytes, stored.sha256)

    @list_routes(router, "", storage.views, TABLE, exports)
    async def list_material(
        request: Annotated[RequestContext, Depends(access.requires("keep-material"))],
        query: Annotated[MaterialQuery, Query()],
    ) -> Selection[MaterialFileView]:
        """All files of the material, as central maintains them (ON-3)."""
        return Selection({**query.where(), "dealer": CENTRAL, "status": "stored"})

    @router.delete("/{item}", status_code=status.HTTP_204_NO_CONTENT)
    async def remove_material(
        item: Id, request: Annotated[RequestContext, Depends(access.requires("keep-material"))]
    ) -> None:
        """Take a file of the material away; it is not shown any more."""
        await storage.remove(item, request)

    return router
