"""A checkout: attempts ask for holds and end; at most one becomes the order, or waits for approval.

Only this stream decides how holds end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from checkout.approval import submission
from checkout.approval.submission import (
    Approve,
    Change,
    Reject,
    RequestApproval,
    SubmissionCommand,
    Withdraw,
)
from checkout.order.state import (
    Asking,
    Empty,
    Free,
    Order,
    OrderEvent,
    Placed,
    Submitted,
    check_cart,
    endings,
    evolve,
    last_attempt,
    runs,
)
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    HoldsAsked,
    OrderPlaced,
    OrderSubmitted,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class AskHolds:
    """Open the attempt `asked.attempt`; the one before it, if it still runs, ends `because`.

    `cart_version` is that of the cart on the server whose content is asked for, as in the other
    commands; None for lines that the request brings.
    `change`: take the place of a submission.
    """

    asked: HoldsAsked
    because: str
    cart_version: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class TakeOff:
    attempt: int
    because: str


@dataclass(frozen=True, slots=True)
class PlaceWithHolds:
    """Order or submit what the running attempt holds; `order.attempt` names it."""

    order: OrderPlaced | OrderSubmitted
    cart_version: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceWithoutHolds:
    """Order or submit without any hold.

    `instead_of`: only if this attempt still runs; None: in any case. `change`: take the place of a
    submission.
    """

    order: OrderPlaced | OrderSubmitted
    because: str
    instead_of: int | None = None
    cart_version: int | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Lapse:
    """`now` comes from the timer, which fires after the deadline, or the end of a submission."""

    attempt: int
    now: datetime


type Command = AskHolds | TakeOff | PlaceWithHolds | PlaceWithoutHolds | SubmissionCommand | Lapse


class AttemptOverError(RefusedError):
    """The attempt that a step belongs to has ended: the cart has to be priced again."""

    code = "attempt-over"

    def __init__(self) -> None:
        super().__init__("Dieser Bestellversuch ist beendet.")


def decide(command: Command, order: Order) -> Sequence[OrderEvent]:
    match command:
        case AskHolds():
            return ask(command, order)
        case TakeOff():
            return take_off(command, order)
        case PlaceWithHolds():
            return place_held(command, order)
        case PlaceWithoutHolds():
            return place_plain(command, order)
        case RequestApproval() | Approve() | Reject() | Withdraw():
            return submission.decide(command, order)
        case Lapse():
            return lapse(command, order)


def ask(command: AskHolds, order: Order) -> Sequence[OrderEvent]:
    replaced, order = submission.make_way(command.change, order)
    if command.asked.attempt != last_attempt(order, command.asked.user) + 1:
        raise AttemptOverError
    check_cart(order, command.cart_version)
    return [*replaced, *endings(order, command.because), command.asked]


def take_off(command: TakeOff, order: Order) -> Sequence[OrderEvent]:
    if not runs(order, command.attempt):
        raise AttemptOverError
    return endings(order, command.because)


def place_held(command: PlaceWithHolds, order: Order) -> Sequence[OrderEvent]:
    last_attempt(order, command.order.user)
    if not runs(order, command.order.attempt):
        raise AttemptOverError
    check_cart(order, command.cart_version)
    return [command.order]


def place_plain(command: PlaceWithoutHolds, order: Order) -> Sequence[OrderEvent]:
    replaced, order = submission.make_way(command.change, order)
    last = last_attempt(order, command.order.user)
    if command.instead_of is not None and not runs(order, command.instead_of):
        raise AttemptOverError
    check_cart(order, command.cart_version)
    # An attempt of its own, so that the order is not taken for the end of an earlier one.
    own = replace(command.order, attempt=last + 1)
    return [*replaced, *endings(order, command.because), own]


def lapse(command: Lapse, order: Order) -> Sequence[OrderEvent]:
    match order:
        case Asking(asked) if runs(order, command.attempt) and command.now >= asked.deadline:
            return [
                CheckoutLapsed(
                    order_id=asked.order_id,
                    dealer=asked.dealer,
                    customer=asked.customer,
                    user=asked.user,
                    attempt=asked.attempt,
                    deadline=asked.deadline,
                    voucher_asked=asked.voucher_code is not None,
                    reward_asked=asked.reward_id is not None,
                )
            ]
        case Submitted(submitted) if (
            submitted.attempt == command.attempt and command.now >= submitted.expires_at
        ):
            return submission.expire(submitted)
        case Empty() | Asking() | Free() | Submitted() | Placed():
            return []


ORDER_DECIDER: Decider[Command, Order, OrderEvent] = Decider("order", Empty(), decide, evolve)


def order_history(dealer: str, order_id: str, user: str = "") -> History[Order, OrderEvent]:
    """The first commit fixes the key, so only what opens a checkout has to name its user."""
    return History(Stream(f"order/{dealer}/{order_id}", f"{dealer}/{user}"), ORDER_DECIDER)
