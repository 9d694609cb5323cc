"""Read model of carts of users, in which they find theirs again on another device."""

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from checkout.cart.content import items
from zugabe_events.contracts.checkout import (
    CartChanged,
    CartItem,
    OrderPlaced,
    OrderSubmitted,
    SubmissionEnded,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ListOptions, ReadModel

type CartStatus = Literal["open", "submitted", "ordered"]

LISTED: tuple[CartStatus, ...] = ("open", "submitted")


class SavedCart(Fact, frozen=True):
    """A cart on the server. An ordered one has no `lines` any more: they are in its order.

    One that was submitted for approval opens again if it gets none.
    """

    dealer: str
    cart_id: str
    customer: str
    user: str
    version: int
    status: CartStatus
    lines: tuple[CartItem, ...]
    changed_at: datetime


def keys(event: Event) -> tuple[str, ...]:
    """Anonymous carts are found by nothing but their id and key."""
    match event:
        case CartChanged(key_hash=""):
            return (f"{event.dealer}/{event.order_id}",)
        case OrderPlaced() | OrderSubmitted() | SubmissionEnded():
            return (f"{event.dealer}/{event.order_id}",)
        case _:
            return ()


def project(view: SavedCart | None, event: Event) -> SavedCart | None:
    match view, event:
        case _, CartChanged():
            return after(view, event)
        case SavedCart(), OrderPlaced():
            return replace(view, status="ordered", lines=())
        case SavedCart(status="open"), OrderSubmitted():
            return replace(view, status="submitted")
        case SavedCart(status="submitted"), SubmissionEnded():
            return replace(view, status="open")
        case _:
            return view


def after(view: SavedCart | None, event: CartChanged) -> SavedCart:
    quantities = {line.article: line.quantity for line in view.lines} if view else {}
    quantities |= {line.article: line.quantity for line in event.lines}
    return SavedCart(
        dealer=event.dealer,
        cart_id=event.order_id,
        customer=event.customer,
        user=event.user,
        version=event.version,
        status="open",
        lines=items(quantities),
        changed_at=event.changed_at,
    )


CARTS = ReadModel(
    name="checkout.carts",
    version=1,
    topics=("checkout",),
    view=SavedCart,
    keys=keys,
    project=project,
    indexes=(("dealer", "user", "status", "changed_at", "_id"),),
    lists=ListOptions(("user",), ("changed_at",)),
    gathers=0.5,
)
