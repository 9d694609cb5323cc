"""Top articles by hand, in shops and overviews, over HTTP."""

from typing import Any

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops

from zugabe_testing.callers import problem_code

PRICE = {"strike_price": "3.49", "strike_from": "2026-06-01", "strike_until": "2026-06-30"}


@pytest.fixture
async def service() -> Shops:
    """A brand shop of Leitz, whose articles are 1 to 3 and the central one 4, but not 5."""
    service = Shops()
    await service.allow_own("brand", "theme")
    await service.name_brand("leitz", "Leitz")
    await service.list_articles("1", "2", "3", brand="leitz")
    await service.list_articles("4", brand="leitz", dealer="central")
    await service.list_articles("5", brand="other")
    await service.list_articles("6", brand="leitz", use="gift")
    await service.save("brand", "leitz", brand="leitz")
    return service


async def tops(service: Shops, shop: str = "brand-shops/leitz") -> list[Any]:
    view = await service.must("dealer-staff", "GET", f"/{shop}")
    return [top["number"] for top in view["top_articles"]]


async def test_the_assortment_of_a_brand_is_all_that_is_listed_of_it(service: Shops) -> None:
    """CS-17, CS-31, CS-32: of the dealer's own and of central articles."""
    for number in ("1", "4"):
        await service.must(EDITOR, "PUT", f"/brand-shops/leitz/top-articles/{number}")
    assert await tops(service) == ["1", "4"]
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/leitz/top-articles/5")
    assert problem_code(answer, 409) == "article-not-in-assortment"
    for number in ("6", "9"):
        answer = await service.ask(EDITOR, "PUT", f"/brand-shops/leitz/top-articles/{number}")
        assert problem_code(answer, 404) == "article-not-found"


async def test_a_shop_without_assortment_has_no_top_articles(service: Shops) -> None:
    """CS-31, CS-42"""
    await service.save("theme", "sale")
    answer = await service.ask(EDITOR, "PUT", "/theme-shops/sale/top-articles/1")
    assert problem_code(answer, 409) == "assortment-missing"


async def test_positions_and_prices_are_saved_together(service: Shops) -> None:
    """CS-24, CS-25, CS-32"""
    for number in ("1", "2", "3"):
        await service.must(EDITOR, "PUT", f"/brand-shops/leitz/top-articles/{number}")
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/leitz/top-articles/4")
    assert problem_code(answer, 409) == "three-top-articles"
    order = {"numbers": ["3", "1", "2"]}
    await service.must(EDITOR, "PUT", "/brand-shops/leitz/top-article-positions", order)
    prices = {"prices": [{"number": "1", **PRICE}, {"number": "2"}, {"number": "3"}]}
    await service.must(EDITOR, "PUT", "/brand-shops/leitz/top-article-prices", prices)
    view = await service.must("dealer-staff", "GET", "/brand-shops/leitz")
    assert [top["number"] for top in view["top_articles"]] == ["3", "1", "2"]
    assert view["top_articles"][1] == {"number": "1", **PRICE}
    without_days = {"prices": [{"number": number, "strike_price": "1.00"} for number in "123"]}
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/leitz/top-article-prices", without_days)
    assert problem_code(answer, 422) == "strike-price-validity-missing"
    await service.must(EDITOR, "DELETE", "/brand-shops/leitz/top-articles/1")
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/leitz/top-article-positions", order)
    assert problem_code(answer, 409) == "top-articles-changed"
    assert await tops(service) == ["3", "2"]


@pytest.mark.parametrize("kind", ["brand", "theme"])
async def test_an_overview_has_text_banner_and_three_top_articles(
    service: Shops, kind: str
) -> None:
    """CS-33, CS-43: of the whole catalogue, maintained as in a shop."""
    overview = f"/{kind}-shops/overview"
    await service.must(EDITOR, "PUT", overview, {"text": "Alle [b]Shops[/b]"})
    for number in ("5", "4", "1"):
        await service.must(EDITOR, "PUT", f"{overview}/top-articles/{number}")
    banner = await service.upload()
    await service.must(EDITOR, "PUT", f"{overview}/graphics", {"places": {"list-banner": banner}})
    view = await service.must("dealer-staff", "GET", overview)
    assert (view["status"], view["text"]) == ("overview", "Alle [b]Shops[\\b]")
    assert [top["number"] for top in view["top_articles"]] == ["5", "4", "1"]
    assert view["graphics"] == [{"place": "list-banner", "file": banner, "width": 690, "height": 2}]
    answer = await service.ask(EDITOR, "DELETE", overview)
    assert problem_code(answer, 404, 405)


async def test_an_overview_is_maintained_by_those_who_may_have_own_shops() -> None:
    """CS-13, CS-33, CS-38"""
    service = Shops()
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/overview", {"text": "Alle"})
    assert problem_code(answer, 409) == "module-missing"
    await service.unlock_own_shops()
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/overview/top-articles/1")
    assert problem_code(answer, 404) == "article-not-found"
    await service.list_articles("1")
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/overview/top-articles/1")
    assert problem_code(answer, 409) == "central-shops-adopted"
