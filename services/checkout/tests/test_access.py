"""X-16, X-28, X-30: who may ask for what, and what a request may say."""

from typing import Any

import pytest
from checkout_tests.fakes import LINES, NOON, Shop

from zugabe_events.contracts.checkout import OrderPlaced
from zugabe_events.encryption.sealed_text import is_sealed
from zugabe_testing.personal_data import InMemoryMaster
from zugabe_testing.routes import routes_without_right


def test_every_route_needs_a_right(shop: Shop) -> None:
    assert routes_without_right(shop.app) == []


async def test_a_user_orders_only_for_himself(shop: Shop) -> None:
    answer = await shop.place(user="bert", customer="c1")
    assert answer.status_code == 403
    own = await shop.place(user="anna", customer="c1")
    assert (own.json()["user"], own.json()["customer"]) == ("anna", "c1")


async def test_staff_say_for_whom_they_order(shop: Shop) -> None:
    for half in ({}, {"user": "bert"}, {"customer": "c1"}):
        answer = await shop.place(caller="staff", **half)
        assert (answer.status_code, answer.json()["code"]) == (422, "buyer-missing")
    assert shop.events == []
    orderer = {"name": "Bert Buche", "email": "bert@example.org"}
    answer = await shop.place(caller="staff", user="bert", customer="c1", orderer=orderer)
    assert answer.status_code == 201
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert answer.json()["orderer"] == orderer
    assert "Bert Buche" not in str(placed)
    assert "bert@" not in str(placed)


async def test_the_orderer_of_a_user_is_who_his_token_names(shop: Shop) -> None:
    """N-8: they and the dealer's staff see it; others, and the log, see it sealed."""
    answer = await shop.place()
    said = {"name": "Anna Ast", "email": "anna@example.org"}
    assert answer.json()["orderer"] == said
    for caller in ("anna", "staff"):
        assert (await shop.ask("GET", "/orders/o1", caller=caller)).json()["orderer"] == said
    page = (await shop.ask("GET", "/orders", caller="staff")).json()
    assert [one["orderer"] for one in page["items"]] == [said]
    hidden = (await shop.ask("GET", "/orders/o1", caller="service")).json()["orderer"]
    assert hidden == {"name": "verborgen", "email": "verborgen"}
    placed = shop.events[-1]
    assert isinstance(placed, OrderPlaced)
    assert placed.orderer is not None
    assert is_sealed(placed.orderer.name)
    assert is_sealed(placed.orderer.email)
    assert "Anna Ast" not in str(placed)
    assert "anna@" not in str(placed)
    other = {"name": "X", "email": "x@example.org"}
    assert (await shop.place("o2", orderer=other)).status_code == 403


async def test_a_letter_addresses_the_orderer_formally(shop: Shop) -> None:
    """VO-34: with the title and the family name that are known, sealed as the name is."""
    orderer = {"name": "Eva Muster", "email": "eva@example.org", "title": "Frau"}
    known: list[dict[str, str | None]] = [{}, {"family_name": "Muster"}, {"title": None}]
    for number, more in enumerate(known):
        body = {**orderer, **more}
        await shop.place(f"o{number}", "staff", user="eva", customer="c1", orderer=body)
    placed = [event.orderer for event in shop.events if isinstance(event, OrderPlaced)]
    sealed = [person.salutation for person in placed if person]
    assert all(map(is_sealed, sealed))
    opened = await shop.people.open(filter(None, sealed))
    assert [opened.get(text, "") for text in sealed] == [
        "Sehr geehrte Frau Eva Muster",
        "Sehr geehrte Frau Muster",
        "",
    ]


async def test_only_an_import_may_lie_in_the_past(shop: Shop) -> None:
    """X-30"""
    past = {"placed_at": "2025-01-31T12:00:00Z", "user": "anna", "customer": "c1"}
    assert (await shop.place(caller="staff", **past)).status_code == 403
    answer = await shop.place(caller="central", **past)
    assert answer.status_code == 201
    assert answer.json()["imported"] is True
    assert answer.json()["placed_at"] == "2025-01-31T12:00:00Z"
    future = {**past, "placed_at": NOON.isoformat()}
    refused = await shop.place("o2", caller="central", **future)
    assert refused.json()["code"] == "placed-at-not-past"


async def test_another_dealer_sees_and_does_nothing(shop: Shop) -> None:
    await shop.place()
    for path in ("/orders", "/orders/o1", "/buyers", "/buyers/anna"):
        assert (await shop.ask("GET", path, caller="stranger")).status_code == 403
    assert (await shop.place("o2", caller="stranger")).status_code == 403


async def test_central_sees_no_orders_of_people(shop: Shop) -> None:
    """X-28"""
    assert (await shop.ask("GET", "/orders", caller="central")).status_code == 403


async def test_a_user_sees_his_own_orders_only(shop: Shop) -> None:
    for order_id, caller in (("o1", "anna"), ("o2", "bert"), ("o3", "anna")):
        shop.later(1)
        await shop.place(order_id, caller)
    own = (await shop.ask("GET", "/orders")).json()
    assert [one["order_id"] for one in own["items"]] == ["o3", "o1"]
    assert (await shop.ask("GET", "/orders?user=bert")).status_code == 403
    assert (await shop.ask("GET", "/orders/o2")).status_code == 404
    assert (await shop.ask("GET", "/buyers/bert")).status_code == 403
    alone = (await shop.ask("GET", "/buyers")).json()
    assert [one["user"] for one in alone["items"]] == ["anna"]
    assert (await shop.ask("GET", "/buyers/anna")).json()["orders"] == 2


async def test_staff_page_through_all_orders_and_buyers(shop: Shop) -> None:
    """X-18"""
    for number in range(5):
        shop.later(1)
        await shop.place(f"o{number}", "anna" if number % 2 else "bert")
    seen: list[str] = []
    after = ""
    for _ in range(3):
        page = (await shop.ask("GET", f"/orders?limit=2{after}", caller="staff")).json()
        seen += [one["order_id"] for one in page["items"]]
        after = f"&after={page['next']}"
    assert seen == ["o4", "o3", "o2", "o1", "o0"]
    assert page["next"] is None
    one = (await shop.ask("GET", "/orders?user=anna", caller="staff")).json()
    assert [order["order_id"] for order in one["items"]] == ["o3", "o1"]
    buyers = (await shop.ask("GET", "/buyers", caller="staff")).json()
    assert [buyer["user"] for buyer in buyers["items"]] == ["anna", "bert"]
    assert (await shop.ask("GET", "/buyers/nobody", caller="staff")).status_code == 404


@pytest.mark.parametrize(
    "cart",
    [
        {"lines": []},
        {"lines": LINES[:1] * 1_001},
        {"lines": [{**LINES[0], "quantity": 0}]},
        {"lines": [{**LINES[0], "quantity": 100_001}]},
        {"lines": [{**LINES[0], "quantity": True}]},
        {"lines": [{**LINES[0], "unit_cents": -1}]},
        {"lines": [{**LINES[0], "unit_cents": 10**9 + 1}]},
        {"lines": [{**LINES[0], "unit_cents": 1.5}]},
        {"lines": [{**LINES[0], "unit_cents": 10**9, "quantity": 100_000}]},
        {"lines": [{**LINES[0], "article": "a\x00"}]},
        {"lines": [{**LINES[0], "article": "a" * 65}]},
        {"lines": [{**LINES[0], "product_group": "g" * 61}]},
        {"lines": [{**LINES[0], "discount": 5}]},
        {"voucher_code": "x" * 65},
        {"reward_id": "../x"},
        {"placed_at": "yesterday"},
        {"if_refused": "maybe"},
        {"total": 1},
    ],
)
async def test_what_is_not_a_cart_is_refused(shop: Shop, cart: dict[str, Any]) -> None:
    """X-10"""
    answer = await shop.place(**cart)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert shop.store.commits == []


async def test_the_largest_cart_fits_into_one_event(shop: Shop) -> None:
    line = {
        "article": "!" * 64,
        "product_group": "\U0001f600" * 60,
        "brand": "\U0001f600" * 60,
        "quantity": 1,
        "unit_cents": 10**9,
    }
    answer = await shop.place(lines=[line] * 1_000, voucher_code="x" * 64, reward_id="r" * 64)
    assert answer.status_code == 201


async def test_without_keys_nobody_orders_by_name_and_nothing_is_written(shop: Shop) -> None:
    """N-8: the same request succeeds once they are back."""
    assert isinstance(shop.people.master, InMemoryMaster)
    shop.people.master.away = True
    answer = await shop.place()
    assert (answer.status_code, answer.json()["code"]) == (503, "keys-unavailable")
    assert shop.store.commits == []
    assert (await shop.place("o2", caller="bert")).status_code == 201, "there is no name to seal"
    shop.people.master.away = False
    assert (await shop.place()).json()["orderer"]["name"] == "Anna Ast"


async def test_goods_cost_ten_billion_euros_at_most(shop: Shop) -> None:
    """X-10: sums of orders stay far below what a 64-bit integer holds."""
    dearest = {**LINES[0], "quantity": 1_000, "unit_cents": 10**9}
    answer = await shop.place(lines=[dearest])
    assert (answer.status_code, answer.json()["goods_cents"]) == (201, 10**12)
    penny = {**LINES[0], "quantity": 1, "unit_cents": 1}
    assert (await shop.place("o2", lines=[dearest, penny])).status_code == 422


async def test_a_large_quantity_of_something_cheap_is_ordered(shop: Shop) -> None:
    answer = await shop.place(lines=[{**LINES[0], "quantity": 100_000, "unit_cents": 0}])
    assert (answer.status_code, answer.json()["goods_cents"]) == (201, 0)


async def test_an_address_of_an_orderer_has_254_characters_at_most(shop: Shop) -> None:
    for length, status in ((254, 201), (255, 422)):
        domain = ".".join(("d" * 61, "d" * 61, "d" * (length - 197), "example"))
        orderer = {"name": "Bert Buche", "email": f"{'b' * 64}@{domain}"}
        assert len(orderer["email"]) == length
        answer = await shop.place(
            f"o{length}", "staff", user="bert", customer="c1", orderer=orderer
        )
        assert answer.status_code == status


async def test_a_user_without_an_address_orders_without_a_name(shop: Shop) -> None:
    """N-8: a receipt names only people with an address."""
    answer = await shop.place(caller="cleo")
    assert (answer.status_code, answer.json()["orderer"]) == (201, None)


async def test_a_code_may_be_one_character_long(shop: Shop) -> None:
    """X-9: vouchers alone says what a code is."""
    assert (await shop.place(voucher_code="x")).status_code == 201
