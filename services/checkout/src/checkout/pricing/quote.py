"""The price of a cart, with every reason that something cannot be used; holds nothing (X-6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from checkout.gift.notices import Notice
from checkout.order.cart import Cart
from checkout.peer.ports import (
    Bonus,
    Prices,
    Reason,
    RewardCheck,
    VoucherCheck,
    Vouchers,
)
from checkout.pricing.discount_view import Reward, Voucher, view_of_reward, view_of_voucher
from checkout.pricing.discounts import Discounts, with_vouchers
from checkout.pricing.goods import Goods
from checkout.pricing.price import PricedCart
from checkout.pricing.promise import promise_of, token_of
from checkout.pricing.vat_rates import VatRates
from zugabe_events.contracts.bonus import RewardChoice
from zugabe_events.contracts.checkout import Delivery, GiftLine, OrderLine, ShippingCharged, Totals
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.errors import Number
from zugabe_events.domain.gifts import NextGift, Pieces


@dataclass(frozen=True, slots=True)
class Unusable:
    """`facts` are the numbers that apply, such as the missing amount in cents (X-7)."""

    offered: str
    code: str
    detail: str
    facts: dict[str, Number]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A priced cart. A line's `voucher_cents` and `reward_cents` are its shares of the discounts,
    `excluded` names those that it has no part in.

    `vouchers_run`: a code can be entered (CH-1). `rewards` are those to choose from (CH-6).
    `gift_choices` are pieces that can be chosen besides `gifts`. `missing_to_free_shipping_cents`
    is None where nothing makes it free, or it is. `shipping` is None where there is no way to the
    country; it and the totals are then told in `refused`. `quote` is the promise that an order may
    name: it is then placed at these figures, or not.
    """

    lines: tuple[OrderLine, ...]
    goods_cents: int
    voucher: Voucher | None
    more_vouchers: tuple[Voucher, ...]
    reward: Reward | None
    refused: tuple[Unusable, ...]
    net_cents: int
    explanation: tuple[str, ...]
    points_available: int
    points_this_order: int
    vouchers_run: bool
    rewards: tuple[RewardChoice, ...]
    gifts: tuple[GiftLine, ...]
    gift_choices: tuple[Pieces, ...]
    next_gift: NextGift | None
    notices: tuple[Notice, ...]
    delivery: Delivery
    shipping: ShippingCharged | None
    missing_to_free_shipping_cents: int | None
    totals: Totals
    quote: str


class Quotes:
    """Prices carts as they would be placed: without what is refused."""

    def __init__(
        self, prices: Prices, vouchers: Vouchers, bonus: Bonus, vat_rates: VatRates
    ) -> None:
        self._prices = prices
        self._vouchers = vouchers
        self._bonus = bonus
        self._vat_rates = vat_rates

    async def quote(self, cart: Cart, after: Sequence[Token]) -> QuoteView:
        """Includes the effects of the events of `after`.

        What the checkout `cart.order_id` itself holds is ignored. Raises the errors of `Prices`,
        UnavailableError and ThrottledError.
        """
        goods = await self._prices.goods(cart.buyer, cart.wanted, cart.lines, past=cart.imported)
        return await self.quote_goods(cart, goods, after)

    async def quote_goods(self, cart: Cart, goods: Goods, after: Sequence[Token]) -> QuoteView:
        """The same for goods that may be only a part of what the cart wants."""
        checked = await self._check_vouchers(cart, goods, after)
        points = await self._check_reward(cart, goods, checked, after)
        discounts = Discounts(checked.vouchers, points.reward)
        notes = [
            f"Der Gutschein „{reason.offered}“ kann nicht eingelöst werden: {reason.detail}"
            for reason in checked.reasons
        ]
        notes += [
            f"Die Prämie kann nicht eingelöst werden: {reason.detail}" for reason in points.reasons
        ]
        priced = cart.price(goods, discounts, self._vat_rates, notes)
        return view_of(cart, priced, checked, points)

    async def _check_vouchers(
        self, cart: Cart, goods: Goods, after: Sequence[Token]
    ) -> VoucherCheck:
        if not cart.codes:
            return VoucherCheck((), ())
        if not cart.buyer.user:
            return VoucherCheck((), [login_needed(code) for code in cart.codes])
        return await self._vouchers.check(
            cart.buyer, cart.codes, goods.lines, cart.order_id or None, after
        )

    async def _check_reward(
        self, cart: Cart, goods: Goods, checked: VoucherCheck, after: Sequence[Token]
    ) -> RewardCheck:
        if not cart.buyer.user:
            reasons = [login_needed(cart.reward_id)] if cart.reward_id else []
            return RewardCheck(None, reasons, 0, 0)
        return await self._bonus.check(
            cart.buyer,
            cart.reward_id,
            with_vouchers(goods.lines, checked.vouchers),
            cart.order_id or None,
            after,
            earning_minimum_cents=goods.sale.terms.earning_minimum_cents,
        )


def login_needed(offered: str) -> Reason:
    """For a cart of somebody who has not logged in."""
    detail = "Das lässt sich erst nach der Anmeldung prüfen."
    return Reason("login-needed", detail, {}, offered)


def view_of(
    cart: Cart, priced: PricedCart, checked: VoucherCheck, points: RewardCheck
) -> QuoteView:
    vouchers = [view_of_voucher(voucher) for voucher in priced.discounts.vouchers]
    shipping = priced.shipping
    reasons = [*checked.reasons, *points.reasons]
    if shipping is None:
        reasons += [
            Reason(refusal.code, refusal.detail, refusal.facts, cart.delivery.country)
            for refusal in priced.refusals
            if refusal.code == "country-not-served"
        ]
    return QuoteView(
        lines=priced.lines,
        goods_cents=priced.goods_cents,
        voucher=vouchers[0] if vouchers else None,
        more_vouchers=tuple(vouchers[1:]),
        reward=view_of_reward(priced.discounts.reward),
        refused=tuple(
            Unusable(reason.offered, reason.code, reason.detail, dict(reason.facts))
            for reason in reasons
        ),
        net_cents=priced.net_cents,
        explanation=priced.explanation,
        points_available=points.available_points,
        points_this_order=points.points_this_order,
        vouchers_run=priced.sale.vouchers_run,
        rewards=tuple(points.rewards),
        gifts=priced.gifts,
        gift_choices=priced.given.choices,
        next_gift=priced.given.next,
        notices=priced.given.notices,
        delivery=cart.delivery,
        shipping=priced.shipping_charged,
        missing_to_free_shipping_cents=shipping.missing_cents if shipping else None,
        totals=priced.totals,
        quote=token_of(promise_of(priced)),
    )
