"""An order's benefits for its user, told in the answer itself if that takes no time (CH-8)."""

import asyncio
from typing import Literal

from checkout.peer.ports import Buyer, Prices, Vouchers
from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.contracts.vouchers import IssuedCode, RemainingUses
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Fact

MAX_SECONDS = 1.5
"""The time that people wait for it; without it, what was issued follows by mail."""


class AfterOrder(Fact, frozen=True):
    """Codes that the order earned, and the uses that are left of those that the user has."""

    issued: tuple[IssuedCode, ...] = ()
    remaining: tuple[RemainingUses, ...] = ()
    follows: Literal["mail"] | None = None


BY_MAIL = AfterOrder(follows="mail")


async def after_order(
    prices: Prices, vouchers: Vouchers, order: OrderPlaced, token: Token
) -> AfterOrder | None:
    """None if the order can have neither earned nor used a code; orders of the past tell nobody.

    `token` is that of the order.
    """
    buyer = Buyer(order.dealer, order.customer, order.user, order.placed_at)
    if order.imported:
        return None
    try:
        async with asyncio.timeout(MAX_SECONDS):
            if not order.vouchers and not await prices.second_purchase_runs(buyer):
                return None
            told = await vouchers.after_order(buyer, order.order_id, [token])
    except (RefusedError, TimeoutError):
        return BY_MAIL
    return AfterOrder(told.issued, told.remaining)
