"""The goods that a user has ordered on the latest day (S1)."""

from datetime import date, datetime, timedelta

from checkout_tests.fakes import NOON, ordered

from checkout.buyer.view import BUYERS, BuyerView
from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import OrderCancelled, OrderPlaced
from zugabe_events.domain.event import Event

TODAY = date(2026, 3, 1)


def order(goods_cents: int, at: datetime = NOON) -> OrderPlaced:
    goods = at_own_prices((CartLine("0017", "g", "b", 1, goods_cents),))
    cart = Cart("o1", Buyer("d1", "c1", "anna", at), (), (), None)
    return ordered(cart, goods, "1000001")


def cancelled(placed: OrderPlaced) -> OrderCancelled:
    return OrderCancelled(
        order_id=placed.order_id,
        order_number=placed.order_number,
        dealer=placed.dealer,
        customer=placed.customer,
        user=placed.user,
        placed_at=placed.placed_at,
        cancelled_at=NOON,
        reason="changed-mind",
        voucher_hold_id=None,
        reward_hold_id=None,
        goods_cents=placed.goods_cents,
        net_cents=placed.net_cents,
    )


def buyer_after(*events: Event) -> BuyerView:
    view: BuyerView | None = None
    for event in events:
        view = BUYERS.project(view, event)
    assert view is not None
    return view


def test_the_goods_of_a_day_are_added_up_until_the_next_day_in_berlin() -> None:
    """X-11"""
    morning, last = datetime.fromisoformat("2026-03-01T00:00+01:00"), NOON + timedelta(hours=11)
    buyer = buyer_after(order(1_000, morning), order(200, last))
    assert (buyer.goods_of(TODAY), buyer.goods_of(TODAY + timedelta(days=1))) == (1_200, 0)
    buyer = buyer_after(order(1_000), order(30, NOON + timedelta(hours=12)))
    assert (buyer.goods_of(TODAY), buyer.goods_of(TODAY + timedelta(days=1))) == (0, 30)


def test_an_order_of_an_earlier_day_counts_for_that_day_only() -> None:
    """X-30"""
    buyer = buyer_after(order(1_000), order(200, NOON - timedelta(days=1)))
    assert buyer.goods_of(TODAY) == 1_000


def test_what_was_cancelled_of_the_day_counts_no_more() -> None:
    today, before = order(1_000), order(200, NOON - timedelta(days=1))
    assert buyer_after(today, order(500), cancelled(today)).goods_of(TODAY) == 500
    assert buyer_after(before, today, cancelled(before)).goods_of(TODAY) == 1_000
