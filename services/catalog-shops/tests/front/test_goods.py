"""Articles with the price that counts for who looks at them, over HTTP."""

from datetime import date, timedelta
from decimal import Decimal

from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.service import EDITOR

from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import (
    ArticleImage,
    CustomerPriceSet,
    Price,
    PriceStep,
    TopArticle,
)
from zugabe_events.domain.event import Stream
from zugabe_testing.callers import problem_code

THEME = ShopKey("central", "theme", "ostern")
TODAY = date(2026, 5, 4)


def struck(number: str, amount: str) -> TopArticle:
    return TopArticle(number, Decimal(amount), TODAY, TODAY)


async def agree(fronts: Fronts, number: str, amount: str, version: int = 1) -> None:
    """A price of customer c1 at acme."""
    price = Price((PriceStep(1, Decimal(amount)),))
    event = CustomerPriceSet("acme", number, "c1", version, (price,), fronts.now)
    stream = f"customer-price/acme/c1/{number}"
    await fronts.append(Stream(stream, f"article/acme/{number}"), [event])


async def test_an_article_tells_what_a_cart_needs() -> None:
    """CS-48, X-34: number, quantity unit, least quantity, and all steps of the price."""
    fronts = Fronts()
    images = (ArticleImage("", "a.jpg"), ArticleImage("d" * 64, "b.jpg"))
    await fronts.place_groups(("buero", "Büro", ""), ("ordner", "Ordner", "buero"))
    await fronts.offer(
        "4711/a", images=images, order_unit="C62", gtin="4006381333931", groups=("ordner",)
    )
    await fronts.price("4711/a", "3.49", "3.29", unit=100)
    page = await fronts.look("/articles/4711~2Fa")
    goods = page["goods"]
    assert (goods["number"], goods["order_unit"]) == ("4711/a", "C62")
    assert (goods["minimum_quantity"], goods["is_orderable"]) == (1, True)
    assert goods["image"] == f"/graphics/central/{'d' * 64}"
    assert page["images"] == [goods["image"]]
    price = goods["price"]
    assert (price["amount"], price["price_unit"], price["unit_net"]) == ("3.49", 100, "0.0349")
    assert [(one["from_quantity"], one["amount"]) for one in price["steps"]] == [
        (1, "3.49"),
        (10, "3.29"),
    ]
    assert page["groups"] == [["Büro", "Ordner"]]
    assert page["shop"] is None


async def test_an_article_within_a_shop_keeps_the_shops_navigation() -> None:
    """CS-37, CS-46, CS-48"""
    fronts = Fronts()
    await fronts.place_groups(("buero", "Büro", ""))
    for number in ("1", "2"):
        await fronts.offer(number, "3.49", groups=("buero",))
    await fronts.shop("theme", "ostern", numbers=("1",))
    page = await fronts.look("/shops/ostern/articles/1")
    assert page["shop"]["name"] == "Ostern"
    assert [one["name"] for one in page["navigation"]] == ["Büro"]
    assert page["goods"]["is_orderable"]
    answer = await fronts.visit("/shops/ostern/articles/2")
    assert problem_code(answer, 404) == "article-not-found"


async def test_an_article_without_a_price_cannot_be_ordered() -> None:
    fronts = Fronts()
    await fronts.offer("1")
    await fronts.offer("2", "3.49", availability="discontinued")
    goods = (await fronts.look("/articles/1"))["goods"]
    assert (goods["price"], goods["is_orderable"]) == (None, False)
    assert not (await fronts.look("/articles/2"))["goods"]["is_orderable"]


async def test_a_strike_price_is_shown_above_the_buyers_own_price_only() -> None:
    """Q13, CS-25, Q34: the customer's agreed price decides for the customer."""
    fronts = Fronts()
    for number in ("1", "2", "3"):
        await fronts.offer(number, "3.49")
    await fronts.shop("theme", "ostern", numbers=("1", "2", "3"))
    await fronts.top(THEME, struck("1", "3.99"), struck("2", "3.49"), TopArticle("3"))
    await agree(fronts, "2", "2.99")
    await agree(fronts, "1", "4.50")

    async def strikes(who: str | None = None) -> list[str | None]:
        tops = (await fronts.look("/shops/ostern", who))["top_articles"]
        return [one["strike"] and one["strike"]["price"]["amount"] for one in tops]

    assert await strikes() == ["3.99", None, None]
    assert await strikes("user") == [None, "3.49", None]
    assert await strikes("user-elsewhere") == ["3.99", None, None]
    fronts.now += timedelta(days=1)
    assert await strikes() == [None, None, None]


async def test_beside_a_strike_price_stands_the_lowest_price_of_30_days() -> None:
    """Q13: unless the dealer sells to businesses only."""
    fronts = Fronts()
    for number in ("1", "2", "3"):
        await fronts.offer(number)
        await fronts.price(number, "2.99", at=fronts.now - timedelta(days=20))
        await fronts.price(number, "3.49")
    tops = (struck("1", "3.99"), struck("2", "3.99"), struck("3", "3.99"))
    await fronts.shop("theme", "ostern", numbers=("1", "2", "3"), tops=tops)
    first = (await fronts.look("/shops/ostern"))["top_articles"][0]
    assert first["article"]["price"]["amount"] == "3.49"
    assert first["strike"] == {
        "price": {"amount": "3.99", "quantity": 1},
        "lowest": {"amount": "2.99", "quantity": 1},
    }
    assert (await fronts.look("/articles/1"))["lowest"]["amount"] == "2.99"
    await fronts.must(EDITOR, "PUT", "/business-only", {"business_only": True})
    first = (await fronts.look("/shops/ostern"))["top_articles"][0]
    assert (first["strike"]["price"]["amount"], first["strike"]["lowest"]) == ("3.99", None)
    assert (await fronts.look("/articles/1"))["lowest"] is None


async def test_a_price_that_begins_later_is_shown_from_its_moment_on() -> None:
    """X-40: to the second, and the page is not kept beyond it."""
    fronts = Fronts()
    await fronts.offer("1", "3.49")
    fronts.now += timedelta(seconds=1)
    begins = fronts.now + timedelta(seconds=30)
    await fronts.price("1", "2.99", at=begins)

    async def amount() -> str:
        shown: str = (await fronts.look("/articles/1"))["goods"]["price"]["amount"]
        return shown

    assert await amount() == "3.49"
    answer = await fronts.visit("/articles/1")
    assert answer.headers["cache-control"] == "public, max-age=30, stale-while-revalidate=0"
    fronts.now = begins - timedelta(milliseconds=1)
    assert await amount() == "3.49"
    fronts.now = begins
    assert await amount() == "2.99"
