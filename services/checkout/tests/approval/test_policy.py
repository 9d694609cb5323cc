"""Approvers are asked once for each order that waits for them."""

from datetime import timedelta

import pytest
from checkout_tests.fakes import NOON, context, ordered
from checkout_tests.submissions import approval, sealed_person, submitted

from checkout.approval.policy import APPROVALS
from checkout.approval.submission import Withdraw
from checkout.order.cart import Cart
from checkout.order.decider import Command, PlaceWithoutHolds, order_history
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from checkout.terms.customer_terms import customer_terms_history
from zugabe_events.contracts.checkout import (
    ApprovalRequested,
    ApproverNamed,
    ApproverRemoved,
    OrderSubmitted,
)
from zugabe_events.domain.event import derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.policies import react

GOODS = at_own_prices((CartLine("0017", "g", "b", 2, 1_000),))
ANNA = sealed_person("anna")
cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), (), (), None, orderer=ANNA)
waiting = submitted(ordered(cart, GOODS, ""))


def named(user: str) -> ApproverNamed:
    return ApproverNamed("d1", "c1", user, sealed_person(user))


@pytest.fixture
async def store() -> InMemoryEventStore:
    """Cleo approves for the customer, Bert does no more, and Anna has come to do so."""
    store = InMemoryEventStore("checkout", lambda: NOON)
    events = (
        named("bert"),
        named("cleo"),
        ApproverRemoved("d1", "c1", "bert"),
        named("anna"),
    )
    stream = customer_terms_history("d1", "c1").stream
    await store.append([Commit(derived_id("test", "named"), stream, 1, events, context())])
    return store


async def do(store: InMemoryEventStore, command: Command, step: str) -> None:
    history = order_history("d1", "o1", "anna")
    await handle(store, history, command, context(), attempt=derived_id("test", step))


async def requests(store: InMemoryEventStore, event: OrderSubmitted) -> list[ApprovalRequested]:
    await react(store, APPROVALS, ReceivedEvent("m1", event, "order/d1/o1", NOON))
    return [
        event
        for commit, _ in store.commits
        for event in commit.events
        if isinstance(event, ApprovalRequested)
    ]


async def test_each_approver_is_asked_but_the_orderer(store: InMemoryEventStore) -> None:
    """X-26"""
    await do(store, PlaceWithoutHolds(waiting, ""), "submit")
    [request] = await requests(store, waiting)
    assert (request.approver, request.person) == ("cleo", named("cleo").person)
    assert (request.orderer_name, request.positions, request.net_cents) == (ANNA.name, 1, 2_000)
    assert request.expires_at == waiting.expires_at


async def test_nobody_is_asked_for_an_order_that_waits_no_more(store: InMemoryEventStore) -> None:
    await do(store, PlaceWithoutHolds(waiting, ""), "submit")
    await do(store, Withdraw("anna", NOON + timedelta(minutes=1)), "withdraw")
    assert await requests(store, waiting) == []


async def test_approvers_are_not_asked_for_what_only_the_dealer_reviews(
    store: InMemoryEventStore,
) -> None:
    """S1"""
    for left in (
        submitted(ordered(cart, GOODS, ""), "order-value"),
        submitted(ordered(cart, GOODS, ""), approvals=(approval("staff", "order-value"),)),
    ):
        assert APPROVALS.react(ReceivedEvent("m1", left, "order/d1/o1", NOON)) == []
