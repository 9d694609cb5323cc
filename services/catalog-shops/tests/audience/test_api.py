"""Who sees a front, over HTTP."""

from catalog_shops_tests.service import EDITOR, InMemoryService

from zugabe_testing.callers import problem_code


async def test_a_dealer_says_who_sees_the_front_and_who_buys() -> None:
    """Q13, X-16: with the right to edit shops, which staff has singly."""
    service = InMemoryService()
    before = await service.must("dealer-staff", "GET", "/front-audience")
    assert before == {"visibility": "public", "business_only": False}
    closed = {"visibility": "customers"}
    assert problem_code(await service.ask("dealer-staff", "PUT", "/front-visibility", closed), 403)
    await service.must(EDITOR, "PUT", "/front-visibility", closed)
    await service.must(EDITOR, "PUT", "/business-only", {"business_only": True})
    after = await service.must("dealer-staff", "GET", "/front-audience")
    assert after == {"visibility": "customers", "business_only": True}


async def test_central_staff_leaves_that_to_the_dealer() -> None:
    """X-16"""
    service = InMemoryService()
    answer = await service.ask("central", "PUT", "/front-visibility", {"visibility": "customers"})
    assert problem_code(answer, 403) == "forbidden"
    assert not service.store.commits
