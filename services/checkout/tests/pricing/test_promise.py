"""A quote is a promise: what has changed since is told, and nothing else keeps an order back."""

import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace as with_parts
from typing import Any

import pytest
from checkout_tests.fakes import NOON, reward_for, voucher_for
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checkout.gift.offer import GiftOffer
from checkout.pricing.changes import Change, changes_since
from checkout.pricing.discounts import Discounts, with_vouchers
from checkout.pricing.goods import CartLine, Goods, at_own_prices
from checkout.pricing.price import PricedCart, Wishes, priced
from checkout.pricing.promise import (
    MAX_TOKEN_LENGTH,
    QuoteUnreadableError,
    promise_in,
    promise_of,
    token_of,
)
from checkout.pricing.sale import Sale
from checkout.pricing.vat_rates import GERMANY, VatRates, parse_vat_rates
from zugabe_events.contracts.checkout import Delivery, SalesTerms, ShippingTerms
from zugabe_events.domain.gifts import Gift

CUP = Gift("cup", "G-1", "Tasse", 5_000, NOON.date())
TERMS = SalesTerms(shipping=(ShippingTerms("DE", 500), ShippingTerms("AT", 1_200)))
SALE = Sale(terms=TERMS, terms_version=3, gifts=GiftOffer("d1", 1, "per", (CUP,)))
CART = (CartLine("pen", "g", "b", 1, 6_000), CartLine("pad", "g", "b", 2, 2_000))
GOODS = at_own_prices(CART, SALE)
VOUCHER = voucher_for(GOODS.lines)
REWARD = reward_for(with_vouchers(GOODS.lines, [VOUCHER]))

DISCOUNTS = Discounts((VOUCHER,), REWARD)
NO_WISHES = Wishes()


def cart(
    goods: Goods = GOODS,
    discounts: Discounts = DISCOUNTS,
    wishes: Wishes = NO_WISHES,
    rates: VatRates = GERMANY,
) -> PricedCart:
    return priced(goods, discounts, wishes, NOON, rates)


QUOTED = promise_of(cart())


def told(now: PricedCart) -> list[Change]:
    return list(changes_since(promise_in(token_of(QUOTED)), now))


def test_as_long_as_nothing_changes_nothing_is_told() -> None:
    assert told(cart()) == []


def test_what_only_reads_differently_is_no_change() -> None:
    renamed = with_parts(SALE.gifts, version=2, gifts=(replace(CUP, name="Becher"),))
    goods = at_own_prices(CART, with_parts(SALE, gifts=renamed))
    discounts = Discounts((VOUCHER,), replace(REWARD, title="Fünfer"))
    assert told(cart(goods, discounts)) == []


def test_another_price_is_told_with_its_line() -> None:
    dearer = (with_parts(CART[0], unit_cents=6_100), CART[1])
    price, total = told(cart(at_own_prices(dearer, SALE)))
    assert price == Change(
        "price-changed",
        "Position 1 („pen“) kostet 61,00 € statt 60,00 €.",
        "pen",
        6_000,
        6_100,
        1,
    )
    assert total.code == "total-changed"
    assert total.new - total.old == 119  # type: ignore[operator]
    assert total.detail == "Der Gesamtbetrag ist 108,29 € statt 107,10 €."


def test_another_number_of_lines_is_told() -> None:
    goods = at_own_prices(CART[:1], SALE)
    codes = [change.code for change in told(cart(goods, Discounts()))]
    assert codes == [
        "lines-changed",
        "voucher-changed",
        "reward-changed",
        "gift-changed",
        "total-changed",
    ]


def discounts_with(**parts: Any) -> Discounts:
    return Discounts((replace(VOUCHER, **parts),), REWARD)


@pytest.mark.parametrize(
    ("discounts", "detail", "old", "new"),
    [
        (
            discounts_with(discount_cents=900, shares=(540, 360)),
            "Der Gutschein „TEN“ bringt 9,00 € statt 10,00 € Rabatt.",
            1_000,
            900,
        ),
        (
            discounts_with(campaign_version=2),
            "Die Bedingungen des Gutscheins „TEN“ haben sich geändert.",
            1_000,
            1_000,
        ),
        (
            Discounts((), REWARD),
            "Der Gutschein „TEN“ wird nicht mehr eingelöst.",
            1_000,
            None,
        ),
        (
            Discounts((VOUCHER, replace(VOUCHER, code="NEW")), REWARD),
            "Der Gutschein „NEW“ wird eingelöst: 10,00 € Rabatt.",
            None,
            1_000,
        ),
    ],
)
def test_other_terms_of_a_voucher_are_told(
    discounts: Discounts, detail: str, old: int | None, new: int | None
) -> None:
    changes = told(cart(discounts=discounts))
    assert (changes[0].code, changes[0].detail) == ("voucher-changed", detail)
    assert (changes[0].old, changes[0].new) == (old, new)
    assert [change.code for change in changes[1:]] == ["total-changed"] * (old != new)


@pytest.mark.parametrize(
    ("reward", "detail"),
    [
        (None, "Die Prämie „5 Euro“ wird nicht mehr eingelöst."),
        (
            replace(REWARD, discount_cents=400, shares=(240, 160)),
            "Die Prämie „5 Euro“ bringt 4,00 € statt 5,00 € Rabatt.",
        ),
        (replace(REWARD, points=1), "Die Prämie „5 Euro“ kostet 1 Punkt statt 500."),
        (replace(REWARD, points=1_000), "Die Prämie „5 Euro“ kostet 1.000 Punkte statt 500."),
        (
            replace(REWARD, reward_id="other", title="Anders"),
            "Die Prämie „Anders“ wird eingelöst: 5,00 € Rabatt.",
        ),
    ],
)
def test_another_reward_is_told(reward: Any, detail: str) -> None:
    first = told(cart(discounts=Discounts((VOUCHER,), reward)))[0]
    assert (first.code, first.detail) == ("reward-changed", detail)


def test_a_gift_that_is_gone_is_told_though_it_costs_nothing() -> None:
    """X-27"""
    goods = at_own_prices(CART, with_parts(SALE, gifts=GiftOffer()))
    assert told(cart(goods)) == [
        Change("gift-changed", "Den Gratis-Artikel „Tasse“ erhalten Sie nicht mehr.", "cup", 2, 0)
    ]


def test_a_changed_number_of_gifts_is_told() -> None:
    """GA-16"""
    dearer = GiftOffer("d1", 2, "per", (replace(CUP, limit_cents=10_000),))
    [change] = told(cart(at_own_prices(CART, with_parts(SALE, gifts=dearer))))
    assert change.detail == "Vom Gratis-Artikel „Tasse“ erhalten Sie 1 statt 2 Stück."


def test_a_single_gift_that_was_not_promised_is_told() -> None:
    """GA-16: nothing of it was promised, so even one piece is a change."""
    none = at_own_prices(CART, with_parts(SALE, gifts=GiftOffer()))
    promised = promise_in(token_of(promise_of(cart(none))))
    one = GiftOffer("d1", 2, "per", (replace(CUP, limit_cents=10_000),))
    now = cart(at_own_prices(CART, with_parts(SALE, gifts=one)))
    assert list(changes_since(promised, now)) == [
        Change(
            "gift-changed",
            "Vom Gratis-Artikel „Tasse“ erhalten Sie 1 statt 0 Stück.",
            "cup",
            0,
            1,
        )
    ]


def test_other_terms_of_shipping_are_told() -> None:
    terms = SalesTerms(shipping=(ShippingTerms("DE", 600),))
    goods = at_own_prices(CART, with_parts(SALE, terms=terms, terms_version=4))
    assert [(one.code, one.about, one.old, one.new) for one in told(cart(goods))] == [
        ("shipping-changed", "DE", 500, 600),
        ("terms-changed", "", 3, 4),
        ("total-changed", "", 10_710, 10_829),
    ]


def test_other_terms_of_sale_are_told_though_the_price_is_the_same() -> None:
    goods = at_own_prices(CART, with_parts(SALE, terms_version=4))
    [change] = told(cart(goods))
    assert change.detail == "Der Händler hat seine Verkaufsbedingungen geändert."


def test_a_country_that_is_not_served_any_more_is_told() -> None:
    first = told(cart(wishes=Wishes(delivery=Delivery("CH"))))[0]
    assert first.detail == "Eine Lieferung in dieses Land ist nicht mehr möglich."


def test_another_rate_of_vat_since_midnight_is_told() -> None:
    """X-20"""
    rates = parse_vat_rates("standard=19@2007-01-01, standard=21@2026-03-01")
    tax, total = told(cart(rates=rates))
    assert tax == Change(
        "tax-changed", "Die Umsatzsteuer beträgt 21 % statt 19 %.", "", 1_900, 2_100
    )
    assert total.code == "total-changed"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "====",
        "äöü",
        "\x00",
        token_of(QUOTED)[:-4],
        token_of(QUOTED)[4:],
        "A" * (MAX_TOKEN_LENGTH + 1),
        "eJwDAAAAAAE",  # an empty text, packed
    ],
)
def test_what_is_no_quote_is_refused(token: str) -> None:
    with pytest.raises(QuoteUnreadableError):
        promise_in(token)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.hex()))
def test_no_text_breaks_the_reading_of_quotes(text: str) -> None:
    try:
        promise_in(text)
    except QuoteUnreadableError:
        return
    raise AssertionError(text)


def test_a_packed_giant_is_refused_without_unpacking_it() -> None:
    giant = urlsafe_b64encode(zlib.compress(b"\x00" * 20_000_000)).decode()
    assert len(giant) < MAX_TOKEN_LENGTH
    with pytest.raises(QuoteUnreadableError):
        promise_in(giant)


def test_the_quote_of_a_thousand_lines_is_short_enough() -> None:
    dear = [CartLine(f"a{n}", "g", "b", 1, 999_999_937 - 7_919 * n * n) for n in range(1_000)]
    quoted = promise_of(cart(at_own_prices(dear, SALE), Discounts()))
    token = token_of(quoted)
    assert len(token) < MAX_TOKEN_LENGTH / 2
    assert promise_in(token) == quoted
