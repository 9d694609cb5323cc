"""The discount of a voucher: a pure function of terms and lines (Q1, Q25, X-10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from vouchers.assortment.restriction import Goods, Restriction
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
    goods: Goods = field(default_factory=Goods)

    @property
    def eligible_cents(self) -> int:
        """The part of its value that vouchers without a restriction apply to."""
        return 0 if "vouchers" in self.excluded else self.net_cents

    def eligible_under(self, restriction: Restriction | None) -> int:
        """The part of its value that a voucher with this restriction applies to."""
        return self.eligible_cents if is_covered(self, restriction) else 0


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


def is_covered(line: Line, restriction: Restriction | None) -> bool:
    return restriction is None or restriction.covers(line.goods)


def discount_of(
    terms: CampaignTerms, lines: Sequence[Line], restriction: Restriction | None = None
) -> Discount:
    """The base is the value of all lines that the voucher applies to; no discount exceeds it.

    `restriction` is the one of the terms (Q1).
    """
    weights = [line.eligible_under(restriction) for line in lines]
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
    version: int,
    terms: CampaignTerms,
    discount: Discount,
    lines: Sequence[Line],
    restriction: Restriction | None = None,
) -> str:
    """The rule behind a discount and how it applies, as a German sentence (N-4).

    `lines` are those of the cart, before any discount.
    """
    off = euros(discount.discount_cents)
    base = base_named(discount, lines, restriction)
    match terms.discount_type:
        case "fixed" if discount.discount_cents < terms.value:
            calculation = f"Festwert {euros(terms.value)}, begrenzt auf den {base}: {off}"
        case "fixed":
            calculation = f"Festwert {off} auf den {base}"
        case "percent":
            calculation = f"{percentage(terms.value)} auf den {base}, kaufmännisch gerundet: {off}"
        case "free-shipping":
            dative = base_named(discount, lines, restriction, amount="von ")
            calculation = f"kostenloser Versand bei einem {dative}"
    minimum = f", Mindestbestellwert {euros(terms.minimum_cents)} netto erreicht"
    return (
        f"Gutschein {terms.code} der Kampagne „{terms.title}“ (Fassung {version}): "
        f"{calculation}{minimum if terms.minimum_cents else ''}."
    )


def base_named(
    discount: Discount,
    lines: Sequence[Line],
    restriction: Restriction | None,
    amount: str = "",
) -> str:
    """The amount that a discount was calculated on, in the German accusative and dative.

    `amount` stands before an amount that would need no preposition.
    """
    covered = [line for line in lines if is_covered(line, restriction)]
    eligible = sum(line.eligible_cents for line in covered)
    left = "verbleibenden " if discount.base_cents < eligible else ""
    is_part = any(line.eligible_cents < line.net_cents for line in covered)
    base = euros(discount.base_cents)
    if restriction is not None:
        named = restriction.articles_named("rabattfähige " if is_part else "")
        return f"{left}Netto-Warenwert von {base} für {named}"
    if is_part:
        return f"{left}Netto-Warenwert der rabattfähigen Artikel von {base}"
    return f"{left}Netto-Warenwert {amount}{base}"
