"""Brands over HTTP."""

from unicodedata import normalize

from catalog_shops_tests.article_examples import EDITOR
from catalog_shops_tests.service import InMemoryService

from zugabe_events.contracts.catalog_shops import BrandNamed
from zugabe_testing.callers import problem_code


async def test_all_ways_to_write_a_name_are_one_brand() -> None:
    """D14"""
    service = InMemoryService()
    for name in ("Müller", normalize("NFD", "Müller"), "Müller "):
        assert await service.must(EDITOR, "POST", "/brands", {"name": name}) == {"brand": "mueller"}
    assert len(service.said(BrandNamed)) == 1


async def test_dealers_choose_from_central_brands_and_their_own() -> None:
    """CS-17"""
    service = InMemoryService()
    await service.must("central", "POST", "/brands", {"name": "Leitz"}, dealer="central")
    await service.must(EDITOR, "POST", "/brands", {"name": "Hausmarke"})
    await service.must(EDITOR, "POST", "/brands", {"name": "LEITZ"})
    await service.must(EDITOR, "POST", "/brands", {"name": "Fremd"}, dealer="acme")
    page = await service.must("dealer-staff", "GET", "/brands")
    assert [(one["name"], one["dealer"]) for one in page["items"]] == [
        ("Fremd", "acme"),
        ("Hausmarke", "acme"),
        ("Leitz", "central"),
    ]
    other = await service.must("central", "GET", "/brands", dealer="other")
    assert [one["brand"] for one in other["items"]] == ["leitz"]


async def test_a_brand_keeps_its_id_when_its_name_changes() -> None:
    service = InMemoryService()
    await service.must(EDITOR, "POST", "/brands", {"name": "Leitz"})
    await service.must(EDITOR, "PUT", "/brands/leitz", {"name": "Leitz ACCO"})
    page = await service.must("dealer-staff", "GET", "/brands")
    assert [(one["brand"], one["name"]) for one in page["items"]] == [("leitz", "Leitz ACCO")]
    answer = await service.ask(EDITOR, "PUT", "/brands/nobody", {"name": "Niemand"})
    assert problem_code(answer, 404) == "brand-not-found"
