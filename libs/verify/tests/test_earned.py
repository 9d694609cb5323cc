"""Vouchers that wait for a state of their order, and discounts that are charged, audited alone."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from zugabe_verify.business.orders import orders_of
from zugabe_verify.business.scope import Case, Scope
from zugabe_verify.business.wallet import check_wallet
from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.rules import Rules

NOON = "2026-05-04T12:00:00Z"
WALLET, ORDER = "wallet/acme/anna", "order/acme/o1"
OF_O1 = {"dealer": "acme", "user": "anna", "order_id": "o1"}
TERMS = {
    "kind": "second-purchase", "valid_from": "2026-05-01", "valid_until": "2026-05-31",
    "max_per_user": 2, "discount_type": "percent", "value": 1_000,
}  # fmt: skip
OFFER = {"dealer": "acme", "campaign_id": "again", "version": 1, "terms": TERMS}


class Logs:
    """The logs of checkout and vouchers, which the consumer has read to their ends."""

    def __init__(self) -> None:
        self.events: list[LoggedEvent] = []

    def add(
        self, log: str, stream: str, name: str, body: Body, cause: LoggedEvent | None = None
    ) -> LoggedEvent:
        pos = len(self.events) + 1
        because = cause.id if cause else None
        event = LoggedEvent(
            log, stream, pos, 0, pos, f"{pos}.0", because, pos, name, json.dumps(body)
        )
        self.events.append(event)
        return event

    def place(self, order_id: str = "o1", **changes: Any) -> LoggedEvent:
        body = {
            **OF_O1, "order_id": order_id, "attempt": 1, "voucher": None, "reward": None,
            "refused": [], "lines": [], "goods_cents": 0, "net_cents": 0, "placed_at": NOON,
            "imported": False, **changes,
        }  # fmt: skip
        return self.add("checkout", f"order/acme/{order_id}", "order-placed", body)

    def step(self, name: str, order_id: str = "o1", **fields: Any) -> LoggedEvent:
        body = OF_O1 | {"order_id": order_id} | fields
        return self.add("checkout", f"order/acme/{order_id}", name, body)

    def wallet(self, name: str, cause: LoggedEvent, **fields: Any) -> None:
        self.add("vouchers", WALLET, name, OF_O1 | fields, cause)

    def found(self) -> set[str]:
        findings, rules = Findings(), Rules()
        for name in ("campaign-activated", "second-purchase-offered"):
            rules.take(Logs().add("vouchers", "again", name, OFFER))
        orders = orders_of([e for e in self.events if e.log == "checkout"], Findings())
        reached = {("vouchers.orders", "checkout"): {0: len(self.events)}}
        scope = Scope(findings, rules, datetime(2026, 5, 5, tzinfo=UTC), reached)
        wallet = [event for event in self.events if event.log == "vouchers"]
        check_wallet(wallet, Case(scope, "vouchers", WALLET, orders))
        return {finding.kind for finding in findings.all()}


VOUCHER = {"voucher_id": "again/o1", "campaign_id": "again", "campaign_version": 1, "terms": TERMS}
LATER = {"vouchers_on": "shipped", "minimum_cents": 0}
WORTH: Body = {"goods_cents": 100, "lines": [], "net_cents": 100}


@pytest.fixture
def logs() -> Logs:
    return Logs()


def awaited(logs: Logs) -> None:
    placed = logs.place(**WORTH, earning=LATER)
    logs.wallet("order-noted", placed, placed_at=NOON)
    logs.wallet("voucher-awaited", placed, **VOUCHER, awaits="shipped")


def test_a_voucher_is_issued_when_its_order_is_shipped(logs: Logs) -> None:
    awaited(logs)
    assert logs.found() == set()
    logs.step("order-shipped", is_complete=False)
    assert logs.found() == set()
    shipped = logs.step("order-shipped", is_complete=True)
    assert logs.found() == {"voucher-missing"}
    logs.wallet("voucher-issued", shipped, **VOUCHER)
    assert logs.found() == set()


def test_a_voucher_that_is_issued_before_is_unfounded(logs: Logs) -> None:
    awaited(logs)
    confirmed = logs.step("order-confirmed")
    logs.wallet("voucher-issued", confirmed, **VOUCHER)
    assert logs.found() == {"voucher-unfounded"}


@pytest.mark.parametrize("goods", [0, 99])
def test_an_order_below_the_minimum_earns_nothing(logs: Logs, goods: int) -> None:
    """X-40"""
    earning = {"vouchers_on": "placed", "minimum_cents": 100 if goods else 0}
    placed = logs.place(**WORTH | {"goods_cents": goods}, earning=earning)
    logs.wallet("order-noted", placed, placed_at=NOON)
    assert logs.found() == set()
    logs.wallet("voucher-issued", placed, **VOUCHER)
    assert logs.found() == {"voucher-unfounded"}


def used(logs: Logs, claw_back: str) -> LoggedEvent:
    """The voucher that order o1 earned has paid for o2, then o1 is cancelled."""
    placed = logs.place(**WORTH)
    logs.wallet("order-noted", placed, placed_at=NOON)
    logs.wallet("voucher-issued", placed, **VOUCHER, claw_back=claw_back)
    use = {"hold_id": "o2/1", "campaign_id": "again", "base_cents": 100, "discount_cents": 10}
    logs.step("holds-asked", "o2", attempt=1, voucher_code="A")
    held = use | {"order_id": "o2", "attempt": 1, "campaign_version": 1, "shares": [10]}
    held |= {"deadline": NOON, "voucher_id": "again/o1"}
    second = logs.place("o2", voucher=use | {"shares": []}, placed_at="2026-05-04T13:00:00Z")
    logs.wallet("voucher-held", placed, **held)
    logs.wallet("voucher-redeemed", second, **use, order_id="o2", voucher_id="again/o1")
    logs.wallet("order-noted", second, order_id="o2", placed_at="2026-05-04T13:00:00Z")
    cancelled = logs.step("order-cancelled")
    logs.wallet("order-forgotten", cancelled)
    return cancelled


def test_a_discount_is_charged_once_if_the_terms_say_so(logs: Logs) -> None:
    cancelled = used(logs, "charge")
    assert logs.found() == {"claw-back-missing"}
    charged = {"voucher_id": "again/o1", "hold_id": "o2/1", "discount_cents": 10, "order_id": "o2"}
    logs.wallet("voucher-clawed-back", cancelled, **charged)
    assert logs.found() == set()
    logs.wallet("voucher-clawed-back", cancelled, **charged)
    assert logs.found() == {"claw-back-unfounded"}


def test_a_discount_that_is_kept_is_not_charged(logs: Logs) -> None:
    """Q7"""
    cancelled = used(logs, "keep")
    assert logs.found() == set()
    charged = {"voucher_id": "again/o1", "hold_id": "o2/1", "discount_cents": 10, "order_id": "o2"}
    logs.wallet("voucher-clawed-back", cancelled, **charged)
    assert logs.found() == {"claw-back-unfounded"}


def test_a_return_that_counts_as_a_cancellation_gives_all_uses_back(logs: Logs) -> None:
    """X-2, X-3"""
    used(logs, "keep")
    returned = logs.step("order-returned", "o2", is_cancellation=True)
    assert logs.found() == {"return-missing"}
    use = {"hold_id": "o2/1", "campaign_id": "again", "order_id": "o2"}
    logs.wallet("voucher-returned", returned, **use)
    logs.wallet("voucher-revoked", returned, **VOUCHER)
    assert logs.found() == set()
