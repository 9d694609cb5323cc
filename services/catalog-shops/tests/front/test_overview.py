"""Overviews of all brand shops and all theme shops, over HTTP."""

from catalog_shops_tests.fronts import Fronts

from catalog_shops.front.overview import MAX_NAVIGATION, SHOPS_ON_PAGE
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    Banner,
    BannerLink,
    ShopRef,
    ShopsArranged,
    TopArticle,
)
from zugabe_events.domain.event import Stream

TOPS = (TopArticle("1"), TopArticle("2"), TopArticle("3"))


async def with_groups(fronts: Fronts) -> None:
    await fronts.place_groups(
        ("buero", "Büro", ""), ("ordner", "Ordner", "buero"), ("kleben", "Kleben", "")
    )
    for number, group in (("1", "ordner"), ("2", "ordner"), ("3", "kleben")):
        await fronts.offer(number, "3.49", brand="leitz", groups=(group,))


async def test_all_brand_shops_show_logos_with_their_areas_and_are_listed_on_the_left() -> None:
    """CS-10, CS-33"""
    fronts = Fronts()
    await with_groups(fronts)
    await fronts.name_brand("leitz", "Leitz")
    await fronts.shop("brand", "leitz", brand="leitz", logo=(300, 100))
    await fronts.shop("brand", "tesa")
    page = await fronts.look("/brand-shops")
    assert page["title"] == "Alle Markenshops"
    assert [one["name"] for one in page["navigation"]] == ["Leitz", "Tesa"]
    leitz, tesa = page["shops"]
    assert leitz["shop"]["href"] == "/dealers/acme/front/shops/leitz"
    assert (leitz["logo"]["enlarged_width"], leitz["logo"]["enlarged_height"]) == (240, 80)
    areas = [(one["name"], one["article_count"]) for one in leitz["areas"]]
    assert areas == [("Büro", 2), ("Kleben", 1)]
    assert leitz["areas"][0]["href"] == "/dealers/acme/front/shops/leitz/articles?group=buero"
    assert await fronts.look("/shops/leitz/articles", group="buero")
    assert tesa["areas"] == []


async def test_above_the_shops_are_banner_text_and_three_top_articles() -> None:
    """CS-33, CS-43: as whoever arranges the shops maintains them."""
    fronts = Fronts()
    await with_groups(fronts)
    for kind in ("brand", "theme"):
        who = {"text": f"Alle [b]{kind}[\\b]"}
        await fronts.must("central", "PUT", f"/{kind}-shops/overview", who, dealer="central")
    key = ShopKey("central", "theme", OVERVIEW)
    await fronts.graphic(key, "list-banner", 690, 90)
    await fronts.top(key, *TOPS)
    page = await fronts.look("/theme-shops")
    assert page["title"] == "Alle Themenshops"
    assert page["text"] == "Alle <b>theme</b>"
    url = f"/graphics/central/{'l' * 64}"
    assert page["list_banner"] == {"url": url, "width": 690, "height": 90}
    assert [one["article"]["number"] for one in page["top_articles"]] == ["1", "2", "3"]
    assert (await fronts.look("/brand-shops"))["top_articles"] == []
    await fronts.allow_own("theme")
    own = await fronts.look("/theme-shops")
    assert (own["text"], own["list_banner"], own["top_articles"]) == ("", None, [])


async def test_the_overview_of_theme_shops_leads_into_details() -> None:
    """CS-36, CS-48: with more details than the start page."""
    fronts = Fronts()
    text = "Der Osterhase kommt. " * 20
    await fronts.shop("theme", "ostern", text=text)
    await fronts.graphic(ShopKey("central", "theme", "ostern"), "header-banner", 690, 200)
    [shop] = (await fronts.look("/theme-shops"))["shops"]
    assert shop["banner"]["url"] == f"/graphics/central/{'h' * 64}"
    assert shop["teaser"].startswith("Der Osterhase kommt. Der")
    assert shop["teaser"].endswith(" …")
    assert len(shop["teaser"]) <= 202
    path = shop["shop"]["href"].removeprefix("/dealers/acme/front")
    assert (await fronts.look(path))["shop"]["name"] == "Ostern"


async def test_banners_of_an_overview_are_for_that_kind() -> None:
    """CS-30"""
    fronts = Fronts()
    await fronts.banner("b1", Banner("brand-overview", "b" * 64, "Marken", BannerLink()))
    assert len((await fronts.look("/brand-shops"))["banners"]) == 1
    assert (await fronts.look("/theme-shops"))["banners"] == []


async def test_ten_thousand_shops_come_in_pages() -> None:
    """CS-10: no page grows with their number."""
    fronts = Fronts()
    shops = 10_000
    for number in range(MAX_NAVIGATION + SHOPS_ON_PAGE):
        await fronts.save("brand", f"s{number:05}", dealer="central")
    arranged = ShopsArranged(
        "central",
        "brand",
        1,
        tuple(ShopRef("central", f"s{number:05}") for number in range(shops)),
        (),
        (),
        fronts.now,
        "anna",
    )
    stream = Stream("placement/central/brand", "shops/central")
    await fronts.append(stream, [arranged])
    sizes = {}
    for path in ("/header", "/start", "/no-result", "/brand-shops"):
        answer = await fronts.visit(path)
        assert answer.status_code == 200
        sizes[path] = len(answer.content)
    assert max(sizes.values()) < 120_000, sizes
    first = await fronts.look("/brand-shops")
    assert (len(first["shops"]), first["pages"]) == (SHOPS_ON_PAGE, -(-shops // SHOPS_ON_PAGE))
    assert len(first["navigation"]) == MAX_NAVIGATION
    path, _, query = first["next"].removeprefix("/dealers/acme/front").partition("?page=")
    second = await fronts.look(path, page=query)
    assert second["shops"][0]["shop"]["shop"] == f"s{SHOPS_ON_PAGE:05}"
    behind = await fronts.look("/brand-shops", page=9_999)
    assert (behind["shops"], behind["next"]) == ([], None)
