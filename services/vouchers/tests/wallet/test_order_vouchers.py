"""Right after an order: the codes that it earned, and how often used ones still work."""

from datetime import UTC, datetime
from typing import Any

import pytest

from zugabe_events.contracts.checkout import Earning, OrderConfirmed
from zugabe_events.domain.consistency_token import Token
from zugabe_testing.callers import problem_code


async def told(shop: Any, order_id: str, user: str = "anna", who: str = "checkout") -> Any:
    answer = await shop.ask(who, "GET", f"/users/{user}/order-vouchers/{order_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_order_tells_of_the_code_that_it_earned(shop: Any) -> None:
    """CH-8, VO-33"""
    await shop.run("again", kind="second-purchase", title="Danke", max_per_user=1)
    await shop.place("o1")
    expected = {
        "issued": [
            {
                "code": "A12345",
                "title": "Danke",
                "valid_until": "2026-05-31",
                "sentence": (
                    "Durch Ihre Bestellung erhalten Sie den Gutscheincode A12345. Durch "
                    "Verwendung des Gutscheins sparen Sie 10 % bei Ihrem nächsten Einkauf. Der "
                    "Gutschein gilt bis zum 31.05.2026."
                ),
            }
        ],
        "remaining": [],
    }
    assert await told(shop, "o1") == await told(shop, "o1", who="anna") == expected
    await shop.cancel("o1")
    assert await told(shop, "o1") == {"issued": [], "remaining": []}


async def test_after_each_order_the_uses_that_are_left_are_told(shop: Any) -> None:
    """CH-8, VO-35: after the first and all following ones."""
    await shop.run("again", kind="second-purchase", max_per_user=2)
    sentences = []
    for order_id in ("o1", "unused", "o2", "o3"):
        held = await shop.hold(order_id) if order_id in ("o2", "o3") else None
        await shop.place(order_id, held)
        [left] = (await told(shop, order_id))["remaining"]
        sentences.append((left["remaining_uses"], left["sentence"]))
        assert len((await told(shop, order_id))["issued"]) == (order_id == "o1")
    assert sentences == [
        (2, "Sie können Ihren Gutscheincode A12345 bis zum 31.05.2026 noch 2 Mal verwenden."),
        (2, "Sie können Ihren Gutscheincode A12345 bis zum 31.05.2026 noch 2 Mal verwenden."),
        (1, "Sie können Ihren Gutscheincode A12345 bis zum 31.05.2026 noch 1 Mal verwenden."),
        (0, "Ihr Gutscheincode A12345 ist aufgebraucht."),
    ]


async def test_a_code_that_works_no_more_is_not_told_of_after_other_orders(shop: Any) -> None:
    """VO-35"""
    await shop.run("again", kind="second-purchase", max_per_user=2)
    await shop.place("o1")
    for order_id in ("o2", "o3"):
        await shop.place(order_id, await shop.hold(order_id))
    await shop.place("o4")
    assert await told(shop, "o4") == {"issued": [], "remaining": []}
    await shop.cancel("o3", "o3/1")
    assert [one["remaining_uses"] for one in (await told(shop, "o4"))["remaining"]] == [1]
    await shop.ask("staff", "POST", "/campaigns/again/end")
    assert await told(shop, "o4") == {"issued": [], "remaining": []}


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({}, None),
        ({"max_per_user": 5}, 4),
        ({"max_per_user": 5, "max_per_customer": 4}, 2),
        ({"max_uses": 3}, 1),
        ({"max_uses": 2, "max_per_customer": 2}, 0),
    ],
)
async def test_limits_that_are_shared_leave_the_fewest_uses(
    shop: Any, limits: dict[str, int], left: int | None
) -> None:
    """VO-11, VO-14, VO-35"""
    await shop.run(**limits)
    await shop.place("o1", await shop.hold("o1", user="bert"), "bert")
    await shop.place("o2", await shop.hold("o2"))
    [remaining] = (await told(shop, "o2"))["remaining"]
    assert remaining["remaining_uses"] == left
    assert ("beliebig oft" in remaining["sentence"]) is (left is None)


async def test_each_of_several_codes_is_told_of(shop: Any) -> None:
    """CH-8, X-31"""
    await shop.run("ten", code="ZEHN", title="Zehn", combines=True, max_per_user=2)
    await shop.run("one", code="EINS", title="Eins", value=100, combines=True, max_per_user=4)
    await shop.place("o1", await shop.hold("o1", codes=["ZEHN", "EINS"]))
    remaining = (await told(shop, "o1"))["remaining"]
    assert [(one["code"], one["title"], one["remaining_uses"]) for one in remaining] == [
        ("EINS", "Eins", 3),
        ("ZEHN", "Zehn", 1),
    ]


async def test_a_code_that_has_expired_meanwhile_does_not_work_any_more(shop: Any) -> None:
    """VO-35"""
    await shop.run(max_per_user=2)
    await shop.place("o1", await shop.hold("o1"))
    shop.now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    [left] = (await told(shop, "o1"))["remaining"]
    assert (left["remaining_uses"], left["sentence"]) == (
        0,
        "Ihr Gutscheincode A12345 gilt nicht mehr.",
    )


async def test_a_code_that_is_earned_later_is_told_of_then(shop: Any, placed: Any) -> None:
    """CH-8"""
    await shop.run("again", kind="second-purchase")
    order = placed("o1", shop.now, earning=Earning(vouchers_on="confirmed"))
    await shop.deliver("checkout", order)
    assert await told(shop, "o1") == {"issued": [], "remaining": []}
    confirmed = OrderConfirmed("o1", "25706", "acme", "So.COMMERCE", "anna", shop.now)
    await shop.deliver("checkout", confirmed)
    assert [one["code"] for one in (await told(shop, "o1"))["issued"]] == ["A12345"]


async def test_an_unknown_order_has_nothing_to_tell(shop: Any) -> None:
    assert await told(shop, "o9") == {"issued": [], "remaining": []}


async def test_the_answer_waits_for_the_order_whose_token_it_is_asked_with(shop: Any) -> None:
    """CH-8"""
    headers = {"Zugabe-Token": "checkout.3.7.1"}
    await shop.ask("checkout", "GET", "/users/anna/order-vouchers/o1", **headers)
    assert shop.policies.awaited == [Token("checkout", 3, 7, 1)]


@pytest.mark.parametrize("who", ["bert", "staff", "central"])
async def test_others_are_told_nothing(shop: Any, who: str) -> None:
    """X-16"""
    answer = await shop.ask(who, "GET", "/users/anna/order-vouchers/o1")
    assert problem_code(answer, 403) == "forbidden"
