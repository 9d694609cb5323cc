"""What an order sets in motion later: points when nothing can come back any more, and a notice."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from stories.catalogue import editor
from stories.dealer import Dealer, Person, cart, line

CHECKOUT = "checkout"
PATIENCE_SECONDS = 60.0


async def eventually(look: Callable[[], Awaitable[Any]], seen: Callable[[Any], bool]) -> Any:
    """What is looked at, once it is as expected."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not seen(found := await look()):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
    return found


def seller_of(dealer: Dealer) -> Person:
    return editor(dealer, "dealer-staff", dealer.name, "edit-sales-terms")


async def test_points_wait_until_nothing_can_come_back(dealer: Dealer) -> None:
    """S6: the dealer takes nothing back, so the period is over with shipping, by a timer."""
    await dealer.programme(reward_points=100, reward_cents=500)
    seller, anna = seller_of(dealer), dealer.user("anna")
    terms = {"points_on": "return-period-over", "return_days": None}
    (await seller.ask("PUT", CHECKOUT, "/sales-terms", terms)).of(204)
    wanted = cart(line(5_000, 2))
    placed = await anna.ask("PUT", CHECKOUT, "/orders/a-1", wanted, tokens=seller.tokens)
    assert placed.of(201)["after_sales"]["return_days"] is None
    waiting = await anna.account()
    assert (waiting["points_waiting"], waiting["active_points"]) == (100, 0)

    path = "/orders/a-1/shipments/s-1"
    part = {"lines": [{"number": 1, "quantity": 1}]}
    (await dealer.staff.ask("PUT", CHECKOUT, path, part)).of(201)
    (await dealer.staff.ask("PUT", CHECKOUT, "/orders/a-1/shipments/s-2", {})).of(201)
    account = await eventually(anna.account, lambda found: not found["points_waiting"])
    assert account["active_points"] == 100


async def test_a_buyer_who_cancels_again_and_again_is_noticed(dealer: Dealer) -> None:
    """S6: by the terms of the orders, and by nobody who buys."""
    seller, anna = seller_of(dealer), dealer.user("anna")
    terms = {"alarm_after_cancellations": 3}
    (await seller.ask("PUT", CHECKOUT, "/sales-terms", terms)).of(204)
    anna.saw(seller)
    for number in range(3):
        path, wanted = f"/orders/a-{number}", cart(line(1_000))
        (await anna.ask("PUT", CHECKOUT, path, wanted, tokens=anna.tokens)).of(201)
        assert (await buyer(dealer, anna))["noticed_at"] is None
        await anna.cancel(f"a-{number}")
    noticed = await eventually(lambda: buyer(dealer, anna), lambda found: found["noticed_at"])
    assert (noticed["orders"], noticed["cancelled"]) == (3, 3)
    own = (await anna.ask("GET", CHECKOUT, "/buyers/anna")).of(200)
    assert own["noticed_at"] is None


async def buyer(dealer: Dealer, user: Person) -> Any:
    """As the dealer's staff see them."""
    dealer.staff.saw(user)
    return (await dealer.staff.ask("GET", CHECKOUT, f"/buyers/{user.name}")).of(200)
