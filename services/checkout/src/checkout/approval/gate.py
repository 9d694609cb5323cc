"""Decides whether a request's order is placed or waits for approval."""

from checkout.approval.needs import end_of_waiting, needs
from checkout.buyer.view import BuyerView
from checkout.order.place_request import Request, Waiting
from checkout.pricing.goods import Goods
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.views import Views


class ApprovalGate:
    """Reads what the user has ordered on the day only where a sum of the day is capped.

    That sum is of the read model: orders of the last moments may be missing in it.
    """

    def __init__(self, buyers: Views[BuyerView]) -> None:
        self._buyers = buyers

    async def waiting(self, request: Request, goods: Goods) -> Waiting | None:
        """None: nothing is in the way. The dealer's own system, which brings its prices, decides
        for itself, and past orders were decided about when they were placed."""
        cart = request.cart
        if cart.imported or cart.lines:
            return None
        goods_cents = sum(line.net_cents for line in goods.lines)
        found = needs(goods.sale, goods_cents, await self._of_day(request, goods), request.exempt)
        if not found:
            return None
        return Waiting(found, end_of_waiting(request.context.at, goods.sale.terms.approval_days))

    async def _of_day(self, request: Request, goods: Goods) -> int:
        if goods.sale.terms.review_day_cents is None or "day-value" in request.exempt:
            return 0
        buyer = request.cart.buyer
        view = await self._buyers.get(f"{buyer.dealer}/{buyer.user}")
        return view.goods_of(day_of(buyer.placed_at)) if view else 0
