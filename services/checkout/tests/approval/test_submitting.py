"""Orders that need approval are submitted; approvers and staff see and reject them (X-26, S1)."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from checkout_tests.fakes import HOLD_SECONDS, NOON, Shop

from checkout.approval.needs import end_of_waiting
from zugabe_events.contracts.checkout import HoldsAsked, OrderSubmitted, SalesTerms, SubmissionEnded
from zugabe_events.domain.event import Event
from zugabe_events.encryption.sealed_text import is_sealed

EXPIRES = end_of_waiting(NOON, 14)


@pytest.fixture
def shop() -> Shop:
    """Each order of customer c1 needs approval; an article costs 10 euros."""
    shop = Shop()
    shop.told.sold("0017", "10.00", "Ordner")
    shop.told.approval("always")
    return shop


async def submit(
    shop: Shop, order_id: str = "o1", caller: str = "otto", quantity: int = 3, **cart: Any
) -> httpx.Response:
    lines = [{"article": "0017", "quantity": quantity}]
    return await shop.place(order_id, caller, lines=lines, **cart)


def latest(shop: Shop, kind: type[Event]) -> Event:
    return next(event for event in reversed(shop.events) if isinstance(event, kind))


async def test_an_order_that_needs_approval_is_submitted(shop: Shop) -> None:
    """X-26"""
    answer = await submit(shop)
    order = answer.json()
    assert (answer.status_code, order["status"], order["order_number"]) == (202, "submitted", "")
    assert (order["needs"], order["net_cents"]) == (["customer"], 3_000)
    assert datetime.fromisoformat(order["expires_at"]) == EXPIRES
    assert shop.names == ["order-submitted"]
    repeated = await submit(shop)
    assert (repeated.status_code, repeated.json()) == (202, order)
    assert len(shop.events) == 1


async def test_what_it_holds_is_held_for_days(shop: Shop) -> None:
    """X-26: voucher and reward stay the orderer's until the end."""
    answer = await submit(shop, voucher_code="TEN", reward_id="fiver")
    assert answer.json()["status"] == "submitted"
    assert shop.names == ["holds-asked", "order-submitted"]
    assert shop.vouchers.until == shop.bonus.until == {"o1": EXPIRES}
    asked, waiting = shop.events
    assert isinstance(asked, HoldsAsked)
    assert asked.deadline == NOON + timedelta(seconds=HOLD_SECONDS), "else a crash holds for days"
    assert isinstance(waiting, OrderSubmitted)
    assert waiting.voucher is not None
    assert waiting.voucher.hold_id == "o1/1"


async def test_an_approver_orders_without_asking(shop: Shop) -> None:
    assert (await submit(shop, caller="boss")).status_code == 201
    shop.told.approval("always", customer="c2")
    assert (await submit(shop, "o2", "other-boss")).status_code == 201


async def test_staff_who_order_for_a_user_need_the_customers_approval_too(shop: Shop) -> None:
    answer = await submit(shop, caller="ordinary-staff", user="otto", customer="c1")
    assert answer.json()["needs"] == ["customer"]
    answer = await submit(shop, "o2", caller="odd-staff", user="otto", customer="c1")
    assert answer.json()["needs"] == ["customer"], "it is a right of the customer's users"


async def test_a_dealers_own_system_decides_for_itself(shop: Shop) -> None:
    """S1: prices of a caller with the right to set them, and orders of the past (X-30)."""
    shop.told.terms(SalesTerms(review_order_cents=0))
    assert (await shop.place("o1", "service", user="anna", customer="c1")).status_code == 201
    past = {"placed_at": "2026-02-01T12:00:00Z", "user": "anna", "customer": "c1"}
    assert (await shop.place("o2", "central", **past)).status_code == 201


async def test_high_values_of_orders_and_days_wait_for_the_dealers_staff(shop: Shop) -> None:
    """S1"""
    shop.told.approval("none")
    shop.told.terms(SalesTerms(review_order_cents=5_000, review_day_cents=8_000))
    assert (await submit(shop, "o1", quantity=5)).status_code == 201
    assert (await submit(shop, "o2", quantity=6)).json()["needs"] == ["order-value", "day-value"]
    assert (await submit(shop, "o3", quantity=4)).json()["needs"] == ["day-value"]
    assert (await submit(shop, "o4", quantity=3)).status_code == 201
    assert (await submit(shop, "o5", quantity=1)).json()["needs"] == ["day-value"]
    by_reviewer = {"user": "otto", "customer": "c1"}
    assert (await submit(shop, "o6", "reviewer", 9, **by_reviewer)).status_code == 201
    shop.later(24 * 3600)
    assert (await submit(shop, "o7", quantity=5)).status_code == 201


async def test_while_it_waits_no_other_cart_takes_its_place(shop: Shop) -> None:
    await submit(shop)
    answer = await submit(shop, quantity=4)
    assert (answer.status_code, answer.json()["code"]) == (409, "already-submitted")
    answer = await submit(shop, quantity=4, voucher_code="TEN")
    assert (answer.status_code, answer.json()["code"]) == (409, "already-submitted")
    assert shop.names == ["order-submitted"]


async def seen_by(shop: Shop, caller: str, query: str = "") -> list[str]:
    answer = await shop.ask("GET", f"/submissions{query}", caller=caller)
    assert answer.status_code == 200, answer.text
    return [one["order_id"] for one in answer.json()["items"]]


async def test_approvers_see_their_customers_orders_and_staff_see_all(shop: Shop) -> None:
    """X-16"""
    shop.told.approval("always", customer="c2")
    await submit(shop, "o1")
    shop.later(1)
    await submit(shop, "o2", "ordinary-staff", user="zoe", customer="c2")
    assert await seen_by(shop, "boss") == ["o1"]
    assert await seen_by(shop, "other-boss") == ["o2"]
    assert await seen_by(shop, "ordinary-staff") == ["o1", "o2"]
    assert await seen_by(shop, "otto") == ["o1"]
    assert await seen_by(shop, "bert") == []
    assert await seen_by(shop, "boss", "?customer=c2") == ["o1"], "their own customer's, whatever"
    assert await seen_by(shop, "ordinary-staff", "?customer=c2") == ["o2"]
    assert await seen_by(shop, "ordinary-staff", "?needs=order-value") == []
    assert await seen_by(shop, "ordinary-staff", "?needs=customer") == ["o1", "o2"]
    for caller, status in (("boss", 200), ("otto", 200), ("other-boss", 404), ("bert", 404)):
        answer = await shop.ask("GET", "/submissions/o1", caller=caller)
        assert answer.status_code == status
    for caller in ("ordinary-central", "stranger"):
        assert (await shop.ask("GET", "/submissions", caller=caller)).status_code == 403


async def test_an_approver_sees_who_ordered_and_what(shop: Shop) -> None:
    await submit(shop)
    page = (await shop.ask("GET", "/submissions", caller="boss")).json()
    [one] = page["items"]
    assert (one["orderer"], one["positions"], one["net_cents"]) == ("Otto Ort", 1, 3_000)
    order = (await shop.ask("GET", "/submissions/o1", caller="boss")).json()
    assert [line["quantity"] for line in order["lines"]] == [3]
    table = await shop.ask("GET", "/submissions.csv", caller="boss")
    assert "Freigabe des Kunden" in table.text


async def test_an_approver_rejects_and_what_was_held_is_free(shop: Shop) -> None:
    """X-26"""
    await submit(shop, voucher_code="TEN", reward_id="fiver")
    body = {"attempt": 1, "note": "Bitte beim Einkauf bestellen."}
    for _ in range(2):
        answer = await shop.ask("POST", "/orders/o1/rejection", body, "boss")
        assert (answer.status_code, answer.text) == (204, "")
    assert shop.names[2:] == ["voucher-taken-off", "reward-taken-off", "submission-ended"]
    ended = latest(shop, SubmissionEnded)
    assert isinstance(ended, SubmissionEnded)
    assert (ended.outcome, ended.by, ended.net_cents) == ("rejected", "boss", 2_200)
    assert ended.note is not None
    assert is_sealed(ended.note)
    [shown] = (await shop.ask("GET", "/submissions?status=rejected", caller="otto")).json()["items"]
    assert (shown["note"], shown["ended_by"]) == (body["note"], "boss")
    assert (await shop.ask("GET", "/orders/o1", caller="otto")).json()["status"] == "rejected"
    again = await submit(shop)
    assert (again.status_code, again.json()["attempt"]) == (202, 2)


async def test_the_orderer_withdraws_and_what_was_held_is_free(shop: Shop) -> None:
    """X-26"""
    await submit(shop, voucher_code="TEN")
    for _ in range(2):
        answer = await shop.ask("POST", "/orders/o1/withdrawal", caller="otto")
        assert answer.status_code == 204
    assert shop.names[2:] == ["voucher-taken-off", "submission-ended"]
    assert await seen_by(shop, "boss") == []
    late = await shop.ask("POST", "/orders/o1/rejection", {"attempt": 1}, "boss")
    assert (late.status_code, late.json()["code"]) == (409, "submission-withdrawn")


async def test_nobody_else_decides_about_an_order(shop: Shop) -> None:
    """X-16"""
    await submit(shop)
    for caller, status, code in (
        ("other-boss", 404, "submission-not-found"),
        ("bert", 403, "forbidden"),
        ("ordinary-staff", 403, "forbidden"),
        ("odd-staff", 403, "forbidden"),
        ("ordinary-central", 403, "forbidden"),
        ("stranger", 403, "forbidden"),
    ):
        answer = await shop.ask("POST", "/orders/o1/rejection", {"attempt": 1}, caller)
        assert (answer.status_code, answer.json()["code"]) == (status, code), caller
    answer = await shop.ask("POST", "/orders/o1/withdrawal", caller="bert")
    assert (answer.status_code, answer.json()["code"]) == (404, "submission-not-found")
    assert shop.names == ["order-submitted"]


async def test_nobody_decides_about_their_own_order(shop: Shop) -> None:
    shop.told.approval("none")
    shop.told.terms(SalesTerms(review_order_cents=0))
    assert (await submit(shop, caller="boss")).json()["needs"] == ["order-value"]
    own = await shop.ask("POST", "/orders/o1/rejection", {"attempt": 1}, "boss")
    assert (own.status_code, own.json()["code"]) == (403, "forbidden")


async def test_what_was_not_submitted_is_not_decided_about(shop: Shop) -> None:
    answer = await shop.ask("POST", "/orders/o9/rejection", {"attempt": 1}, "boss")
    assert (answer.status_code, answer.json()["code"]) == (404, "submission-not-found")
    answer = await shop.ask("POST", "/orders/o9/withdrawal", caller="otto")
    assert (answer.status_code, answer.json()["code"]) == (404, "submission-not-found")
    await shop.place("o8", "anna")
    answer = await shop.ask("POST", "/orders/o8/rejection", {"attempt": 1}, "boss")
    assert (answer.status_code, answer.json()["code"]) == (409, "already-ordered")
