"""Points that wait for their order, and come back with it line by line, audited alone."""

from typing import Any

import pytest
from verify_tests.logs import NOON, OF_O1, Logs

from zugabe_verify.business.account import check_account
from zugabe_verify.business.scope import Case
from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.rules import Rules

ACCOUNT = "account/acme/anna"
TERMS = {
    "points_per_euro": 1, "point_value_cents": 1, "count_after_discounts": False,
    "pending_days": 1, "excluded_groups": ["tape"], "starts_on": "2026-01-01",
}  # fmt: skip
SET_UP = {"dealer": "acme", "version": 1, "terms": TERMS, "effective_at": "2026-05-01T00:00:00Z"}
ACTIVE = {"dealer": "acme", "version": 2, "effective_at": "2026-05-01T00:00:00Z"}


def line(number: int, cents: int, quantity: int = 1, **more: Any) -> Body:
    return {
        "number": number, "quantity": quantity, "unit_cents": cents // quantity,
        "net_cents": cents, "product_group": "pens", "brand": "b", **more,
    }  # fmt: skip


TAKES_PART = ("customer-enabled", {"dealer": "acme", "customer": "c1", "enabled_at": None})


class Accounts(Logs):
    membership: tuple[tuple[str, Body], ...] = (TAKES_PART,)

    def account(self, name: str, cause: LoggedEvent, **fields: Any) -> None:
        self.add("bonus", ACCOUNT, name, OF_O1 | fields, cause)

    def accrue(self, placed: LoggedEvent, *lines: int, **more: Any) -> None:
        """`lines` are the points of the lines 1, 2, …"""
        said = [{"number": number, "points": each} for number, each in enumerate(lines, 1)]
        body: Body = {
            "lot_id": "o1", "ordinal": 1, "points": sum(lines), "settled": 0,
            "active_from": "2026-05-05", "lines": said, "programme_version": 2,
        }  # fmt: skip
        self.account("points-accrued", placed, **body | more)

    def back(self, pieces: int, before: int, ordered: int, **more: Any) -> LoggedEvent:
        """Pieces of the first line come back."""
        of_line = {"number": 1, "quantity": pieces, "returned_before": before, "ordered": ordered}
        body: Body = {
            "return_id": f"r{before}", "lines": [of_line | {"reward_cents": 0}],
            "reward_cents_before": 0, "reward_discount_cents": 0,
            "is_complete": False, "is_cancellation": False,
        }  # fmt: skip
        return self.step("order-returned", **body | more)

    def reverse(self, cause: LoggedEvent, points: int, *, waiting: bool = False) -> None:
        lots = [] if waiting else [{"ordinal": 1, "points": points, "active_from": "2026-05-05"}]
        fields = {"points": points, "lots": lots, "owed": 0, "waiting": points * waiting}
        self.account("points-reversed", cause, **fields)

    def schedule(self, cause: LoggedEvent, points: int, active_from: str = "2026-05-06") -> None:
        self.account(
            "points-scheduled",
            cause,
            ordinal=1,
            points=points,
            settled=0,
            active_from=active_from,
            reached_at="2026-05-06T12:00:00Z",
        )

    def hold(self, discount_cents: int, version: int, base_cents: int = 1_000) -> None:
        self.account(
            "reward-held",
            self.step("holds-asked", reward_id="r", attempt=1),
            hold_id="o1/1",
            attempt=1,
            reward_id="r",
            points=0,
            lots=[],
            base_cents=base_cents,
            discount_cents=discount_cents,
            shares=[discount_cents],
            programme_version=version,
            deadline="2999-01-01T00:00:00Z",
        )

    def found(self, *more: tuple[str, Body]) -> set[str]:
        """`more` are later events of the programme."""
        findings, rules = Findings(), Rules()
        begun = (
            ("programme-set-up", SET_UP),
            ("programme-activated", ACTIVE),
            *self.membership,
        )
        for name, body in (*begun, *more):
            rules.take(Logs().add("bonus", "programme/acme", name, body))
        scope = self.scope(findings, rules, "bonus.orders")
        account = [event for event in self.events if event.log == "bonus"]
        check_account(account, Case(scope, "bonus", ACCOUNT, self.orders()))
        return {finding.kind for finding in findings.all()}


WAITING = {"points_on": "shipped", "vouchers_on": "placed", "minimum_cents": 0}


@pytest.fixture
def logs() -> Accounts:
    return Accounts()


def test_a_return_takes_back_the_share_of_each_line(logs: Accounts) -> None:
    """X-3: 10 points of 3 pieces come back as 3, 3 and 4, once each."""
    placed = logs.place(lines=[line(1, 1_050, 3), line(2, 900)])
    logs.accrue(placed, 10, 9)
    for before, points in ((0, 3), (1, 3)):
        back = logs.back(1, before, 3)
        assert logs.found() == {"return-missing"}
        logs.reverse(back, points)
        assert logs.found() == set()
    last = logs.back(1, 2, 3, is_complete=True, is_cancellation=True)
    assert logs.found() == {"return-missing"}
    logs.reverse(last, 13)
    assert logs.found() == set()
    logs.reverse(last, 1)
    assert "return-unfounded" in logs.found()


def test_another_share_is_unfounded(logs: Accounts) -> None:
    """X-3"""
    placed = logs.place(lines=[line(1, 1_050, 3)])
    logs.accrue(placed, 10)
    logs.reverse(logs.back(1, 0, 3), 4)
    assert logs.found() == {"return-unfounded"}


def test_a_cancellation_after_a_return_takes_the_rest(logs: Accounts) -> None:
    """X-2, X-3"""
    placed = logs.place(lines=[line(1, 1_050, 3)])
    logs.accrue(placed, 10)
    logs.reverse(logs.back(1, 0, 3), 3)
    cancelled = logs.step("order-cancelled")
    assert logs.found() == {"return-missing"}
    logs.reverse(cancelled, 7)
    assert logs.found() == set()


def test_a_reward_comes_back_by_the_share_of_its_discount(logs: Accounts) -> None:
    """X-3"""
    earned = logs.place(lines=[line(1, 1_000)])
    logs.accrue(earned, 10)
    reward = {
        "hold_id": "o2/1",
        "reward_id": "r",
        "points": 10,
        "discount_cents": 500,
        "shares": [],
    }
    paid = logs.place("o2", lines=[line(1, 99, 3)], reward=reward)
    lots = [{"ordinal": 1, "points": 10, "active_from": "2026-05-05"}]
    logs.account("reward-redeemed", paid, **reward, order_id="o2", unheld=lots, owed=0)
    assert logs.found() == {"redeemed-without-hold"}
    of_line = {"number": 1, "quantity": 1, "returned_before": 0, "ordered": 3}
    back = logs.back(
        1, 0, 3, order_id="o2", lines=[of_line | {"reward_cents": 167}], reward_discount_cents=500
    )
    given = {"order_id": "o2", "hold_id": "o2/1", "settled": 0}
    assert "return-missing" in logs.found()
    logs.account("reward-returned", back, **given, points=3, lots=[lots[0] | {"points": 3}])
    assert logs.found() == {"redeemed-without-hold"}


def test_points_wait_until_their_order_is_shipped(logs: Accounts) -> None:
    """S6"""
    placed = logs.place(lines=[line(1, 1_050, 3)], earning=WAITING)
    logs.accrue(placed, 10, waits_for="shipped")
    assert logs.found() == set()
    logs.reverse(logs.back(1, 0, 3), 3, waiting=True)
    assert logs.found() == set()
    shipped = logs.step("order-shipped", is_complete=True)
    assert logs.found() == {"points-unscheduled"}
    logs.schedule(shipped, 7)
    assert logs.found() == set()


def test_points_that_do_not_wait_as_their_order_says_are_wrong(logs: Accounts) -> None:
    """S6"""
    placed = logs.place(lines=[line(1, 1_050, 3)], earning=WAITING)
    logs.accrue(placed, 10)
    assert logs.found() == {"points-wrong"}


@pytest.mark.parametrize(
    ("points", "active_from", "kind"),
    [(9, "2026-05-06", "points-unfounded"), (10, "2026-05-05", "points-wrong")],
)
def test_points_are_scheduled_as_they_waited(
    logs: Accounts, points: int, active_from: str, kind: str
) -> None:
    """S6"""
    placed = logs.place(lines=[line(1, 1_050, 3)], earning=WAITING)
    logs.accrue(placed, 10, waits_for="shipped")
    logs.schedule(logs.step("order-shipped", is_complete=True), points, active_from)
    assert kind in logs.found()


def test_points_are_not_scheduled_before_their_time(logs: Accounts) -> None:
    """S6"""
    placed = logs.place(lines=[line(1, 1_050, 3)], earning=WAITING)
    logs.accrue(placed, 10, waits_for="shipped")
    logs.schedule(logs.step("order-confirmed"), 10)
    assert logs.found() == {"points-unfounded"}


def test_groups_above_an_article_and_exclusions_of_its_line_count(logs: Accounts) -> None:
    """BO-17, X-24"""
    said = {"groups": ["sticks", "tape"], "price_amount": "9", "price_quantity": 1}
    lines = [line(1, 900, from_catalogue=said), line(2, 900, excluded=["points"]), line(3, 900)]
    logs.accrue(logs.place(lines=lines), 0, 0, 9)
    assert logs.found() == set()


def test_an_order_below_the_minimum_earns_nothing(logs: Accounts) -> None:
    """S6"""
    logs.place(lines=[line(1, 900)], earning=WAITING | {"minimum_cents": 901})
    assert logs.found() == set()
    logs.place("o2", lines=[line(1, 901)], earning=WAITING | {"minimum_cents": 901})
    assert logs.found() == {"points-missing"}


DEACTIVATED: tuple[str, Body] = (
    "programme-deactivated",
    {"dealer": "acme", "version": 3, "run_off_until": "2027-12-31"},
)


def since(event: tuple[str, Body], at: str) -> tuple[str, Body]:
    return event[0], event[1] | {"effective_at": at}


def test_an_order_of_the_run_off_earns_nothing(logs: Accounts) -> None:
    """BO-12, Q20"""
    logs.place(lines=[line(1, 900)])
    assert logs.found(since(DEACTIVATED, "2026-05-02T00:00:00Z")) == set()
    assert logs.found(since(DEACTIVATED, "2026-06-01T00:00:00Z")) == {"points-missing"}


REWARD: tuple[str, Body] = (
    "reward-added",
    {
        "dealer": "acme", "version": 3, "reward_id": "r", "points": 0, "discount_cents": 0,
        "percent_basis_points": 1_250, "effective_at": "2026-05-01T00:00:00Z",
    },
)  # fmt: skip


def capped(share: int) -> tuple[str, Body]:
    terms = TERMS | {"max_share_basis_points": share}
    return "programme-set-up", SET_UP | {"version": 4, "terms": terms}


@pytest.mark.parametrize(
    ("base", "version", "due"),
    [(1_000, 3, 125), (1_004, 3, 126), (1_004, 4, 100), (1_000, 5, None)],
)
def test_a_reward_gives_its_percentage_up_to_the_cap(
    logs: Accounts, base: int, version: int, due: int | None
) -> None:
    """BO-1, X-33: also that it was withdrawn since."""
    withdrawn = ("reward-withdrawn", REWARD[1] | {"version": 5})
    logs.hold(125 if due is None else due, version, base)
    found = logs.found(REWARD, capped(1_000), withdrawn)
    assert ("reward-wrong" in found) == (due is None)
    wrong = Accounts()
    wrong.hold(124, version, base)
    assert "reward-wrong" in wrong.found(REWARD, capped(1_000), withdrawn)


def test_a_closed_programme_holds_nothing(logs: Accounts) -> None:
    """BO-12"""
    closed = ("programme-closed", {"dealer": "acme", "version": 5})
    logs.hold(125, 4)
    deactivated = (DEACTIVATED[0], DEACTIVATED[1] | {"version": 4})
    assert "reward-wrong" not in logs.found(REWARD, deactivated)
    late = Accounts()
    late.hold(125, 5)
    assert "reward-wrong" in late.found(REWARD, deactivated, closed)


def test_groups_match_however_they_are_spelled(logs: Accounts) -> None:
    """D14"""
    logs.accrue(logs.place(lines=[line(1, 900, product_group=" TAPE "), line(2, 900)]), 0, 9)
    assert logs.found() == set()


def test_points_are_for_customers_that_were_enabled_when_they_ordered(logs: Accounts) -> None:
    """BO-11"""
    logs.accrue(logs.place(lines=[line(1, 1_000)]), 10)
    assert logs.found() == set()
    later = {"dealer": "acme", "customer": "c1", "enabled_at": "2026-05-04T12:00:01Z"}
    logs.membership = (("customer-enabled", later),)
    assert logs.found() == {"points-unfounded"}
    ended = {"dealer": "acme", "customer": "c1", "disabled_at": NOON}
    logs.membership = (TAKES_PART, ("customer-disabled", ended))
    assert logs.found() == {"points-unfounded"}


def test_who_takes_no_part_misses_no_points(logs: Accounts) -> None:
    """BO-11"""
    logs.place(lines=[line(1, 1_000)])
    assert logs.found() == {"points-missing"}
    logs.membership = ()
    assert logs.found() == set()


@pytest.mark.parametrize(
    ("accepted_at", "kinds"),
    [
        ("2026-05-04T11:00:00Z", {"points-missing"}),
        ("2026-05-04T10:00:00Z", set[str]()),
        ("2026-05-04T12:00:01Z", set[str]()),
    ],
)
def test_points_are_for_users_who_have_accepted_what_was_in_force(
    logs: Accounts, accepted_at: str, kinds: set[str]
) -> None:
    """BO-50, X-23"""
    placed = logs.place(lines=[line(1, 1_000)])
    logs.account("programme-texts-accepted", placed, accepted_at=accepted_at)
    text = {"dealer": "acme", "is_material": True, "published_at": "2026-05-04T10:30:00Z"}
    terms = TERMS | {"needs_acceptance": True}
    asking = SET_UP | {"version": 3, "terms": terms}
    more = (("programme-text-published", text), ("programme-set-up", asking))
    assert logs.found(*more) == kinds
