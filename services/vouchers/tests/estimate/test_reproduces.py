"""N-3: a campaign tried on the orders that had it gives what it gave."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from vouchers.estimate.estimation import Tally, Trial, count
from vouchers.estimate.past_orders import PAST_ORDERS
from zugabe_events.contracts.checkout import OrderLine, OrderPlaced
from zugabe_events.contracts.vouchers import CampaignActivated, VoucherRedeemed
from zugabe_testing.views import InMemoryViews


@pytest.mark.parametrize(
    "terms",
    [
        {"max_per_user": 2},
        {"max_uses": 9},
        {"max_per_customer": 7, "max_per_user": 5},
        {"discount_type": "fixed", "value": 3_333, "budget_cents": 30_000},
        {"minimum_cents": 6_000, "max_per_user": 4, "max_uses": 8},
    ],
)
async def test_the_rules_that_were_in_force_give_the_past_again(
    shop: Any, placed: Callable[..., OrderPlaced], terms: dict[str, Any]
) -> None:
    """By real holds over HTTP, with every limit; orders that were refused go without."""
    chance, past = Random(30), InMemoryViews(PAST_ORDERS, [])
    await shop.run(**terms)
    for number in range(30):
        shop.now += timedelta(minutes=20)
        order_id, user = f"o{number}", chance.choice(("anna", "bert", "carl"))
        nets = [chance.randint(1, 6_000) for _ in range(2)]
        lines = [{"number": at, "net_cents": net} for at, net in enumerate(nets, 1)]
        held = await shop.hold(order_id, user=user, lines=lines)
        await shop.place(order_id, held if held.status_code == 200 else None, user)
        priced = tuple(
            OrderLine(at, f"a{at}", "", "", 1, net, net) for at, net in enumerate(nets, 1)
        )
        past.fold(placed(order_id, shop.now, user=user, lines=priced))
    [activated] = shop.said(CampaignActivated)
    tally = Tally()
    orders = await past.page({"dealer": "acme"}, sort="placed_at", limit=100)
    for order in orders.items:
        count(tally, order, Trial(activated.terms, orders.items[0].placed_at))
    redeemed = shop.said(VoucherRedeemed)
    assert 0 < len(redeemed) < 30
    assert tally.uses == len(redeemed)
    assert tally.discount_cents == sum(use.discount_cents for use in redeemed)
