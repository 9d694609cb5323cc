"""An order tried out before it takes the place of a submission, which a refusal leaves as it is."""

from collections.abc import Sequence

from checkout.order.cart import Cart
from checkout.peer.ports import Bonus, HoldRefusedError, Reason, Vouchers
from checkout.pricing.discounts import Discounts, with_vouchers
from checkout.pricing.goods import Goods
from checkout.pricing.vat_rates import VatRates
from zugabe_events.domain.consistency_token import Token


class Trial:
    """Checks instead of holding: holds of the new attempt would end those of the submission."""

    def __init__(self, vouchers: Vouchers, bonus: Bonus, vat_rates: VatRates) -> None:
        self._vouchers = vouchers
        self._bonus = bonus
        self._vat_rates = vat_rates

    async def check(self, cart: Cart, goods: Goods, after: Sequence[Token]) -> None:
        """Raises what ordering the cart would raise."""
        discounts = await self._discounts(cart, goods, after)
        cart.order(goods, discounts, self._vat_rates, 1)

    async def _discounts(self, cart: Cart, goods: Goods, after: Sequence[Token]) -> Discounts:
        buyer, order_id = cart.buyer, cart.order_id
        discounts = Discounts()
        if cart.codes:
            checked = await self._vouchers.check(buyer, cart.codes, goods.lines, order_id, after)
            refuse(cart, checked.reasons)
            discounts = Discounts(checked.vouchers)
        if cart.reward_id is not None:
            left = with_vouchers(goods.lines, discounts.vouchers)
            points = await self._bonus.check(
                buyer,
                cart.reward_id,
                left,
                order_id,
                after,
                earning_minimum_cents=goods.sale.terms.earning_minimum_cents,
            )
            refuse(cart, points.reasons)
            discounts = Discounts(discounts.vouchers, points.reward)
        return discounts


def refuse(cart: Cart, reasons: Sequence[Reason]) -> None:
    """Raises HoldRefusedError, unless the cart is to be ordered without what is refused."""
    if reasons and not cart.without_refused:
        first = reasons[0]
        raise HoldRefusedError(first.offered, first.detail, first.code, **first.facts)
