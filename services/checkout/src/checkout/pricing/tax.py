"""VAT of an order: by rate, rounded once, and split to the cent between lines and shipping (X-20).

Discounts and rewards reduce the taxable amount of the lines that they were granted on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from msgspec.structs import replace

from checkout.pricing.vat_rates import TAX_CLASSES, VatRates
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.contracts.checkout import OrderLine, ShippingCharged, TaxShare, Totals
from zugabe_events.domain.money import allocate, euros, percent_of, percentage

DEFAULT_TAX: TaxClass = "standard"
"""The class of a line at the caller's price that names none, and of shipping without goods."""

NONE_NAMED: Mapping[int, TaxClass] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Taxed:
    """Lines with their `tax_rate` and `tax_cents`, shipping with its `taxes`, and the totals.

    By rate, the taxes of lines and shipping add up to those of the totals. Rates are in the
    order standard, reduced, zero; those of nothing are left out, and classes with one rate are one.
    """

    lines: tuple[OrderLine, ...]
    shipping: ShippingCharged | None
    totals: Totals


def with_tax(
    lines: Sequence[OrderLine],
    shipping: ShippingCharged | None,
    rates: VatRates,
    day: date,
    named: Mapping[int, TaxClass] = NONE_NAMED,
) -> Taxed:
    """Lines and shipping are net, after all discounts; `day` is that of the order in Berlin.

    The class of a line is that of its article; else `named` has it by the line's number. Shipping
    shares the rates of the goods by their value after discounts; before, if nothing is left of it.
    """
    rate_by_class = {tax: rates.rate_of(tax, day) for tax in TAX_CLASSES}
    class_by_rate: dict[int, TaxClass] = {}
    for tax_class, rate in rate_by_class.items():
        class_by_rate.setdefault(rate, tax_class)
    of_lines = [rate_by_class[class_of(line, named)] for line in lines]
    nets = [left_of(line) for line in lines]
    values = by_rate(nets, of_lines) or by_rate([line.net_cents for line in lines], of_lines)
    of_shipping = shares_of_shipping(
        shipping.cost_cents if shipping else 0,
        {rate: values[rate] for rate in class_by_rate if rate in values},
        rate_by_class[DEFAULT_TAX],
    )
    line_taxes = [0] * len(lines)
    shipping_taxes: list[TaxShare] = []
    taxes: list[TaxShare] = []
    for rate, tax_class in class_by_rate.items():
        indices = [index for index, its in enumerate(of_lines) if its == rate]
        weights = [*(nets[index] for index in indices), of_shipping.get(rate, 0)]
        net = sum(weights)
        if not net:
            continue
        tax = percent_of(net, rate)
        *by_line, rest = allocate(tax, weights)
        for index, share in zip(indices, by_line, strict=True):
            line_taxes[index] = share
        taxes.append(TaxShare(tax_class, rate, net, tax))
        if weights[-1]:
            shipping_taxes.append(TaxShare(tax_class, rate, weights[-1], rest))
    return Taxed(
        lines=tuple(
            replace(line, tax_rate=rate, tax_cents=tax)
            for line, rate, tax in zip(lines, of_lines, line_taxes, strict=True)
        ),
        shipping=replace(shipping, taxes=tuple(shipping_taxes)) if shipping else None,
        totals=totals_of(taxes),
    )


def totals_of(taxes: Sequence[TaxShare]) -> Totals:
    net = sum(share.net_cents for share in taxes)
    tax = sum(share.tax_cents for share in taxes)
    return Totals(net, tax, net + tax, tuple(taxes))


def class_of(line: OrderLine, named: Mapping[int, TaxClass]) -> TaxClass:
    if line.from_catalogue is not None:
        return line.from_catalogue.tax
    return named.get(line.number, DEFAULT_TAX)


def left_of(line: OrderLine) -> int:
    """The rest of a line after its discounts."""
    return line.net_cents - line.voucher_cents - line.reward_cents


def by_rate(cents: Sequence[int], of_lines: Sequence[int]) -> dict[int, int]:
    """The sums of lines by rate; only rates with a value."""
    values: dict[int, int] = {}
    for amount, rate in zip(cents, of_lines, strict=True):
        if amount:
            values[rate] = values.get(rate, 0) + amount
    return values


def shares_of_shipping(
    cost_cents: int, values: Mapping[int, int], default: int
) -> Mapping[int, int]:
    """The cost of shipping by rate, in proportion to the value of the goods."""
    if not values:
        return {default: cost_cents}
    return dict(zip(values, allocate(cost_cents, tuple(values.values())), strict=True))


def tax_sentences(totals: Totals) -> Iterator[str]:
    """The VAT by rate, and the amount to pay, in German (N-4)."""
    for share in totals.taxes:
        net, tax = euros(share.net_cents), euros(share.tax_cents)
        yield f"Umsatzsteuer {percentage(share.rate)} auf {net}: {tax}."
    yield f"Zu zahlen brutto: {euros(totals.gross_cents)}."
