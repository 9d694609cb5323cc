"""Accounts whose users left, whose points expired or were corrected, audited alone."""

from typing import Any

import pytest
from test_points import Accounts, line

from zugabe_verify.records import Body

LOTS = [{"lot_id": "o1", "ordinal": 1, "points": 10, "active_from": "2026-05-05"}]
LEFT: Body = {"let_off": 0, "holds": [], "left_at": "2026-05-04T13:00:00Z", "points": 10}


@pytest.fixture
def logs() -> Accounts:
    logs = Accounts()
    logs.accrue(logs.place(lines=[line(1, 1_000)]), 10)
    return logs


def own(logs: Accounts, name: str, **fields: Any) -> None:
    """An event that no order caused."""
    of_user = {"dealer": "acme", "customer": "c1", "user": "anna"}
    logs.add("bonus", "account/acme/anna", name, of_user | fields)


def forfeit(logs: Accounts, points: int = 10, **more: Any) -> None:
    lots = [LOTS[0] | {"points": points}]
    own(logs, "points-forfeited", **{"points": points, "lots": lots, "waiting": []} | more)


def test_who_leaves_loses_every_point_by_name(logs: Accounts) -> None:
    """BO-46"""
    forfeit(logs)
    own(logs, "programme-left", **LEFT)
    assert logs.found() == set()
    logs.step("order-cancelled")
    assert logs.found() == set()
    logs.place("o2", lines=[line(1, 1_000)], placed_at="2026-05-04T14:00:00Z")
    assert logs.found() == set()


@pytest.mark.parametrize(("points", "let_off"), [(9, 0), (10, 5)])
def test_points_that_stay_and_debts_that_were_none_are_found(
    logs: Accounts, points: int, let_off: int
) -> None:
    """BO-46"""
    forfeit(logs, points)
    own(logs, "programme-left", **LEFT | {"let_off": let_off})
    assert "forfeit-wrong" in logs.found()


def test_points_of_orders_from_before_the_user_joined_again_are_found(logs: Accounts) -> None:
    """Q12"""
    forfeit(logs)
    own(logs, "programme-left", **LEFT)
    own(logs, "programme-rejoined", rejoined_at="2026-05-04T15:00:00Z")
    void = logs.place("o2", lines=[line(1, 1_000)], placed_at="2026-05-04T14:00:00Z")
    due = logs.place("o3", lines=[line(1, 1_000)], placed_at="2026-05-04T15:00:00Z")
    assert logs.found() == {"points-missing"}
    logs.accrue(due, 10, order_id="o3", lot_id="o3", ordinal=2)
    assert logs.found() == set()
    logs.accrue(void, 10, order_id="o2", lot_id="o2", ordinal=3)
    assert logs.found() == {"points-unfounded"}


@pytest.mark.parametrize(("forfeited", "found"), [(10, False), (0, True)])
def test_a_hold_from_before_gives_nothing_back(logs: Accounts, forfeited: int, found: bool) -> None:
    """Q12"""
    logs.hold(0, 2)
    hold = logs.events[-1].body
    logs.events.pop()
    logs.account("reward-held", logs.events[-1], **hold | {"points": 10, "lots": LOTS})
    own(logs, "programme-left", **LEFT | {"points": 0, "holds": ["o1/1"]})
    logs.account(
        "reward-released",
        logs.step("reward-taken-off", attempt=1),
        hold_id="o1/1",
        attempt=1,
        points=10,
        settled=0,
        lots=[],
        forfeited=forfeited,
    )
    assert ("forfeit-wrong" in logs.found()) == found
    assert ("balance-wrong" in logs.found()) == found


@pytest.mark.parametrize(
    ("at", "kinds"),
    [("2026-06-04T22:00:00Z", set()), ("2026-06-04T21:59:00Z", {"expired-early"})],
)
def test_points_expire_after_their_last_day(at: str, kinds: set[str]) -> None:
    """Q10"""
    logs = Accounts()
    until = {"active_until": "2026-06-04"}
    logs.accrue(logs.place(lines=[line(1, 1_000)]), 10, **until)
    own(logs, "points-expired", points=10, lots=[LOTS[0] | until], expired_at=at)
    assert logs.found() == kinds


@pytest.mark.parametrize(
    ("claw_back", "owed", "let_off", "kinds"),
    [
        ("negative", 10, 0, set()),
        ("negative", 0, 10, {"claw-back-wrong"}),
        ("balance", 0, 10, set()),
        ("pending", 10, 0, {"claw-back-wrong"}),
    ],
)
def test_what_was_spent_is_owed_or_let_off_as_the_terms_say(
    claw_back: str, owed: int, let_off: int, kinds: set[str]
) -> None:
    """X-4"""
    logs = Accounts()
    logs.accrue(logs.place(lines=[line(1, 1_000)]), 10, claw_back=claw_back)
    own(
        logs, "points-debited", correction_id="k", points=10, lots=LOTS, debited_by="a",
        consented_by="",
    )  # fmt: skip
    cancelled = logs.step("order-cancelled")
    logs.account(
        "points-reversed", cancelled, points=10, lots=[], owed=owed, let_off=let_off, waiting=0
    )
    assert logs.found() == kinds


def credit(logs: Accounts, points: int, **more: Any) -> None:
    fields = {
        "credit_id": "k", "origin": "correction", "lot_id": "credit:k", "ordinal": 2,
        "settled": 0, "active_from": "2026-05-05", "credited_by": "chef", "consented_by": "",
    }  # fmt: skip
    own(logs, "points-credited", points=points, **fields | more)


def test_large_corrections_have_two_people(logs: Accounts) -> None:
    credit(logs, 1_000)
    assert logs.found() == set()
    credit(logs, 1_001, credit_id="l", ordinal=3)
    assert logs.found() == {"correction-alone"}
    credit(logs, 1, credit_id="l", ordinal=4)
    assert logs.found() == {"correction-alone", "credited-twice"}


@pytest.mark.parametrize(
    ("second", "points", "kinds"),
    [
        ("berta", 5_000, set()),
        ("chef", 5_000, {"correction-alone"}),
        ("berta", 5_001, {"correction-alone"}),
    ],
)
def test_somebody_else_agrees_to_what_was_proposed(
    logs: Accounts, second: str, points: int, kinds: set[str]
) -> None:
    own(logs, "correction-proposed", correction_id="k", points=5_000, proposed_by="chef")
    credit(logs, points, consented_by=second)
    assert logs.found() == kinds
