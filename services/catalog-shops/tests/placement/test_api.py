"""Arranging shops over HTTP: adopt, leave, activate, order."""

import asyncio

import pytest
from catalog_shops_tests.service import EDITOR, SUPPORT
from catalog_shops_tests.shops import Shops

from zugabe_events.contracts.catalog_shops import ShopsArranged
from zugabe_testing.callers import problem_code

PLACEMENT = "/theme-shop-placement"


def central(shop: str) -> dict[str, str]:
    return {"dealer": "central", "shop": shop}


def own(shop: str) -> dict[str, str]:
    return {"dealer": "acme", "shop": shop}


@pytest.fixture
async def service() -> Shops:
    """Central has two theme shops; the dealer may have own ones, and has one."""
    service = Shops()
    for shop in ("a", "b"):
        await service.save("theme", shop, dealer="central")
    await service.allow_own("theme")
    await service.save("theme", "sale")
    return service


async def placement(service: Shops) -> dict[str, object]:
    found: dict[str, object] = await service.must("dealer-staff", "GET", PLACEMENT)
    return found


async def test_in_the_standard_package_central_shops_are_adopted() -> None:
    """CS-2, CS-12"""
    assert await placement(Shops()) == {
        "dealer": "acme",
        "kind": "theme",
        "adopted": True,
        "version": 0,
        "active": [],
    }


async def test_leaving_and_activating_central_shops_needs_no_module() -> None:
    """CS-2, CS-14, Q24"""
    service = Shops()
    await service.save("theme", "a", dealer="central")
    await service.must(EDITOR, "DELETE", f"{PLACEMENT}/adoption")
    assert (await placement(service))["active"] == []
    await service.must(EDITOR, "PUT", f"{PLACEMENT}/active/central/a")
    assert (await placement(service))["active"] == [central("a")]


async def test_the_order_is_saved_as_a_whole(service: Shops) -> None:
    """CS-15"""
    version = (await placement(service))["version"]
    order = [central("b"), own("sale"), central("a")]
    body = {"based_on": version, "active": order}
    saved = await service.must(EDITOR, "PUT", PLACEMENT, body)
    shown = await placement(service)
    assert shown["active"] == order
    assert shown["version"] == saved["version"]
    again = await service.must(EDITOR, "PUT", PLACEMENT, body)
    assert again == saved
    assert len(service.said(ShopsArranged)) == 1


async def test_only_shops_that_exist_have_a_place(service: Shops) -> None:
    """CS-15"""
    await service.save("theme", "old", dealer="central")
    await service.must("central", "DELETE", "/theme-shops/old", dealer="central")
    await service.save("theme", "foreign", dealer="central")
    for ref in (own("none"), central("old"), {"dealer": "other", "shop": "foreign"}, own("a")):
        body = {"based_on": 1, "active": [central("a"), ref]}
        answer = await service.ask(EDITOR, "PUT", PLACEMENT, body)
        assert problem_code(answer, 404) == "shop-not-found"
        assert answer.json()["shop"] == ref["shop"]
        path = f"{PLACEMENT}/active/{ref['dealer']}/{ref['shop']}"
        answer = await service.ask(EDITOR, "PUT", path)
        assert problem_code(answer, 404) == "shop-not-found"
    assert (await placement(service))["active"] == []


async def test_a_brand_shop_has_no_place_among_theme_shops(service: Shops) -> None:
    """CS-15"""
    await service.save("brand", "leitz", dealer="central")
    answer = await service.ask(EDITOR, "PUT", f"{PLACEMENT}/active/central/leitz")
    assert problem_code(answer, 404) == "shop-not-found"


async def test_own_shops_become_active_only_with_the_module(service: Shops) -> None:
    """CS-1, CS-3"""
    await service.must(EDITOR, "PUT", f"{PLACEMENT}/active/central/a")
    await service.must(SUPPORT, "DELETE", "/own-shops/unlocking")
    answer = await service.ask(EDITOR, "PUT", f"{PLACEMENT}/active/acme/sale")
    assert problem_code(answer, 409) == "own-shops-locked"
    await service.must(SUPPORT, "DELETE", "/marketing-module")
    body = {"based_on": 2, "active": [central("a"), own("sale")]}
    answer = await service.ask(EDITOR, "PUT", PLACEMENT, body)
    assert problem_code(answer, 409) == "module-missing"
    await service.must(EDITOR, "PUT", PLACEMENT, {"based_on": 2, "active": [central("b")]})


async def test_own_shops_that_are_active_can_be_moved_and_hidden_without_the_module(
    service: Shops,
) -> None:
    """CS-1: only what is new needs it."""
    await service.must(EDITOR, "PUT", f"{PLACEMENT}/active/acme/sale")
    await service.must(SUPPORT, "DELETE", "/marketing-module")
    body = {"based_on": 2, "active": [central("a"), own("sale")]}
    await service.must(EDITOR, "PUT", PLACEMENT, body)
    await service.must(EDITOR, "DELETE", f"{PLACEMENT}/active/acme/sale")
    assert (await placement(service))["active"] == [central("a")]


async def test_a_stale_order_is_refused_with_what_is_newer(service: Shops) -> None:
    """CS-15"""
    await service.must(EDITOR, "PUT", f"{PLACEMENT}/active/central/a")
    body = {"based_on": 1, "active": [own("sale")]}
    answer = await service.ask(EDITOR, "PUT", PLACEMENT, body)
    assert problem_code(answer, 409) == "arrangement-stale"
    assert answer.json()["version"] == 2
    assert answer.json()["active"] == [central("a")]


async def test_of_many_who_arrange_at_once_exactly_one_wins(service: Shops) -> None:
    """CS-15"""
    for shop in "cdefgh":
        await service.save("theme", shop, dealer="central")
    answers = await asyncio.gather(
        *(
            service.ask(
                EDITOR, "PUT", PLACEMENT, {"based_on": 1, "active": [central(shop), own("sale")]}
            )
            for shop in "abcdefgh"
        )
    )
    won = [answer for answer in answers if answer.is_success]
    assert len(won) == 1
    assert {problem_code(answer, 409) for answer in answers if answer not in won} == {
        "arrangement-stale"
    }
    assert len(service.said(ShopsArranged)) == 1


async def test_central_arranges_what_adopting_dealers_show() -> None:
    """CS-12, CS-14"""
    service = Shops()
    await service.save("theme", "a", dealer="central", active=True)
    await service.save("theme", "b", dealer="central")
    body = {"based_on": 1, "active": [central("b"), central("a")]}
    await service.must("central", "PUT", PLACEMENT, body, dealer="central")
    shown = await service.must("central", "GET", PLACEMENT, dealer="central")
    assert (shown["adopted"], shown["active"]) == (False, [central("b"), central("a")])
    answer = await service.ask("central", "DELETE", f"{PLACEMENT}/adoption", dealer="central")
    assert problem_code(answer, 422) == "nothing-central"


async def test_who_arranged_is_part_of_what_happened(service: Shops) -> None:
    """CS-44, X-13"""
    await service.must(EDITOR, "PUT", PLACEMENT, {"based_on": 1, "active": [central("a")]})
    assert service.said(ShopsArranged)[0].by == "anna"


async def test_central_staff_do_not_arrange_for_a_dealer(service: Shops) -> None:
    """X-16"""
    for method, path in (
        ("PUT", f"{PLACEMENT}/adoption"),
        ("DELETE", f"{PLACEMENT}/adoption"),
        ("PUT", f"{PLACEMENT}/active/central/a"),
        ("DELETE", f"{PLACEMENT}/active/central/a"),
    ):
        answer = await service.ask("central", method, path)
        assert problem_code(answer, 403) == "forbidden"
    body = {"based_on": 1, "active": []}
    assert problem_code(await service.ask("central", "PUT", PLACEMENT, body), 403)


async def test_who_adopts_and_leaves_again_starts_with_the_own_shops_alone(service: Shops) -> None:
    """CS-12, CS-14: what is shown of it, too; a central shop activated before is inactive again."""
    version = (await placement(service))["version"]
    body = {"based_on": version, "active": [central("b"), own("sale"), central("a")]}
    await service.must(EDITOR, "PUT", PLACEMENT, body)
    await service.must(EDITOR, "PUT", f"{PLACEMENT}/adoption")
    adopted = await placement(service)
    assert (adopted["adopted"], adopted["active"]) == (True, [own("sale")])
    await service.must(EDITOR, "DELETE", f"{PLACEMENT}/adoption")
    left = await placement(service)
    assert (left["adopted"], left["active"]) == (False, [own("sale")])
