"""Decisions about points that move between users and the account that they share."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from bonus_tests.pooling import AT_ONCE, RULES
from bonus_tests.samples import (
    APRIL_1,
    CUSTOMER,
    DEALER,
    MARCH_1,
    TAKES_PART,
    euros_ordered,
    holding,
)

from bonus.account.decider import ACCOUNT_DECIDER
from bonus.account.expiry import ExpirePoints
from bonus.account.expiry_timer import POINTS_EXPIRE
from bonus.account.move import MoveDebtIn, MoveIn, MoveOut
from bonus.account.opt_out import AskToLeave, Leave, Rejoin
from bonus.account.origins import owed_by
from bonus.pool.decider import (
    MAX_MANAGERS,
    POOL_DECIDER,
    AddHolder,
    AppointManager,
    DismissManager,
    Pool,
    PoolPoints,
    TooManyManagersError,
)
from zugabe_events.contracts.bonus import (
    ClawBack,
    DebtMovedIn,
    DebtMovedOut,
    LotShare,
    PointsExpired,
    PointsForfeited,
    PointsHolderAdded,
    PointsManagerAppointed,
    PointsManagerDismissed,
    PointsMovedIn,
    PointsMovedOut,
    PointsPooled,
    RewardHeld,
    RewardReleased,
)
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_testing.deciders import given

WHO = (DEALER, CUSTOMER)
OLD, NEW = date(2026, 3, 1), date(2026, 3, 2)
POOLED = Pool(is_pooled=True, managers=frozenset({"u1"}))


def lot(lot_id: str, points: int, active_from: date = OLD, ordinal: int = 1) -> LotShare:
    return LotShare(lot_id, points, active_from, ordinal)


def left(user: str, *lots: LotShare) -> PointsMovedOut:
    """Points that left the user's own account."""
    return PointsMovedOut(*WHO, user, "", sum(one.points for one in lots), lots, (), APRIL_1)


def debt(user: str, points: int, lot_id: str, claw_back: ClawBack = "negative") -> DebtMovedOut:
    return DebtMovedOut(*WHO, user, "", points, lot_id, APRIL_1, claw_back)


def after(*commands: Any) -> list[Any]:
    history: list[Any] = []
    for command in commands:
        history += ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
    return history


BOTH = (
    MoveIn(left("u1", lot("o1", 100, NEW))),
    MoveIn(left("u2", lot("o2", 50, OLD))),
)
"""Both are the first lots of their users; the shared account numbers them 1 and 2."""


def test_a_debt_is_paid_by_the_lot_that_it_came_from_then_by_the_oldest() -> None:
    """X-4"""
    given(ACCOUNT_DECIDER, *after(*BOTH)).when(MoveDebtIn(debt("u1", 130, "o1"), POOLED)).then(
        DebtMovedIn(
            *WHO,
            "u1",
            CUSTOMER,
            130,
            "o1",
            (lot("o1", 100, NEW, 1), lot("o2", 30, OLD, 2)),
            0,
            APRIL_1,
        )
    )


@pytest.mark.parametrize(
    ("claw_back", "owed", "let_off"), [("negative", 40, 0), ("balance", 0, 40), ("pending", 0, 90)]
)
def test_what_is_missing_is_owed_or_let_off_as_the_terms_say(
    claw_back: ClawBack, owed: int, let_off: int
) -> None:
    """X-4: other points count already, so that none is pending."""
    [moved] = after(*BOTH, MoveDebtIn(debt("u1", 190, "o1", claw_back), POOLED))[2:]
    assert (moved.owed, moved.let_off) == (owed, let_off)
    assert sum(share.points for share in moved.lots) == 190 - owed - let_off


def test_a_debt_goes_back_behind_the_points_that_are_not_shared_any_more() -> None:
    """X-4, BO-33: no points of other users pay for it."""
    moved = after(*BOTH, MoveDebtIn(debt("u1", 130, "o1", "balance"), Pool()))[2:]
    assert [(one.stored_as, one.user, one.points) for one in moved] == [
        ("points-moved-out", "u2", 50),
        ("points-moved-out", "u1", 100),
        ("debt-moved-in", "u1", 130),
        ("debt-moved-out", "u1", 130),
    ]
    own = [MoveIn(moved[1]), MoveDebtIn(moved[3], Pool())]
    [came, paid] = after(*own)
    assert (came.points, paid.lots, paid.owed, paid.let_off) == (100, (lot("o1", 100, NEW),), 0, 30)


def test_points_from_before_an_opt_out_pay_no_debt_from_after_it() -> None:
    """BO-46, BO-47: joining again begins at zero."""
    who = (DEALER, CUSTOMER, "u1")
    story = [
        euros_ordered("o1", 50),
        MoveOut(*WHO, "u1", POOLED, APRIL_1),
        AskToLeave(*who, "confirmed", APRIL_1),
        Leave(*who, "confirmed", APRIL_1),
        Rejoin(*who, RULES.texts.to_accept, RULES, APRIL_1),
        MoveDebtIn(DebtMovedOut(*who, CUSTOMER, 20, "", APRIL_1), Pool()),
    ]
    before = after(*story)
    own = next(event for event in before if isinstance(event, PointsMovedOut)).lots
    home = MoveIn(PointsMovedOut(*who, CUSTOMER, 50, own, own, APRIL_1))
    came, lost = after(*story, home)[len(before) :]
    assert (came.settled, came.lots) == (0, own)
    assert isinstance(lost, PointsForfeited)
    assert (lost.points, lost.lots) == (50, own)
    assert ACCOUNT_DECIDER.fold(after(*story, home)).owed == 20


def test_those_owe_whose_orders_came_back_last() -> None:
    debtors = (("u1", 30), ("u2", 20), ("u1", 10))
    assert dict(owed_by(debtors, 25)) == {"u1": 10, "u2": 15}
    assert dict(owed_by(debtors, 60)) == {"u1": 40, "u2": 20}
    assert dict(owed_by(debtors, 0)) == {}


def test_a_debt_goes_back_to_the_user_who_caused_it() -> None:
    """BO-33"""
    owes = MoveDebtIn(debt("u2", 170, "o2"), POOLED)
    history = after(*BOTH, owes)
    out = after(*BOTH, owes, MoveOut(*WHO, "", Pool(), APRIL_1))
    assert out[len(history) :] == [DebtMovedOut(*WHO, "u2", CUSTOMER, 20, "", APRIL_1)]


def test_points_of_an_order_that_came_back_do_not_return_from_a_hold_as_old_ones() -> None:
    """X-2: those that paid for it count from later on."""
    held = replace(holding("h1", rules=AT_ONCE), user="u1", pool=POOLED)
    history = after(*BOTH, held, MoveDebtIn(debt("u2", 50, "o2"), POOLED))
    newer = replace(held, attempt=2)
    released, again = ACCOUNT_DECIDER.decide(newer, ACCOUNT_DECIDER.fold(history))
    assert isinstance(released, RewardReleased)
    assert released.lots == (lot("o1", 50, NEW, 1),)
    assert (released.pool, released.customer) == (CUSTOMER, CUSTOMER)
    assert isinstance(again, RewardHeld)
    assert again.lots == (lot("o1", 50, NEW, 1),)


def test_points_move_back_as_their_user_had_them() -> None:
    """BO-33: and a repeat moves nothing."""
    out = MoveOut(*WHO, "", Pool(), APRIL_1)
    moved = after(*BOTH, out)[2:]
    assert [(one.user, one.lots, one.own_lots) for one in moved] == [
        ("u2", (lot("o2", 50, OLD, 2),), (lot("o2", 50, OLD, 1),)),
        ("u1", (lot("o1", 100, NEW, 1),), (lot("o1", 100, NEW, 1),)),
    ]
    [back] = ACCOUNT_DECIDER.decide(MoveIn(moved[0]), ACCOUNT_DECIDER.initial)
    assert back == PointsMovedIn(*WHO, "u2", "", 50, 0, (lot("o2", 50),), (), APRIL_1)
    assert after(*BOTH, out, out)[4:] == []


@pytest.mark.parametrize("command", [
    MoveOut(*WHO, "", POOLED, APRIL_1), MoveOut(*WHO, "u1", Pool(), APRIL_1)
])  # fmt: skip
def test_points_that_are_where_they_belong_stay(command: MoveOut) -> None:
    assert after(*BOTH, command)[2:] == []


def test_points_of_who_works_for_another_company_stay() -> None:
    """X-28"""
    history = after(euros_ordered("o1", 80))
    for customer, count in ((CUSTOMER, 1), ("c2", 0)):
        command = MoveOut(DEALER, customer, "u1", POOLED, APRIL_1)
        moved = ACCOUNT_DECIDER.decide(command, ACCOUNT_DECIDER.fold(history))
        assert len(moved) == count


def test_pooled_points_expire_after_their_last_day() -> None:
    """Q10"""
    last = date(2026, 3, 31)
    moved = left("u1", msgspec.structs.replace(lot("o1", 100), active_until=last))
    [came, expired] = after(MoveIn(moved), ExpirePoints(DEALER, f"pool:{CUSTOMER}", APRIL_1))
    assert isinstance(expired, PointsExpired)
    assert (expired.user, expired.points) == (f"pool:{CUSTOMER}", 100)
    due = POINTS_EXPIRE.due(ReceivedEvent("e1", came, "account/d1/pool:c1", MARCH_1))
    assert due is not None
    assert CUSTOMER in due.key.split("/")


def pooled_by(*events: Any) -> Sequence[Any]:
    return [PointsPooled(*WHO, (), APRIL_1), *events]


def test_pooling_names_the_accounts_that_move() -> None:
    """BO-33: once."""
    command = PoolPoints(*WHO, TAKES_PART, APRIL_1)
    known = [PointsHolderAdded(*WHO, "u1"), PointsHolderAdded(*WHO, "u2")]
    pooled = PointsPooled(*WHO, ("u1", "u2"), APRIL_1)
    given(POOL_DECIDER, *known).when(command).then(pooled)
    given(POOL_DECIDER, *known, pooled).when(command).then()
    given(POOL_DECIDER, *known).when(AddHolder(*WHO, "u1")).then()
    given(POOL_DECIDER).when(AddHolder(DEALER, "So.COMMERCE", "u1")).then()


def test_the_event_of_the_last_manager_says_that_the_points_are_frozen() -> None:
    """Q12: only while they are pooled (BO-35)."""
    appointed = PointsManagerAppointed(*WHO, "u1", APRIL_1)
    dismiss = DismissManager(*WHO, "u1", APRIL_1)
    for before, frozen in ((pooled_by(appointed), True), ([appointed], False)):
        dismissed = PointsManagerDismissed(*WHO, "u1", APRIL_1, is_frozen=frozen)
        given(POOL_DECIDER, *before).when(dismiss).then(dismissed)
        given(POOL_DECIDER, *before, dismissed).when(dismiss).then()


def test_managers_are_few() -> None:
    many = [PointsManagerAppointed(*WHO, f"u{n}", APRIL_1) for n in range(MAX_MANAGERS)]
    later = APRIL_1 + timedelta(days=1)
    given(POOL_DECIDER, *many).when(AppointManager(*WHO, "u0", later)).then()
    given(POOL_DECIDER, *many).when(AppointManager(*WHO, "one-more", later)).refused(
        TooManyManagersError
    )
