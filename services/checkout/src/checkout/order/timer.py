"""Timer that lets an attempt lapse after its deadline, and a submission expire (X-1, X-26).

The stream itself decides. A submission has a timer of its own: that of its attempt fires in vain.
"""

from checkout.order.decider import Lapse, order_history
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    HoldsAsked,
    OrderPlaced,
    OrderSubmitted,
    RewardTakenOff,
    SubmissionEnded,
    VoucherTakenOff,
)
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule
from zugabe_events.eventstore.command_handler import handle


def due(received: ReceivedEvent) -> Schedule | Cancel | None:
    match received.event:
        case HoldsAsked() as asked:
            return Schedule(timer_key(asked), asked.deadline)
        case OrderSubmitted() as submitted:
            return Schedule(submission_key(submitted), submitted.expires_at)
        case SubmissionEnded() as end:
            return Cancel(submission_key(end))
        case OrderPlaced(approvals=(_, *_)) as end:
            return Cancel(submission_key(end))
        case OrderPlaced(voucher=None, reward=None):
            return None  # nothing was held for it
        case VoucherTakenOff() | RewardTakenOff() | CheckoutLapsed() | OrderPlaced() as end:
            return Cancel(timer_key(end))
        case _:
            return None


type EventOfAttempt = (
    HoldsAsked
    | VoucherTakenOff
    | RewardTakenOff
    | CheckoutLapsed
    | OrderPlaced
    | OrderSubmitted
    | SubmissionEnded
)


def timer_key(event: EventOfAttempt) -> str:
    return f"{event.dealer}/{event.order_id}/{event.attempt}"


def submission_key(event: OrderSubmitted | SubmissionEnded | OrderPlaced) -> str:
    return f"{timer_key(event)}/submitted"


async def lapse(store: EventStore, key: str, context: Context) -> None:
    """Changes nothing when the attempt has ended, or before its deadline."""
    dealer, order_id, attempt = key.removesuffix("/submitted").split("/")
    command = Lapse(int(attempt), context.at)
    firing = derived_id("checkout.lapse", key)
    await handle(store, order_history(dealer, order_id), command, context, attempt=firing)
