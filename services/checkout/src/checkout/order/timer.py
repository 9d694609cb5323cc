"""Timer that lets an attempt lapse after its deadline; the stream itself decides (X-1)."""

from checkout.order.decider import Lapse, order_history
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    HoldsAsked,
    OrderPlaced,
    RewardTakenOff,
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
        case OrderPlaced(voucher=None, reward=None):
            return None  # nothing was held for it
        case VoucherTakenOff() | RewardTakenOff() | CheckoutLapsed() | OrderPlaced() as end:
            return Cancel(timer_key(end))
        case _:
            return None


def timer_key(
    event: HoldsAsked | VoucherTakenOff | RewardTakenOff | CheckoutLapsed | OrderPlaced,
) -> str:
    return f"{event.dealer}/{event.order_id}/{event.attempt}"


async def lapse(store: EventStore, key: str, context: Context) -> None:
    """Changes nothing when the attempt has ended, or before its deadline."""
    dealer, order_id, attempt = key.split("/")
    command = Lapse(int(attempt), context.at)
    firing = derived_id("checkout.lapse", key)
    await handle(store, order_history(dealer, order_id), command, context, attempt=firing)
