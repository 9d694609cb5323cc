"""X-8, X-10, lessons 11 and 12: money is whole cents, and no line falls below zero."""

from dataclasses import replace as with_parts
from typing import Any

import pytest
from checkout_tests.fakes import NOON, ordered, reward_for, voucher_for, vouchers_for
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checkout.gift.choice import GiftWish
from checkout.gift.offer import GiftOffer
from checkout.gift.refusals import GiftNotOfferedError
from checkout.order.cart import Cart
from checkout.peer.ports import Buyer
from checkout.pricing.discounts import Discounts, UnfitDiscountError, with_vouchers
from checkout.pricing.goods import (
    MAX_ORDER_BYTES,
    CartLine,
    CartTooLargeError,
    Goods,
    at_own_prices,
)
from checkout.pricing.price import NO_DISCOUNTS, PricedCart, Wishes, priced
from checkout.pricing.sale import Sale
from checkout.pricing.shipping import CountryNotServedError
from checkout.pricing.vat_rates import GERMANY
from zugabe_events.contracts.checkout import (
    ChosenGift,
    Delivery,
    Refusal,
    RewardApplied,
    SalesTerms,
    ShippingTerms,
    VoucherApplied,
)
from zugabe_events.domain.gifts import Gift

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

CUP = Gift("cup", "G-1", "Tasse", 5_000, NOON.date())
SHIPPING = SalesTerms(shipping=(ShippingTerms("DE", 500, 20_000), ShippingTerms("AT", 1_200)))
GENEROUS = Sale(terms=SHIPPING, terms_version=3, gifts=GiftOffer("d1", 1, "per", (CUP,)))


def price(
    goods: Goods,
    vouchers: tuple[VoucherApplied, ...] = (),
    reward: RewardApplied | None = None,
    wishes: Wishes | None = None,
) -> PricedCart:
    return priced(goods, Discounts(vouchers, reward), wishes or Wishes(), NOON, GERMANY)


def goods_of(*cents: int, sale: Sale = GENEROUS, **parts: Any) -> Goods:
    cart = [CartLine(f"a{number}", "g", "b", 1, amount) for number, amount in enumerate(cents)]
    goods = at_own_prices(cart, sale)
    return with_parts(goods, lines=tuple(replace(line, **parts) for line in goods.lines))


@given(lines, st.integers(0, 10**15), st.integers(0, 5), st.booleans())
def test_discounts_add_up_and_leave_no_line_below_zero(
    cart: list[CartLine], worth: int, codes: int, with_points: bool
) -> None:
    """X-10, X-20, X-31, Q26"""
    goods = at_own_prices(cart)
    vouchers = vouchers_for(goods.lines, CODES[:codes])
    left = with_vouchers(goods.lines, vouchers)
    reward = reward_for(left, worth=worth) if with_points else None
    found = price(goods, vouchers, reward)

    assert found.goods_cents == sum(line.quantity * line.unit_cents for line in cart)
    assert sum(line.voucher_cents for line in found.lines) == sum(
        voucher.discount_cents for voucher in vouchers
    )
    assert sum(line.reward_cents for line in found.lines) == (
        reward.discount_cents if reward else 0
    )
    assert all(line.net_cents >= line.voucher_cents + line.reward_cents for line in found.lines)
    assert found.net_cents == found.totals.net_cents >= 0
    assert found.net_cents == sum(
        line.net_cents - line.voucher_cents - line.reward_cents for line in found.lines
    )
    assert sum(line.tax_cents for line in found.lines) == found.totals.tax_cents
    assert found.totals.gross_cents == found.totals.net_cents + found.totals.tax_cents
    assert [line.number for line in found.lines] == list(range(1, len(cart) + 1))


@given(lines, st.lists(st.integers(-(10**6), 10**15), max_size=20), st.integers(0, 10**15))
def test_a_discount_that_does_not_fit_is_refused(
    cart: list[CartLine], shares: list[int], discount: int
) -> None:
    goods = at_own_prices(cart)
    voucher = replace(voucher_for(goods.lines), shares=tuple(shares), discount_cents=discount)
    fits = (
        len(shares) == len(goods.lines)
        and sum(shares) == discount
        and all(
            0 <= share <= line.net_cents for share, line in zip(shares, goods.lines, strict=True)
        )
    )
    if fits:
        assert price(goods, (voucher,)).net_cents >= 0
    else:
        with pytest.raises(UnfitDiscountError):
            price(goods, (voucher,))


def test_several_vouchers_take_no_more_of_a_line_than_is_there() -> None:
    """X-10, X-31"""
    goods = goods_of(1_000, 500)
    half = voucher_for(goods.lines)
    vouchers = [replace(half, discount_cents=750, shares=shares) for shares in ((500, 250),) * 2]
    assert price(goods, tuple(vouchers)).net_cents == 0
    too_much = replace(half, discount_cents=750, shares=(501, 249))
    with pytest.raises(UnfitDiscountError):
        price(goods, (vouchers[0], too_much))


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
        "Umsatzsteuer 19 % auf 1.234,56 €: 234,57 €.",
        "Zu zahlen brutto: 1.469,13 €.",
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
    goods = goods_of(1_000, 500)
    voucher = voucher_for(goods.lines)
    assert voucher.shares == (100, 50)
    reward = reward_for(with_vouchers(goods.lines, [voucher]))
    all_that_is_left = replace(reward, discount_cents=1_350, shares=(900, 450))
    assert price(goods, (voucher,), all_that_is_left).net_cents == 0
    for shares in ((901, 449), (899, 451)):
        with pytest.raises(UnfitDiscountError):
            price(goods, (voucher,), replace(all_that_is_left, shares=shares))


def test_a_cart_is_priced_in_one_order_and_its_explanation_follows_it() -> None:
    """X-8, X-20, N-4: goods, voucher, reward, gifts, shipping, VAT."""
    goods = goods_of(6_000, 3_999)
    voucher = voucher_for(goods.lines)
    reward = reward_for(with_vouchers(goods.lines, [voucher]))
    found = price(goods, (voucher,), reward, Wishes(taxes={2: "reduced"}))
    assert found.explanation == (
        "Warenwert netto: 99,99 € (2 Positionen).",
        "10 % auf 99,99 €.",
        "500 Punkte für 5,00 €.",
        "Gratis-Artikel: „Tasse“ (je 50,00 € Netto-Warenwert, automatisch hinzugefügt): 0,00 €.",
        "Versand nach Deutschland: 5,00 €.",
        "Versandkostenfrei ab 200,00 € Netto-Warenwert: es fehlen 100,01 €.",
        "Zu zahlen netto: 89,99 €.",
        "Umsatzsteuer 19 % auf 54,00 €: 10,26 €.",
        "Umsatzsteuer 7 % auf 35,99 €: 2,52 €.",
        "Zu zahlen brutto: 102,77 €.",
    )
    assert (found.goods_cents, found.net_cents) == (9_999, 8_499)
    assert [(share.rate, share.net_cents) for share in found.totals.taxes] == [
        (1_900, 5_400),
        (700, 3_599),
    ]
    [cup] = found.gifts
    assert (cup.number, cup.article, cup.pieces, cup.warehouse) == (3, "G-1", 1, "d1")
    assert (cup.limit_cents, cup.is_automatic) == (5_000, True)


def test_limits_are_compared_with_the_value_before_discounts_and_without_what_is_left_out() -> None:
    """Q2, Q18, X-24"""
    all_counts, some_counts = goods_of(20_000), goods_of(20_000, 100)
    nothing = voucher_for(all_counts.lines)
    free = price(all_counts, (nothing,))
    assert free.shipping_charged is not None
    assert (free.shipping_charged.cost_cents, free.shipping_charged.free_because) == (0, "value")
    assert free.gifts[0].pieces == 4
    lines = some_counts.lines
    without = with_parts(some_counts, lines=(replace(lines[0], excluded=("thresholds",)), lines[1]))
    found = price(without)
    assert found.shipping is not None
    assert (found.shipping.charged.cost_cents, found.shipping.missing_cents) == (500, 19_900)
    assert found.gifts == ()


def test_free_shipping_of_a_voucher_takes_the_cost_away() -> None:
    """X-8"""
    goods = goods_of(1_000)
    free = replace(voucher_for(goods.lines), discount_cents=0, shares=(0,), free_shipping=True)
    charged = price(goods, (free,)).shipping_charged
    assert charged is not None
    assert (charged.cost_cents, charged.usual_cents, charged.free_because) == (0, 500, "voucher")


def test_what_cannot_be_ordered_is_priced_and_says_so() -> None:
    """X-27, X-7"""
    wishes = Wishes(GiftWish((ChosenGift("bike", 1),)), Delivery("CH"))
    found = price(goods_of(10_000), wishes=wishes)
    assert found.shipping is None
    assert found.totals.net_cents == 10_000
    assert [type(refusal) for refusal in found.refusals] == [
        GiftNotOfferedError,
        CountryNotServedError,
    ]
    with pytest.raises(GiftNotOfferedError):
        found.check()
    price(goods_of(10_000)).check()


def test_an_order_of_the_past_has_no_shipping_and_the_vat_of_its_day() -> None:
    """X-20, X-30"""
    goods = goods_of(10_000, sale=Sale())
    past = NOON.replace(year=2020, month=8)
    found = priced(goods, NO_DISCOUNTS, Wishes(delivery=None), past, GERMANY)
    assert (found.shipping, found.gifts) == (None, ())
    assert [(share.rate, share.tax_cents) for share in found.totals.taxes] == [(1_600, 1_600)]


def test_a_customer_who_gets_no_gifts_gets_none() -> None:
    """X-25"""
    sale = with_parts(GENEROUS, excluded=frozenset({"gifts"}))
    assert price(goods_of(10_000, sale=sale)).gifts == ()


@pytest.mark.parametrize("count", [150, 1_000])
def test_many_lines_at_prices_of_the_caller_have_to_fit_into_one_event(count: int) -> None:
    """X-30: an import with texts without measure is refused before anything is held for it."""
    small = [CartLine("a", "g", "b", 1, 100)] * count
    assert len(at_own_prices(small).lines) == count
    large = [CartLine("a" * (2 * MAX_ORDER_BYTES // count), "g", "b", 1, 100)] * count
    with pytest.raises(CartTooLargeError):
        at_own_prices(large)
