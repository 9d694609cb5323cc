"""Holds of orders that wait for their approval, up to 60 days (X-1, X-26)."""

from dataclasses import replace
from datetime import timedelta

from bonus_tests.samples import (
    APRIL_1,
    booking,
    ending,
    euros_ordered,
    holding,
    line,
    placed,
    rewarded,
)

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.hold import AttemptOverError, HoldReward
from bonus.account.refusals import PointsMissingError
from bonus.account.state import ENDED_TTL, AccountEvent
from zugabe_events.contracts.bonus import RewardHeld, RewardRedeemed, RewardReleased
from zugabe_testing.deciders import given

DAY = timedelta(days=1)
DEADLINE = APRIL_1 + 60 * DAY


def submitting(attempt: int = 1, days: int = 0) -> HoldReward:
    return replace(holding("o9", attempt, deadline=DEADLINE), now=APRIL_1 + days * DAY)


def after(*commands: Command) -> list[AccountEvent]:
    history: list[AccountEvent] = []
    for command in commands:
        history += ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
    return history


def decided(history: list[AccountEvent], command: Command) -> list[AccountEvent]:
    return [*ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))]


def test_points_of_a_submitted_order_are_its_own_until_the_last_day() -> None:
    """X-1, X-26"""
    history = after(euros_ordered("o1", 60), submitting())
    elsewhere = holding("o8", now=APRIL_1 + 59 * DAY)
    given(ACCOUNT_DECIDER, *history).when(elsewhere).refused(PointsMissingError)
    given(ACCOUNT_DECIDER, *history).when(submitting(days=59)).then()
    order = placed("o9", line(9_000), reward=rewarded("o9"), at=DEADLINE)
    redeemed = decided(history, booking(order, now=DEADLINE))[0]
    assert isinstance(redeemed, RewardRedeemed)
    assert (redeemed.points, redeemed.unheld, redeemed.owed) == (50, (), 0)


def test_points_of_a_submission_that_expired_are_free_again() -> None:
    """X-26"""
    history = after(euros_ordered("o1", 60), submitting())
    [released] = decided(history, ending("o9", now=DEADLINE, deadline=DEADLINE))
    assert isinstance(released, RewardReleased)
    assert decided([*history, released], holding("o8", now=DEADLINE))


def test_a_rejected_attempt_is_remembered_as_long_as_its_hold_might_have_lasted() -> None:
    """X-1: whatever else ends meanwhile, a late request for it holds nothing."""
    history = after(euros_ordered("o1", 60), ending("o9", deadline=DEADLINE))
    for day in range(1, 60, 7):
        at = APRIL_1 + day * DAY
        history += decided(history, ending(f"e{day}", now=at, deadline=at))
    given(ACCOUNT_DECIDER, *history).when(submitting(days=59)).refused(AttemptOverError)
    assert decided(history, submitting(attempt=2, days=59))
    past = DEADLINE + ENDED_TTL + DAY
    history += decided(history, ending("last", now=past, deadline=past))
    assert set(ACCOUNT_DECIDER.fold(history).ended) == {"last"}


def test_changed_lines_take_over_the_points_of_the_submission_before() -> None:
    """X-26: an approver changed the order; the end of the first attempt comes later."""
    history = after(euros_ordered("o1", 60), submitting())
    released, held = decided(history, submitting(attempt=2, days=30))
    assert isinstance(released, RewardReleased)
    assert isinstance(held, RewardHeld)
    assert held.lots == released.lots
    history += [released, held]
    late = ending("o9", now=APRIL_1 + 30 * DAY, deadline=DEADLINE)
    given(ACCOUNT_DECIDER, *history).when(late).then()
    given(ACCOUNT_DECIDER, *history).when(submitting(days=31)).refused(AttemptOverError)
