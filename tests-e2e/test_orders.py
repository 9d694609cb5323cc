"""An order's whole life: priced with gifts, shipping and VAT, approved, shipped, returned."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from stories.catalogue import editor, sell
from stories.dealer import Dealer, Person, cart, line

CATALOGUE, CHECKOUT = "catalog-shops", "checkout"
COMPANY = "k-metall"
RATES = {"standard": Fraction(19, 100), "reduced": Fraction(7, 100)}


@pytest.fixture
def seller(dealer: Dealer) -> Person:
    """Keeps articles, prices, gifts and terms of the dealer."""
    rights = ("edit-articles", "edit-prices", "edit-gifts", "edit-sales-terms")
    return editor(dealer, "dealer-staff", dealer.name, *rights, "edit-customer-terms")


async def offer_gift(seller: Person, gift: str, limit_cents: int) -> str:
    """The number of its article."""
    number = f"G-{uuid4().hex[:8]}"
    article = {"name": gift.title(), "use": "gift", "catalogue_flag": 1}
    (await seller.ask("PUT", CATALOGUE, f"/articles/{number}", article)).of(200)
    body = {"limit_cents": limit_cents, "number": number, "valid_from": "2020-01-01"}
    (await seller.ask("PUT", CATALOGUE, f"/gifts/{gift}", body)).of(204)
    return number


async def give_own_gifts(dealer: Dealer, seller: Person) -> None:
    await dealer.order_module()
    body = {"gift_source": "own"}
    (await dealer.support.ask("PUT", CATALOGUE, "/gift-source", body)).of(204)
    seller.saw(dealer.support)


async def set_terms(seller: Person, **terms: Any) -> None:
    (await seller.ask("PUT", CHECKOUT, "/sales-terms", terms)).of(204)


async def quoted(buyer: Person, wanted: dict[str, Any], *seen: Person) -> Any:
    tokens = ",".join(filter(None, (buyer.tokens, *(one.tokens for one in seen))))
    return (await buyer.ask("POST", CHECKOUT, "/quotes", wanted, tokens=tokens)).of(200)


def check_totals(totals: Any) -> None:
    """X-20: calculated from nothing but the net amounts; half a cent more or less by rate."""
    for share in totals["taxes"]:
        assert Fraction(share["rate"], 10_000) == RATES[share["tax"]]
        exact = share["net_cents"] * RATES[share["tax"]]
        assert abs(share["tax_cents"] - exact) <= Fraction(1, 2)
    assert totals["net_cents"] == sum(share["net_cents"] for share in totals["taxes"])
    assert totals["tax_cents"] == sum(share["tax_cents"] for share in totals["taxes"])
    assert totals["gross_cents"] == totals["net_cents"] + totals["tax_cents"]


def added(totals: Sequence[Any]) -> tuple[int, int, int]:
    names = ("net_cents", "tax_cents", "gross_cents")
    net, tax, gross = (sum(one[name] for one in totals) for name in names)
    return net, tax, gross


def balance(account: Any) -> int:
    """Points that a user has, by all that was booked."""
    signs = {"accrued": 1, "redeemed": -1, "reversed": -1, "returned": 1}
    return sum(sign * int(account[f"points_{name}"]) for name, sign in signs.items())


async def test_what_an_order_took_comes_back_to_the_cent_in_any_parts(
    dealer: Dealer, seller: Person
) -> None:
    """X-2, X-3, X-8, X-20, GA-15, CH-3, CH-5, CH-7, CH-8: a gift, shipping, two rates of VAT,
    a voucher and a reward; shipped, and returned line by line."""
    await dealer.programme(reward_points=100, reward_cents=500)
    await dealer.campaign("save", "SAVE", max_per_user=1)
    await give_own_gifts(dealer, seller)
    await sell(seller, "A", "33.33")
    await sell(seller, "B", "4.99", tax="reduced")
    gift = await offer_gift(seller, "tasse", 2_500)
    await set_terms(seller, shipping=[{"country": "DE", "cost_cents": 590}])
    anna = dealer.user("anna")
    await anna.place("earlier", cart(line(20_000)))
    assert (await anna.account())["points_accrued"] == 200

    wanted = cart(
        {"article": "A", "quantity": 3},
        {"article": "B", "quantity": 7},
        voucher_code="save",
        reward_id="praemie",
    )
    quote = await quoted(anna, wanted, seller, dealer.staff)
    assert quote["vouchers_run"]
    assert quote["goods_cents"] == 9_999 + 3_493
    assert quote["voucher"]["discount_cents"] == 1_349
    assert quote["net_cents"] == 13_492 - 1_349 - 500
    assert [(one["article"], one["pieces"], one["warehouse"]) for one in quote["gifts"]] == [
        (gift, 5, dealer.name)
    ]
    assert quote["shipping"]["cost_cents"] == 590
    assert quote["totals"]["net_cents"] == quote["net_cents"] + 590
    check_totals(quote["totals"])

    order = await anna.place("a-1", {**wanted, "quote": quote["quote"]})
    assert [order[name] for name in ("totals", "gifts", "shipping", "net_cents")] == [
        quote[name] for name in ("totals", "gifts", "shipping", "net_cents")
    ]
    earned = quote["points_this_order"]
    assert balance(await anna.account()) == 200 - 100 + earned

    (await dealer.staff.ask("PUT", CHECKOUT, "/orders/a-1/shipments/s-1", {})).of(201)
    late = {"reason": "changed-mind"}
    (await anna.ask("POST", CHECKOUT, "/orders/a-1/cancellation", late)).refused("order-shipped")
    parts = [{1: 1, 2: 3}, {2: 1}, {1: 2, 2: 3}]
    totals = []
    for number, pieces in enumerate(parts, 1):
        lines = [{"number": at, "quantity": quantity} for at, quantity in pieces.items()]
        body = {"reason": "wrong-article", "lines": lines}
        path = f"/orders/a-1/returns/r-{number}"
        returned = (await anna.ask("PUT", CHECKOUT, path, body)).of(201)
        again = (await anna.ask("PUT", CHECKOUT, path, body)).of(200)
        assert again["totals"] == returned["totals"]
        totals.append(returned["totals"])
    paid = order["totals"]
    assert added(totals) == (paid["net_cents"], paid["tax_cents"], paid["gross_cents"])
    more = {"reason": "other", "lines": [{"number": 1, "quantity": 1}]}
    (await anna.ask("PUT", CHECKOUT, "/orders/a-1/returns/r-4", more)).of(409)

    after = (await anna.ask("GET", CHECKOUT, "/orders/a-1")).of(200)
    assert after["status"] == "returned"
    account = await anna.account()
    assert (balance(account), account["points_owed"]) == (200, 0)
    once_more = cart({"article": "A", "quantity": 1}, voucher_code="save")
    assert (await quoted(anna, once_more))["voucher"]["discount_cents"] == 333


async def test_gifts_of_both_modes_are_checked_again_when_the_order_is_placed(
    dealer: Dealer, seller: Person
) -> None:
    """GA-2, GA-13 to GA-16, X-27: one gift is chosen from a value on, and is out of stock then."""
    await give_own_gifts(dealer, seller)
    await sell(seller, "A", "20.00")
    await offer_gift(seller, "tasse", 5_000)
    number = await offer_gift(seller, "block", 2_000)
    (await seller.ask("PUT", CATALOGUE, "/gift-mode", {"mode": "from"})).of(204)
    anna = dealer.shopper("anna")

    many = cart({"article": "A", "quantity": 3})
    quote = await quoted(anna, many, seller)
    assert quote["gifts"] == []
    assert {one["gift"]["gift"] for one in quote["gift_choices"]} == {"tasse", "block"}
    chosen = {**many, "gifts": [{"gift": "block", "pieces": 1}]}
    quote = await quoted(anna, chosen)
    assert [(one["gift"], one["pieces"]) for one in quote["gifts"]] == [("block", 1)]

    few = {**chosen, "lines": [{"article": "A", "quantity": 1}]}
    assert [one["gift"] for one in (await quoted(anna, few))["gifts"]] == ["block"]
    tasse = {**few, "gifts": [{"gift": "tasse", "pieces": 1}]}
    below = await quoted(anna, tasse)
    assert below["gifts"] == []
    assert below["notices"]

    gone = {"name": "Block", "use": "gift", "catalogue_flag": 1, "availability": "out-of-stock"}
    (await seller.ask("PUT", CATALOGUE, f"/articles/{number}", gone)).of(200)
    body = {**chosen, "quote": quote["quote"]}
    answer = await anna.ask("PUT", CHECKOUT, "/orders/a-1", body, tokens=seller.tokens)
    assert answer.status == 409, answer.body
    assert answer.body["code"] in ("gift-not-offered", "quote-changed")
    (await anna.ask("GET", CHECKOUT, "/orders/a-1")).of(404)

    (await seller.ask("PUT", CATALOGUE, "/gift-mode", {"mode": "per"})).of(204)
    each = {**many, "lines": [{"article": "A", "quantity": 6}]}
    each["gifts"] = [{"gift": "tasse", "pieces": 2}]
    quote = await quoted(anna, each, seller)
    order = await anna.place("a-2", {**each, "quote": quote["quote"]})
    assert [(one["gift"], one["pieces"]) for one in order["gifts"]] == [("tasse", 2)]


async def test_a_submitted_order_keeps_what_it_holds_until_somebody_decides(
    dealer: Dealer, seller: Person
) -> None:
    """X-26, X-1: the only use of a code waits with the order, and is free after a rejection."""
    await dealer.campaign("once", "ONCE", max_uses=1)
    await sell(seller, "A", "50.00")
    rule = {"approval": "always"}
    (await seller.ask("PUT", CHECKOUT, f"/customers/{COMPANY}/terms", rule)).of(204)
    anna, bert = dealer.shopper("anna", COMPANY), dealer.shopper("bert")
    boss = dealer.user("boss", COMPANY, rights=["approve-orders"])
    wanted = cart({"article": "A", "quantity": 2}, voucher_code="once")
    for one in (anna, bert):
        one.saw(seller)
        one.saw(dealer.staff)

    for order_id in ("a-1", "a-2"):
        path = f"/orders/{order_id}"
        submitted = await anna.ask("PUT", CHECKOUT, path, wanted, tokens=anna.tokens)
        assert submitted.of(202)["status"] == "submitted"
        refused = await bert.ask("PUT", CHECKOUT, "/orders/b-1", wanted, tokens=bert.tokens)
        assert refused.status == 409, refused.body
        boss.saw(anna)
        waiting = (await boss.ask("GET", CHECKOUT, "/submissions")).of(200)["items"]
        assert [one["order_id"] for one in waiting if one["status"] == "waiting"] == [order_id]
        if order_id == "a-1":
            attempt = submitted.body["attempt"]
            no = {"attempt": attempt, "note": "Bitte im Mai."}
            (await boss.ask("POST", CHECKOUT, f"{path}/rejection", no)).of(204)
            anna.saw(boss)
    path, body = "/orders/a-2/approval", {"attempt": submitted.body["attempt"]}
    (await anna.ask("POST", CHECKOUT, path, body)).of(403)
    approved = (await boss.ask("POST", CHECKOUT, path, body)).of(200, 201)
    assert approved["status"] == "placed"
    assert approved["voucher"]["discount_cents"] == 1_000
    anna.saw(boss)
    assert (await anna.ask("GET", CHECKOUT, "/orders/a-1")).of(200)["status"] == "rejected"
    refused = await bert.ask("PUT", CHECKOUT, "/orders/b-2", wanted, tokens=boss.tokens)
    assert refused.status == 409, refused.body


async def test_a_cart_of_a_visitor_becomes_the_order_of_a_user(
    dealer: Dealer, seller: Person
) -> None:
    """CH-2, GA-3, X-12: joined at login; an order names the version that it was made of."""
    await sell(seller, "A", "12.00")
    anna = dealer.shopper("anna")
    assert (await quoted(anna, cart({"article": "A", "quantity": 1}), seller))["net_cents"] == 1_200
    opened = await dealer.http.post(
        anna.url(CHECKOUT, "/carts"), json={"lines": [{"article": "A", "quantity": 2}]}
    )
    assert opened.status_code == 201, opened.text
    visitor = opened.json()
    own = {"lines": [{"article": "A", "quantity": 1}]}
    (await anna.ask("PUT", CHECKOUT, "/carts/c-1", own)).of(201)
    joining = {"from": visitor["cart"]["cart_id"], "key": visitor["key"]}
    joined = (await anna.ask("POST", CHECKOUT, "/carts/c-1/joining", joining)).of(200)
    assert joined["priced"]["goods_cents"] == 3_600
    stale = {"version": 1, "lines": [{"article": "A", "quantity": 9}]}
    (await anna.ask("PATCH", CHECKOUT, "/carts/c-1", stale)).refused("cart-stale")
    ordering = {"cart_version": 1}
    (await anna.ask("PUT", CHECKOUT, "/orders/c-1", ordering)).refused("cart-stale")
    ordering = {"cart_version": joined["version"], "quote": joined["priced"]["quote"]}
    order = await anna.place("c-1", ordering)
    assert (order["goods_cents"], order["lines"][0]["quantity"]) == (3_600, 3)
