"""HTTP for looking at vouchers: a user at his own, staff at all that were issued and redeemed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from vouchers.wallet.listing import (
    ISSUED_TABLE,
    REDEEMED_TABLE,
    OwnQuery,
    RedeemedQuery,
    VoucherQuery,
)
from vouchers.wallet.redemptions import RedeemedView
from vouchers.wallet.view import VoucherView
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, RequestContext
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, list_routes


def voucher_lists(
    vouchers: Views[VoucherView], redeemed: Views[RedeemedView], access: Access, exports: Exports
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])

    @list_routes(router, "/users/{user}/vouchers", vouchers, ISSUED_TABLE, exports)
    async def of_user(
        dealer: Id,
        user: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-own-vouchers"))],
        query: Annotated[OwnQuery, Query()],
    ) -> Selection[VoucherView]:
        """With `order_id`: what that order earned, to be shown right after it (VO-33)."""
        request.only(user)
        return Selection({**query.where(), "dealer": dealer, "user": user})

    @list_routes(router, "/vouchers", vouchers, ISSUED_TABLE, exports)
    async def issued(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-vouchers"))],
        query: Annotated[VoucherQuery, Query()],
    ) -> Selection[VoucherView]:
        return Selection({**query.where(), "dealer": dealer})

    @list_routes(router, "/redeemed-vouchers", redeemed, REDEEMED_TABLE, exports)
    async def used(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-vouchers"))],
        query: Annotated[RedeemedQuery, Query()],
    ) -> Selection[RedeemedView]:
        """The latest first; those given back are asked for with `returned` (VO-39)."""
        return Selection({**query.where(), "dealer": dealer})

    return router
