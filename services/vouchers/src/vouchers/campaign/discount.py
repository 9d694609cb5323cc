"""The discount of a voucher: a pure function of terms and lines (Q1, Q25, X-10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.money import allocate, euros, percent_of, percentage


@dataclass(frozen=True, slots=True)
class Line:
    """A position of a cart with its net value before any discount; a free article has 0."""

    number: int
    net_cents: int


@dataclass(frozen=True, slots=True)
class Discount:
    """`shares` are cents by line, in the order of the lines; they add up to `discount_cents`."""

    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool


def goods_value(lines: Sequence[Line]) -> int:
    return sum(line.net_cents for line in lines)


def discount_of(terms: CampaignTerms, lines: Sequence[Line]) -> Discount:
    """The base is the whole goods value; no discount exceeds it."""
    base = goods_value(lines)
    match terms.discount_type:
        case "fixed":
            off = min(terms.value, base)
        case "percent":
            off = percent_of(base, terms.value)
        case "free-shipping":
            off = 0
    shares = allocate(off, [line.net_cents for line in lines])
    return Discount(base, off, shares, terms.discount_type == "free-shipping")


def explanation(version: int, terms: CampaignTerms, discount: Discount) -> str:
    """The rule behind a discount and how it applies, as a German sentence (N-4)."""
    base, off = euros(discount.base_cents), euros(discount.discount_cents)
    match terms.discount_type:
        case "fixed" if discount.discount_cents < terms.value:
            calculation = (
                f"Festwert {euros(terms.value)}, begrenzt auf den Netto-Warenwert {base}: {off}"
            )
        case "fixed":
            calculation = f"Festwert {off} auf den Netto-Warenwert {base}"
        case "percent":
            calculation = (
                f"{percentage(terms.value)} auf den Netto-Warenwert {base}, "
                f"kaufmännisch gerundet: {off}"
            )
        case "free-shipping":
            calculation = f"kostenloser Versand bei einem Netto-Warenwert von {base}"
    minimum = f", Mindestbestellwert {euros(terms.minimum_cents)} netto erreicht"
    return (
        f"Gutschein {terms.code} der Kampagne „{terms.title}“ (Fassung {version}): "
        f"{calculation}{minimum if terms.minimum_cents else ''}."
    )
