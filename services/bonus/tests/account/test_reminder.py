"""Users are told by mail of points that will expire (Q10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    TAKES_PART,
    TERMS,
    USER,
    booking,
    line,
    placed,
    programme,
)

from bonus.account.decider import ACCOUNT_DECIDER, account_history, pool_account_history
from bonus.account.move import MoveIn, MoveOut
from bonus.account.order import BookOrder
from bonus.account.reminder import RemindOfExpiry
from bonus.account.reminder_timer import due, fire, render
from bonus.account.state import Account, AccountEvent
from bonus.pool.decider import AppointManager, PoolPoints, pool_history
from zugabe_events.contracts.bonus import PointsAccrued, PointsExpiryAnnounced, PointsMovedOut
from zugabe_events.contracts.checkout import Person
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import state_of
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.event_store import InMemoryEventStore

YEAR = programme(terms=msgspec.structs.replace(TERMS, expires_after_months=12))
MUSTER = Person("Max Muster", "muster@example.org", "Sehr geehrter Herr Muster")
NOBODY = Person("", "")
DAY = timedelta(days=1)
FEBRUARY_12 = datetime(2027, 2, 12, 11, tzinfo=UTC)
"""30 days before 14.03.2027, at noon in Berlin."""


def ordered(order_id: str, euros: int, days: int = 0, who: Person = MUSTER) -> BookOrder:
    order = placed(order_id, line(euros * 100), at=MARCH_1 + days * DAY)
    return booking(msgspec.structs.replace(order, orderer=who), rules=YEAR)


def state_after(*commands: BookOrder | RemindOfExpiry) -> Account:
    state = Account()
    for command in commands:
        for event in ACCOUNT_DECIDER.decide(command, state):
            state = ACCOUNT_DECIDER.evolve(state, event)
    return state


def reminded(at: datetime, state: Account) -> Sequence[AccountEvent]:
    return ACCOUNT_DECIDER.decide(RemindOfExpiry(DEALER, USER, at), state)


def test_the_timer_fires_at_noon_thirty_days_before_the_last_day() -> None:
    """Q10"""
    [accrued] = ACCOUNT_DECIDER.decide(ordered("o1", 60), Account())
    schedule = due(ReceivedEvent("e1", accrued, "account/d1/u1", APRIL_1))
    assert schedule is not None
    assert schedule.at == FEBRUARY_12
    assert isinstance(accrued, PointsAccrued)
    assert accrued.recipient == MUSTER
    unending = msgspec.structs.replace(accrued, active_until=None)
    assert due(ReceivedEvent("e1", unending, "account/d1/u1", APRIL_1)) is None
    short = msgspec.structs.replace(accrued, active_until=accrued.active_from + 5 * DAY)
    soon = due(ReceivedEvent("e1", short, "account/d1/u1", APRIL_1))
    assert soon is not None
    assert soon.at == datetime(2026, 3, 15, 11, tzinfo=UTC)


def test_one_mail_covers_two_weeks() -> None:
    """Q10"""
    orders = [ordered(f"o{day}", 10, day) for day in range(20)]
    state = state_after(*orders)
    assert reminded(FEBRUARY_12 - DAY, state) == []
    [announced] = reminded(FEBRUARY_12, state)
    assert isinstance(announced, PointsExpiryAnnounced)
    assert (announced.points, announced.first_day) == (150, date(2027, 3, 14))
    assert (announced.last_day, announced.announced_until) == (date(2027, 3, 28),) * 2
    state = ACCOUNT_DECIDER.evolve(state, announced)
    assert [reminded(FEBRUARY_12 + days * DAY, state) for days in range(15)] == [[]] * 15
    [later] = reminded(FEBRUARY_12 + 15 * DAY, state)
    assert isinstance(later, PointsExpiryAnnounced)
    assert later.last_day == date(2027, 4, 2)


def test_points_are_announced_up_to_their_last_day() -> None:
    """Q10: a timer that fires late still tells of those that can be used today."""
    state = state_after(ordered("o1", 60))
    [announced] = reminded(FEBRUARY_12 + 30 * DAY, state)
    assert isinstance(announced, PointsExpiryAnnounced)
    assert (announced.points, announced.last_day) == (60, date(2027, 3, 14))
    assert reminded(FEBRUARY_12 + 31 * DAY, state) == []


def test_nobody_is_told_of_points_that_are_used_or_whose_address_is_not_known() -> None:
    """Q10"""
    assert reminded(FEBRUARY_12, Account()) == []
    unknown = booking(placed("o1", line(6_000)), rules=YEAR)
    assert reminded(FEBRUARY_12, state_after(unknown)) == []


def test_the_mail_says_how_many_points_and_until_when() -> None:
    """Q10"""
    [announced] = reminded(FEBRUARY_12, state_after(ordered("o1", 60), ordered("o2", 1_200, 3)))
    mail = render(ReceivedEvent("e1", announced, "account/d1/u1", FEBRUARY_12))
    assert mail is not None
    assert mail.to == "muster@example.org"
    assert mail.text.startswith(
        "Sehr geehrter Herr Muster,\n\nauf Ihrem Bonuskonto sind 1.260 Punkte nur noch bis zum"
        " 17.03.2027 gültig, die ersten davon bis zum 14.03.2027."
    )
    [single] = reminded(FEBRUARY_12, state_after(ordered("o1", 1)))
    mail = render(ReceivedEvent("e2", single, "account/d1/u1", FEBRUARY_12))
    assert mail is not None
    assert "auf Ihrem Bonuskonto ist 1 Punkt nur noch bis zum 14.03.2027 gültig." in mail.text
    assert render(ReceivedEvent("e3", placed("o1"), "order", FEBRUARY_12)) is None


async def test_the_timer_announces_once() -> None:
    """Q10"""
    store = InMemoryEventStore("bonus", lambda: FEBRUARY_12)
    context = Context("timer", "policy", DEALER, FEBRUARY_12, "correlation")
    history = account_history(DEALER, USER)
    order = ordered("o1", 60, who=NOBODY)
    await handle(store, history, order, context, attempt=derived_id("o1"))
    for _ in range(2):
        await fire(store, f"{DEALER}/{USER}/2027-03-14", context)
    assert len(store.commits) == 2


async def test_managers_are_told_of_points_that_users_share() -> None:
    """Q10, BO-33: the single users, whose orders earned them, are not bothered."""
    store = InMemoryEventStore("bonus", lambda: FEBRUARY_12)
    context = Context("timer", "policy", DEALER, FEBRUARY_12, "correlation")

    async def run(history: History[Any, Any], command: object, name: str) -> None:
        await handle(store, history, command, context, attempt=derived_id(name))

    chief = Person("Erika Chefin", "chefin@example.org", "Sehr geehrte Frau Chefin")
    own, bosses = account_history(DEALER, USER), account_history(DEALER, "boss")
    of_boss = ordered("o2", 5, who=NOBODY)
    of_boss = replace(of_boss, order=msgspec.structs.replace(of_boss.order, user="boss"))
    customer = pool_history(DEALER, CUSTOMER)
    await run(own, ordered("o1", 60, who=NOBODY), "o1")
    await run(bosses, of_boss, "o2")
    await run(customer, PoolPoints(DEALER, CUSTOMER, TAKES_PART, FEBRUARY_12), "pool")
    await run(customer, AppointManager(DEALER, CUSTOMER, "boss", FEBRUARY_12), "boss")
    pool = await state_of(store, customer)
    for user, history in ((USER, own), ("boss", bosses)):
        await run(history, MoveOut(DEALER, CUSTOMER, user, pool, FEBRUARY_12), f"out {user}")
        commit, _ = store.commits[-1]
        moved = commit.events[0]
        assert isinstance(moved, PointsMovedOut)
        await run(pool_account_history(DEALER, CUSTOMER), MoveIn(moved), f"in {user}")
    before = len(store.commits)
    for _ in range(2):
        await fire(store, f"{DEALER}/{USER}/2027-03-14/{CUSTOMER}", context)
    assert len(store.commits) == before + 1
    commit, _ = store.commits[-1]
    [announced] = commit.events
    assert isinstance(announced, PointsExpiryAnnounced)
    assert (announced.user, announced.pool, announced.points) == ("boss", CUSTOMER, 65)
    announced = msgspec.structs.replace(announced, recipient=chief)
    mail = render(ReceivedEvent("e1", announced, "account/d1/pool:c1", FEBRUARY_12))
    assert mail is not None
    assert mail.to == "chefin@example.org"
    assert mail.text.startswith(
        "Sehr geehrte Frau Chefin,\n\nauf dem Bonuskonto Ihres Unternehmens sind 65 Punkte nur noch"
        " bis zum 14.03.2027 gültig."
    )
