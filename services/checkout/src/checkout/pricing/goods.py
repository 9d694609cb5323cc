"""The goods of a cart: as they are asked for, and as they are priced."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from checkout.catalogue.refusals import LineReason
from checkout.pricing.explanation import explained
from checkout.pricing.limits import MAX_GIFTS, MAX_OFFERS
from checkout.pricing.sale import NOTHING_CONFIGURED, Sale
from zugabe_events.contracts.checkout import Exclusion, OrderLine
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.gifts import Gift

MAX_GOODS_CENTS = 10**12
"""Sums of orders stay far below what a 64-bit integer holds."""

MAX_ORDER_BYTES = 900_000
"""As it is stored: the event of an order must not become larger than the log takes."""

MAX_REFUSALS_BYTES = 24_000
"""Reasons against all offers, and as sentences."""

GIFT_BYTES = 400
"""The line of a gift and its sentence, without names."""

REST_BYTES = 14_000
"""All else of an order: orderer, note, and offers without what is split by line."""

MANY_LINES = 100
"""Fewer seldom come near."""


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
    """A line that the catalogue prices. `article` is a normalised number."""

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
        check_size(goods, sale)
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
    return Goods(lines, sha256(check_size(lines, sale)).hexdigest(), sale, refused)


def check_size(lines: tuple[OrderLine, ...], sale: Sale = NOTHING_CONFIGURED) -> bytes:
    """The lines as they are stored. Raises CartTooLargeError, before anything is held for them."""
    encoded = msgspec.json.encode(lines)
    is_small = len(lines) <= MANY_LINES and len(encoded) < MAX_ORDER_BYTES // 4
    if not is_small and len(encoded) + bytes_besides(lines, sale) > MAX_ORDER_BYTES:
        raise CartTooLargeError
    return encoded


def bytes_besides(lines: Sequence[OrderLine], sale: Sale) -> int:
    """The most that sentences, discounts, taxes, gifts and the rest of an order add to its lines.

    No amount of a line has more digits than its net value; a rate has up to five.
    """
    digits = [len(str(line.net_cents)) for line in lines]
    shares = MAX_OFFERS * (sum(digits) + len(digits))
    gifts = sorted(map(gift_bytes, sale.gifts.gifts), reverse=True)[:MAX_GIFTS]
    return (
        len(msgspec.json.encode(list(explained(lines))))
        + 3 * sum(digits)
        + 5 * len(digits)
        + max(shares, MAX_REFUSALS_BYTES)
        + sum(gifts)
        + REST_BYTES
    )


def gift_bytes(gift: Gift) -> int:
    return 2 * len(gift.name.encode()) + len(gift.number.encode()) + len(gift.gift) + GIFT_BYTES
