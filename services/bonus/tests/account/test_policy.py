"""The events of checkout that concern bonus points, and the accounts they concern."""

from dataclasses import replace

import pytest
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    TAKES_PART,
    USER,
    cancelled,
    line,
    placed,
    programme,
    returned,
    rules_of,
)

from bonus.account.order import BookOrder, EndAttempt
from bonus.account.policy import react
from bonus.account.schedule import SchedulePoints
from bonus.account.undo import CancelOrder
from bonus.customer.decider import customer_history
from bonus.pool.decider import Pool, pool_history
from bonus.programme.decider import programme_history
from bonus.programme.versions import Versions
from bonus.text.decider import Texts, texts_history
from zugabe_events.contracts.bonus import RewardAttemptEnded
from zugabe_events.contracts.checkout import (
    CheckoutLapsed,
    Moment,
    OrderConfirmed,
    OrderNumbersReserved,
    OrderShipped,
    ReturnPeriodEnded,
    RewardTakenOff,
)
from zugabe_events.domain.event import Event
from zugabe_events.domain.policy import ReceivedEvent


def reactions(event: Event) -> list[tuple[str, object]]:
    received = ReceivedEvent("e1", event, "order/d1/o1", APRIL_1)
    known = {
        programme_history(DEALER).stream.id: Versions((programme(),)),
        customer_history(DEALER, CUSTOMER).stream.id: TAKES_PART,
        texts_history(DEALER).stream.id: Texts(),
        pool_history(DEALER, CUSTOMER).stream.id: Pool(),
    }
    return [
        (one.target.stream.id, one.command(*[known[read.stream.id] for read in one.reads]))
        for one in react(received)
    ]


def lapsed(*, reward_asked: bool) -> CheckoutLapsed:
    return CheckoutLapsed("o1", DEALER, CUSTOMER, USER, 2, APRIL_1, True, reward_asked)


def test_an_order_is_booked_on_its_users_account_by_the_rules_of_its_dealer() -> None:
    order = placed("o1", line(100))
    assert reactions(order) == [("account/d1/u1", BookOrder(order, rules_of(programme()), APRIL_1))]


def test_a_cancelled_order_is_undone_on_the_same_account() -> None:
    """X-2"""
    [(target, command)] = reactions(cancelled("o1").order)
    assert target == "account/d1/u1"
    assert isinstance(command, CancelOrder)


def test_a_return_is_undone_on_the_same_account() -> None:
    """X-3"""
    command = returned(placed("o1", line(100)), "r1", {1: 1})
    assert reactions(command.returned) == [("account/d1/u1", command)]


OF_ORDER = ("o1", "n-o1", DEALER, CUSTOMER, USER)


@pytest.mark.parametrize(
    ("event", "moment"),
    [
        (OrderConfirmed(*OF_ORDER, APRIL_1), "confirmed"),
        (OrderShipped(*OF_ORDER, "s1", (), False, APRIL_1), "confirmed"),
        (OrderShipped(*OF_ORDER, "s2", (), True, APRIL_1), "shipped"),
        (ReturnPeriodEnded(*OF_ORDER, APRIL_1), "return-period-over"),
    ],
)
def test_a_step_of_an_order_is_a_moment_that_points_may_wait_for(
    event: OrderConfirmed | OrderShipped | ReturnPeriodEnded, moment: Moment
) -> None:
    """S6: a part of an order is shipped only after its confirmation."""
    assert reactions(event) == [("account/d1/u1", SchedulePoints(event, moment, APRIL_1))]


def test_an_attempt_without_an_order_ends() -> None:
    """X-1"""
    off = RewardTakenOff("o1", DEALER, CUSTOMER, USER, 2, APRIL_1, "cart-changed")
    end = EndAttempt(RewardAttemptEnded("o1", 2, DEALER, USER, APRIL_1, APRIL_1), "cart-changed")
    unexpected = replace(end, is_expected=False)
    assert reactions(off) == [("account/d1/u1", end), ("account/d1/pool:c1", unexpected)]
    assert len(reactions(lapsed(reward_asked=True))) == 2


def test_what_is_no_matter_of_points_is_passed_over() -> None:
    assert reactions(lapsed(reward_asked=False)) == []
    assert reactions(OrderNumbersReserved(DEALER, 1, 100)) == []
