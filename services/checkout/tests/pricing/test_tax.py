"""X-20: VAT by rate, rounded once, and split to the cent between lines and shipping."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from checkout.pricing.tax import Taxed, tax_sentences, with_tax
from checkout.pricing.vat_rates import GERMANY, parse_vat_rates
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.contracts.checkout import (
    CatalogueLine,
    OrderLine,
    ShippingCharged,
    TaxShare,
    Totals,
)
from zugabe_events.domain.money import allocate

DAY = date(2026, 5, 4)
PERCENT: dict[TaxClass, int] = {"standard": 19, "reduced": 7, "zero": 0}

cents = st.one_of(st.integers(0, 20), st.integers(0, 10**9))
classes: st.SearchStrategy[TaxClass] = st.sampled_from(get_args(TaxClass.__value__))


def line(
    number: int, tax: TaxClass, net: int, voucher_cents: int = 0, reward_cents: int = 0
) -> OrderLine:
    return OrderLine(
        number=number,
        article=f"A{number}",
        product_group="",
        brand="",
        quantity=1,
        unit_cents=net,
        net_cents=net,
        voucher_cents=voucher_cents,
        reward_cents=reward_cents,
        from_catalogue=CatalogueLine(
            name="Heft",
            brand_name="",
            groups=(),
            media=(),
            tax=tax,
            flags=(),
            price_amount=Decimal(net).scaleb(-2),
            price_quantity=1,
            price_version=1,
            tenant="central",
        ),
    )


def costing(cost: int) -> ShippingCharged:
    return ShippingCharged("DE", cost, cost, None, ())


@st.composite
def discounted(draw: st.DrawFn) -> list[OrderLine]:
    """Lines of all classes, some of them with nothing left."""
    lines: list[OrderLine] = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        net = draw(cents)
        voucher = draw(st.sampled_from([0, net]) | st.integers(0, net))
        reward = draw(st.sampled_from([0, net - voucher]) | st.integers(0, net - voucher))
        lines.append(line(number, draw(classes), net, voucher, reward))
    return lines


def left(one: OrderLine) -> int:
    return one.net_cents - one.voucher_cents - one.reward_cents


def class_of(one: OrderLine) -> TaxClass:
    assert one.from_catalogue is not None
    return one.from_catalogue.tax


def in_euros(lines: Sequence[OrderLine], taxed: Taxed) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and gross, calculated in decimal euros from the lines and the split of shipping."""
    net = tax = Decimal(0)
    for name, percent in PERCENT.items():
        base = sum((Decimal(left(one)) / 100 for one in lines if class_of(one) == name), Decimal(0))
        if taxed.shipping is not None:
            base += sum(
                (
                    Decimal(part.net_cents) / 100
                    for part in taxed.shipping.taxes
                    if part.tax == name
                ),
                Decimal(0),
            )
        net += base
        tax += (base * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return net, tax, net + tax


@given(discounted(), st.none() | st.builds(costing, cents))
def test_taxes_add_up_and_agree_with_another_calculation(
    lines: list[OrderLine], shipping: ShippingCharged | None
) -> None:
    """X-20"""
    taxed = with_tax(lines, shipping, GERMANY, DAY)
    totals, cost = taxed.totals, shipping.cost_cents if shipping else 0
    of_shipping = taxed.shipping.taxes if taxed.shipping else ()

    assert totals.net_cents == sum(map(left, lines)) + cost
    assert totals.gross_cents == totals.net_cents + totals.tax_cents
    assert in_euros(lines, taxed) == tuple(
        Decimal(one) / 100 for one in (totals.net_cents, totals.tax_cents, totals.gross_cents)
    )
    assert totals.net_cents == sum(share.net_cents for share in totals.taxes)
    assert totals.tax_cents == sum(share.tax_cents for share in totals.taxes)
    for share in totals.taxes:
        its = [one for one in taxed.lines if one.tax_rate == share.rate]
        parts = [part for part in of_shipping if part.rate == share.rate]
        assert all(class_of(one) == share.tax for one in its)
        nets = [*map(left, its), *(part.net_cents for part in parts)]
        taxes = [*(one.tax_cents for one in its), *(part.tax_cents for part in parts)]
        assert sum(nets) == share.net_cents
        assert sum(taxes) == share.tax_cents
        exact = Fraction(share.net_cents * PERCENT[share.tax], 100)
        assert Fraction(-1, 2) < share.tax_cents - exact <= Fraction(1, 2)
        for net, tax in zip(nets, taxes, strict=True):
            assert 0 <= tax <= net
            assert abs(tax - Fraction(share.tax_cents * net, share.net_cents)) < 1
    for before, after in zip(lines, taxed.lines, strict=True):
        assert replace(after, tax_rate=0, tax_cents=0) == before
        assert after.tax_rate == PERCENT[class_of(before)] * 100


@given(discounted(), st.integers(1, 10**7))
def test_shipping_shares_the_rates_of_the_goods_by_value(lines: list[OrderLine], cost: int) -> None:
    """X-20: after discounts; before, if nothing is left; the standard rate without any value."""
    taxed = with_tax(lines, costing(cost), GERMANY, DAY)
    assert taxed.shipping is not None
    parts = {part.tax: part.net_cents for part in taxed.shipping.taxes}
    assert sum(parts.values()) == cost
    values = [left(one) for one in lines]
    if not sum(values):
        values = [one.net_cents for one in lines]
    whole = sum(values)
    if not whole:
        assert parts == {"standard": cost}
        return
    for name in PERCENT:
        value = sum(v for v, one in zip(values, lines, strict=True) if class_of(one) == name)
        assert abs(parts.get(name, 0) - Fraction(cost * value, whole)) < 1


def test_a_fixed_voucher_reduces_the_tax_of_both_rates_by_its_shares() -> None:
    """X-20: 10 € over 60 € at 19 % and 40 € at 7 %."""
    shares = allocate(1_000, [6_000, 4_000])
    assert shares == (600, 400)
    lines = [line(1, "standard", 6_000, shares[0]), line(2, "reduced", 4_000, shares[1])]
    taxed = with_tax(lines, None, GERMANY, DAY)
    assert [(one.tax_rate, one.tax_cents) for one in taxed.lines] == [(1_900, 1_026), (700, 252)]
    assert taxed.totals == Totals(
        9_000,
        1_278,
        10_278,
        (TaxShare("standard", 1_900, 5_400, 1_026), TaxShare("reduced", 700, 3_600, 252)),
    )
    assert taxed.shipping is None


def test_tax_is_rounded_half_up_once_per_rate_and_not_by_line() -> None:
    """X-20: 0.50 rounds up; three lines of 0.19 cents are a cent together."""
    assert with_tax([line(1, "standard", 50)], None, GERMANY, DAY).totals.tax_cents == 10
    assert with_tax([line(1, "reduced", 50)], None, GERMANY, DAY).totals.tax_cents == 4
    taxed = with_tax([line(number, "standard", 1) for number in (1, 2, 3)], None, GERMANY, DAY)
    assert taxed.totals.tax_cents == 1
    assert [one.tax_cents for one in taxed.lines] == [1, 0, 0]


def test_shipping_is_taxed_with_the_goods_and_rounded_with_them() -> None:
    """X-20: 5,90 € over goods that are worth three to one."""
    lines = [line(1, "standard", 3_000), line(2, "reduced", 1_000)]
    taxed = with_tax(lines, costing(590), GERMANY, DAY)
    assert taxed.shipping is not None
    assert taxed.shipping.taxes == (
        TaxShare("standard", 1_900, 443, 84),
        TaxShare("reduced", 700, 147, 10),
    )
    assert taxed.totals.taxes == (
        TaxShare("standard", 1_900, 3_443, 654),
        TaxShare("reduced", 700, 1_147, 80),
    )


def test_goods_that_are_paid_with_discounts_still_decide_about_the_tax_of_shipping() -> None:
    """X-20"""
    lines = [line(1, "reduced", 1_000, 400, 600), line(2, "zero", 1_000, 1_000)]
    taxed = with_tax(lines, costing(100), GERMANY, DAY)
    assert taxed.totals == Totals(
        100, 4, 104, (TaxShare("reduced", 700, 50, 4), TaxShare("zero", 0, 50, 0))
    )
    assert [one.tax_cents for one in taxed.lines] == [0, 0]


def test_free_shipping_has_no_taxes() -> None:
    taxed = with_tax([line(1, "standard", 100)], costing(0), GERMANY, DAY)
    assert taxed.shipping == costing(0)


@pytest.mark.parametrize(
    ("day", "rate", "tax"),
    [
        (date(2006, 12, 31), 1_600, 1_600),
        (date(2007, 1, 1), 1_900, 1_900),
        (date(2020, 6, 30), 1_900, 1_900),
        (date(2020, 7, 1), 1_600, 1_600),
        (date(2020, 12, 31), 1_600, 1_600),
        (date(2021, 1, 1), 1_900, 1_900),
    ],
)
def test_the_day_of_the_order_decides_about_the_rate(day: date, rate: int, tax: int) -> None:
    """X-20, X-40"""
    taxed = with_tax([line(1, "standard", 10_000)], None, GERMANY, day)
    assert taxed.totals.taxes == (TaxShare("standard", rate, 10_000, tax),)
    assert taxed.lines[0].tax_rate == rate


def test_a_line_at_the_callers_price_has_the_class_that_they_name_or_the_standard() -> None:
    """X-20"""
    own = [replace(line(number, "zero", 1_000), from_catalogue=None) for number in (1, 2)]
    catalogue = line(3, "zero", 1_000)
    taxed = with_tax([*own, catalogue], None, GERMANY, DAY, {2: "reduced", 3: "standard"})
    assert [one.tax_rate for one in taxed.lines] == [1_900, 700, 0]


def test_classes_with_one_rate_are_rounded_together() -> None:
    """X-20"""
    rates = parse_vat_rates("standard=8@2020-01-01,reduced=8@2020-01-01")
    taxed = with_tax([line(1, "reduced", 5), line(2, "standard", 5)], None, rates, DAY)
    assert taxed.totals.taxes == (TaxShare("standard", 800, 10, 1),)


def test_a_thousand_lines_add_up() -> None:
    """X-20"""
    names: tuple[TaxClass, ...] = ("standard", "reduced", "zero")
    lines = [line(number, names[number % 3], number % 97) for number in range(1, 1_001)]
    taxed = with_tax(lines, costing(590), GERMANY, DAY)
    assert taxed.shipping is not None
    assert sum(one.tax_cents for one in taxed.lines) + sum(
        part.tax_cents for part in taxed.shipping.taxes
    ) == (taxed.totals.tax_cents)
    assert taxed.totals.net_cents == 590 + sum(one.net_cents for one in lines)
    assert in_euros(lines, taxed)[1] == Decimal(taxed.totals.tax_cents) / 100


def test_an_order_of_nothing_has_no_tax() -> None:
    assert with_tax([], None, GERMANY, DAY) == Taxed((), None, Totals(0, 0, 0, ()))


def test_the_explanation_says_the_tax_of_each_rate_and_the_amount_to_pay() -> None:
    """N-4, X-20"""
    lines = [line(1, "standard", 10_000), line(2, "reduced", 123_456), line(3, "zero", 100)]
    taxed = with_tax(lines, None, GERMANY, DAY)
    assert list(tax_sentences(taxed.totals)) == [
        "Umsatzsteuer 19 % auf 100,00 €: 19,00 €.",
        "Umsatzsteuer 7 % auf 1.234,56 €: 86,42 €.",
        "Umsatzsteuer 0 % auf 1,00 €: 0,00 €.",
        "Zu zahlen brutto: 1.440,98 €.",
    ]
