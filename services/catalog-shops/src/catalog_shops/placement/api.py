"""HTTP for which shops are active, and in which order (CS-12 to CS-15, CS-21, CS-38)."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from catalog_shops.placement.arranging import arranged
from catalog_shops.placement.decider import (
    MAX_ACTIVE,
    ActivateShop,
    AdoptCentralShops,
    ArrangeShops,
    Command,
    DeactivateShop,
    LeaveCentralShops,
    Order,
)
from catalog_shops.placement.view import PlacementView, placement_of
from catalog_shops.quotas import Quotas
from catalog_shops.shop.requests import Ref
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import ShopKind, ShopRef
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, at_most
from zugabe_events.http.request_context import RequestContext


class Arrangement(Body):
    """All active shops in their order. `based_on` is the `version` that was looked at."""

    based_on: Annotated[int, Field(strict=True, ge=0, le=10**12)]
    active: Annotated[tuple[Ref, ...], at_most(MAX_ACTIVE)]


@dataclass(frozen=True, slots=True)
class ArrangementSaved:
    """`version` is what the next arrangement is based on."""

    version: int


def placement_api(
    kind: ShopKind,
    store: EventStore,
    placements: Views[PlacementView],
    access: Access,
    quotas: Quotas,
) -> APIRouter:
    router = APIRouter(prefix=f"/dealers/{{dealer}}/{kind}-shop-placement", tags=["placement"])
    edits = Depends(access.requires("edit-shops"))
    sees = Depends(reads(access.requires("see-shops"), placements))

    def order_of(dealer: str, request: RequestContext) -> Order:
        edits_own(request)
        return Order(dealer, kind, request.context.actor, request.context.at)

    async def handled(command: Command, request: RequestContext) -> ArrangementSaved:
        await quotas.count("shop-changes", request)
        return ArrangementSaved(await arranged(store, request, command))

    @router.get("")
    async def get_placement(dealer: Id, _: Annotated[RequestContext, sees]) -> PlacementView:
        """The shops that are shown, in their order."""
        return await placement_of(placements, dealer, kind)

    @router.put("")
    async def arrange(
        dealer: Id, body: Arrangement, request: Annotated[RequestContext, edits]
    ) -> ArrangementSaved:
        """Save which shops are active in which order, all of it together."""
        active = tuple(ref.ref() for ref in body.active)
        command = ArrangeShops(order_of(dealer, request), body.based_on, active)
        return await handled(command, request)

    @router.put("/adoption")
    async def adopt(dealer: Id, request: Annotated[RequestContext, edits]) -> ArrangementSaved:
        """Show central shops as central arranges them."""
        return await handled(AdoptCentralShops(order_of(dealer, request)), request)

    @router.delete("/adoption")
    async def leave(dealer: Id, request: Annotated[RequestContext, edits]) -> ArrangementSaved:
        """Set all central shops inactive, and allow own ones."""
        return await handled(LeaveCentralShops(order_of(dealer, request)), request)

    @router.put("/active/{owner}/{shop}")
    async def activate(
        dealer: Id, owner: Id, shop: Id, request: Annotated[RequestContext, edits]
    ) -> ArrangementSaved:
        """Show one shop behind the others."""
        command = ActivateShop(order_of(dealer, request), ShopRef(owner, shop))
        return await handled(command, request)

    @router.delete("/active/{owner}/{shop}")
    async def deactivate(
        dealer: Id, owner: Id, shop: Id, request: Annotated[RequestContext, edits]
    ) -> ArrangementSaved:
        """Hide a shop; it keeps all its data."""
        command = DeactivateShop(order_of(dealer, request), ShopRef(owner, shop))
        return await handled(command, request)

    return router
