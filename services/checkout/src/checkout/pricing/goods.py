"""The goods of a cart: as they are asked for, and as they are priced."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from checkout.catalogue.refusals import LineReason
from checkout.pricing.explanation import explained
from checkout.pricing.sale import NOTHING_CONFIGURED, Sale
from zugabe_events.contracts.checkout import Exclusion, OrderLine
from zugabe_events.domain.errors import RefusedError

MAX_GOODS_CENTS = 10**12
"""Sums of orders stay far below what a 64-bit integer holds."""

MAX_GOODS_BYTES = 800_000
"""Lines with their sentences, discounts and taxes, as they are stored: the event of an order, with
its gifts and notes, must not become larger than the log takes."""

MAX_OFFERS = 6
"""Five vouchers and a reward, each of which is split by line."""

MANY_LINES = 100
"""Fewer always fit."""


class CartTooLargeError(RefusedError):
    """The lines would not fit into one event."""

    code = "cart-too-large"

    def __init__(self) -> None:
        super().__init__(
            "Der Warenkorb ist zu groß. Bitte teilen Sie ihn auf mehrere Bestellungen auf."
        )


class GoodsTooDearError(RefusedError):
    code = "goods-too-dear"

    def __init__(self) -> None:
        super().__init__(
            "Der Warenwert ist für eine Bestellung zu groß.", most_cents=MAX_GOODS_CENTS
        )


@dataclass(frozen=True, slots=True)
class WantedLine:
    """What the catalogue prices. `article` is a normalised number."""

    article: str
    quantity: int


@dataclass(frozen=True, slots=True)
class CartLine:
    """A line with the price of a caller who may set prices; `brand` and group may be labels."""

    article: str
    product_group: str
    brand: str
    quantity: int
    unit_cents: int


@dataclass(frozen=True, slots=True)
class Goods:
    """The positions at their net value, before any discount (Q2).

    `price_hash` tells whether the catalogue prices the same cart differently later. At prices of
    the caller, which are part of what is asked for, it stands for exclusions; "" without any.
    `sale` is what is in force for the buyer besides prices. `refused` is why other lines of a cart
    cannot be ordered, which keeps a cart from being ordered and not from being shown.
    """

    lines: tuple[OrderLine, ...]
    price_hash: str = ""
    sale: Sale = NOTHING_CONFIGURED
    refused: tuple[LineReason, ...] = ()


def at_own_prices(
    lines: Sequence[CartLine],
    sale: Sale = NOTHING_CONFIGURED,
    excluded: Sequence[tuple[Exclusion, ...]] = (),
) -> Goods:
    """At prices that the caller brings along; `excluded` is by line, if any line is.

    Raises CartTooLargeError.
    """
    goods = tuple(
        OrderLine(
            number=number,
            article=line.article,
            product_group=line.product_group,
            brand=line.brand,
            quantity=line.quantity,
            unit_cents=line.unit_cents,
            net_cents=line.quantity * line.unit_cents,
            excluded=exclusions,
        )
        for number, (line, exclusions) in enumerate(
            zip(lines, excluded or [()] * len(lines), strict=True), start=1
        )
    )
    if len(goods) > MANY_LINES:
        check_size(goods)
    hashed = sha256(msgspec.json.encode(excluded)).hexdigest() if any(excluded) else ""
    return Goods(goods, hashed, sale)


def at_our_prices(
    lines: tuple[OrderLine, ...],
    sale: Sale = NOTHING_CONFIGURED,
    refused: tuple[LineReason, ...] = (),
) -> Goods:
    """Raises CartTooLargeError and GoodsTooDearError."""
    if sum(line.net_cents for line in lines) > MAX_GOODS_CENTS:
        raise GoodsTooDearError
    return Goods(lines, sha256(check_size(lines)).hexdigest(), sale, refused)


def check_size(lines: tuple[OrderLine, ...]) -> bytes:
    """The lines as they are stored. Raises CartTooLargeError, before anything is held for them."""
    encoded = msgspec.json.encode(lines)
    size = len(encoded)
    if len(lines) > MANY_LINES:
        size += len(msgspec.json.encode(list(explained(lines)))) + sum(map(growth, lines))
    if size > MAX_GOODS_BYTES:
        raise CartTooLargeError
    return encoded


def growth(line: OrderLine) -> int:
    """Bytes that discounts and taxes add at most: three amounts, the rate, a share of each offer.

    None of them has more digits than the net value; a rate has up to five.
    """
    digits = len(str(line.net_cents))
    return 3 * digits + 5 + MAX_OFFERS * (digits + 1)
