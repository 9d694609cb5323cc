"""Search over own and central articles."""

from collections.abc import Sequence
from typing import Any

import pytest
from catalog_shops_tests.article_examples import EDITOR
from catalog_shops_tests.service import InMemoryService

from zugabe_testing.callers import problem_code

CENTRAL: dict[str, dict[str, Any]] = {
    "1080-50": {"name": "Leitz Ordner 1080", "keywords": ["Ablage"]},
    "1080-51": {"name": "Leitz Ordner blau"},
    "2000": {"name": "Bleistift", "text": "Für Ordner mit der Nummer 1080"},
    "OWN-1": {"name": "Zentraler Ordner"},
}
OWN: dict[str, dict[str, Any]] = {
    "x1": {"name": "Ordner vom Händler"},
    "1080": {"name": "Locher"},
}


@pytest.fixture
async def service() -> InMemoryService:
    """`OWN-1` is the dealer's since before central listed it; they have delisted it."""
    service = InMemoryService()
    for number, article in (*OWN.items(), ("OWN-1", {"name": "Eigener Ordner"})):
        await service.must(EDITOR, "PUT", f"/articles/{number}", article)
    await service.must(EDITOR, "DELETE", "/articles/OWN-1")
    for number, article in CENTRAL.items():
        await service.must("central", "PUT", f"/articles/{number}", article, dealer="central")
    return service


async def found(service: InMemoryService, query: str) -> Sequence[str]:
    page: Any = await service.must("dealer-staff", "GET", f"/article-search?{query}")
    return [one["number"] for one in page["items"]]


async def test_numbers_come_before_words_and_the_exact_one_first(
    service: InMemoryService,
) -> None:
    """CS-46, X-18: however the number is written."""
    assert await found(service, "q=1080") == ["1080", "1080-50", "1080-51", "2000"]
    assert await found(service, "q=1080%2050") == ["1080-50"]
    assert await found(service, "q=X1") == ["x1"]


async def test_own_articles_come_before_central_ones(service: InMemoryService) -> None:
    """CS-46"""
    assert await found(service, "q=Ordner") == ["x1", "1080-50", "1080-51", "2000"]
    assert await found(service, "q=blaue%20ordner") == ["1080-51"]
    assert await found(service, "q=ordner%20gelb") == []


async def test_a_central_article_is_hidden_by_the_dealers_own_even_a_delisted_one(
    service: InMemoryService,
) -> None:
    assert await found(service, "q=OWN-1") == []
    await service.must(EDITOR, "PUT", "/articles/OWN-1", {"name": "Eigener Ordner"})
    page = await service.must("dealer-staff", "GET", "/article-search?q=OWN-1")
    assert [(one["dealer"], one["name"]) for one in page["items"]] == [("acme", "Eigener Ordner")]
    other = await service.must("central", "GET", "/article-search?q=OWN-1", dealer="other")
    assert [one["dealer"] for one in other["items"]] == ["central"]


async def test_a_dealers_price_hides_nothing(service: InMemoryService) -> None:
    body = {"prices": [{"steps": [{"amount": "1.00"}]}]}
    await service.must("dealer-staff+edit-prices", "PUT", "/articles/2000/prices", body)
    assert await found(service, "q=Bleistift") == ["2000"]
    assert await found(service, "q=2000") == ["2000"]


@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_pages_have_each_article_once(service: InMemoryService, limit: int) -> None:
    """X-18"""
    for query in ("Ordner", "1080"):
        whole = await found(service, f"q={query}")
        seen: list[str] = []
        after = ""
        for _ in range(20):
            path = f"/article-search?q={query}&limit={limit}{after}"
            page = await service.must("dealer-staff", "GET", path)
            seen += [one["number"] for one in page["items"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        assert seen == whole


async def test_a_search_is_narrowed_by_brand_and_use(service: InMemoryService) -> None:
    """CS-46"""
    await service.must("central", "POST", "/brands", {"name": "Leitz"}, dealer="central")
    leitz = {"name": "Leitz Ordner blau", "brand": "leitz"}
    await service.must("central", "PUT", "/articles/1080-51", leitz, dealer="central")
    assert await found(service, "q=Ordner&brand=leitz") == ["1080-51"]
    assert await found(service, "q=Ordner&use=gift") == []


@pytest.mark.parametrize("cursor", ["nowhere.", "own", "own.x", "number.%7B"])
async def test_a_cursor_that_no_search_made_is_refused(
    service: InMemoryService, cursor: str
) -> None:
    answer = await service.ask("dealer-staff", "GET", f"/article-search?q=a&after={cursor}")
    assert problem_code(answer, 422) == "cursor-invalid"
