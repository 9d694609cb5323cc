"""Steps and returns over HTTP: who may, what is answered, what is shown."""

import asyncio
from typing import Any

import pytest
from checkout_tests.fakes import Shop

from zugabe_events.contracts.checkout import OrderReturned
from zugabe_events.encryption.sealed_text import is_sealed

LINE = {"number": 1, "quantity": 1}
ONE: dict[str, Any] = {"lines": [LINE], "reason": "damaged"}
ALL = {
    "lines": [{"number": 1, "quantity": 3}, {"number": 2, "quantity": 1}],
    "reason": "wrong-delivery",
}


async def step(shop: Shop, path: str, body: object = None, caller: str = "service") -> Any:
    method = "PUT" if path.startswith(("shipments", "returns")) else "POST"
    return await shop.ask(method, f"/orders/o1/{path}", body, caller)


@pytest.fixture
async def shipped(shop: Shop) -> Shop:
    """Four pieces worth 53,33 €, less 10 % and a reward of 5,00 €."""
    await shop.place(voucher_code="TEN", reward_id="fiver")
    assert (await step(shop, "confirmation")).status_code == 204
    assert (await step(shop, "shipments/s1", {})).status_code == 201
    return shop


async def test_an_order_shows_how_far_it_is(shipped: Shop) -> None:
    order = (await shipped.ask("GET", "/orders/o1")).json()
    assert (order["status"], order["confirmed_at"]) == ("shipped", "2026-03-01T11:00:00Z")
    [shipment] = order["shipments"]
    assert shipment["lines"] == [{"number": 1, "quantity": 3}, {"number": 2, "quantity": 1}]
    await step(shipped, "delivery")
    delivered = (await shipped.ask("GET", "/orders/o1")).json()
    assert (delivered["status"], delivered["delivered_at"]) == ("delivered", "2026-03-01T11:00:00Z")


async def test_a_return_is_answered_with_the_amount_to_pay_back(shipped: Shop) -> None:
    """X-3"""
    answer = await step(shipped, "returns/r1", {**ONE, "note": "Ecke ab"}, "anna")
    assert answer.status_code == 201
    assert answer.headers["Zugabe-Token"]
    back = answer.json()
    assert (back["goods_cents"], back["net_cents"], back["totals"]["net_cents"]) == (
        1_000,
        806,
        806,
    )
    assert (back["because"], back["note"]) == ("Beschädigt oder fehlerhaft", "Ecke ab")
    order = (await shipped.ask("GET", "/orders/o1")).json()
    assert order["status"] == "partly-returned"
    assert order["returns"] == [back]
    assert (order["returned_goods_cents"], order["returned_net_cents"]) == (1_000, 806)
    buyer = (await shipped.ask("GET", "/buyers/anna")).json()
    assert (buyer["returns"], buyer["fully_returned"]) == (1, 0)
    assert (buyer["returned_goods_cents"], buyer["returned_net_cents"]) == (1_000, 806)


async def test_the_note_of_a_return_is_sealed_and_shown_to_those_who_see_people(
    shipped: Shop,
) -> None:
    """N-8"""
    await step(shipped, "returns/r1", {**ONE, "note": "Anna Ast"}, "anna")
    event = shipped.events[-1]
    assert isinstance(event, OrderReturned)
    assert event.note
    assert is_sealed(event.note)
    for caller, note in (("staff", "Anna Ast"), ("service", "verborgen")):
        order = (await shipped.ask("GET", "/orders/o1", caller=caller)).json()
        assert [one["note"] for one in order["returns"]] == [note]
        again = await step(shipped, "returns/r1", ONE, caller)
        assert (again.status_code, again.json()["note"]) == (200, note)


async def test_a_repeated_return_is_answered_as_the_first_whoever_asks(shipped: Shop) -> None:
    """X-12: by the id that the client chose, or by the key."""
    first = await step(shipped, "returns/r1", ONE, "anna")
    for caller in ("anna", "staff"):
        again = await step(shipped, "returns/r1", ONE, caller)
        assert (again.status_code, again.json()) == (200, first.json())
    for other in ({**ONE, "reason": "other"}, {**ONE, "lines": [{"number": 2, "quantity": 1}]}):
        refused = await step(shipped, "returns/r1", other, "anna")
        assert (refused.status_code, refused.json()["code"]) == (409, "return-id-taken")
    assert shipped.names.count("order-returned") == 1


async def test_a_repeated_shipment_is_answered_as_the_first_whoever_asks(shop: Shop) -> None:
    await shop.place()
    part = {"lines": [{"number": 1, "quantity": 2}]}
    first = await step(shop, "shipments/s1", part)
    for caller in ("service", "staff"):
        again = await step(shop, "shipments/s1", part, caller)
        assert (again.status_code, again.json()) == (200, first.json())
    other = await step(shop, "shipments/s1", {"lines": [{"number": 1, "quantity": 3}]})
    assert (other.status_code, other.json()["code"]) == (409, "shipment-id-taken")


async def test_steps_are_for_the_dealer_and_returns_for_whom_they_concern(shipped: Shop) -> None:
    """X-16"""
    for path in ("confirmation", "delivery", "shipments/s2"):
        body: dict[str, Any] | None = {} if path.startswith("shipments") else None
        for caller in ("anna", "petra", "central", "stranger"):
            assert (await step(shipped, path, body, caller)).status_code == 403
    for caller, status in (("bert", 404), ("petra", 404), ("central", 403), ("stranger", 403)):
        assert (await step(shipped, "returns/r1", ONE, caller)).status_code == status
    assert shipped.names[-1] == "order-shipped"


async def test_more_than_was_ordered_is_refused_with_what_is_left(shipped: Shop) -> None:
    """X-7"""
    await step(shipped, "returns/r1", ONE, "anna")
    refused = (await step(shipped, "returns/r2", ALL, "anna")).json()
    assert (refused["status"], refused["code"]) == (409, "return-exceeds")
    assert refused["lines"] == [
        {
            "line": "1",
            "asked": "3",
            "left": "2",
            "detail": "Position 1: Zurückgeben lassen sich noch 2 Stück, nicht 3.",
        }
    ]


@pytest.mark.parametrize(
    "body",
    [
        {**ONE, "lines": []},
        {**ONE, "lines": [LINE, LINE]},
        {**ONE, "lines": [{"number": 0, "quantity": 1}]},
        {**ONE, "lines": [{"number": 1, "quantity": 0}]},
        {**ONE, "lines": [{"number": 1, "quantity": -1}]},
        {**ONE, "lines": [{"number": 1, "quantity": 0.5}]},
        {**ONE, "lines": [{"number": 1, "quantity": 10**9}]},
        {**ONE, "reason": "weil"},
        {"lines": [LINE]},
    ],
)
async def test_what_is_not_a_return_is_refused(shipped: Shop, body: dict[str, Any]) -> None:
    """X-10"""
    answer = await step(shipped, "returns/r1", body, "anna")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert shipped.names[-1] == "order-shipped"


async def test_staff_return_when_the_period_of_the_buyer_is_over(shipped: Shop) -> None:
    shipped.later(15 * 86_400)
    late = await step(shipped, "returns/r1", ONE, "anna")
    assert (late.status_code, late.json()["code"]) == (409, "return-period-over")
    assert (await step(shipped, "returns/r1", ONE, "staff")).status_code == 201


async def test_of_returns_at_the_same_time_no_more_comes_back_than_was_ordered(
    shipped: Shop,
) -> None:
    """X-3: eight times two of three, and once more all at once."""
    two = {"lines": [{"number": 1, "quantity": 2}], "reason": "damaged"}
    answers = await asyncio.gather(
        *(step(shipped, f"returns/r{number}", two, "anna") for number in range(8))
    )
    assert sorted(one.status_code for one in answers) == [201, *[409] * 7]
    returned = [event for event in shipped.events if isinstance(event, OrderReturned)]
    assert [[line.quantity for line in one.lines] for one in returned] == [[2]]


async def test_of_the_same_return_at_the_same_time_one_is_taken(shipped: Shop) -> None:
    answers = await asyncio.gather(
        *(step(shipped, "returns/r1", ONE, caller) for caller in ("anna", "staff", "anna"))
    )
    assert sorted(one.status_code for one in answers) == [200, 200, 201]
    assert len({one.text for one in answers}) == 1
    assert shipped.names.count("order-returned") == 1


async def test_shipping_and_cancelling_at_the_same_time_has_one_outcome(shop: Shop) -> None:
    """X-2: what has left is not cancelled, and what is cancelled does not leave."""
    await shop.place()
    sent, cancelled = await asyncio.gather(
        step(shop, "shipments/s1", {}),
        step(shop, "cancellation", {"reason": "other"}, "anna"),
    )
    assert sorted((sent.is_success, cancelled.is_success)) == [False, True]
    names = shop.names[1:]
    assert names in (["order-confirmed", "order-shipped"], ["order-cancelled"])


async def test_returning_and_cancelling_at_the_same_time_returns(shipped: Shop) -> None:
    back, cancelled = await asyncio.gather(
        step(shipped, "returns/r1", ONE, "anna"),
        step(shipped, "cancellation", {"reason": "other"}, "anna"),
    )
    assert (back.status_code, cancelled.status_code) == (201, 409)
    assert shipped.names[-1] == "order-returned"


async def test_orders_are_found_by_status_and_by_number(shipped: Shop) -> None:
    await shipped.place("o2")
    number = (await shipped.ask("GET", "/orders/o2")).json()["order_number"]

    async def found(query: str) -> list[str]:
        page = (await shipped.ask("GET", f"/orders?{query}", caller="staff")).json()
        return [one["order_id"] for one in page["items"]]

    assert await found(f"order_number={number}") == ["o2"]
    assert await found("order_number=4711") == []
    assert await found("status=shipped") == ["o1"]
    assert await found("status=placed") == ["o2"]


async def test_a_list_of_orders_has_sums_if_asked(shipped: Shop) -> None:
    await shipped.place("o2", "bert")
    await step(shipped, "returns/r1", ONE, "anna")
    page = (await shipped.ask("GET", "/orders?limit=1&sums=true", caller="staff")).json()
    assert page["sums"] == {
        "count": 2,
        "goods_cents": 10_666,
        "net_cents": 9_633,
        "returned_goods_cents": 1_000,
        "returned_net_cents": 806,
    }
    own = (await shipped.ask("GET", "/orders?sums=true", caller="bert")).json()
    assert (own["sums"]["count"], own["sums"]["net_cents"]) == (1, 5_333)
    buyers = (await shipped.ask("GET", "/buyers?sums=true", caller="staff")).json()
    assert (buyers["sums"]["count"], buyers["sums"]["orders"]) == (2, 2)
