"""State of a checkout: empty, with or without an attempt, submitted, or ordered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from checkout.cart.refusals import CartStaleError
from zugabe_events.contracts.checkout import (
    ApprovalRequested,
    CartChanged,
    CartClosed,
    CartEvent,
    CheckoutLapsed,
    HoldsAsked,
    OrderCancelled,
    OrderConfirmed,
    OrderDelivered,
    OrderPlaced,
    OrderReturned,
    OrderShipped,
    OrderStep,
    OrderSubmitted,
    ReturnPeriodEnded,
    RewardTakenOff,
    SubmissionEnded,
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
    | OrderStep
)


@dataclass(frozen=True, slots=True)
class Empty:
    pass


@dataclass(frozen=True, slots=True)
class Asking:
    """`ended` is how the latest submission ended, if there was one."""

    asked: HoldsAsked
    cart_version: int = 0
    ended: SubmissionEnded | None = None


@dataclass(frozen=True, slots=True)
class Free:
    """No attempt runs; `last` is the number of the latest one, 0 if there is only a cart.

    `cart_version` is that of the cart on the server, 0 without one. The user of an anonymous cart
    is "". `ended` is the latest submission.
    """

    user: str
    last: int
    cart_version: int = 0
    ended: SubmissionEnded | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """The attempt waits for approval, with what it holds."""

    order: OrderSubmitted
    cart_version: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """It became an order, whatever comes of that: `fulfilment` folds the same stream."""

    user: str
    customer: str


type Order = Empty | Asking | Free | Submitted | Placed


class AlreadyOrderedError(RefusedError):
    """This checkout is an order already; another cart needs another order id."""

    code = "already-ordered"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung wurde bereits aufgegeben.")


class AlreadySubmittedError(RefusedError):
    """The order waits for approval; it has to be withdrawn before another takes its place."""

    code = "already-submitted"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung wartet auf Freigabe. Sie können sie zurückziehen.")


class OrderIdTakenError(RefusedError):
    """Another user checks out under this id."""

    code = "order-id-taken"

    def __init__(self) -> None:
        super().__init__("Diese Bestellkennung gehört zu einem anderen Benutzer.")


def evolve(order: Order, event: OrderEvent) -> Order:
    match event:
        case CartChanged():
            return with_cart(order, event)
        case HoldsAsked():
            return Asking(event, cart_version_of(order), ended_submission(order))
        case VoucherTakenOff() | RewardTakenOff() | CheckoutLapsed():
            version, ended = cart_version_of(order), ended_submission(order)
            return Free(event.user, event.attempt, version, ended)
        case OrderSubmitted():
            return Submitted(event, cart_version_of(order))
        case SubmissionEnded():
            return Free(event.user, event.attempt, cart_version_of(order), event)
        case OrderPlaced():
            return Placed(event.user, event.customer)
        case (
            CartClosed()
            | ApprovalRequested()
            | OrderConfirmed()
            | OrderShipped()
            | OrderDelivered()
            | ReturnPeriodEnded()
            | OrderReturned()
            | OrderCancelled()
        ):
            return order


def with_cart(order: Order, event: CartChanged) -> Order:
    match order:
        case Empty():
            return Free(event.user, 0, event.version)
        case Asking() | Free() | Submitted():
            return replace(order, cart_version=event.version)
        case Placed():
            return order


def ended_submission(order: Order) -> SubmissionEnded | None:
    match order:
        case Asking(ended=ended) | Free(ended=ended):
            return ended
        case Empty() | Submitted() | Placed():
            return None


def runs(order: Order, attempt: int) -> bool:
    return isinstance(order, Asking) and order.asked.attempt == attempt


def cart_version_of(order: Order) -> int:
    match order:
        case (
            Asking(cart_version=version)
            | Free(cart_version=version)
            | Submitted(cart_version=version)
        ):
            return version
        case Empty() | Placed():
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
        case Submitted(submitted) if submitted.user == user:
            raise AlreadySubmittedError
        case Placed(owner) if owner == user:
            raise AlreadyOrderedError
        case Asking() | Free() | Submitted() | Placed():
            raise OrderIdTakenError


def endings(order: Order, because: str) -> Sequence[OrderEvent]:
    """Events that end what the attempt holds or asks for: one for each kind of offer."""
    match order:
        case Asking(asked):
            has_asked = asked.voucher_code is not None, asked.reward_id is not None
            return taken_off(asked, asked.deadline, because, *has_asked)
        case Submitted(submitted):
            holds = submitted.voucher is not None, submitted.reward is not None
            return taken_off(submitted, submitted.expires_at, because, *holds)
        case Empty() | Free() | Placed():
            return []


def taken_off(
    attempt: HoldsAsked | OrderSubmitted,
    deadline: datetime,
    because: str,
    voucher: bool,
    reward: bool,
) -> Sequence[OrderEvent]:
    return [
        kind(
            order_id=attempt.order_id,
            dealer=attempt.dealer,
            customer=attempt.customer,
            user=attempt.user,
            attempt=attempt.attempt,
            deadline=deadline,
            reason=because,
        )
        for kind, is_affected in ((VoucherTakenOff, voucher), (RewardTakenOff, reward))
        if is_affected
    ]
