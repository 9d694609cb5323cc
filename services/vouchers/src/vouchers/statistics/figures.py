"""Figures of what came of a campaign's vouchers, and how orders change them (VO-40, VO-42)."""

from collections.abc import Sequence

from msgspec.structs import replace

from zugabe_events.contracts.checkout import OrderCancelled, OrderPlaced, OrderReturned
from zugabe_events.domain.event import Event, Fact

type OfUse = OrderPlaced | OrderCancelled | OrderReturned


class Figures(Fact, frozen=True, kw_only=True):
    """Orders that used vouchers of a campaign, in net cents, less what was cancelled and returned.

    `uses` are those of orders that stand; `cancelled_uses` those of cancelled orders, and of ones
    returned as a whole whose terms of sale take that for a cancellation. `goods_cents` are the
    goods of these orders before all discounts, `revenue_cents` after them. `discount_cents` is what
    the campaign's vouchers took off the goods, `shipping_cents` the cost of shipping they saved.

    An order with vouchers of several campaigns counts for each of them.
    """

    uses: int = 0
    cancelled_uses: int = 0
    goods_cents: int = 0
    revenue_cents: int = 0
    discount_cents: int = 0
    shipping_cents: int = 0


def use_of(event: Event) -> OfUse | None:
    """The event, if it changes the figures of campaigns."""
    match event:
        case OrderPlaced() | OrderCancelled() | OrderReturned() if event.vouchers:
            return event
        case _:
            return None


def campaigns_of(event: OfUse) -> Sequence[str]:
    return list(dict.fromkeys(voucher.campaign_id for voucher in event.vouchers))


def after[View: Figures](view: View, campaign_id: str, event: OfUse) -> View:
    """The figures of one of the campaigns after an event."""
    match event:
        case OrderPlaced():
            own = [voucher for voucher in event.vouchers if voucher.campaign_id == campaign_id]
            saved = sum(event.shipping_saved_by(voucher) for voucher in own)
            return replace(
                view,
                uses=view.uses + 1,
                goods_cents=view.goods_cents + event.goods_cents,
                revenue_cents=view.revenue_cents + event.net_cents,
                discount_cents=view.discount_cents + sum(one.discount_cents for one in own),
                shipping_cents=view.shipping_cents + saved,
            )
        case OrderCancelled():
            return less(view, campaign_id, event, is_cancellation=True)
        case OrderReturned():
            return less(view, campaign_id, event, is_cancellation=event.is_cancellation)


def less[View: Figures](
    view: View, campaign_id: str, event: OrderCancelled | OrderReturned, *, is_cancellation: bool
) -> View:
    own = [share for share in event.vouchers if share.campaign_id == campaign_id]
    return replace(
        view,
        uses=view.uses - is_cancellation,
        cancelled_uses=view.cancelled_uses + is_cancellation,
        goods_cents=view.goods_cents - event.goods_cents,
        revenue_cents=view.revenue_cents - event.net_cents,
        discount_cents=view.discount_cents - sum(share.discount_cents for share in own),
        shipping_cents=view.shipping_cents - sum(share.shipping_cents for share in own),
    )
