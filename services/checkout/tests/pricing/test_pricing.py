"""X-8, X-10, lessons 11 and 12: money is whole cents, and no line falls below zero."""

import pytest
from checkout_tests.fakes import NOON, ordered, reward_for, voucher_for, vouchers_for
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.pricing.price import UnfitDiscountError, price, with_vouchers
from zugabe_events.contracts.checkout import Refusal

CODES = ("TEN", "ELEVEN", "TWELVE", "MORE", "LAST")

lines = st.lists(
    st.builds(
        CartLine,
        article=st.just("a"),
        product_group=st.just("g"),
        brand=st.just("b"),
        quantity=st.integers(1, 100_000),
        unit_cents=st.one_of(st.integers(0, 10), st.integers(0, 10**9)),
    ),
    min_size=1,
    max_size=20,
)


@given(lines, st.integers(0, 10**15), st.integers(0, 5), st.booleans())
def test_discounts_add_up_and_leave_no_line_below_zero(
    cart: list[CartLine], worth: int, codes: int, with_points: bool
) -> None:
    """X-10, X-31, Q26"""
    goods = at_own_prices(cart).lines
    vouchers = vouchers_for(goods, CODES[:codes])
    reward = reward_for(with_vouchers(goods, vouchers), worth=worth) if with_points else None
    priced = price(goods, vouchers, reward)

    assert priced.goods_cents == sum(line.quantity * line.unit_cents for line in cart)
    assert sum(line.voucher_cents for line in priced.lines) == sum(
        voucher.discount_cents for voucher in vouchers
    )
    assert sum(line.reward_cents for line in priced.lines) == (
        reward.discount_cents if reward else 0
    )
    assert all(line.net_cents >= line.voucher_cents + line.reward_cents for line in priced.lines)
    assert priced.net_cents >= 0
    assert priced.net_cents == sum(
        line.net_cents - line.voucher_cents - line.reward_cents for line in priced.lines
    )
    assert [line.number for line in priced.lines] == list(range(1, len(cart) + 1))


@given(lines, st.lists(st.integers(-(10**6), 10**15), max_size=20), st.integers(0, 10**15))
def test_a_discount_that_does_not_fit_is_refused(
    cart: list[CartLine], shares: list[int], discount: int
) -> None:
    goods = at_own_prices(cart).lines
    voucher = replace(voucher_for(goods), shares=tuple(shares), discount_cents=discount)
    fits = (
        len(shares) == len(goods)
        and sum(shares) == discount
        and all(0 <= share <= line.net_cents for share, line in zip(shares, goods, strict=True))
    )
    if fits:
        assert price(goods, [voucher]).net_cents >= 0
    else:
        with pytest.raises(UnfitDiscountError):
            price(goods, [voucher])


def test_the_explanation_says_what_was_not_redeemed_and_why() -> None:
    """N-4"""
    refused = [
        Refusal(offered="OLD", code="expired", detail="Der Gutschein ist abgelaufen."),
        Refusal(offered="fiver", code="points-missing", detail="Es fehlt 1 Punkt."),
    ]
    buyer = Buyer("acme", "c1", "anna", NOON)
    cart = Cart("o1", buyer, (CartLine("a", "g", "b", 1, 123_456),), ("OLD",), "fiver")
    assert ordered(cart, at_own_prices(cart.lines), "1000001", 1, refused).explanation == (
        "Warenwert netto: 1.234,56 € (1 Position).",
        "Der Gutschein „OLD“ wurde nicht eingelöst: Der Gutschein ist abgelaufen.",
        "Die Prämie wurde nicht eingelöst: Es fehlt 1 Punkt.",
        "Zu zahlen netto: 1.234,56 €.",
    )


def test_a_code_that_is_also_the_id_of_a_reward_is_named_as_what_was_refused() -> None:
    """N-4"""
    buyer = Buyer("acme", "c1", "anna", NOON)
    cart = Cart("o1", buyer, (CartLine("a", "g", "b", 1, 100),), ("five",), "five")
    both = [
        Refusal("five", "expired", "Zu spät.", "voucher"),
        Refusal("five", "x", "Nein.", "reward"),
    ]
    assert ordered(cart, at_own_prices(cart.lines), "1000001", 1, both).explanation[1:3] == (
        "Der Gutschein „five“ wurde nicht eingelöst: Zu spät.",
        "Die Prämie wurde nicht eingelöst: Nein.",
    )


def test_a_reward_takes_no_more_of_a_line_than_the_voucher_left() -> None:
    """X-10, Q26"""
    cart = [CartLine("a", "g", "b", 1, 1_000), CartLine("a", "g", "b", 1, 500)]
    goods = at_own_prices(cart).lines
    voucher = voucher_for(goods)
    assert voucher.shares == (100, 50)
    reward = reward_for(with_vouchers(goods, [voucher]))
    all_that_is_left = replace(reward, discount_cents=1_350, shares=(900, 450))
    assert price(goods, [voucher], all_that_is_left).net_cents == 0
    for shares in ((901, 449), (899, 451)):
        with pytest.raises(UnfitDiscountError):
            price(goods, [voucher], replace(all_that_is_left, shares=shares))


def test_the_explanation_counts_the_positions_of_a_longer_cart() -> None:
    """N-4"""
    priced = price(
        at_own_prices([CartLine("a", "g", "b", 2, 100), CartLine("c", "g", "b", 1, 50)]).lines
    )
    assert priced.explanation == (
        "Warenwert netto: 2,50 € (2 Positionen).",
        "Zu zahlen netto: 2,50 €.",
    )
