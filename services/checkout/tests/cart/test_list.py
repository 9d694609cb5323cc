"""Users find their carts again on another device: those that are open, at prices of today."""

from typing import Any

import pytest
from checkout_tests.catalogue import each
from checkout_tests.fakes import NOON, Shop

from zugabe_events.contracts.catalog_shops import ArticleDelisted

PEN = {"article": "pen", "quantity": 2}
INK = {"article": "ink", "quantity": 1}
GONE = {"article": "gone", "quantity": 5}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("pen", "10.00", "Stift")
    shop.told.sold("ink", "5.00", "Tinte")
    shop.told.sold("gone", "3.00", "Ordner")
    shop.documents.fold(ArticleDelisted("central", "gone", NOON))
    return shop


async def must(shop: Shop, method: str, path: str, body: object = None, **more: str) -> Any:
    answer = await shop.ask(method, path, body, **more)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def listed(shop: Shop, user: str = "otto", caller: str = "otto", query: str = "") -> Any:
    return await must(shop, "GET", f"/users/{user}/carts{query}", caller=caller)


async def open_cart(shop: Shop, cart_id: str, *lines: Any, caller: str = "otto") -> None:
    await must(shop, "PUT", f"/carts/{cart_id}", {"lines": lines}, caller=caller)
    shop.later(60)


async def test_carts_come_with_their_size_and_todays_value_the_latest_first(shop: Shop) -> None:
    await open_cart(shop, "o1", PEN, INK)
    await open_cart(shop, "o2", PEN)
    await must(
        shop, "PATCH", "/carts/o1", {"version": 1, "lines": [INK | {"quantity": 3}]}, caller="otto"
    )
    first, second = (await listed(shop))["items"]
    assert first == {
        "cart_id": "o1",
        "version": 2,
        "customer": "c1",
        "user": "otto",
        "status": "open",
        "positions": 2,
        "goods_cents": 3_500,
        "changed_at": "2026-03-01T11:02:00Z",
    }
    assert (second["cart_id"], second["version"], second["goods_cents"]) == ("o2", 1, 2_000)
    shop.told.priced("pen", each("11.00"))
    assert [one["goods_cents"] for one in (await listed(shop))["items"]] == [3_700, 2_200]


async def test_what_cannot_be_ordered_is_a_position_without_value(shop: Shop) -> None:
    await open_cart(shop, "o1", PEN, GONE)
    await open_cart(shop, "o2", GONE)
    await open_cart(shop, "o3")
    carts = (await listed(shop))["items"]
    assert [(one["cart_id"], one["positions"], one["goods_cents"]) for one in carts] == [
        ("o3", 0, 0),
        ("o2", 1, 0),
        ("o1", 2, 2_000),
    ]


async def test_an_ordered_cart_is_not_listed_any_more(shop: Shop) -> None:
    await open_cart(shop, "o1", PEN)
    await open_cart(shop, "o2", INK)
    await must(shop, "PUT", "/orders/o1", {"cart_version": 1}, caller="otto")
    await must(shop, "PUT", "/orders/o3", {"lines": [PEN]}, caller="otto")
    assert [one["cart_id"] for one in (await listed(shop))["items"]] == ["o2"]


async def test_a_submitted_cart_is_listed_as_such_and_open_again_when_it_is_rejected(
    shop: Shop,
) -> None:
    """X-26"""
    shop.told.approval("always")
    await open_cart(shop, "o1", PEN)
    await must(shop, "PUT", "/orders/o1", {"cart_version": 1}, caller="otto")
    [submitted] = (await listed(shop))["items"]
    assert (submitted["status"], submitted["goods_cents"]) == ("submitted", 2_000)
    await must(shop, "POST", "/orders/o1/rejection", {"attempt": 1}, caller="boss")
    [opened] = (await listed(shop))["items"]
    assert (opened["status"], opened["version"]) == ("open", 1)


async def test_an_anonymous_cart_belongs_to_nobodys_list_until_it_is_joined(shop: Shop) -> None:
    anonymous = await must(shop, "POST", "/carts", {"lines": [PEN]}, caller="")
    assert (await listed(shop))["items"] == []
    joining = {"from": anonymous["cart"]["cart_id"], "key": anonymous["key"]}
    await must(shop, "POST", "/carts/o1/joining", joining, caller="otto")
    [joined] = (await listed(shop))["items"]
    assert (joined["cart_id"], joined["positions"], joined["goods_cents"]) == ("o1", 1, 2_000)


async def test_users_see_their_own_and_staff_those_of_their_dealer(shop: Shop) -> None:
    """X-16, S20"""
    await open_cart(shop, "o1", PEN)
    await open_cart(shop, "o2", PEN, caller="bert")
    assert [one["cart_id"] for one in (await listed(shop, caller="ordinary-staff"))["items"]] == [
        "o1"
    ]
    assert [one["cart_id"] for one in (await listed(shop, caller="ordinary-service"))["items"]] == [
        "o1"
    ]
    for caller, status in (("bert", 403), ("stranger", 403), ("central", 403), ("", 401)):
        assert (await shop.ask("GET", "/users/otto/carts", caller=caller)).status_code == status


async def test_who_changed_to_another_customer_does_not_see_the_carts_of_the_former(
    shop: Shop,
) -> None:
    of_former = {"lines": [PEN], "user": "otto", "customer": "c2"}
    await must(shop, "PUT", "/carts/o1", of_former, caller="ordinary-staff")
    assert (await listed(shop))["items"] == []
    [seen] = (await listed(shop, caller="ordinary-staff"))["items"]
    assert seen["customer"] == "c2"


async def test_pages_follow_each_other_and_are_small(shop: Shop) -> None:
    """X-18, S5, D21: each cart may have a thousand lines to price."""
    for number in range(5):
        await open_cart(shop, f"o{number}", PEN)
    seen, query = list[str](), "?limit=2"
    while True:
        page = await listed(shop, query=query)
        seen += [one["cart_id"] for one in page["items"]]
        if page["next"] is None:
            break
        query = f"?limit=2&after={page['next']}"
    assert seen == ["o4", "o3", "o2", "o1", "o0"]
    other = await shop.ask("GET", f"/users/otto/carts{query}&sort=changed_at", caller="otto")
    assert (other.status_code, other.json()["code"]) == (422, "cursor-mismatch")
    many = await shop.ask("GET", "/users/otto/carts?limit=21", caller="otto")
    assert many.status_code == 422


async def test_without_current_prices_it_is_not_listed_at_old_ones(shop: Shop) -> None:
    await open_cart(shop, "o1", PEN)
    shop.is_behind = True
    assert (await shop.ask("GET", "/users/otto/carts", caller="otto")).status_code == 503
