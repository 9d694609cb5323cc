"""The discount of a voucher: a pure function of terms and lines (Q1, Q25, X-10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zugabe_events.contracts.checkout import Exclusion
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.money import allocate, euros, percent_of, percentage


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cart at its net value, before discounts or as earlier vouchers left it.

    `excluded` names what it has no part in (X-24, X-25).
    """

    number: int
    net_cents: int
    excluded: tuple[Exclusion, ...] = ()

    @property
    def eligible_cents(self) -> int:
        """The part of its value that vouchers apply to."""
        return 0 if "vouchers" in self.excluded else self.net_cents


@dataclass(frozen=True, slots=True)
class Discount:
    """`shares` are cents by line, in the order of the lines; they add up to `discount_cents`."""

    base_cents: int
    discount_cents: int
    shares: tuple[int, ...]
    free_shipping: bool


def threshold_value(lines: Sequence[Line]) -> int:
    """The goods value that minimum order values are compared with (Q2, X-24)."""
    return sum(line.net_cents for line in lines if "thresholds" not in line.excluded)


def discount_of(terms: CampaignTerms, lines: Sequence[Line]) -> Discount:
    """The base is the value of all lines that vouchers apply to; no discount exceeds it."""
    weights = [line.eligible_cents for line in lines]
    base = sum(weights)
    match terms.discount_type:
        case "fixed":
            off = min(terms.value, base)
        case "percent":
            off = percent_of(base, terms.value)
        case "free-shipping":
            off = 0
    shares = allocate(off, weights)
    return Discount(base, off, shares, terms.discount_type == "free-shipping")


def less(lines: Sequence[Line], shares: Sequence[int]) -> tuple[Line, ...]:
    """The lines as a discount leaves them."""
    return tuple(
        replace(line, net_cents=line.net_cents - share) if share else line
        for line, share in zip(lines, shares, strict=True)
    )


def explanation(
    version: int, terms: CampaignTerms, discount: Discount, lines: Sequence[Line]
) -> str:
    """The rule behind a discount and how it applies, as a German sentence (N-4).

    `lines` are those of the cart, before any discount.
    """
    base, off = euros(discount.base_cents), euros(discount.discount_cents)
    noun = base_noun(discount, lines)
    of_what = f"{noun} von {base}" if noun.endswith("Artikel") else f"{noun} {base}"
    match terms.discount_type:
        case "fixed" if discount.discount_cents < terms.value:
            calculation = f"Festwert {euros(terms.value)}, begrenzt auf den {of_what}: {off}"
        case "fixed":
            calculation = f"Festwert {off} auf den {of_what}"
        case "percent":
            calculation = (
                f"{percentage(terms.value)} auf den {of_what}, kaufmännisch gerundet: {off}"
            )
        case "free-shipping":
            calculation = f"kostenloser Versand bei einem {noun} von {base}"
    minimum = f", Mindestbestellwert {euros(terms.minimum_cents)} netto erreicht"
    return (
        f"Gutschein {terms.code} der Kampagne „{terms.title}“ (Fassung {version}): "
        f"{calculation}{minimum if terms.minimum_cents else ''}."
    )


def base_noun(discount: Discount, lines: Sequence[Line]) -> str:
    """The amount that a discount was calculated on, in the German accusative and dative."""
    eligible = sum(line.eligible_cents for line in lines)
    left = "verbleibenden " if discount.base_cents < eligible else ""
    is_part = any(line.eligible_cents < line.net_cents for line in lines)
    return f"{left}Netto-Warenwert{' der rabattfähigen Artikel' if is_part else ''}"
