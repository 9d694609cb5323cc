"""Whatever happens in whatever order: points are neither lost nor made (X-2, X-4, lesson 14)."""

from datetime import datetime, timedelta

import msgspec
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    TERMS,
    USER,
    booking,
    cancelled,
    ending,
    euros_ordered,
    holding,
    line,
    placed,
    programme,
    reaching,
    returned,
    rewarded,
    rules_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from bonus.account.correction import ConsentToCorrection, Correct
from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.expiry import ExpirePoints
from bonus.account.lots import MAX_PAGE_LOTS
from bonus.account.movements import Movement
from bonus.account.movements import keys as moved
from bonus.account.movements import project as move
from bonus.account.opening import OpenBalance, OpeningLot
from bonus.account.opt_out import AskToLeave, Leave, Rejoin
from bonus.account.schedule import MOMENTS
from bonus.account.state import Account, AccountEvent
from bonus.account.view import AccountView, at_instant, balance_of, project
from bonus.programme.versions import Active
from bonus.text.decider import Texts
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    PointsCredited,
    PointsDebited,
    PointsExpired,
    PointsForfeited,
    PointsReversed,
    ProgrammeLeft,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.contracts.checkout import Moment
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.errors import RefusedError

ORDERS = [f"o{number}" for number in range(6)]
LATER = APRIL_1 + timedelta(days=100)

orders = st.sampled_from(ORDERS)
instants = st.integers(0, 60).map(lambda days: MARCH_1 + timedelta(days=days))
moments = st.sampled_from(MOMENTS)
no_wait = msgspec.structs.replace(TERMS, pending_days=0)
rules = st.builds(
    lambda claw_back, months: programme(
        terms=msgspec.structs.replace(no_wait, claw_back=claw_back, expires_after_months=months)
    ),
    st.sampled_from(("negative", "negative", "pending", "balance")),
    st.sampled_from((None, None, 1, 12)),
)


def order_with_reward(
    order_id: str, attempt: int, euros: int, at: datetime, points_on: Moment, rules: Active
) -> Command:
    order = placed(
        order_id,
        line(euros * 25, quantity=4),
        reward=rewarded(order_id, attempt),
        at=at,
        points_on=points_on,
    )
    return booking(order, rules=rules)


def some_returned(order_id: str, return_id: str, pieces: int, before: int) -> Command:
    """Whatever checkout may say, in whatever order."""
    shares = (msgspec.structs.replace(line(1_000, quantity=4), reward_cents=500),)
    order = placed(order_id, *shares, reward=rewarded(order_id))
    return returned(order, return_id, {1: pieces}, {1: before})


commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(euros_ordered, orders, st.integers(0, 120), instants),
    st.builds(
        order_with_reward, orders, st.integers(1, 3), st.integers(0, 120), instants, moments, rules
    ),
    st.builds(
        some_returned,
        orders,
        st.sampled_from(("r1", "r2", "r3")),
        st.integers(1, 4),
        st.integers(0, 3),
    ),
    st.builds(reaching, orders, moments, instants),
    st.builds(
        lambda order_id, attempt, now: holding(order_id, attempt, now=now),
        orders,
        st.integers(1, 3),
        instants,
    ),
    st.builds(ending, orders, st.integers(1, 3), instants),
    st.builds(cancelled, orders),
    st.builds(lambda at: AskToLeave(DEALER, CUSTOMER, USER, "c", at), instants),
    st.builds(lambda at: Leave(DEALER, CUSTOMER, USER, "c", at), instants),
    st.builds(
        lambda at: Rejoin(DEALER, CUSTOMER, USER, Texts().to_accept, rules_of(programme()), at),
        instants,
    ),
    st.builds(lambda at: ExpirePoints(DEALER, USER, at), instants),
    st.builds(
        lambda number, points, at: Correct(
            f"k{number}", DEALER, CUSTOMER, USER, points, "Kulanz", "chef", at
        ),
        st.integers(1, 9),
        st.integers(-500, 500).filter(bool),
        instants,
    ),
    st.builds(
        lambda number, at: ConsentToCorrection(f"k{number}", "b", at), st.integers(1, 9), instants
    ),
    st.builds(
        lambda points, last, at: OpenBalance(
            DEALER, CUSTOMER, USER, (OpeningLot(points, MARCH_1.date(), last),), at, "old", at
        ),
        st.integers(1, 300),
        st.sampled_from((None, APRIL_1.date())),
        instants,
    ),
)


def balance(history: list[AccountEvent]) -> int:
    """Accrued - redeemed - reversed + returned, less what was forfeited or expired."""
    total = 0
    for event in history:
        match event:
            case PointsAccrued() | RewardReturned() | PointsCredited():
                total += event.points
            case RewardRedeemed() | PointsForfeited() | PointsExpired() | PointsDebited():
                total -= event.points
            case PointsReversed():
                total += event.let_off - event.points
            case RewardReleased():
                total -= event.forfeited
            case ProgrammeLeft():
                total += event.let_off
            case _:
                pass
    return total


def held(state: Account) -> int:
    return sum(hold.points for hold in state.holds.values())


def waiting(state: Account) -> int:
    return sum(
        booked.lot.points for booked in state.orders.values() if booked.waits_for and booked.lot
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(commands, max_size=40))
def test_the_balance_is_in_lots_held_or_waiting_less_the_debt(
    script: list[Command],
) -> None:
    history: list[AccountEvent] = []
    state = Account()
    view: AccountView | None = None
    movements: dict[str, Movement | None] = {}
    for command in script:
        try:
            events = ACCOUNT_DECIDER.decide(command, state)
        except RefusedError:
            continue
        for event in events:
            state = ACCOUNT_DECIDER.evolve(state, event)
            view = project(view, event)
            for key in moved(event):
                movements[key] = move(movements.get(key), event)
        history += events
        assert state.lots.points + held(state) + waiting(state) - state.owed == balance(history)
        assert state.owed >= 0
        assert state.owed == 0 or state.lots.points == 0
        assert all(lot.points > 0 for page in state.lots.pages for lot in page.lots)
        if not isinstance(command, AskToLeave):
            assert not ACCOUNT_DECIDER.decide(command, state)  # a repeat changes nothing
        if state.has_left:
            assert state.lots.points == waiting(state) == 0
    assert ACCOUNT_DECIDER.fold(history) == state
    assert sum(one.points for one in movements.values() if one) == balance(history)
    if view is not None:
        now = at_instant(view, LATER)
        assert (view.points_held, view.points_owed) == (held(state), state.owed)
        assert view.points_waiting == waiting(state) == sum(lot.points for lot in view.waiting)
        assert now.active_points == state.lots.matured(day_of(LATER))
        assert now.pending_points == view.points_waiting
        beyond_debt = state.lots.points + waiting(state) > state.owed
        assert view.has_points == (held(state) > 0 or beyond_debt)
        assert balance_of(view) == balance(history)
        assert view.has_left == state.has_left
        shown = [lot for page in state.lots.pages for lot in page.lots]
        assert [(lot.lot_id, lot.points, lot.active_from) for lot in view.lots] == [
            (lot.lot_id, lot.points, lot.active_from) for lot in shown
        ]


def test_the_ten_thousandth_order_is_as_cheap_as_the_first() -> None:
    """Measured in allocated objects, since clocks vary: pages of lots. (The book is a `Map`.)"""
    state = Account()
    for number in range(10_000):
        at = MARCH_1 + timedelta(days=number % 40)
        for event in ACCOUNT_DECIDER.decide(euros_ordered(f"o{number}", 1, at), state):
            before, state = state, ACCOUNT_DECIDER.evolve(state, event)
    old_lots = {id(page) for page in before.lots.pages}
    assert sum(id(page) not in old_lots for page in state.lots.pages) <= 2
    assert len(state.lots.pages) <= 10_000 / MAX_PAGE_LOTS * 2 + 1
