"""HTTP for the lists of shops in the back office (CS-14, CS-45, X-18)."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from catalog_shops.placement.view import PlacementView
from catalog_shops.shop.arranged import ArrangedShops, ShopRow
from catalog_shops.shop.listing import (
    PROPOSAL_TABLE,
    REVIEW_TABLE,
    ProposalQuery,
    ReviewQuery,
    ShopQuery,
    shop_table,
)
from catalog_shops.shop.proposals import ProposedShop, ProposedShops
from catalog_shops.shop.view import ShopView
from zugabe_events.contracts.catalog_shops import ShopKind
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


def shop_lists(
    shops: Views[ShopView], placements: Views[PlacementView], access: Access, exports: Exports
) -> Iterator[APIRouter]:
    yield arranged_list("brand", shops, placements, access, exports)
    yield arranged_list("theme", shops, placements, access, exports)
    yield other_lists(shops, placements, access, exports)


def arranged_list(
    kind: ShopKind,
    shops: Views[ShopView],
    placements: Views[PlacementView],
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(tags=[f"{kind} shop"])
    rows, table = ArrangedShops(shops, placements), shop_table(kind)

    @list_routes(router, f"/dealers/{{dealer}}/{kind}-shops", rows, table, exports)
    async def list_shops(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-shops"))],
        query: Annotated[ShopQuery, Query()],
    ) -> Selection[ShopRow]:
        """Own and central shops: active ones in their order, then inactive ones by name."""
        return Selection({**query.where(), "dealer": dealer, "kind": kind})

    return router


def other_lists(
    shops: Views[ShopView], placements: Views[PlacementView], access: Access, exports: Exports
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["brand shop"])
    sees = Depends(access.requires("see-shops"))
    proposals = ProposedShops(shops, placements)

    @list_routes(router, "/brand-shop-proposals", proposals, PROPOSAL_TABLE, exports)
    async def list_proposals(
        dealer: Id,
        request: Annotated[RequestContext, sees],
        query: Annotated[ProposalQuery, Query()],
    ) -> Selection[ProposedShop]:
        """Central drafts for brands that went live, of which the tenant has no own shop."""
        return Selection({"dealer": dealer})

    @list_routes(router, "/shop-reviews", shops, REVIEW_TABLE, exports)
    async def list_reviews(
        dealer: Id,
        request: Annotated[RequestContext, sees],
        query: Annotated[ReviewQuery, Query()],
    ) -> Selection[ShopView]:
        """Brand shops that nobody has changed or reviewed for long."""
        return Selection({"dealer": dealer, "review_due": True})

    return router
