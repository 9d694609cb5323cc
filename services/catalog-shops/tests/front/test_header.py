"""The button „Shops“ and its flyout, over HTTP."""

from catalog_shops_tests.fronts import Fronts


async def test_the_flyout_has_logos_that_can_be_enlarged_and_theme_shops_as_buttons() -> None:
    """CS-2, CS-4, CS-7, CS-8, CS-29, CS-35"""
    fronts = Fronts()
    await fronts.shop("brand", "leitz", logo=(200, 100))
    await fronts.shop("brand", "tesa")
    await fronts.shop("theme", "ostern")
    header = await fronts.look("/header")
    assert header["button"] == "Shops"
    flyout = header["flyout"]
    assert [one["shop"]["name"] for one in flyout["brands"]] == ["Leitz", "Tesa"]
    logo = flyout["brands"][0]["logo"]
    assert logo["url"] == f"/graphics/central/{'l' * 64}"
    assert (logo["width"], logo["enlarged_width"]) == (100, 200)
    assert (logo["height"], logo["enlarged_height"]) == (50, 100)
    assert flyout["brands"][1]["logo"] is None
    assert flyout["brands"][0]["shop"]["href"] == "/dealers/acme/front/shops/leitz"
    assert [one["name"] for one in flyout["themes"]] == ["Ostern"]
    assert flyout["themes"][0]["href"] == "/dealers/acme/front/shops/ostern"
    assert flyout["all_brands"]["title"] == "Alle Markenshops"
    assert flyout["all_themes"]["title"] == "Alle Themenshops"
    for link in ("all_brands", "all_themes"):
        path = flyout[link]["href"].removeprefix("/dealers/acme/front")
        assert await fronts.look(path)
