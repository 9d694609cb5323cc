"""Product groups over HTTP."""

from catalog_shops_tests.article_examples import EDITOR
from catalog_shops_tests.service import InMemoryService

from zugabe_testing.callers import problem_code


async def test_a_dealer_sees_one_tree_of_central_and_own_groups() -> None:
    """CS-11"""
    service = InMemoryService()
    office = {"name": "Büro"}
    await service.must("central", "PUT", "/product-groups/office", office, dealer="central")
    mine = {"name": "Eigenes", "parent": "office"}
    await service.must(EDITOR, "PUT", "/product-groups/mine", mine)
    tree = await service.must("dealer-staff", "GET", "/product-groups")
    assert [(node["group"], node["dealer"], node["path"]) for node in tree] == [
        ("office", "central", ["Büro"]),
        ("mine", "acme", ["Büro", "Eigenes"]),
    ]
    central = await service.must("central", "GET", "/product-groups", dealer="central")
    assert [node["group"] for node in central] == ["office"]


async def test_a_group_with_articles_stays_until_they_are_delisted() -> None:
    service = InMemoryService()
    await service.must(EDITOR, "PUT", "/product-groups/mine", {"name": "Eigenes"})
    await service.must(EDITOR, "PUT", "/articles/a1", {"name": "Stift", "groups": ["mine"]})
    answer = await service.ask(EDITOR, "DELETE", "/product-groups/mine")
    assert problem_code(answer, 409) == "product-group-has-articles"
    assert "„Eigenes“" in answer.json()["detail"]
    await service.must(EDITOR, "DELETE", "/articles/a1")
    await service.must(EDITOR, "DELETE", "/product-groups/mine")
    assert await service.must("dealer-staff", "GET", "/product-groups") == []


async def test_a_group_above_itself_is_refused() -> None:
    service = InMemoryService()
    await service.must(EDITOR, "PUT", "/product-groups/a", {"name": "A"})
    await service.must(EDITOR, "PUT", "/product-groups/b", {"name": "B", "parent": "a"})
    answer = await service.ask(EDITOR, "PUT", "/product-groups/a", {"name": "A", "parent": "b"})
    assert problem_code(answer, 409) == "product-group-above-itself"
