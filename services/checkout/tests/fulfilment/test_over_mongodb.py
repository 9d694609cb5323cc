"""Two processes over one real log: whatever happens to an order at once, it adds up."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from uuid import UUID, uuid4

import pytest
from checkout_tests.fakes import context
from checkout_tests.placed_orders import MORNING, line, order

from checkout.conduct.policy import CONDUCT
from checkout.fulfilment.cancelling import Cancel
from checkout.fulfilment.decider import Command, fulfilment_history
from checkout.fulfilment.returning import Return
from checkout.fulfilment.state import Cancelled, Placed
from checkout.fulfilment.steps import Ship
from checkout.order.decider import PlaceWithoutHolds, order_history
from zugabe_events.contracts.checkout import (
    CheckoutEvent,
    OrderCancelled,
    OrderConfirmed,
    OrderReturned,
    OrderShipped,
)
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Event, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, connect, database, deploy_log

ORDERED = order(line(1, 7, 6_993), line(2, 3, 100), voucher_cents=700, shipping_cents=490)


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
async def stores(db: Database) -> Sequence[MongoEventStore]:
    """The log as two processes see it, after an order was placed."""
    identity = await deploy_log(db, uuid4(), 4)
    types = EventTypes.of(CheckoutEvent)
    stores = [MongoEventStore(db, identity, types) for _ in range(2)]
    command = PlaceWithoutHolds(ORDERED, "")
    await handle(
        stores[0], order_history("d1", "o1", "anna"), command, context(), attempt=uuid4(), new=True
    )
    return stores


async def do(
    store: MongoEventStore, command: Command, attempt: UUID | None = None
) -> Sequence[Event]:
    """The events of a command; none if it is refused."""
    history = fulfilment_history("d1", "o1")
    try:
        handled = await handle(store, history, command, context(), attempt=attempt or uuid4())
    except RefusedError:
        return ()
    return handled.events


def back(return_id: str, **pieces: int) -> Return:
    by_number = {int(name[1:]): quantity for name, quantity in pieces.items()}
    return Return(return_id, by_number, "damaged", None, by_buyer=True, at=MORNING)


async def test_returns_at_once_give_back_all_of_an_order_and_no_more(
    stores: Sequence[MongoEventStore],
) -> None:
    """X-3: twelve who each return a piece of what there is seven and three of."""
    await do(stores[0], Ship("s1", None, MORNING))
    wanted = [back(f"r{number}", _1=1) for number in range(8)]
    wanted += [back(f"q{number}", _2=1) for number in range(4)]
    answers = await asyncio.gather(
        *(do(stores[at % 2], command) for at, command in enumerate(wanted))
    )
    returned = [one for events in answers for one in events if isinstance(one, OrderReturned)]
    assert len(returned) == 10
    pieces = Counter(line.number for one in returned for line in one.lines)
    assert pieces == {1: 7, 2: 3}
    assert ORDERED.totals
    assert sum(one.totals.gross_cents for one in returned) == ORDERED.totals.gross_cents
    assert [one.is_complete for one in returned].count(True) == 1
    for store in stores:
        state = await state_of(store, fulfilment_history("d1", "o1"))
        assert isinstance(state, Placed)
        assert state.is_returned
        assert len(state.returns) == 10


@pytest.mark.parametrize("first", [0, 1])
async def test_an_order_is_shipped_or_cancelled_and_never_both(
    stores: Sequence[MongoEventStore], first: int
) -> None:
    """X-2"""
    cancel = Cancel("other", None, by_buyer=True, at=MORNING)
    commands: list[Command] = [Ship("s1", None, MORNING), cancel]
    answers = await asyncio.gather(
        do(stores[0], commands[first]), do(stores[1], commands[1 - first])
    )
    happened = [type(event) for events in answers for event in events]
    assert happened in ([OrderConfirmed, OrderShipped], [OrderCancelled])
    state = await state_of(stores[1], fulfilment_history("d1", "o1"))
    assert isinstance(state, Cancelled) == (happened == [OrderCancelled])


async def test_the_same_return_in_two_processes_is_taken_once(
    stores: Sequence[MongoEventStore], db: Database
) -> None:
    """X-12"""
    await do(stores[0], Ship("s1", None, MORNING))
    attempt = uuid4()
    answers = await asyncio.gather(
        *(do(stores[at % 2], back("r1", _1=2), attempt) for at in range(4))
    )
    assert len({events for events in answers}) == 1
    stored = [one async for one in db.commits.find({"stream": "order/d1/o1"})]
    names = [event["name"] for commit in stored for event in commit["events"]]
    assert names.count("order-returned") == 1


async def test_a_cancellation_counts_once_for_its_user(
    stores: Sequence[MongoEventStore],
) -> None:
    """S6"""
    [cancelled] = await do(stores[0], Cancel("other", None, by_buyer=True, at=MORNING))
    [reaction] = CONDUCT.react(ReceivedEvent("m1", cancelled, "order/d1/o1", MORNING))
    for store in stores:
        command = reaction.command()
        await handle(store, reaction.target, command, context(), attempt=uuid4())
    state = await state_of(stores[1], reaction.target)
    assert state.recent == (("o1", MORNING),)
