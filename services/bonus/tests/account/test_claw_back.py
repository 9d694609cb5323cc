"""Points of an order that came back, which were spent already: three settings (X-4)."""

from datetime import timedelta

import msgspec
import pytest
from bonus_tests.samples import (
    APRIL_1,
    MARCH_1,
    TERMS,
    booking,
    cancelled,
    holding,
    line,
    placed,
    programme,
    rewarded,
)

from bonus.account.decider import ACCOUNT_DECIDER, Command
from bonus.account.state import Account
from zugabe_events.contracts.bonus import ClawBack, PointsReversed
from zugabe_events.contracts.checkout import OrderPlaced

EARLY, RECENT = MARCH_1, APRIL_1 - timedelta(days=1)


def reversal(claw_back: ClawBack, *orders: OrderPlaced) -> tuple[PointsReversed, Account]:
    """The first order's 60 points, of which 50 were spent, are taken back."""
    rules = programme(terms=msgspec.structs.replace(TERMS, claw_back=claw_back))
    spending = placed("o9", line(0), reward=rewarded("o9"), at=APRIL_1)
    state = Account()
    first = placed("o1", line(6_000), at=EARLY)
    commands: list[Command] = [
        booking(first, rules=rules),
        holding("o9"),
        booking(spending, rules=rules),
        *(booking(order, rules=rules) for order in orders),
        cancelled("o1"),
    ]
    for command in commands:
        for event in ACCOUNT_DECIDER.decide(command, state):
            state = ACCOUNT_DECIDER.evolve(state, event)
    assert isinstance(event, PointsReversed)
    return event, state


@pytest.mark.parametrize(
    ("claw_back", "owed", "let_off"), [("negative", 50, 0), ("balance", 0, 50), ("pending", 0, 50)]
)
def test_what_was_spent_is_owed_or_let_off(claw_back: ClawBack, owed: int, let_off: int) -> None:
    """X-4: what is left of the order's own points goes in any case."""
    event, state = reversal(claw_back)
    assert [(lot.lot_id, lot.points) for lot in event.lots] == [("o1", 10)]
    assert (event.points, event.owed, event.let_off) == (60, owed, let_off)
    assert (state.owed, state.lots.points) == (owed, 0)


@pytest.mark.parametrize(
    ("claw_back", "taken", "owed", "let_off"),
    [
        ("negative", ["o1", "o2", "o3"], 15, 0),
        ("balance", ["o1", "o2", "o3"], 0, 15),
        ("pending", ["o1", "o3"], 0, 30),
    ],
)
def test_other_points_pay_as_the_terms_say(
    claw_back: ClawBack, taken: list[str], owed: int, let_off: int
) -> None:
    """X-4: only pending ones are those that are not available on the day."""
    event, state = reversal(
        claw_back,
        placed("o2", line(1_500), at=EARLY),
        placed("o3", line(2_000), at=RECENT),
    )
    assert [lot.lot_id for lot in event.lots] == taken
    assert (event.owed, event.let_off) == (owed, let_off)
    assert state.lots.points == (15 if claw_back == "pending" else 0)
