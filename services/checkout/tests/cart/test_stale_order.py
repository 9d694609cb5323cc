"""An order names the version of the cart that it is made of; the commit compares it (X-12)."""

from datetime import timedelta

from checkout_tests.fakes import NOON, ordered, voucher_for

from checkout.cart.refusals import CartStaleError
from checkout.order.cart import Cart
from checkout.order.decider import ORDER_DECIDER, AskHolds, PlaceWithHolds, PlaceWithoutHolds
from checkout.order.state import OrderIdTakenError
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import CartChanged, CartItem, VoucherTakenOff
from zugabe_testing.deciders import given

DEADLINE = NOON + timedelta(minutes=10)
LINES = (CartLine("0017", "g", "b", 2, 1_000),)
GOODS = at_own_prices(LINES)
cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), LINES, ("TEN",), None)
asked = cart.holds(GOODS, 1, DEADLINE, codes=("TEN",), reward_id=None)
held = ordered(cart, GOODS, "1000001", 1, (), [voucher_for(GOODS.lines, "o1/1")])
plain = ordered(cart, GOODS, "1000001")


def changed(version: int, user: str = "anna") -> CartChanged:
    return CartChanged("o1", "d1", "c1", user, version, NOON, (CartItem("0017", version),))


def test_the_version_that_was_seen_is_ordered() -> None:
    """X-12"""
    checkout = given(ORDER_DECIDER, changed(1), changed(2))
    checkout.when(PlaceWithoutHolds(plain, "", cart_version=2)).then(plain)
    checkout.when(AskHolds(asked, "", cart_version=2)).then(asked)


def test_another_version_is_not_ordered() -> None:
    """X-12"""
    checkout = given(ORDER_DECIDER, changed(1), changed(2))
    refusal = checkout.when(PlaceWithoutHolds(plain, "", cart_version=1)).refused(CartStaleError)
    assert refusal.facts == {"version": 2}
    checkout.when(AskHolds(asked, "", cart_version=1)).refused(CartStaleError, "cart-stale")
    checkout.when(AskHolds(asked, "", cart_version=3)).refused(CartStaleError)


def test_a_cart_that_changes_while_it_is_ordered_is_not_ordered() -> None:
    """Lesson 7: the holds were made for other lines."""
    checkout = given(ORDER_DECIDER, changed(1), asked, changed(2))
    checkout.when(PlaceWithHolds(held, cart_version=1)).refused(CartStaleError)
    checkout.when(PlaceWithHolds(held, cart_version=2)).then(held)


def test_the_version_outlives_an_attempt() -> None:
    off = VoucherTakenOff("o1", "d1", "c1", "anna", 1, DEADLINE, "expired")
    checkout = given(ORDER_DECIDER, changed(1), changed(2), asked, off)
    checkout.when(PlaceWithoutHolds(plain, "", cart_version=1)).refused(CartStaleError)


def test_a_version_of_a_cart_that_is_not_there_is_not_ordered() -> None:
    given(ORDER_DECIDER).when(PlaceWithoutHolds(plain, "", cart_version=1)).refused(CartStaleError)


def test_lines_of_a_request_are_ordered_whatever_the_cart_says() -> None:
    given(ORDER_DECIDER, changed(1)).when(PlaceWithoutHolds(plain, "")).then(plain)


def test_the_cart_of_somebody_else_is_not_ordered() -> None:
    """X-16: nor an anonymous one, before it is joined."""
    for user in ("bert", ""):
        checkout = given(ORDER_DECIDER, changed(1, user))
        checkout.when(PlaceWithoutHolds(plain, "")).refused(OrderIdTakenError)
        checkout.when(AskHolds(asked, "")).refused(OrderIdTakenError)
