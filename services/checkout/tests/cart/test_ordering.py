"""An order is made of the cart that its buyer saw, or of none."""

import asyncio
from typing import Any

import httpx
import pytest
from checkout_tests.fakes import NOON, Shop

from zugabe_events.contracts.catalog_shops import ArticleDelisted
from zugabe_events.contracts.checkout import OrderPlaced

PEN = {"article": "pen", "quantity": 2}
INK = {"article": "ink", "quantity": 1}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("pen", "10.00", "Stift")
    shop.told.sold("ink", "5.00", "Tinte")
    return shop


async def fill(shop: Shop, **more: Any) -> dict[str, Any]:
    answer = await shop.ask("PUT", "/carts/o1", {"lines": [PEN], **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def change(shop: Shop, version: int, **more: Any) -> httpx.Response:
    return await shop.ask("PATCH", "/carts/o1", {"version": version, **more})


async def order(
    shop: Shop, version: int, caller: str = "anna", cart: str = "o1", **more: Any
) -> httpx.Response:
    return await shop.ask("PUT", f"/orders/{cart}", {"cart_version": version, **more}, caller)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code
    return problem


def placed(shop: Shop) -> list[OrderPlaced]:
    return [event for event in shop.events if isinstance(event, OrderPlaced)]


async def test_the_cart_becomes_the_order_as_it_was_shown(shop: Shop) -> None:
    """CH-3, X-12: at the figures of its quote."""
    await fill(shop, codes=["TEN"], reward_id="fiver", note="Bitte klingeln")
    cart = (await change(shop, 1, lines=[INK], delivery={"country": "AT"})).json()
    answer = await order(shop, 2, quote=cart["priced"]["quote"])
    assert answer.status_code == 201, answer.text
    assert answer.json()["totals"] == cart["priced"]["totals"]
    assert answer.json()["voucher"]["code"] == "TEN"
    [event] = placed(shop)
    assert [(line.article, line.quantity) for line in event.lines] == [("pen", 2), ("ink", 1)]
    assert event.delivery.country == "AT"
    assert event.note is not None
    assert (await shop.people.open([event.note]))[event.note] == "Bitte klingeln"
    assert await shop.people.keep_until("d1/anna") is not None


async def test_a_repeated_order_is_answered_by_the_order(shop: Shop) -> None:
    """X-12"""
    await fill(shop)
    first = await order(shop, 1)
    again = await order(shop, 1)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["order_number"] == again.json()["order_number"]
    refused(await order(shop, 1, if_refused="order-without"), 409, "already-ordered")
    assert len(placed(shop)) == 1


async def test_another_version_is_not_ordered(shop: Shop) -> None:
    """X-12"""
    await fill(shop)
    await change(shop, 1, lines=[INK])
    assert refused(await order(shop, 1), 409, "cart-stale")["version"] == 2
    refused(await order(shop, 3), 409, "cart-stale")
    assert not placed(shop)


async def test_a_cart_that_changes_while_it_is_ordered_is_not_ordered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lesson 7: the commit of the order compares; what was held is free again."""
    await fill(shop, codes=["TEN"])
    changing: list[asyncio.Task[httpx.Response]] = []
    hold = shop.vouchers.hold

    async def slow_hold(*asked: Any) -> Any:
        answer = await hold(*asked)
        changing.append(asyncio.create_task(change(shop, 1, lines=[INK])))
        await asyncio.wait(changing)
        return answer

    monkeypatch.setattr(shop.vouchers, "hold", slow_hold)
    assert refused(await order(shop, 1), 409, "cart-stale")["version"] == 2
    assert changing[0].result().status_code == 200
    assert shop.names == ["cart-changed", "holds-asked", "cart-changed", "voucher-taken-off"]
    monkeypatch.setattr(shop.vouchers, "hold", hold)
    assert (await order(shop, 2)).status_code == 201


async def test_of_a_change_and_an_order_at_once_one_comes_first(shop: Shop) -> None:
    await fill(shop)
    ordered, changed = await asyncio.gather(order(shop, 1), change(shop, 1, lines=[INK]))
    if ordered.status_code == 201:
        refused(changed, 409, "cart-ordered")
        assert [line.article for line in placed(shop)[0].lines] == ["pen"]
    else:
        refused(ordered, 409, "cart-stale")
        assert changed.status_code == 200


async def test_a_line_that_cannot_be_ordered_keeps_the_cart_from_being_ordered(shop: Shop) -> None:
    await fill(shop)
    shop.documents.fold(ArticleDelisted("central", "pen", NOON))
    refused(await order(shop, 1), 409, "lines-refused")
    assert (await change(shop, 1, lines=[{**PEN, "quantity": 0}, INK])).status_code == 200
    assert (await order(shop, 2)).status_code == 201


async def test_an_empty_cart_is_not_ordered(shop: Shop) -> None:
    await fill(shop, lines=[])
    refused(await order(shop, 1), 409, "cart-empty")


async def test_an_order_names_a_cart_or_says_itself_what_it_wants(shop: Shop) -> None:
    await fill(shop)
    for more in ({"lines": [PEN]}, {"reward_id": "fiver"}, {"note": "Hallo"}):
        refused(await order(shop, 1, **more), 422, "invalid")
    refused(await shop.ask("PUT", "/orders/o1", {}), 422, "invalid")


async def test_only_its_user_and_who_acts_for_them_order_a_cart(shop: Shop) -> None:
    """X-16"""
    await fill(shop)
    refused(await order(shop, 1, "bert"), 404, "cart-not-found")
    refused(await order(shop, 1, "staff", user="bert", customer="c1"), 409, "cart-of-another")
    refused(await order(shop, 1, cart="o2"), 404, "cart-not-found")
    answer = await order(shop, 1, "staff")
    assert answer.status_code == 201
    assert answer.json()["user"] == "anna"


async def test_gifts_that_were_added_and_are_lost_again_are_told(shop: Shop) -> None:
    """CH-7, GA-15, GA-16"""
    shop.told.gift_source("central")
    shop.told.gift("mug", 2_000)
    full = await fill(shop)
    assert [gift["pieces"] for gift in full["priced"]["gifts"]] == [1]
    fewer = [{**PEN, "quantity": 1}]
    reduced = await change(shop, 1, lines=fewer, quote=full["priced"]["quote"])
    assert reduced.json()["priced"]["gifts"] == []
    notices = [notice["code"] for notice in reduced.json()["priced"]["notices"]]
    assert "gift-removed-below-limit" in notices


async def test_every_order_brings_its_gift_and_nothing_is_saved_up(shop: Shop) -> None:
    """GA-1: the second order of the same user has one again, for its own value only; two orders
    below the limit bring none together."""
    shop.told.gift_source("central")
    shop.told.gift("mug", 2_000)
    one = [{**PEN, "quantity": 1}]
    for cart, lines in (("o1", [PEN]), ("o2", [PEN]), ("o3", one), ("o4", one)):
        assert (await shop.ask("PUT", f"/carts/{cart}", {"lines": lines})).status_code == 201
        assert (await order(shop, 1, cart=cart)).status_code == 201
    assert [sum(gift.pieces for gift in event.gifts) for event in placed(shop)] == [1, 1, 0, 0]
