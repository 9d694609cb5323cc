"""Approval, withdrawal, rejection and expiry at once, over a real log: one of them wins (X-26)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from uuid import uuid4

import pytest
from checkout_tests.fakes import NOON, Shop, context

from checkout.approval.needs import end_of_waiting
from checkout.approval.submission import Reject, Withdraw
from checkout.main import SERVICE
from checkout.numbers.allocator import OrderNumbers
from checkout.order.decider import Command, order_history
from checkout.order.state import OrderEvent
from checkout.order.timer import lapse
from zugabe_events.contracts.checkout import OrderPlaced, SubmissionEnded, VoucherTakenOff
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_testing.counted_store import counted_store

ROUNDS = 30
EXPIRES = end_of_waiting(NOON, 14)
LINES = [{"article": "0017", "quantity": 3}]

type Events = tuple[OrderEvent, ...]


def nothing(_: None, __: Events) -> Sequence[OrderEvent]:
    return ()


def appended(events: Events, event: OrderEvent) -> Events:
    return (*events, event)


EVENTS: Decider[None, Events, OrderEvent] = Decider("events", (), nothing, appended)


@pytest.fixture
async def store(mongo_url: str, shop: Shop) -> AsyncGenerator[MongoEventStore]:
    """That of the service, which shows orders of customer c1 to an approver."""
    shop.told.sold("0017", "10.00", "Ordner")
    shop.told.approval("always")
    async with counted_store(mongo_url, SERVICE.own) as (store, _):
        shop.store = store  # type: ignore[assignment]  # instead of the one in memory
        shop.numbers = OrderNumbers(store, uuid4)
        yield store


async def approve(shop: Shop, order_id: str) -> str:
    """The status of the order, or why it was refused."""
    answer = await shop.ask("POST", f"/orders/{order_id}/approval", {"attempt": 1}, "boss")
    body = answer.json()
    return str(body["status"] if answer.status_code == 200 else body["code"])


async def in_another_process(other: MongoEventStore, order_id: str, command: Command) -> str:
    history = order_history("d1", order_id)
    try:
        await handle(other, history, command, context(), attempt=uuid4())
    except RefusedError as refusal:
        return refusal.code
    return "done"


async def expire(other: MongoEventStore, order_id: str) -> str:
    """The timer's clock is ahead of the approver's."""
    await lapse(other, f"d1/{order_id}/1/submitted", context(EXPIRES))
    return "rung"


@pytest.mark.parametrize("against", ["expiry", "withdrawal", "rejection", "all"])
async def test_one_of_those_who_decide_at_once_wins(
    shop: Shop, store: MongoEventStore, against: str
) -> None:
    """X-26"""
    other = MongoEventStore(store.db, store.identity, SERVICE.own)
    for number in range(ROUNDS):
        order_id = f"o{number}"
        answer = await shop.place(order_id, "otto", lines=LINES, voucher_code="TEN")
        assert answer.status_code == 202
        rivals: dict[str, Awaitable[str]] = {}
        if against in ("expiry", "all"):
            rivals["expiry"] = expire(other, order_id)
        if against in ("withdrawal", "all"):
            rivals["withdrawal"] = in_another_process(other, order_id, Withdraw("otto", NOON))
        if against in ("rejection", "all"):
            rivals["rejection"] = in_another_process(other, order_id, Reject(1, "deputy", NOON))
        answered, *outcomes = await asyncio.gather(approve(shop, order_id), *rivals.values())

        stream = order_history("d1", order_id).stream
        events = await state_of(other, History(stream, EVENTS))
        placed = [event for event in events if isinstance(event, OrderPlaced)]
        ended = [event for event in events if isinstance(event, SubmissionEnded)]
        assert len(placed) + len(ended) == 1, "one wins"
        if placed:
            assert answered == "placed"
            assert "done" not in outcomes
            assert not any(isinstance(event, VoucherTakenOff) for event in events)
        else:
            assert answered == f"submission-{ended[0].outcome}"
            assert events[-2].stored_as in ("voucher-taken-off", "checkout-lapsed")
