"""Placed orders for tests of what follows: with discounts, VAT, shipping and gifts, or without."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import cycle
from random import Random

from msgspec.structs import replace

from checkout.pricing.tax import with_tax
from checkout.pricing.vat_rates import GERMANY
from zugabe_events.contracts.catalog_shops import TaxClass
from zugabe_events.contracts.checkout import (
    AfterSales,
    Exclusion,
    GiftLine,
    OrderLine,
    OrderPlaced,
    RewardApplied,
    ShippingCharged,
    VoucherApplied,
)
from zugabe_events.domain.money import allocate

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
USUAL_TERMS = AfterSales()
DAY = date(2026, 3, 2)
CLASSES: tuple[TaxClass, ...] = ("standard", "reduced", "zero")


def line(
    number: int,
    quantity: int = 1,
    net_cents: int = 1_000,
    excluded: tuple[Exclusion, ...] = (),
) -> OrderLine:
    return OrderLine(
        number=number,
        article=f"a{number}",
        product_group="g",
        brand="b",
        quantity=quantity,
        unit_cents=net_cents // quantity,
        net_cents=net_cents,
        excluded=excluded,
    )


def gift(number: int, limit_cents: int, pieces: int = 1) -> GiftLine:
    return GiftLine(
        number, f"g{number}", "Tasse", pieces, f"gift-{number}", limit_cents, False, "d1"
    )


def order(
    *lines: OrderLine,
    voucher_cents: int = 0,
    reward_cents: int = 0,
    shipping_cents: int | None = None,
    classes: Sequence[TaxClass] | None = ("standard",),
    gifts: tuple[GiftLine, ...] = (),
    after_sales: AfterSales = USUAL_TERMS,
    **fields: object,
) -> OrderPlaced:
    """Discounts are shared by value; `classes` are those of the lines by turns, None: no VAT."""
    goods = sum(one.net_cents for one in lines)
    voucher_shares = allocate(voucher_cents, [one.net_cents for one in lines])
    rests = [one.net_cents - share for one, share in zip(lines, voucher_shares, strict=True)]
    reward_shares = allocate(reward_cents, rests)
    priced = [
        replace(one, voucher_cents=voucher, reward_cents=reward)
        for one, voucher, reward in zip(lines, voucher_shares, reward_shares, strict=True)
    ]
    shipping = (
        None
        if shipping_cents is None
        else ShippingCharged("DE", shipping_cents, shipping_cents, None, ())
    )
    taxed = None
    if classes:
        named = dict(zip((one.number for one in lines), cycle(classes)))
        taxed = with_tax(priced, shipping, GERMANY, DAY, named)
    placed = OrderPlaced(
        order_id="o1",
        order_number="1000001",
        dealer="d1",
        customer="c1",
        user="anna",
        attempt=1,
        lines=taxed.lines if taxed else tuple(priced),
        goods_cents=goods,
        voucher=voucher_of(voucher_cents, goods, voucher_shares) if voucher_cents else None,
        reward=reward_of(reward_cents, sum(rests), reward_shares) if reward_cents else None,
        refused=(),
        net_cents=goods - voucher_cents - reward_cents,
        explanation=(),
        placed_at=MORNING,
        imported=False,
        gifts=gifts,
        shipping=taxed.shipping if taxed else shipping,
        totals=taxed.totals if taxed else None,
        after_sales=after_sales,
    )
    return replace(placed, **fields)


def voucher_of(cents: int, base: int, shares: Sequence[int]) -> VoucherApplied:
    return VoucherApplied(
        hold_id="o1/1",
        campaign_id="spring",
        campaign_version=1,
        code="TEN",
        discount_type="fixed",
        base_cents=base,
        discount_cents=cents,
        shares=tuple(shares),
        free_shipping=False,
        streams=("wallet/d1/anna",),
        explanation="",
    )


def reward_of(cents: int, base: int, shares: Sequence[int]) -> RewardApplied:
    return RewardApplied(
        hold_id="o1/r",
        reward_id="fiver",
        title="5 Euro",
        points=500,
        base_cents=base,
        discount_cents=cents,
        shares=tuple(shares),
        streams=("account/d1/anna",),
        explanation="",
    )


def random_order(chance: Random) -> OrderPlaced:
    """Any order that can be placed, also of many cheap pieces and with all of it discounted."""
    lines = [
        line(number, chance.randint(1, 12), chance.randint(0, chance.choice((30, 2_000, 90_000))))
        for number in range(1, chance.randint(1, 5) + 1)
    ]
    goods = sum(one.net_cents for one in lines)
    voucher = chance.choice((0, chance.randint(0, goods), goods))
    rest = goods - voucher
    reward = chance.choice((0, chance.randint(0, rest), rest))
    has_tax = chance.random() < 0.9
    classes = chance.sample(CLASSES, chance.randint(1, 3))
    return order(
        *lines,
        voucher_cents=voucher,
        reward_cents=reward,
        shipping_cents=chance.choice((None, 0, chance.randint(1, 2_000))) if has_tax else None,
        classes=classes if has_tax else None,
    )
