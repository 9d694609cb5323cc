"""The price of a cart: goods, vouchers, reward, gifts, shipping, VAT, in this order (X-8).

Quotes, carts, orders and approvals price by the same function.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout.gift.choice import GiftsGiven, GiftWish, gifts_for
from checkout.gift.lines import gift_lines
from checkout.gift.lines import sentences as gift_sentences
from checkout.gift.refusals import GiftNotOfferedError
from checkout.pricing.discounts import Discounts, discounted
from checkout.pricing.explanation import explained
from checkout.pricing.goods import Goods
from checkout.pricing.sale import Sale
from checkout.pricing.shipping import (
    CountryNotServedError,
    Shipping,
    shipping_of,
    shipping_sentences,
)
from checkout.pricing.tax import NONE_NAMED, tax_sentences, with_tax
from checkout.pricing.vat_rates import VatRates
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.contracts.checkout import (
    Delivery,
    GiftLine,
    OrderLine,
    ShippingCharged,
    Totals,
)
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.money import euros

NO_WISH = GiftWish()
USUAL_DELIVERY = Delivery()
NO_DISCOUNTS = Discounts()


@dataclass(frozen=True, slots=True)
class Wishes:
    """A buyer's wishes besides goods and discounts.

    `delivery` is None for orders that another system took in the past. `taxes` has the classes of
    lines at prices of the caller, by number.
    """

    gifts: GiftWish = NO_WISH
    delivery: Delivery | None = USUAL_DELIVERY
    taxes: Mapping[int, TaxClass] = NONE_NAMED


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A cart with all that its price was calculated from.

    `net_cents` is what discounts leave of the goods; `totals` include shipping and VAT. `refusals`
    are what keeps it from being ordered.
    """

    lines: tuple[OrderLine, ...]
    goods_cents: int
    discounts: Discounts
    given: GiftsGiven
    gifts: tuple[GiftLine, ...]
    shipping: Shipping | None
    net_cents: int
    totals: Totals
    explanation: tuple[str, ...]
    sale: Sale
    refusals: tuple[RefusedError, ...] = ()

    @property
    def shipping_charged(self) -> ShippingCharged | None:
        return self.shipping.charged if self.shipping else None

    def check(self) -> None:
        """For an order, of which nothing is left out. Raises the first of `refusals`."""
        for refusal in self.refusals:
            raise refusal


def priced(
    goods: Goods,
    discounts: Discounts,
    wishes: Wishes,
    at: datetime,
    rates: VatRates,
    notes: Sequence[str] = (),
) -> PricedCart:
    """`notes` are sentences about what is not used.

    Raises UnfitDiscountError when a discount was made for other lines.
    """
    sale = goods.sale
    lines = discounted(goods.lines, discounts)
    value = threshold_cents(lines)
    given = gifts_for(wishes.gifts, sale.gifts, value, is_excluded="gifts" in sale.excluded)
    shipping, refusals = shipped(sale, wishes.delivery, value, discounts)
    if given.refused:
        refusals = (GiftNotOfferedError(given.refused), *refusals)
    charged = shipping.charged if shipping else None
    taxed = with_tax(lines, charged, rates, day_of(at), wishes.taxes)
    if shipping and taxed.shipping:
        shipping = Shipping(taxed.shipping, shipping.free_from_cents, shipping.missing_cents)
    return PricedCart(
        lines=taxed.lines,
        goods_cents=sum(line.net_cents for line in lines),
        discounts=discounts,
        given=given,
        gifts=gift_lines(given, sale.gifts, len(lines) + 1),
        shipping=shipping,
        net_cents=sum(line.net_cents - line.voucher_cents - line.reward_cents for line in lines),
        totals=taxed.totals,
        explanation=tuple(sentences(lines, discounts, notes, given, sale, shipping, taxed.totals)),
        sale=sale,
        refusals=refusals,
    )


def threshold_cents(lines: Sequence[OrderLine]) -> int:
    """The net value before discounts that limits are compared with (Q2, Q18, X-24)."""
    return sum(line.net_cents for line in lines if "thresholds" not in line.excluded)


def shipped(
    sale: Sale, delivery: Delivery | None, value_cents: int, discounts: Discounts
) -> tuple[Shipping | None, tuple[RefusedError, ...]]:
    """The cost of shipping, or why there is no way to the country."""
    if delivery is None:
        return None, ()
    is_free = any(voucher.free_shipping for voucher in discounts.vouchers)
    try:
        shipping = shipping_of(sale.terms, delivery.country, value_cents, has_free_shipping=is_free)
    except CountryNotServedError as refusal:
        return None, (refusal,)
    return shipping, ()


def sentences(
    lines: Sequence[OrderLine],
    discounts: Discounts,
    notes: Sequence[str],
    given: GiftsGiven,
    sale: Sale,
    shipping: Shipping | None,
    totals: Totals,
) -> Iterator[str]:
    """The steps to the price, in German (N-4)."""
    positions = "1 Position" if len(lines) == 1 else f"{len(lines)} Positionen"
    goods = sum(line.net_cents for line in lines)
    yield from explained(lines)
    yield f"Warenwert netto: {euros(goods)} ({positions})."
    for voucher in discounts.vouchers:
        yield voucher.explanation
    if discounts.reward is not None:
        yield discounts.reward.explanation
    yield from notes
    yield from gift_sentences(given, sale.gifts)
    if shipping is not None and sale.terms.shipping:
        yield from shipping_sentences(shipping)
    yield f"Zu zahlen netto: {euros(totals.net_cents)}."
    yield from tax_sentences(totals)
