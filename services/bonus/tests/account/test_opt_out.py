"""A user leaves the programme: asked, by name, once; what is on its way is void (Q12)."""

from collections.abc import Sequence
from datetime import timedelta

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

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.opt_out import (
    AskToLeave,
    ConfirmationExpiredError,
    ConfirmationInvalidError,
    Leave,
    PointsChangedError,
    ProgrammeLeftError,
    Rejoin,
)
from bonus.account.state import Account, AccountEvent
from bonus.account.view import AccountView, project
from bonus.text.accepting import AcceptTexts, NotTakingPartError, TextsChangedError
from bonus.text.decider import Texts
from zugabe_events.contracts.bonus import (
    OptOutAsked,
    PointsForfeited,
    ProgrammeLeft,
    ProgrammeRejoined,
    ProgrammeTextsAccepted,
    RewardReleased,
)
from zugabe_events.eventstore.commits import MAX_COMMIT_BYTES, MAX_EVENT_BYTES

HOUR = timedelta(hours=1)
LATER = APRIL_1 + timedelta(days=30)
WAITS = booking(placed("o2", line(3_000), points_on="shipped"))
RULES = rules_of(programme())


def ask(confirmation: str = "c", at: timedelta = timedelta()) -> AskToLeave:
    return AskToLeave(DEALER, CUSTOMER, USER, confirmation, APRIL_1 + at)


def leave(confirmation: str = "c", at: timedelta = timedelta()) -> Leave:
    return Leave(DEALER, CUSTOMER, USER, confirmation, APRIL_1 + at)


def rejoin() -> Rejoin:
    return Rejoin(DEALER, CUSTOMER, USER, Texts().to_accept, RULES, LATER)


def run(*commands: Command) -> tuple[list[AccountEvent], Account]:
    events: list[AccountEvent] = []
    state = Account()
    for command in commands:
        for event in ACCOUNT_DECIDER.decide(command, state):
            state = ACCOUNT_DECIDER.evolve(state, event)
            events.append(event)
    return events, state


def decide(command: Command, state: Account) -> Sequence[AccountEvent]:
    return ACCOUNT_DECIDER.decide(command, state)


def view_of(events: Sequence[AccountEvent]) -> AccountView:
    view: AccountView | None = None
    for event in events:
        view = project(view, event)
    assert view is not None
    return view


def test_leaving_names_and_deletes_active_pending_and_waiting_points() -> None:
    """BO-46"""
    events, state = run(
        euros_ordered("o1", 60), WAITS, euros_ordered("o3", 10, APRIL_1), ask(), leave()
    )
    [asked] = [event for event in events if isinstance(event, OptOutAsked)]
    assert asked.points == 100
    [forfeited] = [event for event in events if isinstance(event, PointsForfeited)]
    assert [(lot.lot_id, lot.points) for lot in forfeited.lots] == [("o1", 60), ("o3", 10)]
    assert [(lot.lot_id, lot.points) for lot in forfeited.waiting] == [("o2", 30)]
    assert forfeited.points == 100
    assert state.lots.points == 0
    view = view_of(events)
    assert (view.points_forfeited, view.points_waiting, view.waiting) == (100, 0, ())
    assert (view.has_left, view.has_points, view.lots) == (True, False, ())


def test_nothing_is_deleted_without_the_confirmation_of_the_question() -> None:
    """BO-45: a stray request, an old or another question, or other points than those named."""
    _, state = run(euros_ordered("o1", 60))
    with pytest.raises(ConfirmationInvalidError):
        decide(leave(), state)
    _, state = run(euros_ordered("o1", 60), ask("c"))
    with pytest.raises(ConfirmationInvalidError):
        decide(leave("d"), state)
    with pytest.raises(ConfirmationExpiredError):
        decide(leave("c", HOUR / 4), state)
    assert decide(leave("c", HOUR / 4 - timedelta(seconds=1)), state)
    _, state = run(euros_ordered("o1", 60), ask("c"), euros_ordered("o2", 1))
    with pytest.raises(PointsChangedError) as changed:
        decide(leave(), state)
    assert changed.value.facts == {"points": 61, "asked_points": 60}
    assert "61 Punkte" in changed.value.detail


def test_a_confirmation_works_once() -> None:
    """BO-45"""
    _, state = run(euros_ordered("o1", 60), ask(), leave())
    assert decide(leave(), state) == []
    with pytest.raises(ProgrammeLeftError):
        decide(ask("d"), state)
    _, state = run(ask(), leave(), rejoin(), euros_ordered("o1", 60, LATER))
    with pytest.raises(ConfirmationInvalidError):
        decide(leave(), state)


def test_older_orders_earn_nothing_whenever_they_are_heard_of() -> None:
    """Q12"""
    _, state = run(ask(), leave())
    assert decide(euros_ordered("o1", 60), state) == []
    assert decide(euros_ordered("o2", 60, LATER), state) == []
    _, state = run(ask(), leave(), rejoin())
    assert decide(euros_ordered("o1", 60), state) == []
    assert decide(euros_ordered("o2", 60, LATER - HOUR), state) == []
    assert len(decide(euros_ordered("o3", 60, LATER), state)) == 1


def test_what_happens_to_older_orders_moves_no_points() -> None:
    """Q12: a return after the opt-out, or the shipping that points waited for."""
    order = placed("o1", line(6_000))
    paid = booking(placed("o9", line(9_000), reward=rewarded("o9"), at=APRIL_1))
    _, state = run(booking(order), WAITS, holding("o9"), paid, ask(), leave())
    for later in (
        returned(order, "r1", {1: 1}),
        cancelled("o1"),
        cancelled("o9"),
        reaching("o2", "shipped"),
        booking(order),
    ):
        assert decide(later, state) == []


def test_an_order_under_way_still_has_its_reward() -> None:
    """Q12: and nothing of it comes back when it is cancelled."""
    paid = booking(placed("o9", line(9_000), reward=rewarded("o9"), at=APRIL_1))
    events, state = run(euros_ordered("o1", 60), holding("o9"), ask(), leave(), paid)
    assert [event.points for event in events if isinstance(event, PointsForfeited)] == [10]
    assert not state.holds
    assert decide(cancelled("o9"), state) == []
    view = view_of(events)
    assert (view.points_held, view.points_redeemed, view.points_forfeited) == (0, 50, 10)


def test_points_of_an_order_that_does_not_come_are_forfeited() -> None:
    """Q12"""
    events, state = run(euros_ordered("o1", 60), holding("o9"), ask(), leave(), ending("o9"))
    [released] = [event for event in events if isinstance(event, RewardReleased)]
    assert (released.points, released.forfeited, released.lots) == (50, 50, ())
    assert state.lots.points == 0
    assert view_of(events).points_forfeited == 60


def test_who_owes_points_owes_none_after_leaving() -> None:
    """BO-47: joining again starts at 0."""
    paid = booking(placed("o9", line(0), reward=rewarded("o9"), at=APRIL_1))
    events, state = run(euros_ordered("o1", 60), holding("o9"), paid, cancelled("o1"), ask())
    assert state.owed == 50
    left = decide(leave(), state)
    assert [event.let_off for event in left if isinstance(event, ProgrammeLeft)] == [50]
    view = view_of([*events, *left])
    assert (view.points_owed, view.points_let_off) == (0, 50)


def test_joining_again_accepts_the_texts_and_starts_at_zero() -> None:
    """BO-47"""
    events, state = run(euros_ordered("o1", 60), ask(), leave())
    with pytest.raises(NotTakingPartError):
        decide(AcceptTexts(DEALER, CUSTOMER, USER, Texts().to_accept, RULES, LATER), state)
    with pytest.raises(TextsChangedError):
        decide(Rejoin(DEALER, CUSTOMER, USER, (), RULES, LATER), state)
    assert decide(rejoin(), state) == [
        ProgrammeRejoined(DEALER, CUSTOMER, USER, LATER),
        ProgrammeTextsAccepted(DEALER, CUSTOMER, USER, Texts().to_accept, LATER),
    ]
    events, state = run(euros_ordered("o1", 60), ask(), leave(), rejoin())
    assert (state.lots.points, state.accepted) == (0, (LATER,))
    assert decide(rejoin(), state) == []
    assert not view_of(events).has_left


def test_ten_thousand_lots_go_in_one_commit() -> None:
    """BO-46: with the longest ids, of points that expire."""
    rules = programme(terms=msgspec.structs.replace(TERMS, expires_after_months=12))
    state = Account()
    for number in range(10_000):
        at = MARCH_1 + timedelta(days=number % 20)
        order = placed(f"{number:064}", line(100), at=at)
        for event in decide(booking(order, rules=rules), state):
            state = ACCOUNT_DECIDER.evolve(state, event)
    for command in (ask(), leave()):
        events = decide(command, state)
        for event in events:
            state = ACCOUNT_DECIDER.evolve(state, event)
    parts = [event for event in events if isinstance(event, PointsForfeited)]
    assert [len(part.lots) for part in parts] == [5_000, 5_000]
    assert state.lots.points == 0
    sizes = [len(msgspec.json.encode(event)) for event in events]
    assert max(sizes) <= MAX_EVENT_BYTES
    assert sum(sizes) <= MAX_COMMIT_BYTES
