"""Routes of graphics: uploaded for a newsletter campaign, shown to everybody (VO-36, VO-37)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Request, Response

from vouchers.graphic.decider import Graphic, graphic_history
from vouchers.graphic.default import default_graphic
from vouchers.graphic.storage import GraphicNotFoundError, GraphicStorage
from vouchers.mail_link.links import Links
from vouchers.tenancy import edits_own
from zugabe_events.domain.event_store import state_of
from zugabe_events.files.response import PICTURE_ANSWERS, FileResponse, public_file
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id, Sha256
from zugabe_events.http.public_routes import PUBLIC_ROUTE
from zugabe_events.http.request_context import RequestContext

SHOWN = "/voucher-graphics/{dealer}/{campaign_id}/{file}"
DEFAULT = "/voucher-graphics/default/{file}"


@dataclass(frozen=True, slots=True)
class GraphicView:
    """`url` is where everybody finds it; `is_default` if the campaign has none of its own."""

    url: str
    media_type: str
    width: int
    height: int
    size_bytes: int
    is_default: bool


def graphic_view(links: Links, dealer: str, campaign_id: str, graphic: Graphic) -> GraphicView:
    shown = graphic or default_graphic().graphic
    path = SHOWN if graphic else DEFAULT
    url = links.absolute(path.format(dealer=dealer, campaign_id=campaign_id, file=shown.file))
    return GraphicView(
        url, shown.media_type, shown.width, shown.height, shown.size_bytes, graphic is None
    )


def graphic_api(storage: GraphicStorage, links: Links, access: Access) -> APIRouter:
    path = "/dealers/{dealer}/campaigns/{campaign_id}/graphic"
    router = APIRouter(tags=["graphic"])
    edits = Depends(edits_own(access.requires("edit-campaigns")))

    @router.put(path)
    async def set_graphic(
        dealer: Id,
        campaign_id: Id,
        content: Annotated[bytes, Body(media_type="application/octet-stream")],
        request: Annotated[RequestContext, edits],
    ) -> GraphicView:
        """Upload a PNG, JPEG or GIF of up to 200 KB and 966 pixels, for a newsletter campaign."""
        graphic = await storage.keep(dealer, campaign_id, content, request)
        return graphic_view(links, dealer, campaign_id, graphic)

    @router.delete(path, status_code=204)
    async def remove_graphic(
        dealer: Id, campaign_id: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Show the default graphic again."""
        await storage.remove(dealer, campaign_id, request)

    @router.get(path)
    async def get_graphic(
        dealer: Id,
        campaign_id: Id,
        _: Annotated[RequestContext, Depends(reads(access.requires("see-campaigns")))],
    ) -> GraphicView:
        """The graphic that the start page shows, or would show."""
        graphic = await state_of(storage.store, graphic_history(dealer, campaign_id))
        return graphic_view(links, dealer, campaign_id, graphic)

    return router


def shown_graphics(storage: GraphicStorage) -> APIRouter:
    """Routes that anybody may ask."""
    router = APIRouter(tags=["graphic"])

    @router.get(
        DEFAULT,
        dependencies=[Depends(PUBLIC_ROUTE)],
        response_class=FileResponse,
        responses=PICTURE_ANSWERS,
    )
    @router.head(DEFAULT, dependencies=[Depends(PUBLIC_ROUTE)], responses=PICTURE_ANSWERS)
    async def show_default(request: Request, file: Sha256) -> Response:
        """The product's own graphic for vouchers."""
        default = default_graphic()
        if file != default.graphic.file:
            raise GraphicNotFoundError

        async def content() -> AsyncIterator[bytes]:
            yield default.content

        async def read() -> AsyncIterator[bytes]:
            return content()

        kind, size = default.graphic.media_type, default.graphic.size_bytes
        return await public_file(request, file, kind, size, read)

    @router.get(
        SHOWN,
        dependencies=[Depends(PUBLIC_ROUTE)],
        response_class=FileResponse,
        responses=PICTURE_ANSWERS,
    )
    @router.head(SHOWN, dependencies=[Depends(PUBLIC_ROUTE)], responses=PICTURE_ANSWERS)
    async def show_graphic(request: Request, dealer: Id, campaign_id: Id, file: Sha256) -> Response:
        """The graphic of a campaign; it never changes under its address."""
        graphic = await state_of(storage.store, graphic_history(dealer, campaign_id))
        if graphic is None or graphic.file != file:
            raise GraphicNotFoundError

        async def read() -> AsyncIterator[bytes]:
            return await storage.read(dealer, campaign_id, file)

        return await public_file(request, file, graphic.media_type, graphic.size_bytes, read)

    return router
