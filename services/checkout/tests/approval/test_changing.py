"""An approver orders something else in place of what was submitted (X-26)."""

from typing import Any

import httpx
import pytest
from checkout_tests.fakes import Shop, lost

from checkout.peer.ports import Reason
from zugabe_events.contracts.checkout import OrderPlaced, SalesTerms

NO = Reason("use-limit-reached", "Dieser Gutschein ist schon verbraucht.", {})


@pytest.fixture
def shop() -> Shop:
    """Each order of customer c1 needs approval; an article costs 10 euros."""
    shop = Shop()
    shop.told.sold("0017", "10.00", "Ordner")
    shop.told.approval("always")
    return shop


def lines(quantity: int) -> list[dict[str, object]]:
    return [{"article": "0017", "quantity": quantity}]


async def submit(shop: Shop, **cart: Any) -> None:
    answer = await shop.place("o1", "otto", lines=lines(3), **cart)
    assert answer.status_code == 202, answer.text


async def change(shop: Shop, caller: str = "boss", **cart: Any) -> httpx.Response:
    body = {"attempt": 1, "lines": lines(2), **cart}
    return await shop.ask("PUT", "/orders/o1/submission", body, caller)


async def test_a_change_is_placed_for_who_submitted_the_order(shop: Shop) -> None:
    """X-26: it is the approval, too."""
    await submit(shop, voucher_code="TEN")
    for status in (200, 200):
        answer = await change(shop, voucher_code="TEN")
        assert (answer.status_code, answer.json()["status"]) == (status, "placed")
    order = answer.json()
    assert (order["user"], order["orderer"]["name"]) == ("otto", "Otto Ort")
    assert (order["net_cents"], order["attempt"]) == (1_800, 2)
    assert shop.names == [
        "holds-asked",
        "order-submitted",
        "voucher-taken-off",
        "submission-ended",
        "holds-asked",
        "order-placed",
    ]
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    [approval] = placed.approvals
    assert (approval.approver, approval.has_changed) == ("boss", True)


async def test_a_changed_order_of_high_value_is_submitted_to_the_dealers_staff(shop: Shop) -> None:
    """S1"""
    await submit(shop)
    shop.told.terms(SalesTerms(review_order_cents=5_000))
    answer = await change(shop, lines=lines(6))
    assert (answer.status_code, answer.json()["needs"]) == (202, ["order-value"])
    approved = await shop.ask("POST", "/orders/o1/approval", {"attempt": 2}, "reviewer")
    assert approved.status_code == 200
    assert [one["approver"] for one in approved.json()["approvals"]] == ["boss", "rita"]


async def test_a_refused_change_leaves_the_submission_as_it_was(shop: Shop) -> None:
    """X-26: nothing is lost."""
    await submit(shop, voucher_code="TEN")
    before = len(shop.events)
    shop.vouchers.refusing = NO
    answer = await change(shop, voucher_code="TEN")
    assert (answer.status_code, answer.json()["code"]) == (409, NO.code)
    answer = await change(shop, lines=[{"article": "9999", "quantity": 1}])
    assert (answer.status_code, answer.json()["code"]) == (409, "lines-refused")
    answer = await change(shop, gifts=[{"gift": "mug", "pieces": 1}])
    assert (answer.status_code, answer.json()["code"]) == (409, "gift-not-offered")
    assert len(shop.events) == before
    approved = await shop.ask("POST", "/orders/o1/approval", {"attempt": 1}, "boss")
    assert (approved.status_code, approved.json()["net_cents"]) == (200, 2_700)


async def test_a_change_may_go_without_what_is_refused(shop: Shop) -> None:
    await submit(shop)
    shop.vouchers.refusing = NO
    answer = await change(shop, voucher_code="TEN", if_refused="order-without")
    assert (answer.status_code, answer.json()["voucher"]) == (200, None)
    assert [one["code"] for one in answer.json()["refused"]] == [NO.code]


async def test_a_change_that_broke_off_is_repeated(shop: Shop) -> None:
    """The submission has ended for it; its request goes on, and so may the orderer."""
    await submit(shop, voucher_code="TEN")
    shop.vouchers.after_holding = lost
    assert (await change(shop, voucher_code="TEN")).status_code == 503
    assert shop.names[-2:] == ["submission-ended", "holds-asked"]
    shop.vouchers.after_holding = lambda: None
    answer = await change(shop, voucher_code="TEN")
    assert (answer.status_code, answer.json()["net_cents"]) == (200, 1_800)


async def test_after_a_change_that_broke_off_the_orderer_orders_again(shop: Shop) -> None:
    await submit(shop, voucher_code="TEN")
    shop.vouchers.after_holding = lost
    await change(shop, voucher_code="TEN")
    shop.vouchers.after_holding = lambda: None
    status = (await shop.ask("GET", "/orders/o1", caller="otto")).json()["status"]
    assert status == "changed"
    answer = await shop.place("o1", "otto", lines=lines(4), voucher_code="TEN")
    assert (answer.status_code, answer.json()["status"]) == (202, "submitted")
    late = await change(shop, voucher_code="TEN", lines=lines(1))
    assert (late.status_code, late.json()["code"]) == (409, "submission-changed")


async def test_a_change_at_other_prices_than_quoted_is_told(shop: Shop) -> None:
    await submit(shop)
    quoted = await shop.ask("POST", "/quotes", {"lines": lines(1)}, "boss")
    answer = await change(shop, quote=quoted.json()["quote"])
    assert (answer.status_code, answer.json()["code"]) == (409, "quote-changed")
    assert shop.names == ["order-submitted"]
    answer = await change(shop, quote=answer.json()["quote"]["quote"])
    assert answer.status_code == 200


async def test_only_approvers_of_the_customer_change_an_order(shop: Shop) -> None:
    """X-16"""
    await submit(shop)
    for caller, status in (
        ("other-boss", 404),
        ("otto", 403),
        ("reviewer", 403),
        ("odd-staff", 403),
        ("stranger", 403),
    ):
        assert (await change(shop, caller)).status_code == status, caller
    assert shop.names == ["order-submitted"]


async def test_what_was_not_submitted_is_not_changed(shop: Shop) -> None:
    answer = await change(shop)
    assert (answer.status_code, answer.json()["code"]) == (404, "submission-not-found")
    await submit(shop)
    await shop.ask("POST", "/orders/o1/withdrawal", caller="otto")
    answer = await change(shop)
    assert (answer.status_code, answer.json()["code"]) == (409, "submission-withdrawn")
