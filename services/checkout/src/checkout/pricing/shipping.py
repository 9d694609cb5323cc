"""Cost of shipping by a dealer's terms: a pure function of country and value of goods (X-8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from zugabe_events.contracts.checkout import SalesTerms, ShippingCharged
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.german_countries import way_to
from zugabe_events.domain.money import euros


class CountryNotServedError(RefusedError):
    """The dealer does not deliver to the country; `countries` lists those that they deliver to."""

    code = "country-not-served"

    def __init__(self, country: str, terms: SalesTerms) -> None:
        super().__init__(f"Eine Lieferung {way_to(country)} ist nicht möglich.", country=country)
        self.lists = {"countries": [{"country": served.country} for served in terms.shipping]}


@dataclass(frozen=True, slots=True)
class Shipping:
    """The cost of shipping, still without its `taxes`, and what would make it free.

    `free_from_cents` is the value of goods from which it is free; None if there is none, or if it
    costs nothing whatever the value. `missing_cents` is the amount to it while there is a cost.
    """

    charged: ShippingCharged
    free_from_cents: int | None = None
    missing_cents: int | None = None


def shipping_of(
    terms: SalesTerms, country: str, value_cents: int, *, has_free_shipping: bool
) -> Shipping:
    """Without terms it costs nothing. Raises CountryNotServedError.

    `value_cents` is the net value that thresholds are compared with, before discounts (Q2).
    `has_free_shipping`: an applied voucher takes the cost away, unless the value does already.
    """
    if not terms.shipping:
        return Shipping(charged(country, 0))
    its = next((one for one in terms.shipping if one.country == country), None)
    if its is None:
        raise CountryNotServedError(country, terms)
    cost, free_from = its.cost_cents, its.free_from_cents
    if not cost:
        return Shipping(charged(country, 0))
    if free_from is not None and value_cents >= free_from:
        return Shipping(charged(country, cost, "value"), free_from)
    if has_free_shipping:
        return Shipping(charged(country, cost, "voucher"), free_from)
    missing = None if free_from is None else free_from - value_cents
    return Shipping(charged(country, cost), free_from, missing)


def charged(
    country: str, usual_cents: int, free_because: Literal["voucher", "value"] | None = None
) -> ShippingCharged:
    cost = 0 if free_because else usual_cents
    return ShippingCharged(country, cost, usual_cents, free_because, taxes=())


def shipping_sentences(shipping: Shipping) -> Iterator[str]:
    """The cost and its reason, and what is missing to free shipping, in German (N-4)."""
    its = shipping.charged
    way = f"Versand {way_to(its.country)}"
    usual = f"sonst {euros(its.usual_cents)}"
    match its.free_because:
        case "value":
            assert shipping.free_from_cents is not None, "a value is compared with it"
            limit = euros(shipping.free_from_cents)
            yield f"{way}: kostenlos ab {limit} Netto-Warenwert ({usual})."
        case "voucher":
            yield f"{way}: kostenlos durch Ihren Gutschein ({usual})."
        case None if its.cost_cents:
            yield f"{way}: {euros(its.cost_cents)}."
        case None:
            yield f"{way}: kostenlos."
    if shipping.missing_cents is not None and shipping.free_from_cents is not None:
        yield (
            f"Versandkostenfrei ab {euros(shipping.free_from_cents)} Netto-Warenwert: "
            f"es fehlen {euros(shipping.missing_cents)}."
        )
