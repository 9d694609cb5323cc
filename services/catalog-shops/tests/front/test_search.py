"""Search at a dealer and inside a shop, over HTTP."""

from typing import Any

import pytest
from catalog_shops_tests.fronts import Fronts

from zugabe_testing.callers import problem_code


def numbers(goods: list[dict[str, Any]]) -> list[str]:
    return [one["number"] for one in goods]


async def stationery(fronts: Fronts) -> None:
    await fronts.name_brand("leitz", "Leitz")
    await fronts.place_groups(("ordner", "Ordner", ""), ("locher", "Locher", ""))
    await fronts.offer("L-1", name="Ordner blau", brand="leitz", groups=("ordner",))
    await fronts.offer("L-2", name="Ordner rot", brand="leitz", groups=("ordner",))
    await fronts.offer("L-3", name="Locher", brand="leitz", groups=("locher",))
    await fronts.offer("E-1", name="Ordner grün", brand="elba", groups=("ordner",))
    await fronts.offer("A-1", name="Eigener Ordner", dealer="acme", groups=("ordner",))


async def test_a_search_finds_own_and_central_articles_by_number_and_words() -> None:
    """CS-6, X-18"""
    fronts = Fronts()
    await stationery(fronts)
    found = await fronts.look("/search", q="Ordner")
    assert set(numbers(found["articles"])) == {"L-1", "L-2", "E-1", "A-1"}
    assert found["no_result"] is None
    assert found["articles"][0]["href"].startswith("/dealers/acme/front/articles/")
    assert numbers((await fronts.look("/search", q="l-1"))["articles"]) == ["L-1"]
    await fronts.delist("L-1")
    assert numbers((await fronts.look("/search", q="l-1"))["articles"]) == []


async def test_a_search_inside_a_brand_shop_stays_inside_its_assortment() -> None:
    """CS-46: and suggests further articles of the brand, those beside the hits first."""
    fronts = Fronts()
    await stationery(fronts)
    await fronts.shop("brand", "leitz", brand="leitz")
    found = await fronts.look("/search", q="blau", shop="leitz")
    assert numbers(found["articles"]) == ["L-1"]
    assert found["articles"][0]["href"] == "/dealers/acme/front/shops/leitz/articles/L-1"
    assert found["shop"]["name"] == "Leitz"
    assert numbers(found["suggestions"]) == ["L-2", "L-3"]
    assert set(numbers((await fronts.look("/search", q="Ordner", shop="leitz"))["articles"])) == {
        "L-1",
        "L-2",
    }


async def test_a_brand_shop_with_a_file_suggests_what_else_the_brand_has() -> None:
    """CS-18, CS-46: those articles are outside of the shop."""
    fronts = Fronts()
    await stationery(fronts)
    await fronts.shop("brand", "auswahl", numbers=("L-1", "L-3", "E-1"))
    found = await fronts.look("/search", q="Ordner", shop="auswahl")
    assert set(numbers(found["articles"])) == {"L-1", "E-1"}
    by_number = {one["number"]: one["href"] for one in found["suggestions"]}
    assert by_number == {
        "L-2": "/dealers/acme/front/articles/L-2",
        "L-3": "/dealers/acme/front/shops/auswahl/articles/L-3",
    }


async def test_a_search_inside_a_theme_shop_leaves_it_with_nothing() -> None:
    """CS-6, CS-46: without a hit, all shops are offered."""
    fronts = Fronts()
    await stationery(fronts)
    await fronts.shop("theme", "ostern", numbers=("L-3",))
    found = await fronts.look("/search", q="Ordner", shop="ostern")
    assert (found["articles"], found["suggestions"]) == ([], [])
    assert found["no_result"]["themes"]["shops"][0]["name"] == "Ostern"


async def test_pages_of_a_search_go_on() -> None:
    """X-18"""
    fronts = Fronts()
    many = {f"n{number:03}" for number in range(30)}
    for number in many:
        await fronts.offer(number, name="Schere")
    found, after = list[str](), dict[str, str]()
    while True:
        page = await fronts.look("/search", q="Schere", **after)
        found += numbers(page["articles"])
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert (set(found), len(found)) == (many, 30)


@pytest.mark.parametrize("q", ["und", "§§§", "<script>", "$where", "a" * 200, "a\u2028\u200fb"])
async def test_any_text_can_be_searched_for(q: str) -> None:
    """CS-6: it is told back as it is."""
    fronts = Fronts()
    await stationery(fronts)
    page = await fronts.look("/search", q=q)
    assert (page["q"], page["articles"]) == (q, [])
    assert f"„{q}“" in page["no_result"]["notice"]


async def test_a_cursor_that_no_search_made_is_refused() -> None:
    answer = await Fronts().visit("/search", q="Ordner", after="elsewhere.x")
    assert problem_code(answer, 422)
