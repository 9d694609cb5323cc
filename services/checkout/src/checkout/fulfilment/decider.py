"""An order after it was placed: it is confirmed, shipped, delivered and returned, or cancelled."""

from collections.abc import Sequence

from checkout.fulfilment.cancelling import Cancel, cancel
from checkout.fulfilment.fold import evolve
from checkout.fulfilment.refusals import (
    OrderCancelledError,
    OrderNotFoundError,
)
from checkout.fulfilment.returning import Return, take_back
from checkout.fulfilment.state import Cancelled, NotPlaced, Order, Placed
from checkout.fulfilment.steps import (
    Confirm,
    Deliver,
    EndReturnPeriod,
    Ship,
    confirm,
    deliver,
    end_return_period,
    ship,
    without_rest,
)
from checkout.order.state import AlreadySubmittedError, OrderEvent
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

type Command = Confirm | Ship | Deliver | EndReturnPeriod | Return | Cancel


def decide(command: Command, order: Order) -> Sequence[OrderEvent]:
    match order:
        case Placed():
            return decide_placed(command, order)
        case Cancelled():
            return decide_cancelled(command)
        case NotPlaced(submitted_by=user):
            raise AlreadySubmittedError if user else OrderNotFoundError


def decide_cancelled(command: Command) -> Sequence[OrderEvent]:
    match command:
        case Cancel() | EndReturnPeriod():
            return []
        case Confirm() | Ship() | Deliver() | Return():
            raise OrderCancelledError


def decide_placed(command: Command, order: Placed) -> Sequence[OrderEvent]:
    match command:
        case Confirm():
            return confirm(command, order)
        case Ship():
            return ship(command, order)
        case Deliver():
            return deliver(command, order)
        case EndReturnPeriod():
            return end_return_period(command, order)
        case Return():
            return returned(command, order)
        case Cancel():
            return cancel(command, order)


def returned(command: Return, order: Placed) -> Sequence[OrderEvent]:
    """A return that leaves nothing to ship completes the shipping of what is left of the order."""
    back = take_back(command, order)
    after = FULFILMENT_DECIDER.fold(back, order)
    assert isinstance(after, Placed), "a return ends nothing"
    return [*back, *without_rest(after, command.return_id, command.at)]


FULFILMENT_DECIDER: Decider[Command, Order, OrderEvent] = Decider(
    "order-fulfilment", NotPlaced(), decide, evolve
)


def fulfilment_history(dealer: str, order_id: str) -> History[Order, OrderEvent]:
    """The order's own stream; its first commit, from before it was placed, has fixed the key."""
    return History(Stream(f"order/{dealer}/{order_id}", f"{dealer}/"), FULFILMENT_DECIDER)
