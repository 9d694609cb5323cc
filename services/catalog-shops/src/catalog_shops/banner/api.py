"""HTTP for banners and teasers of pages (CS-7, CS-30, CS-41)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from catalog_shops.banner.decider import BannerNotFoundError, RemoveBanner, banner_history
from catalog_shops.banner.listing import TABLE, BannerQuery
from catalog_shops.banner.placing import BannerPlacing
from catalog_shops.banner.view import BannerView, key_of
from catalog_shops.quotas import Quotas
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.requests import Ref
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerLink,
    BannerPage,
    LinkKind,
    ShopKind,
)
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import ArticleNumber, Body, Day, Id, Sha256, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


class Link(Body):
    """Target of a click: `shop` with its `kind`, `article` by its number, `overview` of a `kind`,
    or `none`."""

    to: LinkKind = "none"
    kind: ShopKind | None = None
    shop: Ref | None = None
    number: ArticleNumber | None = None

    def link(self) -> BannerLink:
        return BannerLink(
            self.to, self.kind, self.shop.ref() if self.shop else None, self.number or ""
        )


class BannerBody(Body):
    """`file` is an uploaded graphic, `title` what screen readers say.

    On the page `shop` it is shown in one shop, or without `shop` in all of them.
    """

    page: BannerPage
    file: Sha256
    title: Text
    link: Link
    kind: ShopKind | None = None
    shop: Ref | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    active: bool = True

    def banner(self) -> Banner:
        return Banner(
            self.page,
            self.file,
            self.title,
            self.link.link(),
            self.kind,
            self.shop.ref() if self.shop else None,
            self.valid_from,
            self.valid_until,
            self.active,
        )


def banner_api(
    store: EventStore,
    catalogue: Catalogue,
    banners: Views[BannerView],
    access: Access,
    quotas: Quotas,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/banners", tags=["banner"])
    placing = BannerPlacing(store, catalogue, banners)
    edits = Depends(reads(access.requires("edit-shops"), banners))

    @router.put("/{banner_id}", status_code=204)
    async def set_banner(
        dealer: Id, banner_id: Id, body: BannerBody, request: Annotated[RequestContext, edits]
    ) -> None:
        """Add or change a banner. It needs no module: it may advertise central shops."""
        edits_own(request)
        await quotas.count("banners", request)
        await placing.place(request, dealer, banner_id, body.banner())

    @router.delete("/{banner_id}", status_code=204)
    async def remove_banner(
        dealer: Id, banner_id: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Delete a banner."""
        edits_own(request)
        command = RemoveBanner(dealer, banner_id)
        await request.handle(store, banner_history(dealer, banner_id), command)

    @router.get("/{banner_id}")
    async def get_banner(
        dealer: Id,
        banner_id: Id,
        _: Annotated[RequestContext, Depends(reads(access.requires("see-shops"), banners))],
    ) -> BannerView:
        """A banner, with its graphic and where it leads."""
        view = await banners.get(key_of(dealer, banner_id))
        if view is None or view.status == "removed":
            raise BannerNotFoundError
        return view

    @list_routes(router, "", banners, TABLE, exports)
    async def list_banners(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-shops"))],
        query: Annotated[BannerQuery, Query()],
    ) -> Selection[BannerView]:
        """The banners of the tenant, of a page or of all."""
        return Selection({**query.where(), "dealer": dealer, "status": "placed"})

    return router
