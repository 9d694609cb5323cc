"""X-2: an order is cancelled once, by whom it concerns."""

from checkout_tests.fakes import Shop

from zugabe_events.contracts.checkout import OrderCancelled

REASON = {"reason": "Doppelt bestellt"}


async def test_a_cancellation_names_the_holds_that_are_given_back(shop: Shop) -> None:
    await shop.place(voucher_code="TEN", reward_id="fiver")
    answer = await shop.ask("POST", "/orders/o1/cancellation", REASON)

    assert answer.status_code == 204
    assert answer.headers["Zugabe-Token"]
    cancelled = shop.events[-1]
    assert isinstance(cancelled, OrderCancelled)
    assert cancelled.voucher_hold_id == cancelled.reward_hold_id == "o1/1"
    assert (cancelled.goods_cents, cancelled.net_cents) == (5_333, 4_300)


async def test_an_order_is_cancelled_once_however_often_it_is_asked(shop: Shop) -> None:
    await shop.place()
    for caller in ("anna", "anna", "staff", "central"):
        answer = await shop.ask("POST", "/orders/o1/cancellation", REASON, caller)
        assert answer.status_code == 204
    assert shop.names == ["order-placed", "order-cancelled"]


async def test_nobody_cancels_the_order_of_another_user_or_dealer(shop: Shop) -> None:
    """X-16"""
    await shop.place()
    for caller in ("bert", "stranger"):
        answer = await shop.ask("POST", "/orders/o1/cancellation", REASON, caller)
        assert answer.status_code == 403
    assert shop.names == ["order-placed"]


async def test_what_was_never_ordered_cannot_be_cancelled(shop: Shop) -> None:
    answer = await shop.ask("POST", "/orders/o9/cancellation", REASON)
    assert answer.status_code == 404
    assert answer.json()["code"] == "order-not-found"


async def test_a_cancelled_order_shows_when_and_why(shop: Shop) -> None:
    await shop.place()
    await shop.ask("POST", "/orders/o1/cancellation", REASON)
    order = (await shop.ask("GET", "/orders/o1")).json()
    assert order["status"] == "cancelled"
    assert order["cancelled_because"] == "Doppelt bestellt"
