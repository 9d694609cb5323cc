"""Vouchers that wait for a state of their order, and discounts that are charged, audited alone."""

from typing import Any

import pytest
from msgspec.structs import replace
from verify_tests.logs import NOON, OF_O1, Logs

from zugabe_verify.business.scope import Case
from zugabe_verify.business.wallet import check_wallet
from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent
from zugabe_verify.rules import Rules

WALLET = "wallet/acme/anna"
TERMS = {
    "kind": "second-purchase", "valid_from": "2026-05-01", "valid_until": "2026-05-31",
    "max_per_user": 2, "discount_type": "percent", "value": 1_000,
}  # fmt: skip
OFFER = {"dealer": "acme", "campaign_id": "again", "version": 1, "terms": TERMS}


class Wallets(Logs):
    def wallet(self, name: str, cause: LoggedEvent, **fields: Any) -> None:
        self.add("vouchers", WALLET, name, OF_O1 | fields, cause)

    def found(self, *more: tuple[str, Body], stored: int = 1) -> set[str]:
        """`more` are events of the campaign after its activation, `stored` in this second."""
        findings, rules = Findings(), Rules()
        for name, body in (
            ("campaign-activated", OFFER),
            ("second-purchase-offered", OFFER),
            *more,
        ):
            rules.take(replace(Wallets().add("vouchers", "again", name, body), seconds=stored))
        scope = self.scope(findings, rules, "vouchers.orders")
        wallet = [event for event in self.events if event.log == "vouchers"]
        check_wallet(wallet, Case(scope, "vouchers", WALLET, self.orders()))
        return {finding.kind for finding in findings.all()}


VOUCHER = {"voucher_id": "again/o1", "campaign_id": "again", "campaign_version": 1, "terms": TERMS}
LATER = {"vouchers_on": "shipped", "minimum_cents": 0}
WORTH: Body = {"goods_cents": 100, "lines": [], "net_cents": 100}


@pytest.fixture
def logs() -> Wallets:
    return Wallets()


def awaited(logs: Wallets) -> None:
    placed = logs.place(**WORTH, earning=LATER)
    logs.wallet("order-noted", placed, placed_at=NOON)
    logs.wallet("voucher-awaited", placed, **VOUCHER, awaits="shipped")


def test_a_voucher_is_issued_when_its_order_is_shipped(logs: Wallets) -> None:
    awaited(logs)
    assert logs.found() == set()
    logs.step("order-shipped", is_complete=False)
    assert logs.found() == set()
    shipped = logs.step("order-shipped", is_complete=True)
    assert logs.found() == {"voucher-missing"}
    logs.wallet("voucher-issued", shipped, **VOUCHER)
    assert logs.found() == set()


def test_a_voucher_that_is_issued_before_is_unfounded(logs: Wallets) -> None:
    awaited(logs)
    confirmed = logs.step("order-confirmed")
    logs.wallet("voucher-issued", confirmed, **VOUCHER)
    assert logs.found() == {"voucher-unfounded"}


@pytest.mark.parametrize("goods", [0, 99])
def test_an_order_below_the_minimum_earns_nothing(logs: Wallets, goods: int) -> None:
    """X-40"""
    earning = {"vouchers_on": "placed", "minimum_cents": 100 if goods else 0}
    placed = logs.place(**WORTH | {"goods_cents": goods}, earning=earning)
    logs.wallet("order-noted", placed, placed_at=NOON)
    assert logs.found() == set()
    logs.wallet("voucher-issued", placed, **VOUCHER)
    assert logs.found() == {"voucher-unfounded"}


BEFORE, AFTER = "2026-05-04T11:00:00Z", "2026-05-04T13:00:00Z"
CHANGED = TERMS | {"value": 500}


def suspended(at: str) -> tuple[str, Body]:
    body = {"dealer": "acme", "campaign_id": "again", "suspended_at": at}
    return "second-purchase-suspended", body


def offered_again(at: str) -> list[tuple[str, Body]]:
    body = OFFER | {"version": 2, "terms": CHANGED}
    return [
        ("campaign-terms-changed", body | {"effective_at": at}),
        ("second-purchase-offered", body | {"offered_at": at}),
    ]


def test_a_paused_campaign_grants_nothing(logs: Wallets) -> None:
    """VO-45, X-40: to orders of the time of the pause."""
    placed = logs.place(**WORTH)
    logs.wallet("order-noted", placed, placed_at=NOON)
    assert logs.found(stored=0) == {"voucher-missing"}
    assert logs.found(suspended(AFTER), stored=0) == {"voucher-missing"}
    assert logs.found(suspended(BEFORE), stored=0) == set()


def test_a_voucher_of_a_paused_campaign_is_unfounded(logs: Wallets) -> None:
    """VO-45, X-40"""
    placed = logs.place(**WORTH)
    logs.wallet("voucher-issued", placed, **VOUCHER)
    logs.wallet("order-noted", placed, placed_at=NOON)
    assert logs.found(suspended(AFTER), stored=0) == set()
    assert logs.found(suspended(BEFORE), stored=0) == {"voucher-unfounded"}
    assert logs.found(suspended(BEFORE)) == set(), "the pause may not have been known"


def test_a_voucher_has_the_terms_in_force_at_its_order(logs: Wallets) -> None:
    """X-17, X-40"""
    placed = logs.place(**WORTH)
    logs.wallet("voucher-issued", placed, **VOUCHER)
    logs.wallet("order-noted", placed, placed_at=NOON)
    assert logs.found(*offered_again(AFTER), stored=0) == set()
    assert logs.found(*offered_again(BEFORE), stored=0) == {"voucher-unfounded"}


def test_a_voucher_of_changed_terms_is_founded(logs: Wallets) -> None:
    """X-17: also after a pause."""
    placed = logs.place(**WORTH)
    changed = VOUCHER | {"campaign_version": 2, "terms": CHANGED}
    logs.wallet("voucher-issued", placed, **changed)
    logs.wallet("order-noted", placed, placed_at=NOON)
    again = [suspended("2026-05-04T10:00:00Z"), *offered_again(BEFORE)]
    assert logs.found(*again, stored=0) == set()
    assert logs.found(stored=0) == {"voucher-unfounded"}


CENTRAL_OFFER = OFFER | {"dealer": "central", "campaign_id": "central-again"}
EARLIER = "2026-05-04T10:00:00Z"
CENTRAL = [
    suspended(EARLIER),
    ("campaign-activated", CENTRAL_OFFER),
    ("second-purchase-offered", CENTRAL_OFFER),
]
"""Alone: the dealer's own campaign is paused."""


def joined(at: str, minimum: int | None = None) -> tuple[str, Body]:
    body = {"dealer": "acme", "campaign_id": "central-again", "minimum_cents": minimum}
    return "campaign-joined", body | {"joined_at": at}


def left(at: str) -> tuple[str, Body]:
    return "campaign-left", {"dealer": "acme", "campaign_id": "central-again", "left_at": at}


def central_voucher(logs: Wallets, minimum: int | None) -> None:
    placed = logs.place(**WORTH)
    terms = TERMS if minimum is None else TERMS | {"minimum_cents": minimum}
    ids = {"voucher_id": "central-again/o1", "campaign_id": "central-again"}
    logs.wallet("voucher-issued", placed, **VOUCHER | ids | {"terms": terms})
    logs.wallet("order-noted", placed, placed_at=NOON)


@pytest.mark.parametrize("minimum", [None, 500])
def test_a_central_voucher_has_the_dealers_minimum(logs: Wallets, minimum: int | None) -> None:
    """VO-27, VO-28"""
    central_voucher(logs, minimum)
    assert logs.found(*CENTRAL, joined(BEFORE, minimum), stored=0) == set()
    assert logs.found(*CENTRAL, joined(BEFORE, 700), stored=0) == {"voucher-unfounded"}


def test_a_central_voucher_is_only_of_a_dealer_who_takes_part(logs: Wallets) -> None:
    """VO-29, X-40"""
    central_voucher(logs, None)
    assert logs.found(*CENTRAL, stored=0) == {"voucher-unfounded"}
    assert logs.found(*CENTRAL, joined(AFTER), stored=0) == {"voucher-unfounded"}
    assert logs.found(*CENTRAL, joined(EARLIER), left(BEFORE), stored=0) == {"voucher-unfounded"}
    assert logs.found(*CENTRAL, joined(EARLIER), left(AFTER), stored=0) == set()


def test_a_first_order_earns_the_central_voucher_too(logs: Wallets) -> None:
    """VO-32"""
    placed = logs.place(**WORTH)
    logs.wallet("order-noted", placed, placed_at=NOON)
    assert logs.found(*CENTRAL, joined(BEFORE), stored=0) == {"voucher-missing"}
    assert logs.found(*CENTRAL, joined(EARLIER), left(BEFORE), stored=0) == set()
    assert logs.found(*CENTRAL, stored=0) == set()


def used(logs: Wallets, claw_back: str) -> LoggedEvent:
    """The voucher that order o1 earned has paid for o2, then o1 is cancelled."""
    placed = logs.place(**WORTH)
    logs.wallet("order-noted", placed, placed_at=NOON)
    logs.wallet("voucher-issued", placed, **VOUCHER, claw_back=claw_back)
    use = {"hold_id": "o2/1", "campaign_id": "again", "base_cents": 100, "discount_cents": 10}
    logs.step("holds-asked", "o2", attempt=1, voucher_code="A")
    held = use | {"order_id": "o2", "attempt": 1, "campaign_version": 1, "shares": [10]}
    held |= {"deadline": NOON, "voucher_id": "again/o1"}
    paid = use | {"campaign_version": 1, "shares": [10]}
    second = logs.place("o2", voucher=paid, placed_at="2026-05-04T13:00:00Z")
    logs.wallet("voucher-held", placed, **held)
    logs.wallet("voucher-redeemed", second, **use, order_id="o2", voucher_id="again/o1")
    logs.wallet("order-noted", second, order_id="o2", placed_at="2026-05-04T13:00:00Z")
    cancelled = logs.step("order-cancelled")
    logs.wallet("order-forgotten", cancelled)
    return cancelled


def test_a_discount_is_charged_once_if_the_terms_say_so(logs: Wallets) -> None:
    cancelled = used(logs, "charge")
    assert logs.found() == {"claw-back-missing"}
    charged = {"voucher_id": "again/o1", "hold_id": "o2/1", "discount_cents": 10, "order_id": "o2"}
    logs.wallet("voucher-clawed-back", cancelled, **charged)
    assert logs.found() == set()
    logs.wallet("voucher-clawed-back", cancelled, **charged)
    assert logs.found() == {"claw-back-unfounded"}


def test_a_discount_that_is_kept_is_not_charged(logs: Wallets) -> None:
    """Q7"""
    cancelled = used(logs, "keep")
    assert logs.found() == set()
    charged = {"voucher_id": "again/o1", "hold_id": "o2/1", "discount_cents": 10, "order_id": "o2"}
    logs.wallet("voucher-clawed-back", cancelled, **charged)
    assert logs.found() == {"claw-back-unfounded"}


def test_a_return_that_counts_as_a_cancellation_gives_all_uses_back(logs: Wallets) -> None:
    """X-2, X-3"""
    used(logs, "keep")
    returned = logs.step("order-returned", "o2", is_cancellation=True)
    assert logs.found() == {"return-missing"}
    use = {"hold_id": "o2/1", "campaign_id": "again", "order_id": "o2"}
    logs.wallet("voucher-returned", returned, **use)
    logs.wallet("voucher-revoked", returned, **VOUCHER)
    assert logs.found() == set()
