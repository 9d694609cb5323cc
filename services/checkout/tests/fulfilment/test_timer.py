"""S6: the return period ends by a timer, where what was earned waits for it."""

from datetime import timedelta

from checkout_tests.fakes import context
from checkout_tests.placed_orders import MORNING, line, order
from msgspec.structs import replace

from checkout.fulfilment.decider import Command, fulfilment_history
from checkout.fulfilment.steps import Deliver, Ship
from checkout.fulfilment.timer import due, end_return_period
from checkout.order.decider import PlaceWithoutHolds, order_history
from zugabe_events.contracts.checkout import (
    Earning,
    OrderDelivered,
    OrderShipped,
    ReturnPeriodEnded,
)
from zugabe_events.domain.event import Event, derived_id
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore

WAITING = replace(order(line(1)), earning=Earning(vouchers_on="return-period-over"))
END = MORNING.replace(day=16, hour=23)


async def placed(store: InMemoryEventStore) -> None:
    command = PlaceWithoutHolds(WAITING, "")
    history = order_history("d1", "o1", "anna")
    await handle(store, history, command, context(), attempt=derived_id("test", "place"))


async def do(store: InMemoryEventStore, command: Command) -> Event:
    history, attempt = fulfilment_history("d1", "o1"), derived_id("test", repr(command))
    return (await handle(store, history, command, context(), attempt=attempt)).events[-1]


def due_for(event: Event) -> Schedule | None:
    return due(ReceivedEvent("m1", event, "order/d1/o1", MORNING))


async def test_it_ends_once_and_later_for_an_order_that_is_delivered() -> None:
    store = InMemoryEventStore("checkout", lambda: MORNING)
    await placed(store)
    shipped = await do(store, Ship("s1", None, MORNING))
    assert isinstance(shipped, OrderShipped)
    assert due_for(shipped) == Schedule("d1/o1/order-shipped", END)
    delivered = await do(store, Deliver(MORNING + timedelta(days=2)))
    assert isinstance(delivered, OrderDelivered)
    later = END + timedelta(days=2)
    assert due_for(delivered) == Schedule("d1/o1/order-delivered", later)

    before = len(store.commits)
    await end_return_period(store, "d1/o1/order-shipped", context(END))
    assert len(store.commits) == before
    for at in (later, later + timedelta(hours=1)):
        await end_return_period(store, "d1/o1/order-delivered", context(at))
    [ended] = [event for commit, _ in store.commits[before:] for event in commit.events]
    assert isinstance(ended, ReturnPeriodEnded)
    assert ended.ended_at == later


def test_no_timer_is_set_for_what_nothing_waits_for() -> None:
    for event in (WAITING, replace(WAITING, earning=Earning())):
        assert due_for(event) is None
