"""HTTP for graphics: uploaded by those who edit shops, shown to everybody."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from catalog_shops.graphic.rules import GraphicUse
from catalog_shops.graphic.storage import GraphicStorage
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from zugabe_events.files.response import PICTURE_ANSWERS, FileResponse, public_file
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id, Sha256
from zugabe_events.http.public_routes import PUBLIC_ROUTE
from zugabe_events.http.request_context import RequestContext

UPLOAD = "POST /dealers/{dealer}/graphics"
SHOWN = "/graphics/{dealer}/{file}"


@dataclass(frozen=True, slots=True)
class StoredGraphic:
    """`file` is the hash of what is stored, and its name in `/graphics/{dealer}/{file}`."""

    file: str
    media_type: str
    width: int
    height: int
    size_bytes: int


def graphic_api(storage: GraphicStorage, access: Access, quotas: Quotas) -> APIRouter:
    router = APIRouter(tags=["graphic"])

    @router.post("/dealers/{dealer}/graphics")
    async def store_graphic(
        dealer: Id,
        purpose: GraphicUse,
        content: Annotated[bytes, Body(media_type="application/octet-stream")],
        request: Annotated[RequestContext, Depends(access.requires("edit-shops"))],
    ) -> StoredGraphic:
        """Upload a PNG, JPEG or GIF: banners 690 pixels wide, those of the bonus programme 966,
        logos 690 at most, all up to 200 KB; images of articles up to 4,000 pixels and 2 MB. The
        same graphic again changes nothing."""
        edits_own(request)
        await quotas.count("graphics", request)
        found = await storage.keep(dealer, purpose, content, request)
        return StoredGraphic(
            found.file, found.media_type, found.width, found.height, found.size_bytes
        )

    async def show(request: Request, dealer: str, file: str) -> Response:
        found = await storage.find(dealer, file)
        read = partial(storage.read, found)
        return await public_file(request, file, found.media_type, found.size_bytes, read)

    @router.get(
        SHOWN,
        dependencies=[Depends(PUBLIC_ROUTE)],
        response_class=FileResponse,
        responses=PICTURE_ANSWERS,
    )
    async def get_graphic(request: Request, dealer: Id, file: Sha256) -> Response:
        """The content of a graphic; it never changes under its address."""
        return await show(request, dealer, file)

    @router.head(SHOWN, dependencies=[Depends(PUBLIC_ROUTE)], responses=PICTURE_ANSWERS)
    async def head_graphic(request: Request, dealer: Id, file: Sha256) -> Response:
        """Its headers, without the content."""
        return await show(request, dealer, file)

    return router
