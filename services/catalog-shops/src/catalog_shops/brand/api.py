"""Routes of brands: name, rename and list them."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from catalog_shops.brand.decider import NameBrand, RenameBrand, brand_history
from catalog_shops.brand.decider import decide as decide_brand
from catalog_shops.brand.listing import TABLE, BrandQuery
from catalog_shops.brand.name import brand_id, checked_name
from catalog_shops.brand.view import BrandView
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from catalog_shops.tenants import with_central
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import OneOf, Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Id, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


class BrandBody(Body):
    name: Text


@dataclass(frozen=True, slots=True)
class NamedBrand:
    """`brand` is the id by which articles and shops refer to it."""

    brand: str


def brand_api(
    store: EventStore, brands: Views[BrandView], access: Access, quotas: Quotas, exports: Exports
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/brands", tags=["brand"])
    edits = Depends(access.requires("edit-articles"))

    @router.post("")
    async def name_brand(
        dealer: Id, body: BrandBody, request: Annotated[RequestContext, edits]
    ) -> NamedBrand:
        """Make a brand known; all ways to write its name are the same brand."""
        edits_own(request)
        await quotas.count("brands", request)
        brand = brand_id(checked_name(body.name))
        command = NameBrand(dealer, body.name, "staff")
        histories = [brand_history(tenant, brand) for tenant in with_central(dealer)]
        await request.handle_reading(store, histories, partial(decide_brand, command))
        return NamedBrand(brand)

    @router.put("/{brand}", status_code=204)
    async def rename_brand(
        dealer: Id, brand: Id, body: BrandBody, request: Annotated[RequestContext, edits]
    ) -> None:
        """Change how a brand is written. Its id stays."""
        edits_own(request)
        await quotas.count("brands", request)
        command = RenameBrand(dealer, brand, body.name)
        await request.handle(store, brand_history(dealer, brand), command)

    @list_routes(router, "", brands, TABLE, exports)
    async def list_brands(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-articles"))],
        query: Annotated[BrandQuery, Query()],
    ) -> Selection[BrandView]:
        """Central brands and the dealer's own."""
        return Selection({**query.where(), "dealer": OneOf(with_central(dealer))})

    return router
