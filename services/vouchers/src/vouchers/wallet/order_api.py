"""Route for the vouchers to tell of right after an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from vouchers.campaign.decider import Active, InForce, campaign_history
from vouchers.limit.decider import limit_history, limits_of
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.order_vouchers import (
    UsedCampaign,
    earned_by,
    order_vouchers,
)
from vouchers.wallet.state import Redemption
from zugabe_events.contracts.vouchers import OrderVouchers
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event_store import EventStore, state_of, states_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


def order_vouchers_api(store: EventStore, policies: Follower, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])
    sees = Depends(reads(access.requires("see-order-vouchers"), policies))

    @router.get("/users/{user}/order-vouchers/{order_id}")
    async def get_order_vouchers(
        dealer: Id, user: Id, order_id: Id, request: Annotated[RequestContext, sees]
    ) -> OrderVouchers:
        """What the order earned, and what is left of what it used (CH-8).

        It is empty for an order that has not arrived here; the order's token waits for it.
        """
        request.only(user)
        at = request.context.at
        wallet = await state_of(store, wallet_history(dealer, user))
        earned = [
            campaign
            for campaign_id in earned_by(wallet, order_id)
            if (campaign := await activated(store, dealer, campaign_id, at))
        ]
        used = await used_by(store, dealer, wallet.redeemed.get(order_id, ()), at)
        return order_vouchers(wallet, earned, used, day_of(at))

    return router


async def used_by(
    store: EventStore, dealer: str, redemptions: Sequence[Redemption], at: datetime
) -> list[UsedCampaign]:
    found = []
    for use in redemptions:
        if campaign := await activated(store, dealer, use.campaign_id, at):
            limits = limits_of(campaign.terms, dealer, use.campaign_id, use.customer)
            histories = [limit_history(limit) for limit, _ in limits]
            counted = await states_of(store, histories) if histories else ()
            most = [max_uses for _, max_uses in limits]
            found.append(UsedCampaign(campaign, tuple(zip(most, counted, strict=True))))
    return found


async def activated(
    store: EventStore, dealer: str, campaign_id: str, at: datetime
) -> InForce | None:
    """An active campaign, as all are whose vouchers were earned or used."""
    campaign = await state_of(store, campaign_history(dealer, campaign_id))
    return campaign.in_force_at(at) if isinstance(campaign, Active) else None
