"""Ids of others' orders cannot be probed: whoever names one learns nothing about it (S20)."""

from typing import Any

import pytest
from checkout_tests.fakes import Shop, lost

ONE = {"lines": [{"number": 1, "quantity": 1}], "reason": "damaged"}
QUESTIONS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("POST", "/cancellation", {"reason": "ordered-twice"}),
    ("PUT", "/returns/r1", ONE),
    ("POST", "/withdrawal", None),
]


async def begun(shop: Shop) -> None:
    shop.vouchers.after_holding = lost
    await shop.place(voucher_code="TEN")


async def placed(shop: Shop) -> None:
    await shop.place()


async def in_a_cart(shop: Shop) -> None:
    await shop.ask("PUT", "/carts/o1", {"lines": [{"article": "pen", "quantity": 1}]})


async def cancelled(shop: Shop) -> None:
    await shop.place()
    await shop.ask("POST", "/orders/o1/cancellation", {"reason": "ordered-twice"})


@pytest.mark.parametrize("done", [begun, placed, in_a_cart, cancelled])
async def test_an_order_of_somebody_else_is_like_none(shop: Shop, done: Any) -> None:
    """S20"""
    await done(shop)
    before = len(shop.events)
    for method, path, body in QUESTIONS:
        theirs = await shop.ask(method, f"/orders/o1{path}", body, "bert")
        none = await shop.ask(method, f"/orders/o9{path}", body, "bert")
        assert theirs.status_code == none.status_code == 404, (path, theirs.text)
        assert theirs.json()["code"] == none.json()["code"]
    assert len(shop.events) == before


@pytest.mark.parametrize("done", [begun, placed, in_a_cart, cancelled])
async def test_what_became_of_an_order_is_not_told_to_who_tries_its_id(
    shop: Shop, done: Any
) -> None:
    """S20: the id is taken, whatever state the order is in, and stays its user's."""
    await done(shop)
    for cart in ({}, {"voucher_code": "TEN"}):
        tried = await shop.place(caller="bert", **cart)
        assert (tried.status_code, tried.json()["code"]) == (409, "order-id-taken")
    opened = await shop.ask("PUT", "/carts/o1", {"lines": []}, "bert")
    assert (opened.status_code, opened.json()["code"]) == (409, "cart-of-another")
