"""HTTP for gifts: configured by whoever they belong to, and offered to buyers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from catalog_shops.customer.view import CustomerView, customer_key
from catalog_shops.gift.choice import GiftChoices, choices_of, without_gifts
from catalog_shops.gift.decider import SetGiftMode, WithdrawGift, gifts_history
from catalog_shops.gift.listing import TABLE, OwnGiftQuery
from catalog_shops.gift.maintenance import WantedGift, offer_gift
from catalog_shops.gift.offer import GiftOffers
from catalog_shops.gift.view import OwnGiftView
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import GiftSource
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.gifts import Gift, GiftMode
from zugabe_events.domain.versions import version_at
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.effective import past_of
from zugabe_events.http.fields import ArticleNumber, Body, Cents, Day, Id, Instant
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

LimitCents = Annotated[int, Field(strict=True, ge=1, le=10**12)]


class GiftBody(Body):
    """Auftragswertgrenze, Artikelnummer, Gültig von, Gültig bis (GA-12).

    `effective_at` is now, or in the past for history that is set up.
    """

    limit_cents: LimitCents
    number: ArticleNumber
    valid_from: Day
    valid_until: Day | None = None
    effective_at: Instant | None = None


class ModeBody(Body):
    """`per` X euro („je“), or `from` X euro on („ab“) (GA-13)."""

    mode: GiftMode
    effective_at: Instant | None = None


@dataclass(frozen=True, slots=True)
class GiftSettings:
    """The rules in force at an instant, and where they come from; `tenant` maintains them."""

    source: GiftSource
    tenant: str
    version: int
    mode: GiftMode
    gifts: tuple[Gift, ...]


@dataclass(frozen=True, slots=True)
class OwnMode:
    """The mode of a tenant's own gifts, and whether these are used."""

    mode: GiftMode
    is_used: bool


def gift_api(
    store: EventStore,
    offers: GiftOffers,
    own_gifts: Views[OwnGiftView],
    customers: Views[CustomerView],
    access: Access,
    quotas: Quotas,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["gift"])
    edits = Depends(access.requires("edit-gifts"))
    sees = access.requires("see-gifts")
    followed = (offers.dealers, offers.gifts)

    @router.put("/gift-mode", status_code=204)
    async def set_mode(
        dealer: Id, body: ModeBody, request: Annotated[RequestContext, edits]
    ) -> None:
        """Choose whether gifts go by each X euro („je“) or from X euro on („ab“) (GA-13)."""
        edits_own(request)
        await quotas.count("gifts", request)
        past = past_of(request, body.effective_at)
        command = SetGiftMode(dealer, body.mode, request.context.at, past)
        await request.handle(store, gifts_history(dealer), command)

    @router.get("/gift-mode")
    async def get_mode(
        dealer: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("list-gifts"), *followed))
        ],
    ) -> OwnMode:
        """The mode of the dealer's own gifts, and whether these are used."""
        now = request.context.at
        own = await offers.own(dealer, now)
        return OwnMode(own.mode, (await offers.at(dealer, now)).tenant == dealer)

    @router.put("/gifts/{gift}", status_code=204)
    async def put_gift(
        dealer: Id, gift: Id, body: GiftBody, request: Annotated[RequestContext, edits]
    ) -> None:
        """Offer an article of this tenant's catalogue that is listed as a gift, or change it."""
        edits_own(request)
        await quotas.count("gifts", request)
        wanted = WantedGift(
            gift,
            body.number,
            body.limit_cents,
            body.valid_from,
            body.valid_until,
            past_of(request, body.effective_at),
        )
        await offer_gift(store, wanted, request)

    @router.delete("/gifts/{gift}", status_code=204)
    async def withdraw_gift(
        dealer: Id, gift: Id, request: Annotated[RequestContext, edits]
    ) -> None:
        """Withdraw a gift; orders that have it keep it."""
        edits_own(request)
        command = WithdrawGift(dealer, gift, request.context.at)
        await request.handle(store, gifts_history(dealer), command)

    @router.get("/gifts")
    async def get_settings(
        dealer: Id,
        request: Annotated[RequestContext, Depends(reads(sees, *followed))],
        at: Annotated[Instant | None, Query()] = None,
    ) -> GiftSettings:
        """The rules that count at the dealer, now or at another instant."""
        offer = await offers.at(dealer, at or request.context.at)
        its = offer.configuration
        return GiftSettings(offer.source, offer.tenant, its.version, its.mode, its.gifts)

    @router.get("/gift-choices")
    async def get_choices(
        dealer: Id,
        request: Annotated[
            RequestContext, Depends(reads(sees, *followed, offers.articles, customers))
        ],
        net_cents: Annotated[Cents, Query(strict=False)],
        at: Annotated[Instant | None, Query()] = None,
    ) -> GiftChoices:
        """All gifts that can be had, and which of them a net goods value allows (GA-3)."""
        instant = at or request.context.at
        offer = await offers.at(dealer, instant)
        customer = request.principal.customer
        if customer and await excluded(dealer, customer, instant):
            reason = "Für Ihr Unternehmen sind keine Gratis-Artikel vorgesehen."
            return without_gifts(offer.source, net_cents, reason)
        return choices_of(offer, await offers.articles_of(offer), net_cents, instant)

    async def excluded(dealer: str, customer: str, at: datetime) -> bool:
        """True for a customer who takes no part in gifts (X-25)."""
        view = await customers.get(customer_key(dealer, customer))
        version = version_at(view.versions, at) if view else None
        return version is not None and "gifts" in version.excluded

    @list_routes(router, "/own-gifts", own_gifts, TABLE, exports)
    async def list_own_gifts(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("list-gifts"))],
        query: Annotated[OwnGiftQuery, Query()],
    ) -> Selection[OwnGiftView]:
        """Gifts that this tenant maintains, used or not."""
        return Selection({**query.where(), "dealer": dealer})

    return router
