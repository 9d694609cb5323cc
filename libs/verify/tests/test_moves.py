"""Points that moved between a user and the account that the users of a customer share (BO-33)."""

from typing import Any

import pytest
from test_points import ACTIVE, SET_UP, TAKES_PART, Accounts, line

from zugabe_verify.business.account import check_account
from zugabe_verify.business.moves import Moves
from zugabe_verify.business.scope import Case
from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.rules import Rules

ANNA, POOL = "account/acme/anna", "account/acme/pool:c1"
LOT: Body = {"lot_id": "o1", "ordinal": 1, "points": 10, "active_from": "2026-05-05"}
OF_ANNA = {"dealer": "acme", "customer": "c1", "user": "anna"}


class Moving(Accounts):
    def out(self, points: int = 10, **more: Any) -> LoggedEvent:
        body = OF_ANNA | {"pool": "", "points": points, "lots": [LOT], "own_lots": []} | more
        return self.add("bonus", ANNA, "points-moved-out", body)

    def into(self, cause: LoggedEvent, points: int = 10, **more: Any) -> LoggedEvent:
        body = OF_ANNA | {
            "pool": "c1", "points": points, "settled": 0, "lots": [LOT], "own_lots": [LOT],
        }  # fmt: skip
        return self.add("bonus", POOL, "points-moved-in", body | more, cause)

    def debt(self, points: int, paid: int, owed: int) -> None:
        body = OF_ANNA | {"points": points, "lot_id": "o1"}
        out = self.add("bonus", ANNA, "debt-moved-out", body | {"pool": ""})
        came = {"pool": "c1", "lots": [LOT | {"points": paid}], "owed": owed}
        self.add("bonus", POOL, "debt-moved-in", body | came, out)

    def told(self) -> set[str]:
        """Of both accounts, and of what moved between them."""
        findings, rules = Findings(), Rules()
        begun = (("programme-set-up", SET_UP), ("programme-activated", ACTIVE), TAKES_PART)
        for name, body in begun:
            rules.take(Accounts().add("bonus", "programme/acme", name, body))
        scope = self.scope(findings, rules, "bonus.orders")
        scope.reached["bonus.pools", "bonus"] = {0: len(self.events)}
        moves = Moves(scope)
        for event in self.events:
            moves.take(event)
        moves.check()
        for stream in (ANNA, POOL):
            events = [event for event in self.events if event.stream == stream]
            check_account(events, Case(scope, "bonus", stream, self.orders()))
        return {finding.kind for finding in findings.all()}


@pytest.fixture
def logs() -> Moving:
    logs = Moving()
    logs.accrue(logs.place(lines=[line(1, 1_000)]), 10)
    return logs


def test_points_that_move_are_in_the_other_account(logs: Moving) -> None:
    """BO-33"""
    out = logs.out()
    assert logs.told() == {"move-missing"}
    logs.into(out)
    assert logs.told() == set()
    logs.into(out)
    assert logs.told() == {"move-wrong"}


@pytest.mark.parametrize(("points", "kinds"), [(10, set()), (11, {"return-unfounded"})])
def test_the_company_loses_points_of_a_cancelled_order_of_who_has_left(
    logs: Moving, points: int, kinds: set[str]
) -> None:
    """BO-46: not more than it has from the user."""
    logs.into(logs.out())
    left = OF_ANNA | {"let_off": 0, "holds": [], "left_at": "2026-05-10T10:00:00Z"}
    logs.add("bonus", ANNA, "programme-left", left)
    cancelled = logs.step("order-cancelled")
    logs.account(
        "points-reversed", cancelled, points=points, lots=[], owed=points, let_off=0, waiting=0
    )
    assert logs.told() == kinds


@pytest.mark.parametrize("points", [9, 11])
def test_points_that_are_lost_or_made_on_their_way_are_found(logs: Moving, points: int) -> None:
    logs.into(logs.out(), points, lots=[LOT | {"points": points}])
    assert logs.told() == {"move-wrong"}


def test_points_that_nobody_had_are_found(logs: Moving) -> None:
    logs.into(logs.out(11, lots=[LOT | {"points": 11}]), 11, lots=[LOT | {"points": 11}])
    assert "lot-overdrawn" in logs.told()


@pytest.mark.parametrize(("owed", "found"), [(0, set()), (1, {"move-wrong"})])
def test_a_debt_moves_to_the_lot_that_it_came_from(
    logs: Moving, owed: int, found: set[str]
) -> None:
    """X-4"""
    logs.into(logs.out())
    cancelled = logs.step("order-cancelled")
    logs.account("points-reversed", cancelled, points=10, lots=[], owed=10, waiting=0)
    logs.debt(10, 10, owed)
    assert logs.told() >= found
    assert ("move-wrong" in logs.told()) == bool(found)


def test_a_reward_is_paid_by_the_account_that_its_order_names(logs: Moving) -> None:
    """BO-33"""
    logs.into(logs.out())
    reward = {"hold_id": "o2/1", "reward_id": "r", "points": 5, "discount_cents": 5, "shares": []}
    placed = logs.place("o2", reward=reward | {"streams": [POOL]})
    assert logs.told() == {"redemption-missing", "order-without-hold"}
    logs.add(
        "bonus",
        POOL,
        "reward-redeemed",
        OF_ANNA
        | reward
        | {"order_id": "o2", "pool": "c1", "owed": 0, "unheld": [LOT | {"points": 5}]},
        placed,
    )
    assert logs.told() == {"redeemed-without-hold"}
