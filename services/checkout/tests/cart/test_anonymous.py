"""Carts of people who have not logged in: a key instead of a name, until they do."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from checkout_tests.fakes import Shop

from checkout.cart.decider import ANONYMOUS_TTL
from checkout.cart.holders import MAX_OPENED, MAX_WRONG_KEYS, WINDOW
from zugabe_events.contracts.checkout import CartChanged

PEN = {"article": "pen", "quantity": 2}
INK = {"article": "ink", "quantity": 1}


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    shop.told.sold("pen", "10.00", "Stift")
    shop.told.sold("ink", "5.00", "Tinte")
    return shop


async def opened(shop: Shop, **content: Any) -> tuple[str, str, dict[str, Any]]:
    """The id, the key and the cart."""
    answer = await shop.ask("POST", "/carts", {"lines": [PEN], **content}, "")
    assert answer.status_code == 201, answer.text
    found = answer.json()
    return found["cart"]["cart_id"], found["key"], found["cart"]


async def change(shop: Shop, cart: str, key: str, version: int, **more: Any) -> httpx.Response:
    return await shop.ask("PATCH", f"/carts/{cart}", {"version": version, **more}, "", cart_key=key)


async def join(
    shop: Shop, into: str, cart: str, key: str, caller: str = "anna", **more: Any
) -> httpx.Response:
    body = {"from": cart, "key": key, **more}
    return await shop.ask("POST", f"/carts/{into}/joining", body, caller)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code
    return problem


async def test_anybody_may_fill_a_cart(shop: Shop) -> None:
    cart, key, first = await opened(shop)
    assert (first["version"], first["user"], first["priced"]["net_cents"]) == (1, "", 2_000)
    second = (await change(shop, cart, key, 1, lines=[INK])).json()
    assert second["priced"]["net_cents"] == 2_500
    shown = await shop.ask("GET", f"/carts/{cart}", caller="", cart_key=key)
    assert shown.json() == second


async def test_only_the_hash_of_the_key_is_recorded(shop: Shop) -> None:
    """S4: whoever reads the log cannot use the cart."""
    cart, key, _ = await opened(shop)
    assert len(key) >= 43
    [event] = shop.events
    assert isinstance(event, CartChanged)
    assert len(event.key_hash) == 64
    assert key not in str(event)
    shown = await shop.ask("GET", f"/carts/{cart}", caller="", cart_key=key)
    assert key not in shown.text
    assert event.key_hash not in shown.text


async def test_a_wrong_key_fits_no_cart_just_as_if_there_were_none(shop: Shop) -> None:
    """X-16"""
    cart, key, _ = await opened(shop)
    wrong = "x" * 43
    there = await shop.ask("GET", f"/carts/{cart}", caller="", cart_key=wrong)
    nowhere = await shop.ask("GET", "/carts/nowhere", caller="", cart_key=wrong)
    one, other = (refused(answer, 404, "cart-not-found") for answer in (there, nowhere))
    assert {**one, "instance": ""} == {**other, "instance": ""}
    refused(await change(shop, cart, wrong, 1, lines=[INK]), 404, "cart-not-found")
    refused(await shop.ask("GET", f"/carts/{cart}", caller=""), 401, "unauthenticated")
    refused(await shop.ask("GET", f"/carts/{cart}", caller="staff"), 404, "cart-not-found")
    refused(
        await shop.ask("GET", f"/carts/{cart}", caller="", cart_key=key, dealer="d2"),
        404,
        "cart-not-found",
    )
    assert len(shop.events) == 1


async def test_codes_are_kept_and_not_tried_before_login(shop: Shop) -> None:
    """X-29: nobody learns without a name which codes there are."""
    _, _, cart = await opened(shop, codes=["TEN"])
    assert not shop.vouchers.seen
    assert not shop.bonus.seen
    assert cart["codes"] == ["TEN"]
    assert [one["code"] for one in cart["priced"]["refused"]] == ["login-needed"]
    assert cart["priced"]["voucher"] is None


async def test_rewards_and_notes_need_a_name(shop: Shop) -> None:
    cart, key, _ = await opened(shop)
    for more in ({"reward_id": "fiver"}, {"note": "Hallo"}):
        refused(await change(shop, cart, key, 1, **more), 422, "login-first")
    assert len(shop.events) == 1


async def test_nobody_opens_carts_without_end(shop: Shop) -> None:
    """X-29"""
    for _ in range(MAX_OPENED):
        await opened(shop)
    answer = await shop.ask("POST", "/carts", {"lines": [PEN]}, "")
    refused(answer, 429, "too-many-attempts")
    assert len(shop.events) == MAX_OPENED
    shop.later(int(WINDOW.total_seconds()))
    await opened(shop)


async def test_keys_cannot_be_guessed_by_trying(shop: Shop) -> None:
    """X-29"""
    cart, key, _ = await opened(shop)
    for number in range(MAX_WRONG_KEYS):
        guess = f"{number:043}"
        refused(await change(shop, cart, guess, 1), 404, "cart-not-found")
    refused(await change(shop, cart, "y" * 43, 1), 429, "too-many-attempts")
    refused(await change(shop, cart, key, 1), 429, "too-many-attempts")


async def test_after_thirty_days_without_a_change_it_is_gone(shop: Shop) -> None:
    cart, key, _ = await opened(shop)
    shop.now += ANONYMOUS_TTL - timedelta(seconds=1)
    assert (await change(shop, cart, key, 1, lines=[INK])).status_code == 200
    shop.now += ANONYMOUS_TTL
    shown = await shop.ask("GET", f"/carts/{cart}", caller="", cart_key=key)
    refused(shown, 404, "cart-expired")
    refused(await join(shop, "o1", cart, key), 404, "cart-expired")


async def test_it_cannot_be_ordered_before_somebody_logs_in(shop: Shop) -> None:
    cart, _, _ = await opened(shop)
    refused(await shop.place(cart), 409, "order-id-taken")


async def test_at_login_it_becomes_part_of_the_users_cart(shop: Shop) -> None:
    """Codes are checked now."""
    cart, key, _ = await opened(shop, codes=["TEN"])
    await shop.ask("PUT", "/carts/o1", {"lines": [PEN, INK]})
    joined = (await join(shop, "o1", cart, key)).json()
    assert joined["version"] == 2
    assert joined["lines"] == [{"article": "pen", "quantity": 4}, INK]
    assert joined["priced"]["voucher"]["code"] == "TEN"
    refused(await change(shop, cart, key, 1, lines=[INK]), 409, "cart-closed")
    assert shop.names[-2:] == ["cart-changed", "cart-closed"]


async def test_at_login_a_user_without_a_cart_gets_one(shop: Shop) -> None:
    cart, key, _ = await opened(shop)
    joined = (await join(shop, "o1", cart, key)).json()
    assert (joined["version"], joined["user"], joined["lines"]) == (1, "anna", [PEN])


async def test_joining_twice_adds_once(shop: Shop) -> None:
    """X-12: the same request again, another one for the same cart, and one for another cart."""
    cart, key, _ = await opened(shop)
    await join(shop, "o1", cart, key)
    for more in ({}, {"user": "anna"}):
        again = await join(shop, "o1", cart, key, **more)
        assert (again.status_code, again.json()["lines"]) == (200, [PEN])
    refused(await join(shop, "o2", cart, key), 409, "cart-closed")
    refused(await join(shop, "o3", cart, key, "bert"), 409, "cart-closed")
    assert shop.names.count("cart-closed") == 1


async def test_of_two_logins_at_once_one_gets_the_content(shop: Shop) -> None:
    cart, key, _ = await opened(shop)
    answers = await asyncio.gather(
        join(shop, "o1", cart, key),
        join(shop, "o2", cart, key, "bert"),
        join(shop, "o3", cart, key),
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 409]
    added = [event for event in shop.events if isinstance(event, CartChanged) and event.joined]
    assert len(added) == 1


async def test_nobody_joins_a_cart_without_its_key(shop: Shop) -> None:
    """X-16: nor to the cart of somebody else, nor the cart of a user."""
    cart, key, _ = await opened(shop)
    refused(await join(shop, "o1", cart, "x" * 43), 404, "cart-not-found")
    refused(await join(shop, "o1", "nowhere", key), 404, "cart-not-found")
    await shop.ask("PUT", "/carts/o1", {"lines": [PEN]})
    refused(await join(shop, "o1", cart, key, "bert"), 409, "cart-of-another")
    refused(await join(shop, "o2", "o1", key, "bert"), 404, "cart-not-found")
    refused(await join(shop, cart, cart, key), 422, "invalid")
    refused(await join(shop, "o1", cart, key, ""), 401, "unauthenticated")


async def test_after_login_the_old_key_does_no_harm(shop: Shop) -> None:
    """A browser may still send it."""
    cart, key, _ = await opened(shop)
    await join(shop, "o1", cart, key)
    shown = await shop.ask("GET", "/carts/o1", cart_key=key)
    assert shown.json()["user"] == "anna"


async def test_two_people_with_the_same_idempotency_key_get_two_carts(shop: Shop) -> None:
    """S4: nobody gets the key of another's cart."""
    keys = set()
    for _ in range(2):
        answer = await shop.ask("POST", "/carts", {"lines": [PEN]}, "", key="1")
        keys.add(answer.json()["key"])
    assert len(keys) == 2
