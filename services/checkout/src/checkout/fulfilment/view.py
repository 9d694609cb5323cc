"""Shipments and returns of an order, as people read them."""

from datetime import datetime

from checkout.fulfilment.reasons import reason_in_german
from zugabe_events.contracts.checkout import (
    CancelReason,
    OrderReturned,
    OrderShipped,
    ReturnedLine,
    Shipped,
    Totals,
)
from zugabe_events.domain.event import Fact


class ShipmentView(Fact, frozen=True):
    """`is_complete`: with it, everything had left the warehouse."""

    shipment_id: str
    lines: tuple[Shipped, ...]
    is_complete: bool
    shipped_at: datetime


class ReturnView(Fact, frozen=True):
    """`totals` is the amount to pay back, with `shipping_cents` of it for shipping.

    `gifts` have to come back, or do not leave; `unshipped`: nor did the lines. `because` is the
    reason in German. `note` is sealed in the read model, and answers say what the caller may see.
    """

    return_id: str
    lines: tuple[ReturnedLine, ...]
    gifts: tuple[Shipped, ...]
    goods_cents: int
    net_cents: int
    shipping_cents: int
    totals: Totals
    is_complete: bool
    is_cancellation: bool
    reason: CancelReason
    because: str
    note: str | None
    returned_at: datetime
    unshipped: bool


def shipment(event: OrderShipped) -> ShipmentView:
    return ShipmentView(event.shipment_id, event.lines, event.is_complete, event.shipped_at)


def return_of(event: OrderReturned) -> ReturnView:
    return ReturnView(
        return_id=event.return_id,
        lines=event.lines,
        gifts=event.gifts,
        goods_cents=event.goods_cents,
        net_cents=event.net_cents,
        shipping_cents=event.shipping_cents,
        totals=event.totals,
        is_complete=event.is_complete,
        is_cancellation=event.is_cancellation,
        reason=event.reason,
        because=reason_in_german(event.reason),
        note=event.note,
        returned_at=event.returned_at,
        unshipped=event.unshipped,
    )
