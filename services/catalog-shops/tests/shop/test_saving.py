"""Own shops over HTTP: who may have them, their main data, their addresses."""

import asyncio

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops

from zugabe_events.contracts.catalog_shops import (
    ShopCreated,
    ShopDeactivated,
    ShopDeleted,
    ShopHeadChanged,
    ShopKind,
    UrlNameClaimed,
    UrlNameReleased,
)
from zugabe_testing.callers import problem_code

KINDS: tuple[ShopKind, ...] = ("brand", "theme")
HEAD = {"name": "Preisaktion", "url_name": "Preis Aktion", "text": "Jetzt [B]billig[/b]\nnur heute"}


@pytest.mark.parametrize("kind", KINDS)
async def test_own_shops_need_the_module_the_unlocking_and_no_adopted_shops(kind: ShopKind) -> None:
    """CS-1, CS-3, CS-13, CS-38: in this order."""
    service = Shops()

    async def refusal() -> str:
        answer = await service.ask(EDITOR, "PUT", f"/{kind}-shops/sale", HEAD)
        return problem_code(answer, 409)

    assert await refusal() == "module-missing"
    await service.order_module()
    assert await refusal() == "own-shops-locked"
    await service.unlock_own_shops()
    assert await refusal() == "central-shops-adopted"
    assert not service.said(ShopCreated)
    await service.must(EDITOR, "DELETE", f"/{kind}-shop-placement/adoption")
    await service.must(EDITOR, "PUT", f"/{kind}-shops/sale", HEAD)
    assert len(service.said(ShopCreated)) == 1
    await service.must(EDITOR, "PUT", f"/{kind}-shop-placement/adoption")
    answer = await service.ask(EDITOR, "PUT", f"/{kind}-shops/sale", {**HEAD, "name": "Anders"})
    assert problem_code(answer, 409) == "central-shops-adopted"


async def test_leaving_one_kind_does_not_allow_the_other() -> None:
    """CS-13, CS-38"""
    service = Shops()
    await service.allow_own("theme")
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/sale", HEAD)
    assert problem_code(answer, 409) == "central-shops-adopted"


async def test_central_needs_nothing_for_central_shops() -> None:
    """CS-2"""
    service = Shops()
    await service.save("brand", "leitz", dealer="central")
    assert service.said(ShopCreated)[0].dealer == "central"


async def test_central_staff_leave_shops_of_dealers_alone_and_dealers_those_of_central() -> None:
    """X-16"""
    service = Shops()
    await service.allow_own("theme")
    answer = await service.ask("central", "PUT", "/theme-shops/sale", HEAD)
    assert problem_code(answer, 403) == "forbidden"
    answer = await service.ask(EDITOR, "PUT", "/theme-shops/sale", HEAD, dealer="central")
    assert problem_code(answer, 403) == "forbidden"
    answer = await service.ask("dealer-staff", "PUT", "/theme-shops/sale", HEAD)
    assert problem_code(answer, 403) == "forbidden"
    assert not service.said(ShopCreated)


async def test_a_group_of_dealers_has_no_shops() -> None:
    service = Shops()
    answer = await service.ask("central", "PUT", "/theme-shops/sale", HEAD, dealer="group.a")
    assert problem_code(answer, 422) == "no-shops"
    answer = await service.ask(
        "central", "DELETE", "/theme-shop-placement/adoption", dealer="group.a"
    )
    assert problem_code(answer, 422) == "no-shops"


async def test_main_data_are_saved_in_their_one_form() -> None:
    """CS-19, CS-20, CS-39, Q5"""
    service = Shops()
    await service.allow_own("theme")
    saved = await service.must(EDITOR, "PUT", "/theme-shops/sale", HEAD)
    assert saved == {"shop": "sale", "name": "Preisaktion", "url_name": "preis-aktion"}
    shown = await service.must("dealer-staff", "GET", "/theme-shops/sale")
    assert shown["text"] == "Jetzt [b]billig[\\b][br]nur heute"
    assert (shown["name"], shown["url_name"]) == ("Preisaktion", "preis-aktion")
    answer = await service.ask(EDITOR, "PUT", "/theme-shops/sale", {**HEAD, "text": "[b]offen"})
    assert problem_code(answer, 422) == "text-bold-unbalanced"


async def test_a_brand_proposes_its_name_and_can_be_overruled() -> None:
    """CS-17, CS-18"""
    service = Shops()
    await service.allow_own("brand")
    await service.name_brand("leitz", "Leitz")
    body = {"url_name": "leitz", "brand": "leitz"}
    saved = await service.must(EDITOR, "PUT", "/brand-shops/leitz", body)
    assert saved["name"] == "Leitz"
    saved = await service.must(EDITOR, "PUT", "/brand-shops/leitz", {**body, "name": "Ordner"})
    assert saved["name"] == "Ordner"
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/x", {**body, "brand": "unknown"})
    assert problem_code(answer, 404) == "brand-not-found"
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/x", {"url_name": "x"})
    assert problem_code(answer, 422) == "name-missing"


async def test_a_taken_url_name_is_refused_with_the_name_of_the_other_shop() -> None:
    """CS-19, CS-39: however it is written, and by whichever kind of shop."""
    service = Shops()
    await service.allow_own("brand", "theme")
    await service.save("theme", "sale", name="Schnäppchen", url_name="Büro-Aktion")
    answer = await service.ask(
        EDITOR, "PUT", "/brand-shops/leitz", {"name": "Leitz", "url_name": "BUERO  aktion"}
    )
    assert problem_code(answer, 409) == "url-name-taken"
    assert answer.json()["detail"] == (
        "Der URL-Name „buero-aktion“ gehört schon zum Themenshop „Schnäppchen“."
    )
    assert answer.json()["shop"] == "sale"
    assert len(service.said(ShopCreated)) == 1


async def test_two_tenants_may_have_the_same_url_name() -> None:
    """CS-14: own and central shops do not collide."""
    service = Shops()
    await service.allow_own("theme")
    await service.save("theme", "sale", dealer="central", url_name="sale")
    await service.save("theme", "sale", url_name="sale")
    assert [claimed.dealer for claimed in service.said(UrlNameClaimed)] == ["central", "acme"]


async def test_another_url_name_frees_the_one_before() -> None:
    """CS-19"""
    service = Shops()
    await service.allow_own("theme")
    await service.save("theme", "sale", url_name="alt")
    await service.save("theme", "sale", url_name="neu")
    assert [released.url_name for released in service.said(UrlNameReleased)] == ["alt"]
    await service.save("theme", "other", url_name="alt")
    answer = await service.ask(EDITOR, "PUT", "/theme-shops/third", {**HEAD, "url_name": "neu"})
    assert problem_code(answer, 409) == "url-name-taken"


async def test_a_deleted_shop_is_gone_with_its_url_name_and_its_place() -> None:
    """CS-16"""
    service = Shops()
    await service.allow_own("theme")
    await service.save("theme", "sale", active=True)
    await service.must(EDITOR, "DELETE", "/theme-shops/sale")
    assert len(service.said(ShopDeleted)) == len(service.said(ShopDeactivated)) == 1
    answer = await service.ask("dealer-staff", "GET", "/theme-shops/sale")
    assert problem_code(answer, 404) == "shop-not-found"
    placement = await service.must("dealer-staff", "GET", "/theme-shop-placement")
    assert placement["active"] == []
    await service.save("theme", "again", url_name="sale")
    await service.must(EDITOR, "DELETE", "/theme-shops/sale")
    assert len(service.said(ShopDeleted)) == 1


async def test_a_shop_can_be_deleted_without_the_module_and_behind_adopted_shops() -> None:
    """CS-16: what one may not have, one may give away."""
    service = Shops()
    await service.allow_own("theme")
    await service.save("theme", "sale", active=True)
    await service.must(EDITOR, "PUT", "/theme-shop-placement/adoption")
    await service.must("central+unlock-dealers", "DELETE", "/marketing-module")
    await service.must(EDITOR, "DELETE", "/theme-shops/sale")
    await service.must(EDITOR, "DELETE", "/theme-shop-placement/adoption")
    assert (await service.must("dealer-staff", "GET", "/theme-shop-placement"))["active"] == []


async def test_the_switch_of_the_main_data_shows_the_shop_and_hides_it() -> None:
    """CS-21, CS-39"""
    service = Shops()
    await service.allow_own("theme")

    async def active() -> list[str]:
        placement = await service.must("dealer-staff", "GET", "/theme-shop-placement")
        return [ref["shop"] for ref in placement["active"]]

    await service.save("theme", "one", active=True)
    await service.save("theme", "two")
    assert await active() == ["one"]
    await service.save("theme", "two", active=True)
    await service.save("theme", "one", name="Andere")
    assert await active() == ["one", "two"]
    await service.save("theme", "one", active=False)
    assert await active() == ["two"]


async def test_of_many_who_want_one_url_name_exactly_one_gets_it() -> None:
    """CS-19, CS-39"""
    service = Shops()
    await service.allow_own("brand", "theme")
    answers = await asyncio.gather(
        *(
            service.ask(
                EDITOR, "PUT", f"/{kind}-shops/shop{at}", {"name": "Shop", "url_name": "sale"}
            )
            for at in range(10)
            for kind in KINDS
        )
    )
    won = [answer for answer in answers if answer.is_success]
    assert len(won) == 1
    assert {problem_code(answer, 409) for answer in answers if answer not in won} == {
        "url-name-taken"
    }
    assert len(service.said(ShopCreated)) == len(service.said(UrlNameClaimed)) == 1


async def test_shops_that_exchange_their_url_names_at_once_keep_one_each() -> None:
    """CS-19"""
    service = Shops()
    await service.allow_own("theme")
    names = ["a", "b", "c"]
    for shop in names:
        await service.save("theme", shop)
    await asyncio.gather(
        *(
            service.ask(
                EDITOR, "PUT", f"/theme-shops/{shop}", {"name": "N", "url_name": f"{name}{at % 2}"}
            )
            for at in range(6)
            for shop, name in zip(names, names[1:] + names[:1], strict=True)
        )
    )
    taken: dict[str, str] = {}
    for commit, _ in service.store.commits:
        for event in commit.events:
            match event:
                case UrlNameClaimed():
                    assert event.url_name not in taken
                    taken[event.url_name] = event.shop
                case UrlNameReleased():
                    del taken[event.url_name]
    heads = {event.shop: event.head.url_name for event in service.said(ShopHeadChanged)}
    assert {shop: name for name, shop in taken.items()} == heads


async def test_the_same_request_again_is_the_same_shop() -> None:
    """X-12"""
    service = Shops()
    await service.allow_own("theme")
    for _ in range(2):
        await service.must(EDITOR, "PUT", "/theme-shops/sale", HEAD)
    assert len(service.said(ShopCreated)) == 1
    assert not service.said(ShopHeadChanged)
