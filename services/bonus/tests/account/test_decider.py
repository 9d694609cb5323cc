"""Decisions about points: orders, rewards, and their end."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
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
    programme,
    rewarded,
)

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.hold import AttemptOverError
from bonus.account.refusals import NothingToPayError, PointsMissingError
from bonus.account.state import AccountEvent
from bonus.programme.versions import Draft
from zugabe_events.contracts.bonus import (
    LotShare,
    PointsAccrued,
    PointsReversed,
    RewardAttemptEnded,
    RewardHeld,
    RewardRedeemed,
    RewardReleased,
    RewardReturned,
)
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_testing.deciders import given

ACTIVE = date(2026, 3, 15)


def after(*commands: Command) -> list[AccountEvent]:
    """The events of these commands, one after the other."""
    history: list[AccountEvent] = []
    for command in commands:
        history += ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
    return history


def decided(history: Sequence[AccountEvent], command: Command) -> Sequence[AccountEvent]:
    return ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))


def share(order_id: str, points: int, ordinal: int, active_from: date = ACTIVE) -> LotShare:
    return LotShare(order_id, points, active_from, ordinal)


def test_an_order_earns_a_lot_that_counts_after_the_pending_days() -> None:
    """BO-1, BO-14, BO-41, N-4"""
    [accrued] = after(euros_ordered("o1", 80))
    assert isinstance(accrued, PointsAccrued)
    assert (accrued.points, accrued.active_from, accrued.lot_id) == (80, ACTIVE, "o1")
    assert accrued.programme_version == 7
    assert accrued.explanation.endswith("Programmfassung 7. Einlösbar ab 15.03.2026.")


def test_an_order_without_points_leaves_no_trace() -> None:
    given(ACCOUNT_DECIDER).when(booking(placed("o1", line(99)))).then()
    given(ACCOUNT_DECIDER).when(booking(placed("o1", line(900)), rules=Draft())).then()


def test_the_same_order_earns_once() -> None:
    """Lesson 10"""
    given(ACCOUNT_DECIDER, *after(euros_ordered("o1", 80))).when(euros_ordered("o1", 80)).then()


def test_a_reward_takes_the_oldest_points_and_names_their_lots() -> None:
    """X-1, X-10, lesson 14"""
    history = after(euros_ordered("o2", 30), euros_ordered("o1", 40, MARCH_1 - timedelta(days=1)))
    [held] = decided(history, holding("o9", nets=(700, 300)))
    assert isinstance(held, RewardHeld)
    assert held.lots == (share("o1", 40, 2, date(2026, 3, 14)), share("o2", 10, 1))
    assert (held.base_cents, held.discount_cents, held.shares) == (1_000, 500, (350, 150))
    assert held.explanation == (
        "Prämie „5 € Rabatt“: 50 Punkte für 5,00 € Rabatt auf 10,00 € Nettowarenwert nach"
        " Gutschein; Programmfassung 7."
    )


def test_a_reward_is_never_worth_more_than_there_is_to_pay() -> None:
    """Q26, X-10"""
    [held] = decided(after(euros_ordered("o1", 50)), holding("o9", nets=(120, 0)))
    assert isinstance(held, RewardHeld)
    assert (held.discount_cents, held.shares) == (120, (120, 0))


def test_nothing_to_pay_needs_no_reward() -> None:
    history = after(euros_ordered("o1", 50))
    given(ACCOUNT_DECIDER, *history).when(holding("o9", nets=(0,))).refused(NothingToPayError)


def test_a_single_point_is_said_to_be_missing_in_the_singular() -> None:
    """X-7"""
    history = after(euros_ordered("o1", 49))
    refused = given(ACCOUNT_DECIDER, *history).when(holding("o9")).refused(PointsMissingError)
    assert refused.detail.endswith("fehlt 1 Punkt: Sie kostet 50, einlösbar sind 49.")


def test_pending_points_do_not_pay_until_their_day_in_berlin() -> None:
    """BO-41"""
    history = after(euros_ordered("o1", 80))
    midnight = MARCH_1.replace(day=14, hour=23, minute=0)
    early = holding("o9", now=midnight - timedelta(minutes=1))
    refused = (
        given(ACCOUNT_DECIDER, *history).when(early).refused(PointsMissingError, "points-missing")
    )
    assert refused.facts == {"missing_points": 50, "available_points": 0}
    assert decided(history, holding("o9", now=midnight))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (holding("o9", rules=Draft()), "programme-not-active"),
        (holding("o9", reward_id="ten"), "reward-unknown"),
        (holding("o9", deadline=APRIL_1), "attempt-over"),
    ],
)
def test_a_refusal_has_a_code(command: Command, code: str) -> None:
    """X-7"""
    given(ACCOUNT_DECIDER, *after(euros_ordered("o1", 80))).when(command).refused(
        RefusedError, code
    )


def test_asking_again_finds_the_own_hold() -> None:
    """X-1, lesson 8"""
    history = after(euros_ordered("o1", 60), holding("o9"))
    given(ACCOUNT_DECIDER, *history).when(holding("o9")).then()
    given(ACCOUNT_DECIDER, *history).when(holding("o9", nets=(9,))).refused(
        InvalidError, "hold-differs"
    )


def test_two_checkouts_cannot_hold_the_same_points() -> None:
    """X-1"""
    history = after(euros_ordered("o1", 60), holding("o8"))
    refused = given(ACCOUNT_DECIDER, *history).when(holding("o9")).refused(PointsMissingError)
    assert refused.facts == {"missing_points": 40, "available_points": 10}


def test_a_newer_attempt_replaces_the_older_one_for_ever() -> None:
    """X-1"""
    history = after(euros_ordered("o1", 60), holding("o9", 1))
    released, held = decided(history, holding("o9", 2))
    assert isinstance(released, RewardReleased)
    assert isinstance(held, RewardHeld)
    assert (released.hold_id, held.hold_id) == ("o9/1", "o9/2")
    given(ACCOUNT_DECIDER, *history, released, held).when(holding("o9", 1)).refused(
        AttemptOverError
    )


def test_an_ended_attempt_frees_its_points_and_is_final() -> None:
    history = after(euros_ordered("o1", 60), holding("o9"), ending("o9"))
    released = history[-1]
    assert isinstance(released, RewardReleased)
    assert (released.lots, released.reason) == ((share("o1", 50, 1),), "lapsed")
    given(ACCOUNT_DECIDER, *history).when(ending("o9")).then()
    given(ACCOUNT_DECIDER, *history).when(holding("o9")).refused(AttemptOverError, "attempt-over")
    assert decided(history, holding("o9", 2))


def test_an_attempt_that_ended_before_its_hold_came_is_remembered_beyond_its_deadline() -> None:
    history = after(euros_ordered("o1", 60), ending("o9"))
    assert isinstance(history[-1], RewardAttemptEnded)
    given(ACCOUNT_DECIDER, *history).when(holding("o9")).refused(AttemptOverError)
    much_later = ACCOUNT_DECIDER.fold([*history, *decided(history, ending("o10"))])
    assert set(much_later.ended) == {"o9", "o10"}
    [event] = ACCOUNT_DECIDER.decide(ending("o11", now=APRIL_1 + timedelta(days=3)), much_later)
    assert set(ACCOUNT_DECIDER.evolve(much_later, event).ended) == {"o11"}


def test_an_order_redeems_what_its_checkout_holds_even_after_the_deadline() -> None:
    history = after(euros_ordered("o1", 60), holding("o9"))
    order = placed("o9", line(10_000), reward=rewarded("o9"), at=APRIL_1 + timedelta(hours=2))
    redeemed, accrued = decided(history, booking(order))
    assert isinstance(redeemed, RewardRedeemed)
    assert (redeemed.points, redeemed.unheld, redeemed.owed) == (50, (), 0)
    assert isinstance(accrued, PointsAccrued)
    given(ACCOUNT_DECIDER, *history, redeemed).when(booking(order)).then()
    given(ACCOUNT_DECIDER, *history, redeemed).when(holding("o9", 2)).refused(AttemptOverError)


def test_an_order_counts_even_if_nothing_is_held_for_it() -> None:
    """X-4: what is missing is owed, and the order's own points settle it at once."""
    history = after(euros_ordered("o1", 20))
    redeemed, accrued = decided(history, booking(placed("o9", line(10_000), reward=rewarded("o9"))))
    assert isinstance(redeemed, RewardRedeemed)
    assert (redeemed.unheld, redeemed.owed) == ((share("o1", 20, 1),), 30)
    assert isinstance(accrued, PointsAccrued)
    assert (accrued.points, accrued.settled) == (100, 30)


def test_an_order_placed_without_its_reward_frees_the_hold() -> None:
    history = after(euros_ordered("o1", 60), holding("o9"))
    released, _ = decided(history, booking(placed("o9", line(100))))
    assert isinstance(released, RewardReleased)


def test_a_cancelled_order_gives_the_reward_back_and_loses_its_points_once() -> None:
    """X-2, lesson 9"""
    history = after(
        euros_ordered("o1", 60),
        holding("o9"),
        booking(placed("o9", line(9_000), reward=rewarded("o9"), at=APRIL_1)),
    )
    own = date(2026, 4, 15)
    given(ACCOUNT_DECIDER, *history).when(cancelled("o9")).then(
        RewardReturned(
            "o9/1",
            "o9",
            DEALER,
            USER,
            50,
            0,
            (share("o1", 50, 1),),
            returned_at=APRIL_1,
            order_number="n-o9",
            customer=CUSTOMER,
        ),
        PointsReversed(
            "o9",
            "o9",
            DEALER,
            USER,
            90,
            (share("o9", 90, 2, own),),
            0,
            "Widerruf",
            reversed_at=APRIL_1,
            order_number="n-o9",
            customer=CUSTOMER,
        ),
    )
    given(ACCOUNT_DECIDER, *history, *decided(history, cancelled("o9"))).when(
        cancelled("o9")
    ).then()
    given(ACCOUNT_DECIDER, *history).when(cancelled("o7")).then()


def test_points_already_spent_are_taken_from_other_lots_and_the_rest_is_owed() -> None:
    """X-4"""
    history = after(
        euros_ordered("o1", 60),
        euros_ordered("o2", 20),
        holding("o9"),
        booking(placed("o9", line(50), reward=rewarded("o9"), at=APRIL_1)),
    )
    [reversed_] = decided(history, cancelled("o1"))
    assert isinstance(reversed_, PointsReversed)
    assert reversed_.lots == (share("o1", 10, 1), share("o2", 20, 2))
    assert reversed_.owed == 30
    [accrued] = decided([*history, reversed_], euros_ordered("o3", 40))
    assert isinstance(accrued, PointsAccrued)
    assert accrued.settled == 30


def test_a_reversal_does_not_rob_a_hold() -> None:
    history = after(euros_ordered("o1", 50), holding("o9"))
    [reversed_] = decided(history, cancelled("o1"))
    assert isinstance(reversed_, PointsReversed)
    assert (reversed_.lots, reversed_.owed) == ((), 50)
    assert isinstance(
        decided([*history, reversed_], booking(placed("o9", line(9), reward=rewarded("o9"))))[0],
        RewardRedeemed,
    )


def test_freed_points_of_a_reversed_order_settle_its_debt_and_do_not_live_again() -> None:
    history = after(euros_ordered("o1", 50), holding("o9"), cancelled("o1"))
    [released] = decided(history, ending("o9"))
    assert isinstance(released, RewardReleased)
    assert (released.settled, released.lots) == (50, ())


def test_points_of_a_reversed_order_come_back_no_earlier_than_those_that_paid_for_it() -> None:
    """Otherwise two cancellations would turn pending points into active ones."""
    history = after(
        euros_ordered("o1", 50),
        holding("o9"),
        booking(placed("o9", line(50), reward=rewarded("o9"), at=APRIL_1)),
        euros_ordered("o2", 50, at=APRIL_1),
        cancelled("o1"),
    )
    [returned] = decided(history, cancelled("o9"))
    assert isinstance(returned, RewardReturned)
    assert returned.lots == (share("o2", 50, 2, date(2026, 4, 15)),)


def test_only_the_programme_of_the_day_counts() -> None:
    given(ACCOUNT_DECIDER, *after(euros_ordered("o1", 60))).when(
        holding("o9", now=MARCH_1 - timedelta(days=100), rules=programme())
    ).refused(RefusedError, "programme-not-active")


def test_the_oldest_points_pay_a_debt_and_the_youngest_come_back() -> None:
    """X-1, X-4: 40 of the 50 points held are owed meanwhile."""
    history = after(
        euros_ordered("o1", 30),
        euros_ordered("o2", 30),
        holding("o9"),
        booking(placed("o8", line(50), reward=rewarded("o8"))),
    )
    assert ACCOUNT_DECIDER.fold(history).owed == 40
    [released] = decided(history, ending("o9"))
    assert isinstance(released, RewardReleased)
    assert (released.settled, released.lots) == (40, (share("o2", 10, 2),))


def test_giving_a_reward_back_and_taking_points_back_leave_each_other_alone() -> None:
    """X-2: an order that was cancelled in part loses the rest with the next cancellation."""
    history = after(
        euros_ordered("o1", 60),
        holding("o9"),
        booking(placed("o9", line(9_000), reward=rewarded("o9"), at=APRIL_1)),
    )
    returned, reversed_ = decided(history, cancelled("o9"))
    assert [type(event) for event in decided([*history, returned], cancelled("o9"))] == [
        PointsReversed
    ]
    assert [type(event) for event in decided([*history, reversed_], cancelled("o9"))] == [
        RewardReturned
    ]


def test_a_hold_is_refused_from_its_deadline_on() -> None:
    """X-1"""
    history = after(euros_ordered("o1", 60))
    given(ACCOUNT_DECIDER, *history).when(holding("o9", deadline=APRIL_1)).refused(
        AttemptOverError, "attempt-over"
    )
    assert decided(history, holding("o9", deadline=APRIL_1 + timedelta(microseconds=1)))


def test_a_reward_takes_no_more_than_what_is_left_to_pay() -> None:
    """X-10, Q26"""
    [held] = decided(after(euros_ordered("o1", 60)), holding("o9", nets=(300, 100)))
    assert isinstance(held, RewardHeld)
    assert (held.discount_cents, held.shares) == (400, (300, 100))


def test_all_points_of_an_account_can_pay_for_a_reward_and_one_less_cannot() -> None:
    """X-7"""
    assert decided(after(euros_ordered("o1", 50)), holding("o9"))
    refused = (
        given(ACCOUNT_DECIDER, *after(euros_ordered("o1", 49)))
        .when(holding("o9"))
        .refused(PointsMissingError)
    )
    assert refused.facts == {"missing_points": 1, "available_points": 49}


def test_an_order_redeems_only_the_hold_that_it_names() -> None:
    """X-1: what another attempt holds stays held, and is not what a cancellation gives back."""
    history = after(euros_ordered("o1", 50), euros_ordered("o2", 50), holding("o9"))
    redeemed = decided(history, booking(placed("o9", line(50), reward=rewarded("o9", 2))))[-1]
    assert isinstance(redeemed, RewardRedeemed)
    by_another = msgspec.structs.replace(redeemed, unheld=(share("o2", 50, 2),))
    state = ACCOUNT_DECIDER.fold([*history, by_another])
    assert state.holds["o9"].hold_id == "o9/1"
    booked = state.orders["o9"]
    assert booked.reward is not None
    assert booked.reward.lots == (share("o2", 50, 2),)


def test_who_owes_points_has_none_to_spend() -> None:
    """X-4, X-7"""
    in_debt = after(euros_ordered("o1", 50), holding("o9"), cancelled("o1"))
    refused = given(ACCOUNT_DECIDER, *in_debt).when(holding("o8")).refused(PointsMissingError)
    assert refused.facts == {"missing_points": 50, "available_points": 0}


def test_a_debt_is_owed_once() -> None:
    """X-4: what freed points, returned points or the next order settled is owed no longer."""
    in_debt = after(euros_ordered("o1", 50), holding("o9"), cancelled("o1"))
    assert ACCOUNT_DECIDER.fold(in_debt).owed == 50
    for settling in (ending("o9"), euros_ordered("o2", 50)):
        settled = ACCOUNT_DECIDER.fold([*in_debt, *decided(in_debt, settling)])
        assert (settled.owed, settled.lots.points) == (0, 0)
    unheld = after(euros_ordered("o1", 20), booking(placed("o9", line(50), reward=rewarded("o9"))))
    assert ACCOUNT_DECIDER.fold(unheld).owed == 30
    returned = ACCOUNT_DECIDER.fold([*unheld, *decided(unheld, cancelled("o9"))])
    assert (returned.owed, returned.lots.points) == (0, 20)
