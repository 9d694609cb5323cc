"""Points that wait for their order (S6)."""

from datetime import date, timedelta

import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    TERMS,
    USER,
    booking,
    cancelled,
    euros_ordered,
    holding,
    line,
    placed,
    programme,
    reaching,
    returned,
    rewarded,
)

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.refusals import PointsMissingError
from bonus.account.schedule import MOMENTS
from bonus.account.state import AccountEvent
from zugabe_events.contracts.bonus import PointsAccrued, PointsReversed, PointsScheduled
from zugabe_events.contracts.checkout import Moment
from zugabe_testing.deciders import given

EARLIEST = date(2026, 3, 15)


def waiting(moment: Moment, euros: int = 80) -> Command:
    return booking(placed("o1", line(100, quantity=euros), points_on=moment))


def after(*commands: Command) -> list[AccountEvent]:
    history: list[AccountEvent] = []
    for command in commands:
        history += ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
    return history


def decided(history: list[AccountEvent], command: Command) -> list[AccountEvent]:
    return [*ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))]


def scheduled(points: int, settled: int, active_from: date) -> PointsScheduled:
    return PointsScheduled(
        lot_id="o1",
        ordinal=1,
        order_id="o1",
        dealer=DEALER,
        customer=CUSTOMER,
        user=USER,
        points=points,
        settled=settled,
        active_from=active_from,
        waited_for="shipped",
        reached_at=APRIL_1,
    )


def test_points_wait_until_their_order_is_shipped() -> None:
    """S6: the later of both days counts."""
    [accrued] = after(waiting("shipped"))
    assert isinstance(accrued, PointsAccrued)
    assert (accrued.points, accrued.waits_for, accrued.active_from) == (80, "shipped", EARLIEST)
    assert accrued.explanation.endswith(
        "Einlösbar, sobald die Bestellung vollständig versandt ist, frühestens ab 15.03.2026."
    )
    given(ACCOUNT_DECIDER, accrued).when(holding("o9")).refused(PointsMissingError)
    given(ACCOUNT_DECIDER, accrued).when(reaching("o1", "shipped")).then(
        scheduled(80, 0, APRIL_1.date())
    )


def test_points_that_waited_still_wait_for_their_pending_days() -> None:
    """BO-41, S6"""
    soon = MARCH_1 + timedelta(days=2)
    history = after(waiting("shipped"), reaching("o1", "shipped", soon))
    given(ACCOUNT_DECIDER, *history).when(holding("o9", now=soon)).refused(PointsMissingError)
    assert decided(history, holding("o9", now=MARCH_1 + timedelta(days=14)))


@pytest.mark.parametrize("waits_for", MOMENTS[1:])
@pytest.mark.parametrize("reached", MOMENTS)
def test_an_order_has_passed_all_moments_before_the_one_it_came_to(
    waits_for: Moment, reached: Moment
) -> None:
    """S6"""
    events = decided(after(waiting(waits_for)), reaching("o1", reached))
    assert bool(events) == (MOMENTS.index(reached) >= MOMENTS.index(waits_for))


def test_points_are_scheduled_once_and_only_if_they_wait() -> None:
    history = after(waiting("confirmed"), reaching("o1", "confirmed"))
    given(ACCOUNT_DECIDER, *history).when(reaching("o1", "shipped")).then()
    given(ACCOUNT_DECIDER, *after(euros_ordered("o1", 9))).when(reaching("o1", "shipped")).then()
    given(ACCOUNT_DECIDER).when(reaching("o1", "shipped")).then()


def test_points_that_wait_pay_no_debt_before_they_are_scheduled() -> None:
    """X-4: they are not the user's yet."""
    history = after(booking(placed("o8", line(50), reward=rewarded("o8"))), waiting("shipped"))
    assert ACCOUNT_DECIDER.fold(history).owed == 50
    assert isinstance(history[-1], PointsAccrued)
    assert history[-1].settled == 0
    given(ACCOUNT_DECIDER, *history).when(reaching("o1", "shipped")).then(
        scheduled(80, 50, APRIL_1.date())
    )


def test_a_return_takes_from_the_points_that_wait() -> None:
    """X-3, S6"""
    order = placed("o1", line(100, quantity=80), points_on="shipped")
    history = after(booking(order), euros_ordered("o2", 50))
    [reversed_] = decided(history, returned(order, "r1", {1: 20}))
    assert isinstance(reversed_, PointsReversed)
    assert (reversed_.points, reversed_.waiting, reversed_.lots, reversed_.owed) == (20, 20, (), 0)
    history.append(reversed_)
    given(ACCOUNT_DECIDER, *history).when(reaching("o1", "shipped")).then(
        scheduled(60, 0, APRIL_1.date())
    )


def test_a_cancelled_order_has_nothing_that_waits() -> None:
    """X-2, S6"""
    history = after(waiting("shipped"), cancelled("o1"))
    assert isinstance(history[-1], PointsReversed)
    assert (history[-1].points, history[-1].waiting) == (80, 80)
    given(ACCOUNT_DECIDER, *history).when(reaching("o1", "shipped")).then()


def test_an_order_below_the_minimum_of_its_dealer_earns_nothing() -> None:
    """S6"""
    order = placed("o1", line(1_999))
    with_minimum = msgspec.structs.replace(order.earning, minimum_cents=2_000)
    given(ACCOUNT_DECIDER).when(
        booking(msgspec.structs.replace(order, earning=with_minimum))
    ).then()


def test_no_pending_days_count_from_the_moment() -> None:
    rules = programme(terms=msgspec.structs.replace(TERMS, pending_days=0))
    order = placed("o1", line(8_000), points_on="confirmed")
    history = after(booking(order, rules=rules), reaching("o1", "confirmed"))
    assert isinstance(history[-1], PointsScheduled)
    assert history[-1].active_from == APRIL_1.date()
