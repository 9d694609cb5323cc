"""HTTP for dealers: what E-Commerce-Support sets up for them (CS-3, GA-5), and who has what."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from catalog_shops.dealer.decider import (
    CancelModule,
    ChooseGiftSource,
    Command,
    LockOwnShops,
    NameDealer,
    OrderModule,
    UnlockOwnShops,
    dealer_history,
)
from catalog_shops.dealer.listing import TABLE, DealerQuery
from catalog_shops.dealer.view import DealerView
from zugabe_events.contracts.catalog_shops import GiftSource
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.effective import past_of
from zugabe_events.http.fields import Body, Id, Instant, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


class Source(Body):
    """`group` is the id of a group of dealers, such as `group.bueroring`, for that source only."""

    gift_source: GiftSource
    group: Id | None = None


class SourceChoice(Source):
    """`effective_at` is now, or in the past for history that is set up."""

    effective_at: Instant | None = None


class Name(Body):
    name: Text


@dataclass(frozen=True, slots=True)
class Modules:
    """The modules that a dealer has, and the source of the dealer's gifts."""

    dealer: str
    has_module: bool
    own_shops: bool
    gift_source: GiftSource
    group: str
    name: str


def dealer_api(
    store: EventStore, dealers: Views[DealerView], access: Access, exports: Exports
) -> APIRouter:
    router = APIRouter(tags=["dealer"])
    unlocks = Depends(access.requires("unlock-dealers"))
    sees = Depends(reads(access.requires("see-dealers"), dealers))

    async def change(command: Command, request: RequestContext) -> None:
        await request.handle(store, dealer_history(command.dealer), command)

    @router.put("/dealers/{dealer}/marketing-module", status_code=204)
    async def order_module(
        dealer: Id, body: Source, request: Annotated[RequestContext, unlocks]
    ) -> None:
        """Record the order of the module "Vermarktung", which asks for the source of gifts."""
        command = OrderModule(dealer, body.gift_source, body.group or "", request.context.at)
        await change(command, request)

    @router.delete("/dealers/{dealer}/marketing-module", status_code=204)
    async def cancel_module(dealer: Id, request: Annotated[RequestContext, unlocks]) -> None:
        """Cancel the module. What runs already, such as campaigns, is not stopped."""
        await change(CancelModule(dealer, request.context.at), request)

    @router.post("/dealers/{dealer}/own-shops/unlocking", status_code=204)
    async def unlock_own_shops(dealer: Id, request: Annotated[RequestContext, unlocks]) -> None:
        """Unlock own shops of the dealer, by E-Commerce-Support (CS-3)."""
        await change(UnlockOwnShops(dealer, request.context.at), request)

    @router.delete("/dealers/{dealer}/own-shops/unlocking", status_code=204)
    async def lock_own_shops(dealer: Id, request: Annotated[RequestContext, unlocks]) -> None:
        """Lock the dealer's own shops again."""
        await change(LockOwnShops(dealer, request.context.at), request)

    @router.put("/dealers/{dealer}/gift-source", status_code=204)
    async def choose_gift_source(
        dealer: Id, body: SourceChoice, request: Annotated[RequestContext, unlocks]
    ) -> None:
        """Choose the source of the dealer's gifts: central, a group, own ones, or none (GA-4)."""
        past = past_of(request, body.effective_at, "Diese Wahl gilt ab sofort, nicht später.")
        at = past or request.context.at
        await change(ChooseGiftSource(dealer, body.gift_source, body.group or "", at), request)

    @router.put("/dealers/{dealer}/name", status_code=204)
    async def name_dealer(
        dealer: Id, body: Name, request: Annotated[RequestContext, unlocks]
    ) -> None:
        """Set the name under which people know the dealer."""
        await change(NameDealer(dealer, body.name), request)

    @router.get("/dealers/{dealer}/modules")
    async def get_modules(dealer: Id, _: Annotated[RequestContext, sees]) -> Modules:
        """A dealer nobody set up anything for has the standard package."""
        view = await dealers.get(dealer) or DealerView(CENTRAL, dealer)
        return Modules(
            dealer, view.has_module, view.own_shops, view.gift_source, view.group, view.title
        )

    @list_routes(router, "/dealers", dealers, TABLE, exports)
    async def list_dealers(
        request: Annotated[RequestContext, Depends(access.requires("list-dealers"))],
        query: Annotated[DealerQuery, Query()],
    ) -> Selection[DealerView]:
        """Dealers with their modules, for central staff."""
        return Selection({**query.where(), "dealer": CENTRAL})

    return router
