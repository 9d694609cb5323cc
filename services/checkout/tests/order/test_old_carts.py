"""Hashes of carts are in the log: a cart from before has the same one as ever."""

from dataclasses import replace
from datetime import timedelta

import pytest
from checkout_tests.fakes import NOON, ordered, vouchers_for

from checkout.gift.choice import GiftWish
from checkout.order.cart import Cart
from checkout.order.recorded import content_of, recorded
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, WantedLine, at_own_prices
from zugabe_events.contracts.checkout import ChosenGift, Delivery

ANNA = Buyer("d1", "c1", "anna", NOON)
OWN = Cart("o1", ANNA, (CartLine("0017", "g", "b", 2, 1_000),), ("TEN",), "fiver")
OURS = Cart("o1", ANNA, (), ("TEN",), None, wanted=(WantedLine("7", 2),))
PAST = replace(OWN, imported=True, without_refused=True, codes=(), reward_id=None)


@pytest.mark.parametrize(
    ("cart", "hashed"),
    [
        (OWN, "6cf03a44542e3e1c2c9ef5e4f8d78bed7e02f5567219398b69adc7fedef412be"),
        (OURS, "65b6b6d3b09e72ceb790332bacd7a4fc36e915af1bb068a70282e521aed1b4f8"),
        (PAST, "46680d3a8b489756cb2f11f51767862da3c89ea4efb99b7bb25f54a00329c776"),
    ],
)
def test_a_cart_from_before_is_recognised(cart: Cart, hashed: str) -> None:
    """X-12: an attempt that was asked for before an update goes on after it."""
    assert cart.hash == hashed


def test_a_past_order_from_before_is_recognised() -> None:
    """X-30: it is imported once, whatever was updated in between."""
    assert content_of(OWN) == "50101e21a4d956c36f34518e1c7e840f2c151c661f2545df42855c262128dfd0"


@pytest.mark.parametrize(
    "other",
    [
        replace(OWN, codes=("TEN", "ELEVEN")),
        replace(OWN, codes=("ELEVEN", "TEN")),
        replace(OWN, gifts=GiftWish((ChosenGift("cup", 1),))),
        replace(OWN, gifts=GiftWish((ChosenGift("cup", 2),))),
        replace(OWN, gifts=GiftWish(removed=frozenset({"cup"}))),
        replace(OWN, delivery=Delivery("AT")),
        replace(OWN, delivery=Delivery(address="a1")),
        replace(OWN, taxes={1: "reduced"}),
    ],
)
def test_whatever_is_asked_for_makes_another_cart(other: Cart) -> None:
    """X-12"""
    assert other.hash != OWN.hash
    assert other.hash == replace(other, order_id="o2").hash


def test_a_note_makes_no_other_cart() -> None:
    """It is sealed differently each time, and nothing is held for it."""
    assert replace(OWN, note="sealed").hash == OWN.hash


def test_an_order_with_several_vouchers_is_recognised_by_its_codes() -> None:
    """X-30, X-31"""
    cart = replace(OWN, codes=("TEN", " eleven "), reward_id=None)
    goods = at_own_prices(cart.lines)
    order = ordered(cart, goods, "1", vouchers=vouchers_for(goods.lines, ("TEN", "ELEVEN")))
    assert recorded(order, cart.codes).content == content_of(cart)
    assert recorded(order, ()).content == content_of(replace(cart, codes=("TEN", "ELEVEN")))
    later = replace(cart, buyer=replace(ANNA, placed_at=NOON + timedelta(seconds=1)))
    assert recorded(order, cart.codes).content != content_of(later)
