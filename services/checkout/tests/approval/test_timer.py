"""A submission has a timer of its own, beside that of its attempt (X-26)."""

from datetime import timedelta

import pytest
from checkout_tests.fakes import NOON, context, ordered, voucher_for
from checkout_tests.submissions import EXPIRES, approval, approved, submitted

from checkout.approval.submission import Withdraw
from checkout.approval.waiting import SubmissionOverError
from checkout.order.cart import Cart
from checkout.order.decider import AskHolds, PlaceWithHolds, order_history
from checkout.order.timer import due, lapse
from checkout.peer.ports import Buyer
from checkout.pricing.goods import CartLine, at_own_prices
from zugabe_events.contracts.checkout import CheckoutLapsed, SubmissionEnded
from zugabe_events.domain.event import Event, derived_id
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Cancel, Schedule
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore

DEADLINE = NOON + timedelta(minutes=10)
GOODS = at_own_prices((CartLine("0017", "g", "b", 2, 1_000),))
cart = Cart("o1", Buyer("d1", "c1", "anna", NOON), (), ("TEN",), None)
asked = cart.holds(GOODS, 1, DEADLINE, codes=("TEN",), reward_id=None)
waiting = submitted(ordered(cart, GOODS, "", 1, (), [voucher_for(GOODS.lines, "o1/1")]))
KEY = "d1/o1/1/submitted"


def due_for(event: Event) -> Schedule | Cancel | None:
    return due(ReceivedEvent("m1", event, "order/d1/o1", NOON))


def test_a_submission_expires_at_its_end_unless_it_ends_before() -> None:
    assert due_for(asked) == Schedule("d1/o1/1", DEADLINE)
    assert due_for(waiting) == Schedule(KEY, EXPIRES)
    assert due_for(approved(waiting, "1000001", approval("cleo", "customer"))) == Cancel(KEY)
    assert due_for(submitted(ordered(cart, GOODS, "", 1))) == Schedule(KEY, EXPIRES)


async def test_both_timers_fire_and_only_the_end_of_the_submission_frees_its_holds() -> None:
    store = InMemoryEventStore("checkout", lambda: NOON)
    history = order_history("d1", "o1", "anna")
    for step, command in enumerate((AskHolds(asked, ""), PlaceWithHolds(waiting))):
        attempt = derived_id("test", str(step))
        await handle(store, history, command, context(), attempt=attempt)
    await lapse(store, "d1/o1/1", context(DEADLINE + timedelta(seconds=1)))
    assert len(store.commits) == 2
    await lapse(store, KEY, context(EXPIRES))
    await lapse(store, KEY, context(EXPIRES))
    lapsed, ended = store.commits[-1][0].events
    assert len(store.commits) == 3
    assert isinstance(lapsed, CheckoutLapsed)
    assert isinstance(ended, SubmissionEnded)
    assert ended.outcome == "expired"
    assert due_for(ended) == Cancel(KEY)
    with pytest.raises(SubmissionOverError):
        await handle(
            store, history, Withdraw("anna", EXPIRES), context(), attempt=derived_id("test", "late")
        )
