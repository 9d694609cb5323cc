"""A central and a restricted campaign, from the draft to the order and its statistics."""

import asyncio
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from openpyxl import Workbook
from stories.catalogue import editor, sell
from stories.dealer import Dealer, Person, cart, line
from stories.exports import csv_rows, xlsx_rows
from stories.read_models import rebuild
from stories.voucher_figures import by_user, of_campaign, orders_of, told

CATALOGUE, CHECKOUT, VOUCHERS = "catalog-shops", "checkout", "vouchers"
COMPANY = "k-metall"
TERMS = {
    "discount_type": "percent",
    "value": 1_000,
    "minimum_cents": 0,
    "valid_from": "2020-01-01",
    "valid_until": "2199-12-31",
}
BUYERS = 12
STATISTICS = {
    "vouchers.campaign-statistics",
    "vouchers.campaign-uses",
    "vouchers.dealer-statistics",
    "vouchers.participations",
    "vouchers.redeemed",
    "vouchers.revenue",
    "vouchers.user-statistics",
}


def reader(dealer: Dealer) -> Person:
    """Central marketing where it looks at all dealers."""
    bearer = dealer.token("central", "marketing")
    return Person(dealer.http, dealer.stack.addresses, "", "marketing", bearer)


async def ordered_from_a_cart(buyer: Person, order_id: str, code: str, article: str) -> Any:
    """With a code that is typed into the cart."""
    content = {"lines": [{"article": article, "quantity": 2}], "codes": [code]}
    path = f"/carts/{order_id}"
    opened = await buyer.insist("PUT", CHECKOUT, path, content, tokens=buyer.tokens)
    filled = opened.of(201)
    shown = filled["priced"]
    ordering = {"cart_version": filled["version"], "quote": shown["quote"]}
    order = await buyer.place(order_id, ordering)
    assert order["net_cents"] == shown["net_cents"]
    assert order["voucher"] == shown["voucher"]
    return order


async def test_a_central_campaign_from_its_draft_to_the_revenue_of_each_dealer(
    dealer: Dealer,
) -> None:
    """VO-2, VO-24 to VO-30, VO-39 to VO-41, X-28, Q21, Q29, CH-2: two dealers join with minimum
    values of their own, one leaves while others order, and what is held stays; N-7: all the same
    after a rebuild."""
    north, south = dealer, Dealer(dealer.stack, dealer.http)
    marketing, looking = editor(dealer, "central", "central"), reader(dealer)
    campaign_id, code = f"central-{north.name}", f"7{uuid4().hex[:9]}".upper()
    path = f"/campaigns/{campaign_id}"
    drawn = TERMS | {"title": "Schulanfang", "code": code, "minimum_cents": 5_000}
    drawn |= {"max_uses": 100, "budget_cents": 1_000_000, "max_per_user": 2}
    (await marketing.ask("PUT", VOUCHERS, path, drawn | {"code": "ABC"})).of(422)
    (await marketing.ask("PUT", VOUCHERS, path, drawn)).of(200)
    offered = f"/central-campaigns/{campaign_id}"
    north.staff.saw(marketing)
    (await north.staff.ask("GET", VOUCHERS, offered)).of(404)
    (await marketing.ask("POST", VOUCHERS, f"{path}/activation")).of(200)

    joining = f"{offered}/participation"
    for shop, minimum in ((north, 2_000), (south, None)):
        tokens = await shop.order_module()
        shop.staff.saw(marketing)
        page = (await shop.staff.ask("GET", VOUCHERS, "/central-campaigns", limit="500")).of(200)
        assert campaign_id in [one["campaign_id"] for one in page["items"]]
        details = (await shop.staff.ask("GET", VOUCHERS, offered)).of(200)
        assert (details["title"], details["minimum_cents"]) == ("Schulanfang", 5_000)
        body = {} if minimum is None else {"minimum_cents": minimum}
        joined = await shop.staff.insist("POST", VOUCHERS, joining, body, tokens=tokens)
        assert joined.of(200)["minimum_cents"] == (minimum or 5_000)
        page = (await shop.staff.ask("GET", VOUCHERS, "/central-campaigns", limit="500")).of(200)
        assert campaign_id not in [one["campaign_id"] for one in page["items"]]

    seller = editor(
        north, "dealer-staff", north.name, "edit-articles", "edit-prices", "edit-customer-terms"
    )
    await sell(seller, "A", "12.50")
    anna = north.shopper("anna")
    anna.saw(seller)
    order = await ordered_from_a_cart(anna, "a-1", code.lower(), "A")
    assert (order["net_cents"], order["voucher"]["campaign_id"]) == (2_250, campaign_id)
    carl = south.user("carl", rights=["import-orders"])
    for number, hour in enumerate(("22:59:59", "23:00:00")):
        past = cart(line(1_100 + number), placed_at=f"2019-12-31T{hour}Z")
        await carl.place(f"c-old-{number}", past)
    small = cart(line(4_999), voucher_code=code)
    refused = await carl.ask("PUT", CHECKOUT, "/orders/c-0", small)
    assert refused.refused("minimum-not-reached")["missing_cents"] == 1
    await carl.place("c-1", cart(line(8_000), voucher_code=code))
    await carl.place("c-2", cart(line(3_000)))
    other = Dealer(dealer.stack, dealer.http).user("carl")
    refused = await other.ask("PUT", CHECKOUT, "/orders/c-1", cart(line(9_000), voucher_code=code))
    refused.refused("code-unknown")

    rule = {"approval": "always"}
    (await seller.ask("PUT", CHECKOUT, f"/customers/{COMPANY}/terms", rule)).of(204)
    frank = north.shopper("frank", COMPANY)
    boss = north.user("boss", COMPANY, rights=["approve-orders"])
    held = cart({"article": "A", "quantity": 4}, voucher_code=code)
    submitted = await frank.ask("PUT", CHECKOUT, "/orders/f-1", held, tokens=seller.tokens)
    attempt = {"attempt": submitted.of(202)["attempt"]}

    buyers = [north.user(f"n{number}") for number in range(BUYERS)]
    wanted = cart(line(2_000), voucher_code=code)

    async def order_one(buyer: Person) -> Any:
        return await buyer.insist("PUT", CHECKOUT, f"/orders/{buyer.name}", wanted)

    early = [await order_one(buyer) for buyer in buyers[:2]]
    racing = [asyncio.create_task(order_one(buyer)) for buyer in buyers[2:]]
    (await north.staff.ask("DELETE", VOUCHERS, joining)).of(200)
    for answer in [*early, *[await one for one in racing]]:
        if answer.status == 201:
            assert answer.body["net_cents"] == 1_800
        else:
            answer.refused("participation-ended")
    assert [answer.status for answer in early] == [201, 201]
    late = north.user("late")
    (await order_one(late)).refused("participation-ended")
    await carl.place("c-3", cart(line(5_000), voucher_code=code))
    boss.saw(frank)
    approved = await boss.ask("POST", CHECKOUT, "/orders/f-1/approval", attempt)
    assert approved.of(200, 201)["net_cents"] == 4_500
    await anna.cancel("a-1")

    for shop, people in ((north, [anna, frank, boss, *buyers]), (south, [carl])):
        for one in people:
            shop.staff.saw(one)
            looking.saw(one)
    looking.saw(marketing)
    for _rebuilt in (False, True):
        await the_dealers_see_what_came_of_it(north, campaign_id, "ausgestiegen")
        await the_dealers_see_what_came_of_it(south, campaign_id, "nimmt teil")
        await marketing_sees_dealers_and_no_persons(looking, (north, south), campaign_id)
        await rebuild(dealer.stack, VOUCHERS, STATISTICS)
    whole = (await marketing.ask("GET", VOUCHERS, path)).of(200)
    figures = [of_campaign(await orders_of(shop.staff), campaign_id) for shop in (north, south)]
    used = sum(each["uses"] for each in figures)
    assert (whole["uses"], whole["remaining_uses"]) == (used, 100 - used)
    spent = sum(each["discount_cents"] for each in figures)
    assert (whole["spent_cents"], whole["remaining_budget_cents"]) == (spent, 1_000_000 - spent)


async def marketing_sees_dealers_and_no_persons(
    looking: Person, shops: Sequence[Dealer], campaign_id: str
) -> None:
    path = "/central-campaign-statistics"
    page = (await looking.ask("GET", VOUCHERS, path, campaign_id=campaign_id)).of(200)
    rows = {row["participant"]: row for row in page["items"]}
    assert {name: told(row) for name, row in rows.items()} == {
        shop.name: of_campaign(await orders_of(shop.staff), campaign_id) for shop in shops
    }
    [titles, *_] = await csv_rows(looking, VOUCHERS, f"{path}.csv?campaign_id={campaign_id}")
    for named in (*rows.values(), titles):
        assert not {"user", "customer", "name", "Benutzer", "Kunde", "Name"} & {*named}
    central = editor(shops[0], "central", shops[0].name)
    users = f"/campaign-statistics/{campaign_id}/users"
    for hidden in (users, "/redeemed-vouchers", "/vouchers", "/campaign-statistics"):
        (await central.ask("GET", VOUCHERS, hidden)).of(403)


async def the_dealers_see_what_came_of_it(
    shop: Dealer, campaign_id: str, participation: str
) -> None:
    """The tabs of one dealer: campaigns, redeemed vouchers, statistics, and their files."""
    staff = shop.staff
    expected = await orders_of(staff)
    [listed] = await csv_rows(staff, VOUCHERS, "/campaigns.csv")
    assert (listed["Kampagne"], listed["Teilnahme"]) == ("Schulanfang", participation)
    page = (await staff.ask("GET", VOUCHERS, "/campaign-statistics")).of(200)
    [row] = page["items"]
    assert (row["campaign_id"], row["title"]) == (campaign_id, "Schulanfang")
    assert told(row) == of_campaign(expected, campaign_id)
    path = f"/campaign-statistics/{campaign_id}/users"
    page = (await staff.ask("GET", VOUCHERS, path, limit="500")).of(200)
    found = {one["user"]: told(one, "total_revenue_cents") for one in page["items"]}
    assert found == by_user(expected, campaign_id, date(2020, 1, 1))
    [row] = await xlsx_rows(staff, VOUCHERS, "/campaign-statistics.xlsx")
    revenue = of_campaign(expected, campaign_id)["revenue_cents"]
    assert round(row["Umsätze mit Gutschein (EUR)"] * 100) == revenue
    rows = await csv_rows(staff, VOUCHERS, f"{path}.csv")
    assert {each["Benutzer"] for each in rows} == {*found}
    page = (await staff.ask("GET", VOUCHERS, "/redeemed-vouchers", limit="500")).of(200)
    used = {one["order_id"] for one in page["items"]}
    assert used == {
        order["order_id"] for order in expected if order["voucher"] and order["status"] == "placed"
    }
    assert {one["title"] for one in page["items"]} == {"Schulanfang"}


async def refill(buyer: Person, shown: Any, **changes: Any) -> Any:
    """The cart after a change, as the buyer sees it."""
    path = f"/carts/{shown['cart_id']}"
    body = {"version": shown["version"], **changes}
    return (await buyer.ask("PATCH", CHECKOUT, path, body)).of(200)


def by_article(priced: Any) -> dict[str, int]:
    """What the voucher takes off each line."""
    return {line["article"]: line["voucher_cents"] for line in priced["lines"]}


def article_file(*numbers: object) -> bytes:
    book, content = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    for number in numbers:
        sheet.append([number, "Name"])
    book.save(content)
    return content.getvalue()


async def test_a_restricted_campaign_from_the_catalogue_to_the_order(dealer: Dealer) -> None:
    """VO-19 to VO-23, VO-43, Q1, CH-2, CH-4: brands, groups with those below them and a medium
    of the catalogue are condition and base of the discount; so is a list from a file."""
    central = editor(dealer, "central", "central")
    seller = editor(dealer, "dealer-staff", dealer.name, "edit-articles", "edit-prices")
    name = f"Ordnungswerk {dealer.name}"
    brand = (await central.ask("POST", CATALOGUE, "/brands", {"name": name})).of(200)["brand"]
    top, below = "ordnen", "ringbuecher"
    groups: tuple[tuple[str, dict[str, str]], ...] = (
        (top, {"name": "Ordnen & Registrieren"}),
        (below, {"name": "Ringbücher", "parent": top}),
        ("schreiben", {"name": "Schreiben"}),
    )
    seller.saw(central)
    for group, body in groups:
        (await seller.ask("PUT", CATALOGUE, f"/product-groups/{group}", body)).of(204)
    media = ["Flyer Mai", "Katalog"]
    await sell(seller, "RB-1", "20.00", brand=brand, groups=[below], media=media)
    await sell(seller, "RB-2", "15.00", brand=brand, groups=[below], media=media[1:])
    await sell(seller, "ST-1", "30.00", brand=brand, groups=["schreiben"], media=media)
    await sell(seller, "0017", "10.00", groups=[top], media=media)
    assortment = {"brands": [brand], "groups": [top], "medium": "Flyer Mai"}
    dealer.staff.saw(seller)
    await dealer.campaign("mai", "MAI", assortment=assortment, minimum_cents=5_000)
    applies = (
        f"Artikel der Marke „{name}“ aus der Warengruppe „Ordnen & Registrieren“ "
        "im Werbemittel „Flyer Mai“"
    )
    view = (await dealer.staff.ask("GET", VOUCHERS, "/campaigns/mai")).of(200)
    assert view["applies_to"] == applies

    anna = dealer.shopper("anna")
    anna.saw(seller)
    anna.saw(dealer.staff)
    others = [{"article": number, "quantity": 1} for number in ("RB-2", "ST-1", "0017")]
    content = {"lines": others, "codes": ["mai"]}
    opened = await anna.insist("PUT", CHECKOUT, "/carts/a-1", content, tokens=anna.tokens)
    shown = opened.of(201)
    [refused] = shown["priced"]["refused"]
    assert (refused["code"], refused["facts"]["applies_to"]) == ("nothing-matches", applies)
    assert refused["detail"].startswith(f"Dieser Gutschein gilt nur für {applies}.")
    assert shown["priced"]["net_cents"] == 5_500
    refusing = {"cart_version": shown["version"]}
    (await anna.ask("PUT", CHECKOUT, "/orders/a-1", refusing)).refused("nothing-matches")

    shown = await refill(anna, shown, lines=[{"article": "RB-1", "quantity": 2}])
    only = {"RB-1": 400, "RB-2": 0, "ST-1": 0, "0017": 0}
    assert by_article(shown["priced"]) == only
    voucher = shown["priced"]["voucher"]
    assert (voucher["base_cents"], voucher["discount_cents"]) == (4_000, 400)
    assert f"von 40,00 € für {applies}" in voucher["explanation"]
    ordering = {"cart_version": shown["version"], "quote": shown["priced"]["quote"]}
    order = await anna.place("a-1", ordering)
    assert (by_article(order), order["net_cents"]) == (only, 9_100)

    path, file = "/article-lists/file", article_file("Artikelnummer", "0017", "ST-1", True, "X-9")
    tried = (await dealer.staff.ask("POST", VOUCHERS, path, file)).of(200)
    assert (tried["dry_run"], tried["article_list"], tried["articles"]) == (True, None, 3)
    made = (await dealer.staff.ask("POST", VOUCHERS, path, file, dry_run="false")).of(200)
    assert [one["line"] for one in made["wrong"]] == [4]
    assert (made["articles"], made["unknown"]) == (3, 1)
    assert "X-9" in made["warnings"][0]
    listed = {"article_list": made["article_list"]}
    both = {"discount_type": "fixed", "value": 3_500, "assortment": listed}
    mixed = TERMS | both | {"title": "x", "code": "X", "assortment": {**listed, "brands": [brand]}}
    answer = await dealer.staff.ask("PUT", VOUCHERS, "/campaigns/mixed", mixed)
    answer.refused("articles-not-alone", status=422)
    await dealer.campaign("liste", "LISTE", **both)
    anna.saw(dealer.staff)
    content = {"lines": [{"article": "RB-1", "quantity": 1}], "codes": ["LISTE"]}
    opened = await anna.insist("PUT", CHECKOUT, "/carts/a-2", content, tokens=anna.tokens)
    shown = opened.of(201)
    [refused] = shown["priced"]["refused"]
    assert refused["facts"]["applies_to"] == "ausgewählte Artikel"
    shown = await refill(anna, shown, lines=others[1:])
    assert by_article(shown["priced"]) == {"RB-1": 0, "ST-1": 2_625, "0017": 875}
    assert (await anna.place("a-2", {"cart_version": shown["version"]}))["net_cents"] == 2_500
