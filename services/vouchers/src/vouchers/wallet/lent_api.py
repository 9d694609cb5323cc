"""Route for the vouchers that a customer lends to its users (Q6)."""

from typing import Annotated

from fastapi import APIRouter, Depends

from vouchers.customer.decider import customer_history
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.order_api import campaign_for, known
from vouchers.wallet.order_vouchers import remaining_uses
from zugabe_events.contracts.vouchers import RemainingUses
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.event import Fact
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.request_context import RequestContext


class LentVouchers(Fact, frozen=True):
    items: tuple[RemainingUses, ...]


def lent_vouchers_api(store: EventStore, policies_in_turn: Follower, access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["voucher"])
    sees = Depends(reads(access.requires("see-own-vouchers"), policies_in_turn))

    @router.get("/customers/{customer}/users/{user}/lent-vouchers")
    async def list_lent_vouchers(
        dealer: Id, customer: Id, user: Id, request: Annotated[RequestContext, sees]
    ) -> LentVouchers:
        """Codes that were issued to colleagues, and that the user may use as well (Q6)."""
        request.only_for(customer, user)
        at = request.context.at
        wallet = await state_of(store, wallet_history(dealer, user))
        lent = await state_of(store, customer_history(dealer, customer))
        campaigns = [
            await campaign_for(store, dealer, wallet, campaign_id, customer, at)
            for campaign_id in sorted({each.campaign_id for each in lent.vouchers.values()})
            if wallet.voucher_of(campaign_id) is None
        ]
        return LentVouchers(
            tuple(remaining_uses(campaign, wallet, day_of(at)) for campaign in known(campaigns))
        )

    return router
