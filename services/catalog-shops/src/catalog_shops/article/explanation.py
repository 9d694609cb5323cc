"""The reasons for a price, in German (N-4)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from catalog_shops.article.offer import EffectiveArticle, Offer, OfferedPrice, first_quantity
from zugabe_events.domain.event import Fact, Instant
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros
from zugabe_events.domain.prices import PriceSource, german_amount


class PriceAnswer(Fact, frozen=True):
    """The price of a quantity at an instant, with its explanation in German sentences."""

    offer: Offer
    at: Instant
    explanation: tuple[str, ...]


SOURCES: Mapping[PriceSource, str] = {
    "central": "Es gilt der zentrale Preis",
    "dealer": "Es gilt der Preis des Händlers",
    "customer": "Es gilt der mit dem Kunden vereinbarte Preis",
}


def explained(offer: Offer, effective: EffectiveArticle, at: datetime) -> PriceAnswer:
    price = offer.price
    sentences = because(offer, price) if price else without_price(effective, offer.quantity, at)
    if offer.lowest is not None:
        lowest = f"{german_amount(offer.lowest.amount)}{per(offer.lowest.quantity)}"
        sentences = (*sentences, f"Der niedrigste Preis der letzten 30 Tage war {lowest}.")
    return PriceAnswer(offer, at, sentences)


def because(offer: Offer, price: OfferedPrice) -> tuple[str, ...]:
    source = f"{SOURCES[price.source]} (Fassung {price.version})"
    amount = f"{german_amount(price.amount)}{per(price.price_unit)}"
    step = max(one.from_quantity for one in price.steps if one.from_quantity <= offer.quantity)
    from_quantity = f" ab einer Menge von {thousands(step)}" if len(price.steps) > 1 else ""
    exact = Fraction(price.amount) * offer.quantity / price.price_unit
    divided = f" : {thousands(price.price_unit)}" if price.price_unit > 1 else ""
    total = euros(price.line_net_cents)
    line = f"{thousands(offer.quantity)} × {german_amount(price.amount)}{divided} = "
    if exact * 100 == price.line_net_cents:
        return (f"{source}: {amount}{from_quantity}.", f"{line}{total}.")
    return (
        f"{source}: {amount}{from_quantity}.",
        f"{line}{unrounded(exact)}, für die Position kaufmännisch gerundet {total}.",
    )


def without_price(effective: EffectiveArticle, quantity: int, at: datetime) -> tuple[str, ...]:
    first = first_quantity(effective, at)
    if quantity < first:
        return (f"Diesen Artikel gibt es erst ab einer Menge von {thousands(first)}.",)
    return ("Für diesen Artikel gibt es keinen Preis.",)


def per(unit: int) -> str:
    return f" je {thousands(unit)}" if unit > 1 else ""


def unrounded(exact: Fraction) -> str:
    """An amount with all its decimals, or with six and dots."""
    shifted = exact * 1_000_000
    amount = Decimal(shifted.numerator // shifted.denominator).scaleb(-6)
    whole, _, decimals = f"{amount:,f}".partition(".")
    dots = "" if shifted.denominator == 1 else "…"
    kept = decimals if dots else decimals.rstrip("0")
    return f"{whole.replace(',', '.')},{kept}{dots} €"
