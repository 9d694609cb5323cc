"""Start page and the page without a result, over HTTP."""

from datetime import date

from catalog_shops_tests.fronts import Fronts

from zugabe_events.contracts.catalog_shops import Banner, BannerLink, ShopRef

FILE = "b" * 64


def names(shops: list[dict[str, object]]) -> list[object]:
    return [shop["name"] for shop in shops]


async def test_brand_carpet_and_containers_advertise_shops_on_the_start_page() -> None:
    """CS-5, CS-7, CS-9, CS-29"""
    fronts = Fronts()
    for shop in ("leitz", "tesa"):
        await fronts.shop("brand", shop, logo=(200, 100))
    await fronts.shop("theme", "ostern")
    start = await fronts.look("/start")
    carpet = start["carpet"]
    assert [one["shop"]["name"] for one in carpet] == ["Leitz", "Tesa"]
    assert carpet[0]["logo"]["url"] == f"/graphics/central/{'l' * 64}"
    containers = start["containers"]
    assert containers["title"] == "Marken- und Themenshops"
    assert containers["brands"]["title"] == "Markenshops"
    assert names([one["shop"] for one in containers["brands"]["shops"]]) == ["Leitz", "Tesa"]
    assert containers["themes"]["title"] == "Themenshops"
    assert names(containers["themes"]["shops"]) == ["Ostern"]
    assert containers["themes"]["all_shops"]["href"] == "/dealers/acme/front/theme-shops"


async def test_the_first_three_theme_shops_stand_beside_the_guide() -> None:
    """CS-36: in their order, with a link to all of them."""
    fronts = Fronts()
    for shop in ("ostern", "sommer", "schulanfang", "advent"):
        await fronts.shop("theme", shop)
    beside = (await fronts.look("/start"))["beside_guide"]
    assert names(beside["shops"]) == ["Ostern", "Sommer", "Schulanfang"]
    assert beside["all_shops"] == {
        "title": "Alle Themenshops",
        "href": "/dealers/acme/front/theme-shops",
    }


async def test_a_teaser_leads_to_its_shop_on_the_days_of_its_validity() -> None:
    """CS-7, CS-30"""
    fronts = Fronts()
    await fronts.shop("theme", "ostern")
    link = BannerLink("shop", "theme", ShopRef("central", "ostern"))
    day = date(2026, 5, 4)
    await fronts.banner("b1", Banner("start", FILE, "Frohe Ostern", link, None, None, day, day))
    await fronts.banner("b2", Banner("no-result", FILE, "Nichts dabei?", BannerLink()))
    [teaser] = (await fronts.look("/start"))["banners"]
    assert teaser == {
        "picture": {"url": f"/graphics/acme/{FILE}", "width": 690, "height": 120},
        "title": "Frohe Ostern",
        "href": "/dealers/acme/front/shops/ostern",
    }
    fronts.now = fronts.now.replace(day=5)
    assert (await fronts.look("/start"))["banners"] == []


async def test_a_banner_whose_shop_is_not_shown_is_not_shown_either() -> None:
    """N-12"""
    fronts = Fronts()
    await fronts.shop("theme", "ostern")
    for kind, shop in (("theme", "ostern"), ("theme", "gone")):
        link = BannerLink("shop", "theme", ShopRef("central", shop))
        await fronts.banner(shop, Banner("all", FILE, kind, link))
    assert len((await fronts.look("/start"))["banners"]) == 1
    await fronts.save("theme", "ostern", dealer="central", active=False)
    assert (await fronts.look("/start"))["banners"] == []


async def test_central_banners_go_with_central_shops() -> None:
    """CS-2, CS-14: a dealer who left both kinds has a start page of their own."""
    fronts = Fronts()
    await fronts.banner("b1", Banner("start", FILE, "Zentral", BannerLink()), dealer="central")
    assert [one["title"] for one in (await fronts.look("/start"))["banners"]] == ["Zentral"]
    await fronts.allow_own("brand")
    assert len((await fronts.look("/start"))["banners"]) == 1
    await fronts.allow_own("theme")
    assert (await fronts.look("/start"))["banners"] == []


async def test_who_finds_nothing_is_offered_the_shops() -> None:
    """CS-6"""
    fronts = Fronts()
    await fronts.shop("brand", "leitz")
    await fronts.shop("theme", "ostern")
    await fronts.banner("b2", Banner("no-result", FILE, "Nichts dabei?", BannerLink()))
    page = await fronts.look("/no-result", q="Einhorn")
    assert page["notice"] == (
        "Zu „Einhorn“ wurde leider nichts gefunden. Vielleicht werden Sie in unseren Shops fündig."
    )
    assert names([one["shop"] for one in page["brands"]["shops"]]) == ["Leitz"]
    assert names(page["themes"]["shops"]) == ["Ostern"]
    assert [one["title"] for one in page["banners"]] == ["Nichts dabei?"]
    found = await fronts.look("/search", q="Einhorn")
    assert found["articles"] == []
    assert found["no_result"] == page
    plain = await fronts.look("/no-result")
    assert plain["notice"].startswith("Zu Ihrer Suche wurde leider nichts gefunden.")
