"""A quote is a promise: the figures that a buyer was shown, as an opaque token, and what has
changed in them since."""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Sequence

import msgspec

from checkout.pricing.discounts import Discounts
from checkout.pricing.price import PricedCart
from zugabe_events.contracts.checkout import (
    GiftLine,
    OrderLine,
    PricedOrder,
    ShippingCharged,
    Totals,
)
from zugabe_events.domain.errors import InvalidError

MAX_TOKEN_LENGTH = 32_000
MAX_PROMISE_BYTES = 100_000
"""Of a thousand lines, when it is unpacked."""


class PromisedVoucher(msgspec.Struct, frozen=True, array_like=True):
    code: str
    campaign_id: str
    version: int
    discount_cents: int
    free_shipping: bool


class PromisedReward(msgspec.Struct, frozen=True, array_like=True):
    reward_id: str
    title: str
    points: int
    discount_cents: int


class PromisedGift(msgspec.Struct, frozen=True, array_like=True):
    gift: str
    name: str
    pieces: int


class PromisedShipping(msgspec.Struct, frozen=True, array_like=True):
    country: str
    cost_cents: int


class Promise(msgspec.Struct, frozen=True, array_like=True):
    """The figures of a priced cart: the net value of each line, and all that was made of it.

    `rates` are those of VAT by line.
    """

    lines: tuple[int, ...]
    rates: tuple[int, ...]
    vouchers: tuple[PromisedVoucher, ...]
    reward: PromisedReward | None
    gifts: tuple[PromisedGift, ...]
    shipping: PromisedShipping | None
    terms_version: int
    net_cents: int
    gross_cents: int


class QuoteUnreadableError(InvalidError):
    """This is no token of a quote."""

    code = "quote-unreadable"

    def __init__(self) -> None:
        super().__init__("Das Angebot ist nicht lesbar. Bitte lassen Sie den Preis neu berechnen.")


def promise_of(cart: PricedCart) -> Promise:
    return promised(
        cart.lines,
        cart.discounts,
        cart.gifts,
        cart.shipping_charged,
        cart.totals,
        cart.sale.terms_version,
    )


def promise_of_order(order: PricedOrder) -> Promise:
    """The same for what was recorded, by orders that have totals."""
    assert order.totals is not None
    discounts = Discounts(order.vouchers, order.reward)
    return promised(
        order.lines, discounts, order.gifts, order.shipping, order.totals, order.terms_version
    )


def promised(
    lines: Sequence[OrderLine],
    discounts: Discounts,
    gifts: Sequence[GiftLine],
    charged: ShippingCharged | None,
    totals: Totals,
    terms_version: int,
) -> Promise:
    reward = discounts.reward
    return Promise(
        lines=tuple(line.net_cents for line in lines),
        rates=tuple(line.tax_rate for line in lines),
        vouchers=tuple(
            PromisedVoucher(
                voucher.code,
                voucher.campaign_id,
                voucher.campaign_version,
                voucher.discount_cents,
                voucher.free_shipping,
            )
            for voucher in discounts.vouchers
        ),
        reward=PromisedReward(reward.reward_id, reward.title, reward.points, reward.discount_cents)
        if reward
        else None,
        gifts=tuple(PromisedGift(gift.gift, gift.name, gift.pieces) for gift in gifts),
        shipping=PromisedShipping(charged.country, charged.cost_cents) if charged else None,
        terms_version=terms_version,
        net_cents=totals.net_cents,
        gross_cents=totals.gross_cents,
    )


def token_of(promise: Promise) -> str:
    packed = zlib.compress(msgspec.msgpack.encode(promise))
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def promise_in(token: str) -> Promise:
    """Raises QuoteUnreadableError."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise QuoteUnreadableError
    try:
        packed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, MAX_PROMISE_BYTES)
        if not unpacking.eof:
            raise QuoteUnreadableError
        return msgspec.msgpack.decode(content, type=Promise)
    except (NotBase64Error, ValueError, zlib.error, msgspec.MsgspecError) as error:
        raise QuoteUnreadableError from error
