"""A shop in detail, and its articles, over HTTP."""

from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.service import EDITOR

from catalog_shops.front.goods import SHOWN_AT_ONCE
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import Banner, BannerLink, ShopRef, TopArticle
from zugabe_testing.callers import problem_code

TOPS = (TopArticle("3"), TopArticle("1"), TopArticle("2"))
THEME = ShopKey("central", "theme", "ostern")


async def with_articles(fronts: Fronts) -> None:
    await fronts.place_groups(
        ("buero", "Büro", ""), ("ordner", "Ordner", "buero"), ("kleben", "Kleben", "")
    )
    for number, group in (("1", "ordner"), ("2", "buero"), ("3", "kleben")):
        await fronts.offer(number, "3.49", brand="leitz", groups=(group,))


async def test_a_theme_shop_has_banners_text_and_an_overview_of_its_assortment() -> None:
    """CS-11, CS-24, CS-37"""
    fronts = Fronts()
    await with_articles(fronts)
    await fronts.shop("theme", "ostern", numbers=("3", "1", "2"), tops=TOPS, text="Frohe[br]Ostern")
    await fronts.graphic(THEME, "header-banner", 690, 200)
    await fronts.graphic(THEME, "content-banner", 690, 150)
    link = BannerLink("article", number="1")
    of_shop = Banner("shop", "b" * 64, "Nester", link, "theme", ShopRef("central", "ostern"))
    await fronts.banner("b1", of_shop)
    page = await fronts.look("/shops/ostern")
    assert page["text"] == "Frohe<br>Ostern"
    assert page["header_banner"]["url"] == f"/graphics/central/{'h' * 64}"
    assert page["content_banner"]["height"] == 150
    [banner] = page["banners"]
    assert (banner["title"], banner["href"]) == ("Nester", "/dealers/acme/front/articles/1")
    tops = [one["article"]["number"] for one in page["top_articles"]]
    assert tops == ["3", "1", "2"]
    areas = [(one["name"], one["depth"], one["article_count"]) for one in page["navigation"]]
    assert areas == [("Büro", 0, 2), ("Ordner", 1, 1), ("Kleben", 0, 1)]
    assert page["article_count"] == 3
    assert page["overview"]["href"] == "/dealers/acme/front/theme-shops"


async def test_a_banner_of_a_shop_that_leads_to_an_inactive_shop_is_not_shown() -> None:
    """N-12"""
    fronts = Fronts()
    await with_articles(fronts)
    await fronts.shop("theme", "ostern", numbers=("1",))
    await fronts.save("theme", "sommer", dealer="central", active=False)
    at, shop = ShopRef("central", "ostern"), ShopRef("central", "sommer")
    link = BannerLink("shop", kind="theme", shop=shop)
    await fronts.banner("b1", Banner("shop", "b" * 64, "Sommer", link, "theme", at))
    to_itself = BannerLink("shop", kind="theme", shop=at)
    await fronts.banner("b2", Banner("shop", "b" * 64, "Nester", to_itself, "theme", at))
    page = await fronts.look("/shops/ostern")
    assert [banner["title"] for banner in page["banners"]] == ["Nester"]


async def test_top_articles_are_three_or_none() -> None:
    """CS-24: also when one of the three is not for sale any more."""
    fronts = Fronts()
    await with_articles(fronts)
    await fronts.shop("theme", "ostern", numbers=("1", "2", "3"))
    for tops, shown in ((TOPS[:2], 0), (TOPS, 3), ((*TOPS, TopArticle("4")), 0), (TOPS, 3)):
        await fronts.top(THEME, *tops)
        assert len((await fronts.look("/shops/ostern"))["top_articles"]) == shown
    await fronts.delist("2")
    assert (await fronts.look("/shops/ostern"))["top_articles"] == []


async def test_an_assortment_from_a_file_keeps_its_order_within_the_shops_navigation() -> None:
    """CS-11, CS-37, CS-46"""
    fronts = Fronts()
    await with_articles(fronts)
    await fronts.shop("theme", "ostern", numbers=("3", "1", "unknown", "2"))
    page = await fronts.look("/shops/ostern/articles")
    assert [one["number"] for one in page["articles"]] == ["3", "1", "2"]
    assert page["articles"][0]["href"] == "/dealers/acme/front/shops/ostern/articles/3"
    assert page["shop"]["name"] == "Ostern"
    whole = await fronts.look("/shops/ostern")
    assert page["navigation"] == whole["navigation"]
    office = await fronts.look("/shops/ostern/articles", group="buero")
    assert [one["number"] for one in office["articles"]] == ["1", "2"]
    assert office["navigation"] == whole["navigation"]
    answer = await fronts.visit("/shops/ostern/articles", group="unknown")
    assert problem_code(answer, 404) == "area-not-found"


async def test_a_brand_shop_has_all_listed_articles_of_its_brand() -> None:
    """CS-17, CS-46: own and central, by name; an own number hides the central one."""
    fronts = Fronts()
    await fronts.name_brand("leitz", "Leitz")
    await fronts.offer("1", brand="leitz", name="Ordner")
    await fronts.offer("2", brand="leitz", name="Locher")
    await fronts.offer("3", brand="tesa", name="Film")
    await fronts.shop("brand", "leitz", brand="leitz")

    async def numbers(dealer: str = "acme") -> list[str]:
        page = await fronts.look("/shops/leitz/articles", dealer=dealer)
        return [one["number"] for one in page["articles"]]

    assert await numbers() == ["2", "1"]
    await fronts.offer("A-1", dealer="acme", brand="leitz", name="Mappe")
    assert await numbers() == ["2", "A-1", "1"]
    await fronts.offer("A-2", dealer="acme", brand="tesa")
    await fronts.offer("A-2", brand="leitz", name="Zange")
    assert await numbers() == ["2", "A-1", "1"]
    assert await numbers("other") == ["2", "1", "A-2"]
    await fronts.delist("1")
    assert await numbers() == ["2", "A-1"]
    await fronts.offer("2", brand="tesa", name="Locher")
    assert await numbers() == ["A-1"]


async def test_gifts_are_never_sold() -> None:
    """GA-7"""
    fronts = Fronts()
    await fronts.name_brand("leitz", "Leitz")
    await fronts.offer("G-1", brand="leitz", use="gift", catalogue_flag=1)
    await fronts.offer("1", brand="leitz")
    await fronts.shop("brand", "leitz", brand="leitz")
    await fronts.shop("theme", "ostern", numbers=("G-1", "1"))
    for path in ("/shops/leitz/articles", "/shops/ostern/articles"):
        page = await fronts.look(path)
        assert [one["number"] for one in page["articles"]] == ["1"]
        assert page["article_count"] == 1
    found = await fronts.look("/search", q="G-1")
    assert found["articles"] == []
    for path in ("/articles/G-1", "/shops/leitz/articles/G-1"):
        assert problem_code(await fronts.visit(path), 404) == "article-not-found"


async def test_articles_come_in_pages() -> None:
    """CS-37"""
    fronts = Fronts()
    many = tuple(f"n{number:03}" for number in range(SHOWN_AT_ONCE + 2))
    for number in many:
        await fronts.offer(number)
    await fronts.shop("theme", "ostern", numbers=many)
    first = await fronts.look("/shops/ostern/articles")
    assert (len(first["articles"]), first["pages"]) == (SHOWN_AT_ONCE, 2)
    second = await fronts.look("/shops/ostern/articles", page=2)
    assert [one["number"] for one in second["articles"]] == list(many[SHOWN_AT_ONCE:])
    assert (first["next"], second["next"]) == (
        "/dealers/acme/front/shops/ostern/articles?page=2",
        None,
    )


async def test_script_in_texts_is_text() -> None:
    """CS-20, Q5"""
    fronts = Fronts()
    script = "<script>alert('1')</script>[b]&[\\b]"
    await fronts.name_brand("leitz", "Leitz")
    await fronts.offer("1", brand="leitz", text=script)
    await fronts.shop("brand", "leitz", brand="leitz", text=script)
    safe = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt;<b>&amp;</b>"
    for path in ("/shops/leitz", "/articles/1", "/shops/leitz/articles/1"):
        answer = await fronts.visit(path)
        assert answer.json()["text"] == safe
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_theme_shops_are_for_advice_exclusive_articles_and_remainders() -> None:
    """CS-34: a guide with a text and a banner, articles that no other dealer has, and remainders
    that go while stocks last."""
    fronts = Fronts()
    await with_articles(fronts)
    await fronts.unlock_own_shops()
    await fronts.must(EDITOR, "DELETE", "/theme-shop-placement/adoption")
    advice = "Wie Sie [b]richtig[\\b] ablegen:[br]erst sortieren, dann lochen."
    await fronts.shop("theme", "ablage", dealer="acme", numbers=("1", "2"), text=advice)
    await fronts.graphic(ShopKey("acme", "theme", "ablage"), "content-banner", 690, 200)
    await fronts.offer("E1", "99.00", dealer="acme", name="Werkbank")
    await fronts.shop("theme", "nur-hier", dealer="acme", numbers=("E1",))
    await fronts.offer("R1", "1.00", dealer="acme", availability="low")
    await fronts.offer("R2", "2.00", dealer="acme", availability="discontinued")
    await fronts.shop("theme", "restposten", dealer="acme", numbers=("R1", "R2", "3"))

    guide = await fronts.look("/shops/ablage")
    assert guide["text"] == "Wie Sie <b>richtig</b> ablegen:<br>erst sortieren, dann lochen."
    assert guide["content_banner"]["width"] == 690
    exclusive = await fronts.look("/shops/nur-hier/articles")
    assert [one["number"] for one in exclusive["articles"]] == ["E1"]
    elsewhere = await fronts.visit("/articles/E1", dealer="other")
    assert problem_code(elsewhere, 404) == "article-not-found"
    remainders = await fronts.look("/shops/restposten/articles")
    shown = {one["number"]: one["availability"] for one in remainders["articles"]}
    assert shown == {"R1": "low", "R2": "discontinued", "3": "available"}
