"""Route for the vouchers to tell of right after an order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from vouchers.campaign.decider import Active, campaign_history
from vouchers.campaign.owner import is_central, owner_of
from vouchers.customer.lending import lent_to
from vouchers.limit.decider import limit_history, limits_of
from vouchers.participation.decider import participations_history
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.issued import as_issued
from vouchers.wallet.order_vouchers import ToldCampaign, further_vouchers, order_vouchers
from vouchers.wallet.state import Wallet
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
        """Vouchers that the order earned, and remaining uses of its own and the user's (CH-8).

        The order's token waits for the order.
        """
        request.only(user)
        at = request.context.at
        wallet = await state_of(store, wallet_history(dealer, user))
        used = [
            await campaign_for(store, dealer, wallet, use.campaign_id, use.customer, at)
            for use in wallet.redeemed.get(order_id, ())
        ]
        usable = [
            await campaign_for(store, dealer, wallet, voucher.campaign_id, voucher.customer, at)
            for voucher in further_vouchers(wallet, order_id)
            if day_of(at) <= voucher.valid_until
        ]
        return order_vouchers(wallet, order_id, known(used), known(usable), day_of(at))

    return router


async def campaign_for(
    store: EventStore, dealer: str, wallet: Wallet, campaign_id: str, customer: str, at: datetime
) -> ToldCampaign | None:
    """The campaign as the wallet's user has it; None if it is not active."""
    campaign = await state_of(store, campaign_history(owner_of(campaign_id, dealer), campaign_id))
    if not isinstance(campaign, Active):
        return None
    lent = await lent_to(store, dealer, customer, campaign.latest.terms)
    mine = as_issued(campaign.in_force_at(at), wallet, lent)
    limits = limits_of(mine.terms, dealer, campaign_id, customer)
    histories = [limit_history(limit) for limit, _ in limits]
    counted = await states_of(store, histories) if histories else ()
    most = [max_uses for _, max_uses in limits]
    counts = tuple(zip(most, counted, strict=True))
    has_ended = campaign.ended_at is not None and campaign.ended_at <= at
    is_over = has_ended or await has_left(store, dealer, campaign_id, at)
    return ToldCampaign(mine, counts, is_over)


def known(campaigns: Sequence[ToldCampaign | None]) -> list[ToldCampaign]:
    return [campaign for campaign in campaigns if campaign is not None]


async def has_left(store: EventStore, dealer: str, campaign_id: str, at: datetime) -> bool:
    """The campaign is a central one in which the dealer takes no part any more."""
    if not is_central(campaign_id):
        return False
    known = await state_of(store, participations_history(dealer))
    return not known.takes_part(campaign_id, at)
