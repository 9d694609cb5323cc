"""The status of an order, from its present state."""

from typing import Literal

from checkout.fulfilment.state import Cancelled, NotPlaced, Order, Placed

type PlacedStatus = Literal[
    "placed",
    "confirmed",
    "partly-shipped",
    "shipped",
    "delivered",
    "partly-returned",
    "returned",
    "cancelled",
]


def status_of(order: Order) -> PlacedStatus:
    """`placed` for what is not an order yet, too."""
    match order:
        case Cancelled():
            return "cancelled"
        case NotPlaced():
            return "placed"
        case Placed(returns=returns) if returns:
            return "returned" if order.is_returned else "partly-returned"
        case Placed(is_delivered=True):
            return "delivered"
        case Placed(is_shipped=True):
            return "shipped"
        case Placed(shipments=shipments) if shipments:
            return "partly-shipped"
        case Placed(is_confirmed=True):
            return "confirmed"
        case Placed():
            return "placed"
