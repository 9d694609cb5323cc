"""The view of an account."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    USER,
    booking,
    cancelled,
    ending,
    euros_ordered,
    holding,
    line,
    placed,
    reaching,
    returned,
    rewarded,
)

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.shown_lots import MAX_LOTS_SHOWN, Lot, WaitingLot
from bonus.account.state import Account
from bonus.account.view import AccountView, at_instant, balance_of, keys, may_redeem, project


def seen(*commands: Command) -> AccountView:
    state, view = Account(), None
    for command in commands:
        for event in ACCOUNT_DECIDER.decide(command, state):
            state, view = ACCOUNT_DECIDER.evolve(state, event), project(view, event)
            assert keys(event) == ["d1/u1"]
    assert view is not None
    return view


def test_an_account_shows_what_was_earned_held_and_spent() -> None:
    """BO-1"""
    view = seen(
        euros_ordered("o1", 60),
        holding("o8"),
        booking(placed("o8", line(2_000), reward=rewarded("o8"), at=APRIL_1)),
        cancelled("o1"),
        euros_ordered("o2", 100),
        holding("o9"),
    )
    assert (view.customer, view.orders_accrued) == (CUSTOMER, 3)
    assert (view.points_accrued, view.points_redeemed, view.points_reversed) == (180, 50, 60)
    assert (view.points_held, view.points_owed) == (50, 0)
    assert view.lots == (Lot(date(2026, 3, 15), 3, "o2", "o2", 20),)


def test_points_mature_at_midnight_in_berlin() -> None:
    """BO-41, Q11"""
    view = seen(euros_ordered("o1", 60))
    before = at_instant(view, datetime(2026, 3, 14, 22, 59, tzinfo=UTC))
    after = at_instant(view, datetime(2026, 3, 14, 23, 0, tzinfo=UTC))
    assert (before.active_points, before.pending_points) == (0, 60)
    assert (after.active_points, after.pending_points) == (60, 0)


@pytest.mark.parametrize(
    ("ordered", "midnight"),
    [
        (datetime(2026, 3, 15, 22, 30, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (datetime(2026, 10, 11, 21, 30, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (datetime(2026, 12, 18, 12, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_points_mature_on_days_on_which_the_clock_or_the_year_changes(
    ordered: datetime, midnight: datetime
) -> None:
    """BO-41, X-11: fourteen days in Berlin, however many hours they have."""
    view = seen(euros_ordered("o1", 60, ordered))
    before = at_instant(view, midnight - timedelta(seconds=1))
    assert (before.active_points, before.pending_points) == (0, 60)
    after = at_instant(view, midnight)
    assert (after.active_points, after.pending_points) == (60, 0)


@pytest.mark.parametrize(("owed", "has_points"), [(49, True), (50, False), (51, False)])
def test_points_that_a_debt_will_take_cannot_be_redeemed(owed: int, *, has_points: bool) -> None:
    """BO-12, BO-13: nobody waits for them when the programme is closed."""
    view = AccountView(
        dealer=DEALER, customer=CUSTOMER, user=USER, points_waiting=50, points_owed=owed
    )
    assert may_redeem(view) is has_points


def test_a_debt_is_no_negative_number_of_active_points() -> None:
    """X-4"""
    view = seen(euros_ordered("o1", 50), holding("o9"), cancelled("o1"))
    assert view.points_owed == 50
    assert at_instant(view, APRIL_1).active_points == 0


def test_very_many_lots_are_shown_as_one_sum_and_a_few_single_ones() -> None:
    orders = [
        euros_ordered(f"o{number}", 1, MARCH_1 + timedelta(days=number // 10))
        for number in range(MAX_LOTS_SHOWN + 60)
    ]
    view = seen(*orders, holding("h", now=APRIL_1 + timedelta(days=90)), cancelled("o55"))
    assert len(view.lots) == MAX_LOTS_SHOWN
    assert (view.older_points, view.older_active_from) == (9, date(2026, 3, 20))
    now = at_instant(view, APRIL_1 + timedelta(days=90))
    assert (now.active_points, now.pending_points) == (MAX_LOTS_SHOWN + 9, 0)
    assert at_instant(view, MARCH_1).pending_points == MAX_LOTS_SHOWN + 9


def test_only_the_youngest_two_hundred_lots_are_shown_one_by_one() -> None:
    orders = [euros_ordered(f"o{number}", 1) for number in range(201)]
    view = seen(*orders)
    assert (len(view.lots), view.older_points) == (200, 1)
    assert (view.lots[0].lot_id, view.lots[-1].lot_id) == ("o1", "o200")
    assert seen(*orders[:200]).older_points == 0


def test_the_balance_is_what_was_earned_less_what_was_spent_and_taken_back() -> None:
    """BO-1, X-2"""
    story: list[Command] = [
        euros_ordered("o1", 60),
        holding("o8"),
        booking(placed("o8", line(2_000), reward=rewarded("o8"), at=APRIL_1)),
    ]
    assert balance_of(seen(*story)) == 60 - 50 + 20
    assert balance_of(seen(*story, cancelled("o1"))) == 60 - 50 + 20 - 60
    assert balance_of(seen(*story, cancelled("o8"))) == 60


def test_a_debt_is_settled_by_the_next_points() -> None:
    """X-4: of 50 points owed, 30 are settled by the next order and 20 by the one after it."""
    in_debt: list[Command] = [euros_ordered("o1", 50), holding("o9"), cancelled("o1")]
    view = seen(*in_debt, euros_ordered("o2", 30))
    assert (view.points_accrued, view.points_owed, view.lots) == (80, 20, ())
    view = seen(*in_debt, euros_ordered("o2", 30), euros_ordered("o3", 30))
    assert view.points_owed == 0
    assert [(lot.lot_id, lot.points) for lot in view.lots] == [("o3", 10)]


def test_a_debt_is_settled_by_points_that_are_no_longer_held() -> None:
    """X-1, X-4"""
    view = seen(euros_ordered("o1", 50), holding("o9"), cancelled("o1"), ending("o9"))
    assert (view.points_held, view.points_owed, view.lots) == (0, 0, ())


def test_a_reward_that_nothing_was_held_for_is_owed_until_its_order_is_cancelled() -> None:
    """X-2, X-4"""
    story: list[Command] = [
        euros_ordered("o1", 20),
        booking(placed("o9", line(50), reward=rewarded("o9"))),
    ]
    view = seen(*story)
    assert (view.points_redeemed, view.points_held, view.points_owed) == (50, 0, 30)
    assert view.lots == ()
    view = seen(*story, cancelled("o9"))
    assert (view.points_redeemed, view.points_returned, view.points_owed) == (50, 50, 0)
    assert [(lot.lot_id, lot.points) for lot in view.lots] == [("o1", 20)]


def test_points_are_pending_until_the_day_on_which_they_count() -> None:
    """BO-41"""
    view = seen(euros_ordered("o1", 60), euros_ordered("o2", 40, APRIL_1))
    now = at_instant(view, APRIL_1)
    assert (now.active_points, now.pending_points) == (60, 40)


def test_a_sum_of_older_lots_counts_from_the_day_of_the_youngest_of_them() -> None:
    """BO-41"""
    view = seen(*(euros_ordered(f"o{number}", 1) for number in range(201)))
    before = at_instant(view, datetime(2026, 3, 14, 22, 59, tzinfo=UTC))
    after = at_instant(view, datetime(2026, 3, 14, 23, 0, tzinfo=UTC))
    assert (before.active_points, before.pending_points) == (0, 201)
    assert (after.active_points, after.pending_points) == (201, 0)


def test_points_that_wait_are_shown_apart_and_pending() -> None:
    """CH-5, S6"""
    order = placed("o1", line(100, quantity=60), points_on="shipped")
    story: list[Command] = [booking(order), returned(order, "r1", {1: 10})]
    view = seen(*story)
    assert (view.points_accrued, view.points_reversed, view.points_waiting) == (60, 10, 50)
    assert view.waiting == (WaitingLot("o1", 50, "shipped", date(2026, 3, 15)),)
    assert view.lots == ()
    much_later = at_instant(view, APRIL_1 + timedelta(days=900))
    assert (much_later.active_points, much_later.pending_points) == (0, 50)
    assert balance_of(view) == 50
    view = seen(*story, reaching("o1", "shipped"))
    assert (view.points_waiting, view.waiting) == (0, ())
    assert view.lots == (Lot(APRIL_1.date(), 1, "o1", "o1", 50),)
    assert at_instant(view, APRIL_1).active_points == 50
    view = seen(*story, cancelled("o1"))
    assert (view.points_waiting, view.waiting, view.points_reversed) == (0, (), 60)


def test_only_the_latest_two_hundred_lots_that_wait_are_shown_one_by_one() -> None:
    orders = [
        booking(placed(f"o{number}", line(100), points_on="shipped")) for number in range(201)
    ]
    view = seen(*orders)
    assert (len(view.waiting), view.points_waiting) == (200, 201)
    view = seen(*orders, reaching("o0", "shipped"), reaching("o1", "shipped"))
    assert (len(view.waiting), view.points_waiting) == (199, 199)
