"""Read model of orders; the answer to placing an order has the same shape."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from checkout.fulfilment.reasons import reason_in_german
from checkout.fulfilment.status import PlacedStatus
from checkout.fulfilment.view import ReturnView, ShipmentView, return_of, shipment
from checkout.order.after import AfterOrder
from checkout.pricing.discount_view import Reward, Voucher, view_of_reward, view_of_voucher
from zugabe_events.contracts.checkout import (
    AfterSales,
    Approval,
    ApprovalNeed,
    Delivery,
    GiftLine,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderLine,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    OrderSubmitted,
    PricedOrder,
    Refusal,
    ShippingCharged,
    SubmissionEnded,
    SubmissionOutcome,
    Totals,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel

USUAL_DELIVERY = Delivery()

type Status = Literal["submitted"] | SubmissionOutcome | PlacedStatus
"""A submission that was `changed` is followed by what replaces it."""


@dataclass(frozen=True, slots=True)
class Orderer:
    """Sealed in the read model; answers say what the caller may see of it."""

    name: str
    email: str


class OrderView(Fact, frozen=True):
    """`needs` are the approvals that a submitted order waits for, until `expires_at` (X-26).

    `cancelled_because` is in German, `cancelled_reason` its code, or free text from before.
    `returned_goods_cents` is the value of what came back before discounts, `returned_net_cents`
    after.
    `net_cents` is what discounts left of the goods; `totals` include shipping and VAT, and are None
    for orders from before these were charged. The note is sealed, as the orderer is.
    """

    dealer: str
    order_id: str
    order_number: str
    customer: str
    user: str
    status: Status
    lines: tuple[OrderLine, ...]
    goods_cents: int
    voucher: Voucher | None
    reward: Reward | None
    refused: tuple[Refusal, ...]
    net_cents: int
    explanation: tuple[str, ...]
    placed_at: datetime
    imported: bool
    cancelled_at: datetime | None = None
    cancelled_because: str | None = None
    orderer: Orderer | None = None
    attempt: int = 0
    needs: tuple[ApprovalNeed, ...] = ()
    approvals: tuple[Approval, ...] = ()
    expires_at: datetime | None = None
    more_vouchers: tuple[Voucher, ...] = ()
    cancelled_reason: str | None = None
    cancelled_note: str | None = None
    after_sales: AfterSales = AfterSales()
    confirmed_at: datetime | None = None
    shipments: tuple[ShipmentView, ...] = ()
    delivered_at: datetime | None = None
    returns: tuple[ReturnView, ...] = ()
    returned_goods_cents: int = 0
    returned_net_cents: int = 0
    gifts: tuple[GiftLine, ...] = ()
    shipping: ShippingCharged | None = None
    totals: Totals | None = None
    delivery: Delivery = USUAL_DELIVERY
    note: str | None = None


class PlacedView(OrderView, frozen=True):
    """The answer to placing an order. `after` is what it brought its user (CH-8)."""

    after: AfterOrder | None = None


def placed_order(event: OrderPlaced) -> OrderView:
    return replace(priced_order(event, "placed"), approvals=event.approvals)


def submitted_order(event: OrderSubmitted) -> OrderView:
    return replace(
        priced_order(event, "submitted"),
        needs=event.needs,
        approvals=event.approvals,
        expires_at=event.expires_at,
    )


def priced_order(event: PricedOrder, status: Status) -> OrderView:
    return OrderView(
        dealer=event.dealer,
        order_id=event.order_id,
        order_number=event.order_number,
        customer=event.customer,
        user=event.user,
        status=status,
        lines=event.lines,
        goods_cents=event.goods_cents,
        voucher=view_of_voucher(event.voucher) if event.voucher else None,
        more_vouchers=tuple(map(view_of_voucher, event.more_vouchers)),
        reward=view_of_reward(event.reward),
        refused=event.refused,
        net_cents=event.net_cents,
        explanation=event.explanation,
        placed_at=event.placed_at,
        imported=event.imported,
        orderer=Orderer(event.orderer.name, event.orderer.email) if event.orderer else None,
        attempt=event.attempt,
        after_sales=event.after_sales,
        gifts=event.gifts,
        shipping=event.shipping,
        totals=event.totals,
        delivery=event.delivery,
        note=event.note,
    )


def keys(event: Event) -> tuple[str, ...]:
    match event:
        case (
            OrderSubmitted(dealer=dealer, order_id=order_id)
            | SubmissionEnded(dealer=dealer, order_id=order_id)
            | OrderPlaced(dealer=dealer, order_id=order_id)
            | OrderConfirmed(dealer=dealer, order_id=order_id)
            | OrderShipped(dealer=dealer, order_id=order_id)
            | OrderDelivered(dealer=dealer, order_id=order_id)
            | OrderReturned(dealer=dealer, order_id=order_id)
            | OrderCancelled(dealer=dealer, order_id=order_id)
        ):
            return (f"{dealer}/{order_id}",)
        case _:
            return ()


def project(view: OrderView | None, event: Event) -> OrderView | None:
    """An order's events share a lane, so it is placed before anything else happens to it."""
    match view, event:
        case OrderView(order_number=str(number)), OrderPlaced() | OrderSubmitted() if number:
            return view
        case _, OrderPlaced():
            return placed_order(event)
        case _, OrderSubmitted():
            return submitted_order(event)
        case OrderView(status="submitted"), SubmissionEnded(outcome=outcome):
            return replace(view, status=outcome, needs=(), expires_at=None)
        case OrderView(), _:
            return after(view, event)
        case _:
            return view


def after(view: OrderView, event: Event) -> OrderView:
    match event:
        case OrderConfirmed(confirmed_at=at):
            return replace(view, status="confirmed", confirmed_at=at)
        case OrderShipped():
            return with_shipment(view, event)
        case OrderDelivered(delivered_at=at):
            return replace(view, status=unless_returned(view, "delivered"), delivered_at=at)
        case OrderReturned():
            return with_return(view, event)
        case OrderCancelled():
            return replace(
                view,
                status="cancelled",
                cancelled_at=event.cancelled_at,
                cancelled_because=reason_in_german(event.reason),
                cancelled_reason=event.reason,
                cancelled_note=event.note,
            )
        case _:
            return view


def with_shipment(view: OrderView, event: OrderShipped) -> OrderView:
    status: Status = "shipped" if event.is_complete else "partly-shipped"
    shipments = (*view.shipments, shipment(event)) if event.lines else view.shipments
    return replace(view, status=unless_returned(view, status), shipments=shipments)


def with_return(view: OrderView, event: OrderReturned) -> OrderView:
    return replace(
        view,
        status="returned" if event.is_complete else "partly-returned",
        returns=(*view.returns, return_of(event)),
        returned_goods_cents=view.returned_goods_cents + event.goods_cents,
        returned_net_cents=view.returned_net_cents + event.net_cents,
    )


def unless_returned(view: OrderView, status: Status) -> Status:
    return view.status if view.returns else status


ORDERS = ReadModel(
    name="checkout.orders",
    version=5,
    topics=("checkout",),
    view=OrderView,
    keys=keys,
    project=project,
    lists=ListOptions(("user", "customer", "status", "order_number"), ("placed_at", "net_cents")),
    gathers=0.5,
)
