"""State of a checkout: empty, with or without a running attempt, ordered, or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from checkout.cart.refusals import CartStaleError
from zugabe_events.contracts.checkout import (
    CartChanged,
    CartClosed,
    CartEvent,
    CheckoutLapsed,
    HoldsAsked,
    OrderCancelled,
    OrderPlaced,
    RewardTakenOff,
    VoucherTakenOff,
)
from zugabe_events.domain.errors import RefusedError

type OrderEvent = (
    CartEvent
    | HoldsAsked
    | VoucherTakenOff
    | RewardTakenOff
    | CheckoutLapsed
    | OrderPlaced
    | OrderCancelled
)


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Asking:
    asked: HoldsAsked
    cart_version: int = 0


@dataclass(frozen=True, slots=True)
class Free:
    """No attempt runs; `last` is the number of the latest one, 0 if there is only a cart.

    `cart_version` is that of the cart on the server, 0 without one. The user of an anonymous cart
    is "".
    """

    user: str
    last: int
    cart_version: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """An order as a cancellation needs it; the lines stay in the log."""

    order_id: str
    order_number: str
    dealer: str
    customer: str
    user: str
    placed_at: datetime
    voucher_hold_id: str | None
    reward_hold_id: str | None
    goods_cents: int
    net_cents: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    user: str


type Order = Empty | Asking | Free | Placed | Cancelled


class AlreadyOrderedError(RefusedError):
    """This checkout is an order already; another cart needs another order id."""

    code = "already-ordered"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung wurde bereits aufgegeben.")


class OrderIdTakenError(RefusedError):
    """Another user checks out under this id."""

    code = "order-id-taken"

    def __init__(self) -> None:
        super().__init__("Diese Bestellkennung gehört zu einem anderen Benutzer.")


def evolve(order: Order, event: OrderEvent) -> Order:
    match event:
        case CartChanged(user=user, version=version):
            match order:
                case Empty():
                    return Free(user, 0, version)
                case Asking() | Free():
                    return replace(order, cart_version=version)
                case Placed() | Cancelled():
                    return order
        case CartClosed():
            return order
        case HoldsAsked():
            return Asking(event, cart_version_of(order))
        case VoucherTakenOff() | RewardTakenOff() | CheckoutLapsed():
            return Free(event.user, event.attempt, cart_version_of(order))
        case OrderPlaced():
            return Placed(
                order_id=event.order_id,
                order_number=event.order_number,
                dealer=event.dealer,
                customer=event.customer,
                user=event.user,
                placed_at=event.placed_at,
                voucher_hold_id=event.voucher.hold_id if event.voucher else None,
                reward_hold_id=event.reward.hold_id if event.reward else None,
                goods_cents=event.goods_cents,
                net_cents=event.net_cents,
            )
        case OrderCancelled():
            return Cancelled(event.user)


def runs(order: Order, attempt: int) -> bool:
    return isinstance(order, Asking) and order.asked.attempt == attempt


def cart_version_of(order: Order) -> int:
    match order:
        case Asking(cart_version=version) | Free(cart_version=version):
            return version
        case Empty() | Placed() | Cancelled():
            return 0


def check_cart(order: Order, version: int | None) -> None:
    """Raises CartStaleError unless this is the present version of the cart, or None."""
    if version is not None and version != (present := cart_version_of(order)):
        raise CartStaleError(present)


def last_attempt(order: Order, user: str) -> int:
    """The latest attempt of a checkout that can still become an order of this user."""
    match order:
        case Empty():
            return 0
        case Asking(asked) if asked.user == user:
            return asked.attempt
        case Free(owner, last) if owner == user:
            return last
        case Asking() | Free():
            raise OrderIdTakenError
        case Placed() | Cancelled():
            raise AlreadyOrderedError


def endings(order: Order, because: str) -> Sequence[OrderEvent]:
    """Events that end the running attempt, if there is one: one for each kind that it asked for."""
    match order:
        case Asking(asked):
            offers = ((VoucherTakenOff, asked.voucher_code), (RewardTakenOff, asked.reward_id))
            return [
                kind(
                    order_id=asked.order_id,
                    dealer=asked.dealer,
                    customer=asked.customer,
                    user=asked.user,
                    attempt=asked.attempt,
                    deadline=asked.deadline,
                    reason=because,
                )
                for kind, offer in offers
                if offer is not None
            ]
        case Empty() | Free() | Placed() | Cancelled():
            return []
