"""Timer that ends the return period of an order whose earning waits for that (S6)."""

from checkout.fulfilment.decider import fulfilment_history
from checkout.fulfilment.steps import EndReturnPeriod
from zugabe_events.contracts.checkout import OrderDelivered, OrderShipped
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule
from zugabe_events.eventstore.command_handler import handle


def due(received: ReceivedEvent) -> Schedule | None:
    """Delivery sets a timer of its own; that of shipping then fires in vain, as after a return."""
    match received.event:
        case OrderShipped(return_ends_at=at) | OrderDelivered(return_ends_at=at) as step if at:
            return Schedule(f"{step.dealer}/{step.order_id}/{step.stored_as}", at)
        case _:
            return None


async def end_return_period(store: EventStore, key: str, context: Context) -> None:
    """Changes nothing before the end of the period, or when nothing is left of the order."""
    dealer, order_id, _ = key.split("/")
    history = fulfilment_history(dealer, order_id)
    firing = derived_id("checkout.end-return-period", key)
    await handle(store, history, EndReturnPeriod(context.at), context, attempt=firing)
