"""S6: cycles of ordering and cancelling are noticed."""

from datetime import datetime, timedelta

import pytest
from checkout_tests.fakes import NOON, Shop
from msgspec.structs import replace

from checkout.conduct.decider import CONDUCT_DECIDER, Count, conduct_history
from checkout.conduct.policy import CONDUCT
from zugabe_events.contracts.checkout import (
    CancellationCounted,
    CancellationsNoticed,
    ConductEvent,
    OrderCancelled,
)
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_testing.deciders import given
from zugabe_testing.policies import react


def day(number: int) -> datetime:
    return NOON + timedelta(days=number)


def count(number: int, at: datetime, alarm_after: int = 3) -> Count:
    return Count("d1", "c1", "anna", f"o{number}", at, alarm_after)


def counted(number: int, at: datetime) -> CancellationCounted:
    return CancellationCounted("d1", "anna", f"o{number}", at)


def noticed(cancellations: int, at: datetime) -> CancellationsNoticed:
    return CancellationsNoticed("d1", "c1", "anna", cancellations, at)


def test_cancellations_are_noticed_when_they_reach_the_number_of_the_terms() -> None:
    history = (counted(1, day(0)), counted(2, day(1)))
    given(CONDUCT_DECIDER, *history[:1]).when(count(2, day(1))).then(counted(2, day(1)))
    given(CONDUCT_DECIDER, *history).when(count(3, day(2))).then(
        counted(3, day(2)), noticed(3, day(2))
    )


def test_they_are_noticed_once_for_each_time_that_the_number_is_crossed() -> None:
    three: tuple[ConductEvent, ...] = (*(counted(n, day(n)) for n in (1, 2, 3)), noticed(3, day(3)))
    given(CONDUCT_DECIDER, *three).when(count(4, day(4))).then(counted(4, day(4)))
    quiet: tuple[ConductEvent, ...] = (*three, counted(4, day(40)), counted(5, day(41)))
    given(CONDUCT_DECIDER, *quiet).when(count(6, day(42))).then(
        counted(6, day(42)), noticed(3, day(42))
    )


def test_what_is_thirty_days_old_counts_no_more() -> None:
    history = (counted(1, day(0)), counted(2, day(20)))
    last = day(30) - timedelta(microseconds=1)
    given(CONDUCT_DECIDER, *history).when(count(3, last)).then(counted(3, last), noticed(3, last))
    given(CONDUCT_DECIDER, *history).when(count(3, day(30))).then(counted(3, day(30)))


def test_terms_that_notice_fewer_count_what_was_before() -> None:
    """X-40: the terms are those of the order that was cancelled last."""
    history = tuple(counted(n, day(n)) for n in (1, 2, 3, 4))
    given(CONDUCT_DECIDER, *history).when(count(5, day(5), alarm_after=2)).then(
        counted(5, day(5)), noticed(5, day(5))
    )


def test_an_order_counts_once() -> None:
    given(CONDUCT_DECIDER, counted(1, day(0))).when(count(1, day(0))).then()


@pytest.fixture
async def farmed(shop: Shop) -> Shop:
    """Anna orders and cancels five times, Bert once."""
    for number in range(5):
        await shop.place(f"o{number}")
        await shop.ask("POST", f"/orders/o{number}/cancellation", {"reason": "changed-mind"})
    await shop.place("b1", "bert")
    await shop.ask("POST", "/orders/b1/cancellation", {"reason": "changed-mind"}, "bert")
    await conduct(shop)
    return shop


async def conduct(shop: Shop) -> list[ConductEvent]:
    for event in shop.events:
        received = ReceivedEvent(f"m-{getattr(event, 'order_id', '')}", event, "", shop.now)
        await react(shop.store, CONDUCT, received)
    return [
        event
        for commit, _ in shop.store.commits
        for event in commit.events
        if isinstance(event, CancellationCounted | CancellationsNoticed)
    ]


async def test_staff_see_which_buyers_cancelled_so_often_and_the_buyers_do_not(
    farmed: Shop,
) -> None:
    page = (await farmed.ask("GET", "/buyers?sort=-noticed_at", caller="staff")).json()["items"]
    assert [(one["user"], one["noticed_at"] is not None) for one in page] == [
        ("anna", True),
        ("bert", False),
    ]
    for path in ("/buyers/anna", "/buyers"):
        answer = (await farmed.ask("GET", path)).json()
        assert [one["noticed_at"] for one in answer.get("items", [answer])] == [None]
    assert (await farmed.ask("GET", "/buyers/anna", caller="staff")).json()["noticed_at"]


async def test_orders_of_the_past_and_those_that_the_dealer_cannot_fulfil_do_not_count(
    shop: Shop,
) -> None:
    past = {"placed_at": "2025-01-31T12:00:00Z", "user": "anna", "customer": "c1"}
    for number in range(6):
        await shop.place(f"p{number}", "service", **past)
        await shop.ask("POST", f"/orders/p{number}/cancellation", {"reason": "other"}, "staff")
        await shop.place(f"n{number}")
        gone = {"reason": "not-available"}
        await shop.ask("POST", f"/orders/n{number}/cancellation", gone, "staff")
    assert shop.names.count("order-cancelled") == 12
    assert await conduct(shop) == []


async def test_cancellations_from_before_do_not_count(farmed: Shop) -> None:
    [old, *_] = [event for event in farmed.events if isinstance(event, OrderCancelled)]
    received = ReceivedEvent("m", replace(old, alarm_after_cancellations=None), "", NOON)
    assert CONDUCT.react(received) == []


async def test_counting_an_event_again_changes_nothing(farmed: Shop) -> None:
    before = await conduct(farmed)
    assert await conduct(farmed) == before
    state = await state_of(farmed.store, conduct_history("d1", "anna"))
    assert (len(state.recent), state.has_been_noticed) == (5, True)
