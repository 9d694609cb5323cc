"""HTTP for the main data of shops: create, change, delete, look (CS-16 to CS-22, CS-39)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends

from catalog_shops.quotas import Quotas
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.decider import shop_history
from catalog_shops.shop.maintenance import maintain
from catalog_shops.shop.overview import (
    OVERVIEW_DECIDER,
    SetOverviewText,
    overview_history,
    overview_key,
)
from catalog_shops.shop.refusals import ShopNotFoundError
from catalog_shops.shop.review import ReviewShop
from catalog_shops.shop.saving import WantedHead, delete_shop, head_of, save_head
from catalog_shops.shop.state import ShopKey
from catalog_shops.shop.view import ShopView, key_of
from catalog_shops.tenancy import edits_own
from catalog_shops.texts import canonical_text
from zugabe_events.contracts.catalog_shops import OVERVIEW, ShopKind
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, LongText, Text
from zugabe_events.http.request_context import RequestContext


class Head(Body):
    """Main data of a shop. With a `brand` its assortment is the brand's, and its name is proposed.

    `url_name` may be written in any way. Without `active` the shop stays as it is.
    """

    name: Text | None = None
    url_name: Text
    brand: Id | None = None
    text: LongText = ""
    active: bool | None = None


class OverviewText(Body):
    text: LongText


@dataclass(frozen=True, slots=True)
class SavedHead:
    """`url_name` as it is in the shop's address."""

    shop: str
    name: str
    url_name: str


def shop_api(
    kind: ShopKind,
    store: EventStore,
    catalogue: Catalogue,
    shops: Views[ShopView],
    access: Access,
    quotas: Quotas,
) -> APIRouter:
    router = APIRouter(prefix=f"/dealers/{{dealer}}/{kind}-shops", tags=[f"{kind} shop"])
    edits = Depends(access.requires("edit-shops"))
    sees = Depends(reads(access.requires("see-shops"), shops))

    @router.put(f"/{OVERVIEW}", status_code=204)
    async def set_overview_text(
        dealer: Id, body: OverviewText, request: Annotated[RequestContext, edits]
    ) -> None:
        """Set the text above all shops of this kind."""
        edits_own(request)
        await quotas.count("shop-changes", request)
        key = overview_key(dealer, kind)
        command = SetOverviewText(key, canonical_text(body.text), request.context.at)
        await maintain(
            store,
            request,
            key,
            [overview_history(dealer, kind)],
            lambda _, states: ([], [OVERVIEW_DECIDER.decide(command, states[0])]),
        )

    @router.put("/{shop}")
    async def save_shop(
        dealer: Id, shop: Id, body: Head, request: Annotated[RequestContext, edits]
    ) -> SavedHead:
        """Create a shop or change its main data; it is shown once it is active."""
        edits_own(request)
        await quotas.count("shops", request)
        wanted = WantedHead(body.name, body.url_name, body.brand or "", body.text, body.active)
        head = await head_of(catalogue, dealer, wanted)
        await save_head(store, request, ShopKey(dealer, kind, shop), head, body.active)
        return SavedHead(shop, head.name, head.url_name)

    @router.delete("/{shop}", status_code=204)
    async def remove_shop(dealer: Id, shop: Id, request: Annotated[RequestContext, edits]) -> None:
        """Delete a shop; it is hidden at once."""
        edits_own(request)
        await delete_shop(store, request, ShopKey(dealer, kind, shop))

    @router.post("/{shop}/review", status_code=204)
    async def review_shop(dealer: Id, shop: Id, request: Annotated[RequestContext, edits]) -> None:
        """Record that banners, texts and strike prices of the shop still fit."""
        edits_own(request)
        await quotas.count("shop-changes", request)
        key = ShopKey(dealer, kind, shop)
        command = ReviewShop(key, request.context.actor, request.context.at)
        await request.handle(store, shop_history(key), command)

    @router.get("/{shop}")
    async def get_shop(dealer: Id, shop: Id, _: Annotated[RequestContext, sees]) -> ShopView:
        """A shop as it is maintained, with graphics and top articles."""
        view = await shops.get(key_of(dealer, kind, shop))
        if view is None or view.status == "deleted":
            raise ShopNotFoundError(kind)
        return view

    return router
