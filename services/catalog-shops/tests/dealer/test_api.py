"""E-Commerce-Support over HTTP: who may unlock what, and who sees it."""

import pytest
from catalog_shops_tests.service import SUPPORT, InMemoryService

from zugabe_testing.callers import problem_code


async def test_support_sets_up_a_dealer_who_then_sees_it() -> None:
    """CS-1, CS-3, GA-17"""
    service = InMemoryService()
    await service.must(SUPPORT, "PUT", "/marketing-module", {"gift_source": "own"})
    await service.must(SUPPORT, "POST", "/own-shops/unlocking")
    assert await service.must("dealer-staff", "GET", "/modules") == {
        "dealer": "acme",
        "has_module": True,
        "own_shops": True,
        "gift_source": "own",
        "group": "",
        "name": "",
    }
    await service.must(SUPPORT, "DELETE", "/own-shops/unlocking")
    assert not (await service.must("central", "GET", "/modules"))["own_shops"]


async def test_the_standard_package_is_there_without_any_order() -> None:
    """CS-1, CS-2, GA-4"""
    service = InMemoryService()
    parts = ("has_module", "own_shops", "gift_source")
    modules = await service.must("dealer-staff", "GET", "/modules")
    assert [modules[part] for part in parts] == [False, False, "none"]
    await service.must(SUPPORT, "PUT", "/gift-source", {"gift_source": "central"})
    modules = await service.must("dealer-staff", "GET", "/modules")
    assert [modules[part] for part in parts] == [False, False, "central"]


async def test_own_gifts_without_the_module_are_refused() -> None:
    """CS-1, GA-5"""
    service = InMemoryService()
    answer = await service.ask(SUPPORT, "PUT", "/gift-source", {"gift_source": "own"})
    assert problem_code(answer, 409) == "module-missing"
    assert answer.json()["detail"] == "Dafür wird das Modul „Vermarktung“ benötigt."


@pytest.mark.parametrize("who", ["central", "dealer-staff", "service", "user"])
async def test_no_role_unlocks_dealers_without_the_single_right(who: str) -> None:
    """CS-3, X-16"""
    service = InMemoryService()
    answer = await service.ask(who, "PUT", "/marketing-module", {"gift_source": "central"})
    assert problem_code(answer, 403) == "forbidden"
    assert not service.store.commits


async def test_the_past_needs_a_right_of_its_own() -> None:
    """X-40"""
    service = InMemoryService()
    body = {"gift_source": "central", "effective_at": "1997-01-01T00:00:00Z"}
    assert problem_code(await service.ask(SUPPORT, "PUT", "/gift-source", body), 403)
    await service.must(f"{SUPPORT}+set-up-history", "PUT", "/gift-source", body)
    body["effective_at"] = "2197-01-01T00:00:00Z"
    answer = await service.ask(SUPPORT, "PUT", "/gift-source", body)
    assert problem_code(answer, 422) == "in-the-future"


async def test_central_lists_dealers_by_what_they_have() -> None:
    """CS-1, X-18"""
    service = InMemoryService()
    await service.order_module("acme")
    await service.unlock_own_shops("other")
    await service.must(SUPPORT, "PUT", "/gift-source", {"gift_source": "none"}, dealer="third")
    page = await service.http.get(
        "/dealers?has_module=true&own_shops=false", headers={"Authorization": "Bearer central"}
    )
    assert [one["name"] for one in page.json()["items"]] == ["acme"]
    csv = await service.http.get("/dealers.csv", headers={"Authorization": "Bearer central"})
    assert [line.split(";")[0].strip('"') for line in csv.text.splitlines()[1:]] == [
        "acme",
        "other",
        "third",
    ]


async def test_a_dealer_has_a_name_for_people() -> None:
    """BO-41"""
    service = InMemoryService()
    await service.must(SUPPORT, "PUT", "/name", {"name": "Bürohaus Müller"})
    assert (await service.must("dealer-staff", "GET", "/modules"))["name"] == "Bürohaus Müller"
    refused = await service.ask("dealer-staff", "PUT", "/name", {"name": "Büro"})
    assert refused.status_code == 403
