"""Points expire by lot, some months after they became available (Q10)."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    DEALER,
    MARCH_1,
    TERMS,
    USER,
    booking,
    ending,
    holding,
    line,
    placed,
    programme,
    reaching,
)

from bonus.account.decider import ACCOUNT_DECIDER, Command, account_history
from bonus.account.expiry import ExpirePoints, last_day
from bonus.account.expiry_timer import due, fire
from bonus.account.state import Account, AccountEvent, available
from bonus.account.view import AccountView, at_instant, project
from zugabe_events.contracts.bonus import PointsAccrued, PointsExpired, RewardHeld
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore

YEAR = programme(terms=msgspec.structs.replace(TERMS, expires_after_months=12))
MONTH = programme(terms=msgspec.structs.replace(TERMS, expires_after_months=1))
LAST = date(2027, 3, 14)
"""Of points that are available from 15.03.2026."""


def run(*commands: Command) -> tuple[list[AccountEvent], Account]:
    events: list[AccountEvent] = []
    state = Account()
    for command in commands:
        for event in ACCOUNT_DECIDER.decide(command, state):
            state = ACCOUNT_DECIDER.evolve(state, event)
            events.append(event)
    return events, state


def expiring(at: datetime) -> ExpirePoints:
    return ExpirePoints(DEALER, USER, at)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 3, 1), 1, date(2026, 3, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 120, date(2036, 12, 30)),
        (date(2026, 11, 30), 1, date(2026, 12, 29)),
    ],
)
def test_the_period_ends_as_the_law_counts_months(first: date, months: int, last: date) -> None:
    """Q10"""
    assert last_day(first, months) == last
    assert last_day(first, None) is None


def test_points_count_to_the_end_of_their_last_day_in_berlin() -> None:
    """Q10: whenever the timer fires."""
    events, state = run(booking(placed("o1", line(6_000)), rules=YEAR))
    [accrued] = events
    assert isinstance(accrued, PointsAccrued)
    assert accrued.active_until == LAST
    assert available(state, LAST) == 60
    assert available(state, LAST + timedelta(days=1)) == 0
    last_moment = datetime(2027, 3, 14, 22, 59, tzinfo=UTC)
    assert ACCOUNT_DECIDER.decide(expiring(last_moment), state) == []
    midnight = last_moment + timedelta(minutes=1)
    [expired] = ACCOUNT_DECIDER.decide(expiring(midnight), state)
    assert isinstance(expired, PointsExpired)
    assert [(lot.lot_id, lot.points) for lot in expired.lots] == [("o1", 60)]
    assert (
        ACCOUNT_DECIDER.decide(expiring(midnight), ACCOUNT_DECIDER.fold([accrued, expired])) == []
    )
    view = project(project(None, accrued), expired)
    assert isinstance(view, AccountView)
    assert (view.points_expired, view.lots, view.has_points) == (60, (), False)


def test_the_account_shows_expired_points_neither_as_active_nor_as_pending() -> None:
    """Q10"""
    [accrued], _ = run(booking(placed("o1", line(6_000)), rules=YEAR))
    view = project(None, accrued)
    assert view is not None
    assert view.lots[0].active_until == LAST
    shown = at_instant(view, datetime(2027, 3, 15, 12, tzinfo=UTC))
    assert (shown.active_points, shown.pending_points) == (0, 0)


def test_debits_take_what_expires_first() -> None:
    """Q10: also when it is younger."""
    events, state = run(
        booking(placed("o1", line(4_000)), rules=YEAR),
        booking(placed("o2", line(4_000), at=MARCH_1 + timedelta(days=1)), rules=MONTH),
        booking(placed("o3", line(4_000)), rules=programme()),
        holding("o9"),
    )
    held = events[-1]
    assert isinstance(held, RewardHeld)
    assert [(lot.lot_id, lot.points) for lot in held.lots] == [("o2", 40), ("o1", 10)]
    assert state.lots.points == 70


def test_points_that_waited_expire_months_after_their_own_day() -> None:
    """Q10, S6"""
    waiting = booking(placed("o1", line(6_000), points_on="shipped"), rules=MONTH)
    events, state = run(waiting, reaching("o1", "shipped", APRIL_1))
    assert isinstance(events[0], PointsAccrued)
    assert events[0].active_until is None
    assert available(state, date(2026, 4, 30)) == 60
    assert available(state, date(2026, 5, 1)) == 0


def test_points_that_come_back_after_their_last_day_expire() -> None:
    """Q10"""
    after = datetime(2026, 4, 20, 12, tzinfo=UTC)
    booked = booking(placed("o1", line(6_000)), rules=MONTH)
    events, state = run(booked, holding("o9"), expiring(after), ending("o9", now=after))
    schedule = due(ReceivedEvent("e1", events[-1], "account/d1/u1", after))
    assert schedule is not None
    assert schedule.at < after
    [expired] = ACCOUNT_DECIDER.decide(expiring(after), state)
    assert isinstance(expired, PointsExpired)
    assert expired.points == 50


async def test_the_timer_lets_points_expire_once() -> None:
    """Q10"""
    now = MARCH_1
    store = InMemoryEventStore("bonus", lambda: now)
    context = Context("timer", "policy", DEALER, now, "correlation")
    history = account_history(DEALER, USER)
    booked = booking(placed("o1", line(6_000)), rules=YEAR)
    await handle(store, history, booked, context, attempt=derived_id("o1"))
    [accrued] = store.commits[0][0].events
    schedule = due(ReceivedEvent("e1", accrued, history.stream.id, now))
    assert schedule is not None
    assert schedule.at == datetime(2027, 3, 14, 23, tzinfo=UTC)
    for _ in range(2):
        at = Context("timer", "policy", DEALER, schedule.at, "correlation")
        await fire(store, schedule.key, at)
    assert (await state_of(store, history)).lots.points == 0
    assert len(store.commits) == 2
    unending = PointsAccrued(**{**msgspec.structs.asdict(accrued), "active_until": None})
    assert due(ReceivedEvent("e1", unending, history.stream.id, APRIL_1)) is None
