"""Routes that list vouchers: users see their own, staff all that were issued and redeemed."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from msgspec.structs import replace

from vouchers.campaign.titles import titles_of
from vouchers.campaign.view import CampaignView
from vouchers.orderer.names import Orderers
from vouchers.wallet.listing import (
    ISSUED_TABLE,
    REDEEMED_TABLE,
    OwnQuery,
    RedeemedQuery,
    VoucherQuery,
)
from vouchers.wallet.present import at_present
from vouchers.wallet.redemptions import RedeemedView
from vouchers.wallet.view import VoucherView
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


def voucher_lists(
    store: EventStore,
    vouchers: Views[VoucherView],
    redeemed: Views[RedeemedView],
    campaigns: Views[CampaignView],
    orderers: Orderers,
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])

    def now(request: RequestContext) -> Callable[..., Awaitable[Sequence[VoucherView]]]:
        return partial(at_present, store, now=request.context.at)

    @list_routes(router, "/users/{user}/vouchers", vouchers, ISSUED_TABLE, exports)
    async def list_own_vouchers(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-own-vouchers"))],
        query: Annotated[OwnQuery, Query()],
    ) -> Selection[VoucherView]:
        """With `order_id`: the vouchers that this order earned, to show right after it (VO-33)."""
        request.only(user)
        return Selection({**query.where(), "dealer": dealer, "user": user}, now(request))

    @list_routes(router, "/vouchers", vouchers, ISSUED_TABLE, exports)
    async def list_vouchers(
        dealer: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-vouchers"), orderers.views))
        ],
        query: Annotated[VoucherQuery, Query()],
    ) -> Selection[VoucherView]:
        """Issued vouchers with the names of their users, as far as an order named them."""

        async def named(vouchers: Sequence[VoucherView]) -> Sequence[VoucherView]:
            names = await orderers.names(dealer, [voucher.user for voucher in vouchers])
            return [
                replace(voucher, name=names.get(voucher.user, ""))
                for voucher in await at_present(store, vouchers, now=request.context.at)
            ]

        return Selection({**query.where(), "dealer": dealer}, named, with_names=True)

    @list_routes(router, "/redeemed-vouchers", redeemed, REDEEMED_TABLE, exports)
    async def list_redeemed_vouchers(
        dealer: Id,
        request: Annotated[
            RequestContext,
            Depends(reads(access.requires("see-vouchers"), campaigns, orderers.views)),
        ],
        query: Annotated[RedeemedQuery, Query()],
    ) -> Selection[RedeemedView]:
        """The latest first; `returned` selects uses that were given back (VO-39)."""

        async def completed(uses: Sequence[RedeemedView]) -> Sequence[RedeemedView]:
            names = await orderers.names(dealer, [use.user for use in uses])
            untitled = {use.campaign_id for use in uses if not use.title}
            titles = await titles_of(campaigns, dealer, untitled) if untitled else {}
            return [
                replace(
                    use,
                    name=names.get(use.user, ""),
                    title=use.title or titles.get(use.campaign_id, ""),
                )
                for use in uses
            ]

        return Selection({**query.where(), "dealer": dealer}, completed, with_names=True)

    return router
