"""Buyers name articles and quantities; what they cost, the catalogue says."""

from uuid import uuid4

import pytest
from stories.catalogue import editor, price
from stories.dealer import Dealer, Person, cart, line

CUSTOMER = "k-frame"
BRAND, GROUP = "schraubenkoenig", "schrauben"
GIFT = {"use": "gift", "catalogue_flag": 1}


@pytest.fixture
async def shop(dealer: Dealer) -> Dealer:
    """One point per euro, three for screws of one brand, by its id in the catalogue."""
    await dealer.programme(reward_points=100, reward_cents=500)
    promotion = {"title": "Dreifach", "factor": 3, "brands": [BRAND], "product_groups": [GROUP]}
    path = "/programme/promotions/dreifach"
    (await dealer.staff.ask("PUT", "bonus", path, promotion)).of(204)
    return dealer


async def net_cents(user: Person, number: str, quantity: int, *waited_for: Person) -> int:
    """What a quote says to somebody who has heard of what the others did."""
    tokens = ",".join(one.tokens for one in waited_for)
    wanted = {"lines": [{"article": number, "quantity": quantity}]}
    answer = await user.ask("POST", "checkout", "/quotes", wanted, tokens=tokens)
    net: int = answer.of(200)["net_cents"]
    return net


async def test_what_is_ordered_costs_what_the_catalogue_says(shop: Dealer) -> None:
    """S1, Q34, X-34, CH-5: a change of price is seen with its token, an agreed price wins."""
    central = editor(shop, "central", "central")
    keeper = editor(shop, "dealer-staff", shop.name, "edit-prices", "edit-customers")
    number, service = f"S/{uuid4().hex[:8]}", "catalog-shops"
    path = f"/articles/{number.replace('/', '~2F')}"
    group = f"/product-groups/{GROUP}"
    (await central.ask("PUT", service, group, {"name": "Schrauben"})).of(204)
    named = await central.ask("POST", service, "/brands", {"name": "Schraubenkönig"})
    assert named.of(200)["brand"] == BRAND
    article = {"name": "Senkkopfschraube", "brand": BRAND, "groups": [GROUP]}
    (await central.ask("PUT", service, path, article)).of(200)
    (await central.ask("PUT", service, f"{path}/prices", price("3.49", 100))).of(204)

    anna, framed = shop.shopper("anna"), shop.shopper("frank", CUSTOMER)
    assert await net_cents(anna, number, 250, central) == 873
    (await keeper.ask("PUT", service, f"{path}/prices", price("2.99", 100))).of(204)
    assert await net_cents(anna, number, 250, keeper) == 748
    agreed = f"/customers/{CUSTOMER}/prices/{path.rpartition('/')[2]}"
    (await keeper.ask("PUT", service, agreed, price("4.20", 100))).of(204)
    assert await net_cents(framed, number, 250, keeper) == 1_050
    assert await net_cents(anna, number, 250) == 748

    wanted = {"lines": [{"article": number, "quantity": 250}]}
    quote = (await anna.ask("POST", "checkout", "/quotes", wanted)).of(200)
    order = await anna.place("a-1", wanted)
    assert order["explanation"] == quote["explanation"] == [
        "250 × Senkkopfschraube (2,99 € je 100): 7,48 €, kaufmännisch gerundet.",
        "Warenwert netto: 7,48 € (1 Position).",
        "Zu zahlen netto: 7,48 €.",
        "Umsatzsteuer 19 % auf 7,48 €: 1,42 €.",
        "Zu zahlen brutto: 8,90 €.",
    ]  # fmt: skip
    [placed] = order["lines"]
    assert (placed["brand"], placed["product_group"]) == (BRAND, GROUP)
    assert placed["price_source"] == "dealer"
    assert placed["from_catalogue"]["brand_name"] == "Schraubenkönig"
    assert placed["from_catalogue"]["tenant"] == "central"

    assert quote["points_this_order"] == 7 * 3
    assert (await anna.account())["points_accrued"] == 7 * 3


async def test_nobody_orders_at_a_price_of_their_own(shop: Dealer) -> None:
    """S1: neither price nor brand nor group; what the catalogue does not have is not sold."""
    anna = shop.shopper("anna")
    dear = line(1_000_000_000, article="A-1")
    for path, method in (("/quotes", "POST"), ("/orders/a-1", "PUT")):
        refused = (await anna.ask(method, "checkout", path, cart(dear))).refused("forbidden", 403)
        assert refused["right"] == "set-prices"
    named = cart({"article": "A-1", "quantity": 1, "brand": BRAND})
    (await anna.ask("PUT", "checkout", "/orders/a-1", named)).refused("forbidden", 403)
    unknown = cart({"article": f"N-{uuid4().hex}", "quantity": 1})
    no = (await anna.ask("PUT", "checkout", "/orders/a-1", unknown)).refused("lines-refused")
    assert [one["code"] for one in no["lines"]] == ["article-unknown"]
    assert (await anna.ask("GET", "checkout", "/orders")).of(200)["items"] == []

    system = shop.user("erp")
    order = await system.place("e-1", cart(line(4_200)))
    assert (order["net_cents"], order["lines"][0]["price_source"]) == (4_200, "caller")


async def test_rules_of_a_sale_reach_carts_and_those_who_apply_them(shop: Dealer) -> None:
    """X-24, X-25, X-40: exclusions and terms, with gifts and campaigns of the dealer about."""
    service, number = "catalog-shops", uuid4().hex[:8]
    own = editor(shop, "dealer-staff", shop.name, "edit-articles", "edit-customers", "edit-gifts")
    manager = editor(
        shop, "dealer-staff", shop.name, "edit-sales-terms", "edit-customer-terms", "edit-prices"
    )
    for article, more in (("S", {"flags": ["no-points"]}), ("M", GIFT), ("P", {})):
        path = f"/articles/{article}-{number}"
        (await own.ask("PUT", service, path, {"name": article, **more})).of(200)
        if article != "M":
            priced = await manager.ask("PUT", service, f"{path}/prices", price("10.00"))
            priced.of(204)
    gift = {"limit_cents": 2_000, "number": f"M-{number}", "valid_from": "2020-01-01"}
    (await own.ask("PUT", service, "/gifts/tasse", gift)).of(204)
    (await shop.support.ask("PUT", service, "/gift-source", {"gift_source": "own"})).of(204)
    await shop.campaign("spring", "FRUEHLING")
    terms = {"shipping": [{"country": "DE", "cost_cents": 490, "free_from_cents": 5_000}]}
    (await manager.ask("PUT", "checkout", "/sales-terms", terms)).of(204)
    customer = f"/customers/{CUSTOMER}"
    always = {"approval": "always"}
    (await manager.ask("PUT", "checkout", f"{customer}/terms", always)).of(204)
    chef = {"name": "Carla Chef", "email": "carla@example.org"}
    (await manager.ask("PUT", "checkout", f"{customer}/approvers/carla", chef)).of(204)
    excluded = {"excluded": ["rewards"], "contract_priced": True}
    (await own.ask("PUT", service, f"{customer}/exclusions", excluded)).of(204)

    manager.saw(own)
    manager.saw(shop.support)
    manager.saw(shop.staff)
    framed, anna = shop.shopper("frank", CUSTOMER), shop.shopper("anna")
    lines = [{"article": f"{article}-{number}", "quantity": 1} for article in ("S", "P")]
    quoted = {}
    for buyer in (framed, anna):
        found = await buyer.ask(
            "POST", "checkout", "/quotes", {"lines": lines}, tokens=manager.tokens
        )
        quoted[buyer.name] = found.of(200)
    assert [one["excluded"] for one in quoted["frank"]["lines"]] == [
        ["rewards", "points"],
        ["rewards"],
    ]
    assert [one["excluded"] for one in quoted["anna"]["lines"]] == [["points"], []]
    assert quoted["anna"]["points_this_order"] == 10

    seen = (await manager.ask("GET", "checkout", "/sales-terms")).of(200)
    assert (seen["version"], seen["terms"]["shipping"]) == (1, terms["shipping"])
    seen = (await manager.ask("GET", "checkout", f"{customer}/terms")).of(200)
    assert (seen["version"], seen["approval"]) == (1, "always")
    seen = (await manager.ask("GET", "checkout", f"{customer}/approvers")).of(200)
    assert seen["items"] == [{"user": "carla", **chef}]
