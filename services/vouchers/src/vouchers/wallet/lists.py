"""HTTP for looking at vouchers: a user at his own, staff at all that were issued and redeemed."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends

from vouchers.wallet.redeemed import RedeemedView
from vouchers.wallet.view import Status, VoucherView
from zugabe_events.http import Access, Asked, Cursor, Id, Limit, PageOf
from zugabe_events.views import Views, Wanted


def voucher_lists(
    vouchers: Views[VoucherView], redeemed: Views[RedeemedView], access: Access
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])

    @router.get("/users/{user}/vouchers")
    async def of_user(
        dealer: Id,
        user: Id,
        asked: Annotated[Asked, Depends(access.needs("see-own-vouchers", vouchers))],
        order_id: Id | None = None,
        after: Cursor | None = None,
        limit: Limit = 100,
    ) -> PageOf[VoucherView]:
        """With `order_id`: what that order earned, to be shown right after it (VO-33)."""
        asked.only(user)
        where = given({"dealer": dealer, "user": user, "order_id": order_id})
        return await vouchers.page(where, after=after, limit=limit)

    @router.get("/vouchers")
    async def issued(
        dealer: Id,
        _: Annotated[Asked, Depends(access.needs("see-vouchers", vouchers))],
        user: Id | None = None,
        order_id: Id | None = None,
        campaign_id: Id | None = None,
        status: Status | None = None,
        after: Cursor | None = None,
        limit: Limit = 100,
    ) -> PageOf[VoucherView]:
        where = given(
            {
                "dealer": dealer,
                "user": user,
                "order_id": order_id,
                "campaign_id": campaign_id,
                "status": status,
            }
        )
        return await vouchers.page(where, after=after, limit=limit)

    @router.get("/redeemed-vouchers")
    async def used(
        dealer: Id,
        _: Annotated[Asked, Depends(access.needs("see-vouchers", redeemed))],
        user: Id | None = None,
        order_id: Id | None = None,
        campaign_id: Id | None = None,
        returned: bool = False,
        after: Cursor | None = None,
        limit: Limit = 100,
    ) -> PageOf[RedeemedView]:
        """The latest first; those given back are asked for with `returned` (VO-39)."""
        where = given(
            {
                "dealer": dealer,
                "returned": returned,
                "user": user,
                "order_id": order_id,
                "campaign_id": campaign_id,
            }
        )
        return await redeemed.page(where, sort="-redeemed_at", after=after, limit=limit)

    return router


def given(filters: Mapping[str, Wanted]) -> Mapping[str, Wanted]:
    """The filters that were asked for."""
    return {name: value for name, value in filters.items() if value is not None}
