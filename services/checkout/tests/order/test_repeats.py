"""X-12: the same request has the same answer; other words under its name are refused."""

import asyncio

from checkout_tests.fakes import LINES, Shop, lost

from checkout.peer.ports import Reason


async def test_the_same_request_without_a_key_is_answered_as_the_first_time(shop: Shop) -> None:
    first = await shop.place(voucher_code="TEN")
    shop.later(60)
    again = await shop.place(voucher_code="TEN")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Zugabe-Token"] == first.headers["Zugabe-Token"]
    assert shop.names.count("order-placed") == 1


async def test_a_repeat_after_a_cancellation_has_the_first_answer_with_the_present_status(
    shop: Shop,
) -> None:
    """D17"""
    first = await shop.place(key="k1", reward_id="fiver")
    await shop.ask("POST", "/orders/o1/cancellation", {"reason": "ordered-twice"})
    again = await shop.place(key="k1", reward_id="fiver")

    assert again.status_code == 200
    assert again.json() == {**first.json(), "status": "cancelled"}


async def test_a_repeat_after_shipping_and_returns_says_so(shop: Shop) -> None:
    """D17"""
    await shop.place(key="k1")
    for path, body, status in (
        ("/confirmation", None, "confirmed"),
        ("/shipments/s1", {"lines": [{"number": 1, "quantity": 1}]}, "partly-shipped"),
        ("/shipments/s2", {}, "shipped"),
        ("/delivery", None, "delivered"),
        (
            "/returns/r1",
            {"lines": [{"number": 1, "quantity": 1}], "reason": "damaged"},
            "partly-returned",
        ),
        (
            "/returns/r2",
            {
                "lines": [{"number": 1, "quantity": 2}, {"number": 2, "quantity": 1}],
                "reason": "damaged",
            },
            "returned",
        ),
    ):
        method = "POST" if path in ("/confirmation", "/delivery") else "PUT"
        answer = await shop.ask(method, f"/orders/o1{path}", body, "staff")
        assert answer.is_success, answer.text
        assert (await shop.place(key="k1")).json()["status"] == status
        assert (await shop.ask("GET", "/orders/o1")).json()["status"] == status


async def test_another_cart_under_the_same_key_is_refused(shop: Shop) -> None:
    await shop.place(key="k1")
    answer = await shop.place(key="k1", lines=LINES[:1])

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"


async def test_another_cart_under_the_key_of_a_running_attempt_is_refused(shop: Shop) -> None:
    shop.vouchers.after_holding = lost
    await shop.place(key="k1", voucher_code="TEN")
    answer = await shop.place(key="k1", voucher_code="TEN", lines=LINES[:1])

    assert answer.status_code == 422
    assert shop.names == ["holds-asked"]


async def test_another_cart_for_an_order_that_was_placed_is_refused(shop: Shop) -> None:
    await shop.place()
    for cart in ({"lines": LINES[:1]}, {"voucher_code": "TEN"}):
        answer = await shop.place(**cart)
        assert answer.status_code == 409
        assert answer.json()["code"] == "already-ordered"


async def test_another_key_for_an_order_that_was_placed_is_refused(shop: Shop) -> None:
    await shop.place(key="k1", voucher_code="TEN")
    answer = await shop.place(key="k2", voucher_code="TEN")
    assert answer.json()["code"] == "already-ordered"


async def test_a_refused_request_may_be_asked_again_and_succeed(shop: Shop) -> None:
    shop.vouchers.refusing = Reason("expired", "Abgelaufen.", {})
    assert (await shop.place(key="k1", voucher_code="TEN")).status_code == 409
    shop.vouchers.refusing = None
    assert (await shop.place(key="k1", voucher_code="TEN")).status_code == 201


async def test_requests_at_the_same_time_place_one_order(shop: Shop) -> None:
    """Lesson 1"""
    answers = await asyncio.gather(*(shop.place(voucher_code="TEN") for _ in range(5)))

    assert sorted(one.status_code for one in answers) == [200, 200, 200, 200, 201]
    assert len({one.json()["order_number"] for one in answers}) == 1
    assert shop.names == ["holds-asked", "order-placed"]


async def test_an_order_id_belongs_to_the_user_who_opened_it(shop: Shop) -> None:
    shop.vouchers.after_holding = lost
    await shop.place(voucher_code="TEN")
    for cart in ({}, {"voucher_code": "TEN"}):
        answer = await shop.place(caller="bert", **cart)
        assert answer.status_code == 409
        assert answer.json()["code"] == "order-id-taken"


async def test_the_key_of_an_order_is_for_no_other_order(shop: Shop) -> None:
    """X-12, D4, S30"""
    await shop.place("o1", key="k1")
    answer = await shop.place("o2", key="k1")

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"
    assert shop.names.count("order-placed") == 1


async def test_the_key_of_an_order_does_not_cancel_it(shop: Shop) -> None:
    """X-12, D4"""
    await shop.place(key="k1", voucher_code="TEN")
    reason = {"reason": "ordered-twice"}
    answer = await shop.ask("POST", "/orders/o1/cancellation", reason, key="k1")

    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"
    assert "order-cancelled" not in shop.names
