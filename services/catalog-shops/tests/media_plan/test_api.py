"""The media plan over HTTP: a calendar year, conflicts, and „the shop on 25.12.“."""

from datetime import UTC, datetime
from typing import Any

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops
from catalog_shops_tests.timers import Timers
from msgspec.structs import replace

from catalog_shops.media_plan.decider import EntryKey, plan_entry_history
from catalog_shops.media_plan.planning import MAX_ENTRIES
from catalog_shops.media_plan.timer import PLAN_BEGINS, PLAN_ENDS
from zugabe_events.contracts.catalog_shops import PlanEntrySet
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer

XMAS, CARNIVAL, SALE = (
    {"dealer": "acme", "shop": shop} for shop in ("weihnachten", "karneval", "sale")
)


@pytest.fixture
async def service() -> Shops:
    """It is May. The dealer shows the sale, and has shops for Christmas and carnival."""
    service = Shops()
    await service.allow_own("theme")
    await service.save("theme", "sale", active=True, name="Preisaktion")
    await service.save("theme", "weihnachten")
    await service.save("theme", "karneval")
    return service


def theme(shop: dict[str, str], **place: Any) -> dict[str, Any]:
    return {"kind": "theme", "shop": shop, **place}


async def plan(service: Shops, name: str, first: str, last: str | None, **more: Any) -> None:
    body = {"title": name.title(), "first_day": first, "last_day": last, **more}
    await service.must(EDITOR, "PUT", f"/media-plan/entries/{name}", body)


async def christmas(service: Shops) -> None:
    await plan(service, "weihnachten", "2026-11-25", "2026-12-24", shops=[theme(XMAS, position=1)])
    await plan(service, "karneval", "2026-12-25", "2027-02-10", shops=[theme(CARNIVAL, position=1)])


async def previewed(service: Shops, at: str) -> Any:
    return await service.must("dealer-staff", "GET", f"/media-plan-preview?at={at}")


async def found(service: Shops) -> list[Any]:
    conflicts: list[Any] = await service.must("dealer-staff", "GET", "/media-plan-conflicts")
    return conflicts


async def test_the_shop_of_another_day_is_previewed(service: Shops) -> None:
    """CS-44, N-12"""
    await christmas(service)

    async def names(at: str) -> list[str]:
        return [shop["name"] for shop in (await previewed(service, at))["theme_shops"]]

    assert await names("2026-11-24T23:00:00Z") == ["Weihnachten", "Preisaktion"]
    assert await names("2026-11-24T22:59:59Z") == ["Preisaktion"]
    assert await names("2026-12-25T12:00:00Z") == ["Karneval", "Preisaktion"]
    assert (await previewed(service, "2026-12-25T12:00:00Z"))["entries"] == ["karneval"]


async def test_shops_banners_and_strike_prices_switch_together(service: Shops) -> None:
    """N-12"""
    file = await service.upload()
    banner = {"page": "start", "file": file, "title": "X", "link": {}}
    await service.must(EDITOR, "PUT", "/banners/b1", banner)
    strike = theme(XMAS, number="1", strike_price="9.99")
    await plan(
        service,
        "weihnachten",
        "2026-11-25",
        "2026-12-24",
        shops=[theme(XMAS)],
        shops_off=[theme(SALE)],
        banners=["b1"],
        strikes=[strike],
    )
    before = await previewed(service, "2026-11-24T12:00:00Z")
    during = await previewed(service, "2026-11-25T12:00:00Z")
    assert [one["shop"] for one in before["theme_shops"]] == ["sale"]
    assert (before["banners"], before["strikes"]) == ([], [])
    assert [one["shop"] for one in during["theme_shops"]] == ["weihnachten"]
    assert during["banners"] == ["b1"]
    assert [one["strike_price"] for one in during["strikes"]] == ["9.99"]


async def test_a_calendar_year_shows_what_was_planned_and_what_was_unlocked(
    service: Shops,
) -> None:
    """CS-44: planned entries, and who or what switched which shop when."""
    await christmas(service)
    service.now = datetime(2027, 1, 2, 12, tzinfo=UTC)
    await Timers(service, [PLAN_BEGINS, PLAN_ENDS]).fire()
    await service.must(EDITOR, "DELETE", "/theme-shop-placement/active/acme/sale")
    year = await service.must("dealer-staff", "GET", "/media-plan/2026")
    assert [
        (one["title"], one["first_day"], one["began_at"], one["ended_at"])
        for one in year["entries"]
    ] == [
        ("Weihnachten", "2026-11-25", "2026-11-24T23:00:00Z", "2026-12-24T23:00:00Z"),
        ("Karneval", "2026-12-25", "2026-12-24T23:00:00Z", None),
    ]

    def named(shops: list[Any]) -> list[str]:
        return [shop["name"] for shop in shops]

    facts = [
        (one["cause"], one["by"], one["title"], named(one["unlocked"]), named(one["removed"]))
        for one in year["unlockings"]
    ]
    assert facts[:2] == [
        ("central-left", "anna", "", [], []),
        ("arranged", "anna", "", ["Preisaktion"], []),
    ]
    assert sorted(facts[2:]) == [
        ("entry-began", "", "Karneval", ["Karneval"], []),
        ("entry-began", "", "Weihnachten", ["Weihnachten"], []),
        ("entry-ended", "", "Weihnachten", [], ["Weihnachten"]),
    ]
    year = await service.must("dealer-staff", "GET", "/media-plan/2027")
    assert [one["title"] for one in year["entries"]] == ["Karneval"]
    assert [named(one["removed"]) for one in year["unlockings"]] == [["Preisaktion"]]
    csv = await service.http.get(
        "/dealers/acme/media-plan/2026/unlockings.csv", headers=bearer("dealer-staff")
    )
    assert "Mediaplan: Beginn" in csv.text
    assert "Preisaktion" in csv.text


async def test_a_year_begins_and_ends_in_berlin(service: Shops) -> None:
    """X-11"""
    service.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    await service.must(EDITOR, "DELETE", "/theme-shop-placement/active/acme/sale")
    old = await service.must("dealer-staff", "GET", "/media-plan/2026")
    new = await service.must("dealer-staff", "GET", "/media-plan/2027")
    assert [len(one["removed"]) for one in new["unlockings"]] == [1]
    assert all(not one["removed"] for one in old["unlockings"])


async def test_a_banner_that_leads_to_an_inactive_shop_is_a_conflict(service: Shops) -> None:
    """CS-44, N-12: for as long as it does."""
    await christmas(service)
    file = await service.upload()
    link = {"to": "shop", "kind": "theme", "shop": XMAS}
    banner = {
        "page": "start",
        "file": file,
        "title": "Geschenke",
        "link": link,
        "valid_from": "2026-12-01",
        "valid_until": "2026-12-31",
    }
    await service.must(EDITOR, "PUT", "/banners/b1", banner)
    [conflict] = await found(service)
    assert (conflict["code"], conflict["banner_id"]) == ("banner-shop-inactive", "b1")
    assert (conflict["first_day"], conflict["last_day"]) == ("2026-12-25", "2026-12-31")
    assert conflict["detail"] == (
        "Das Banner „Geschenke“ führt zum Themenshop „Weihnachten“, der vom 25.12.2026 bis "
        "31.12.2026 nicht aktiv ist."
    )
    year = await service.must("dealer-staff", "GET", "/media-plan/2026")
    assert [one["code"] for one in year["conflicts"]] == ["banner-shop-inactive"]
    await plan(
        service,
        "weihnachten",
        "2026-11-25",
        "2026-12-24",
        shops=[theme(XMAS, position=1)],
        banners=["b1"],
    )
    assert await found(service) == []
    await service.must(EDITOR, "PUT", "/banners/b1", {**banner, "active": False})
    assert await found(service) == []


async def test_what_an_entry_names_and_is_gone_is_a_conflict(service: Shops) -> None:
    """N-12"""
    file = await service.upload()
    link = {"to": "shop", "kind": "theme", "shop": CARNIVAL}
    banner = {"page": "start", "file": file, "title": "Helau", "link": link}
    await service.must(EDITOR, "PUT", "/banners/b1", banner)
    await service.must(EDITOR, "PUT", "/banners/b2", {**banner, "link": {}})
    await plan(
        service, "karneval", "2027-01-01", None, shops=[theme(CARNIVAL)], banners=["b1", "b2"]
    )
    assert await found(service) == []
    await service.must(EDITOR, "DELETE", "/theme-shops/karneval")
    await service.must(EDITOR, "DELETE", "/banners/b2")
    conflicts = await found(service)
    assert [(one["code"], one["banner_id"]) for one in conflicts] == [
        ("shop-missing", ""),
        ("shop-missing", "b1"),
        ("banner-missing", "b2"),
    ]
    assert conflicts[0]["detail"] == (
        "Der Eintrag „Karneval“ nennt einen Themenshop, den es nicht mehr gibt."
    )


async def test_a_strike_price_of_no_top_article_is_a_conflict(service: Shops) -> None:
    """CS-25, CS-45, N-12"""
    await service.list_articles("1", "2", dealer="central")
    await service.name_brand("leitz", "Leitz")
    await service.must(EDITOR, "DELETE", "/brand-shop-placement/adoption")
    await service.list_articles("7", brand="leitz")
    await service.save("brand", "leitz", brand="leitz", active=True)
    await service.must(EDITOR, "PUT", "/brand-shops/leitz/top-articles/7")
    shop = {"kind": "brand", "shop": {"dealer": "acme", "shop": "leitz"}}
    strikes = [{**shop, "number": number, "strike_price": "9.99"} for number in ("7", "8")]
    await plan(service, "sommer", "2026-06-01", "2026-06-30", strikes=strikes)
    [conflict] = await found(service)
    assert (conflict["code"], conflict["number"]) == ("strike-article-missing", "8")
    assert "kein Topartikel im Markenshop „Leitz“ ist" in conflict["detail"]
    await service.must("dealer-staff+edit-articles", "DELETE", "/articles/7")
    conflicts = await found(service)
    assert [one["number"] for one in conflicts] == ["7", "8"]
    assert "nicht mehr verkauft" in conflicts[0]["detail"]


async def test_two_themes_for_one_place_are_a_conflict(service: Shops) -> None:
    """N-12"""
    await plan(service, "a", "2026-06-01", "2026-06-20", shops=[theme(XMAS, position=1)])
    await plan(service, "b", "2026-06-20", "2026-06-30", shops=[theme(CARNIVAL, position=1)])
    [conflict] = await found(service)
    assert (conflict["code"], conflict["first_day"]) == ("place-taken", "2026-06-20")
    assert conflict["last_day"] == "2026-06-20"
    assert conflict["detail"] == (
        "Die Einträge „A“ und „B“ wollen am 20.06.2026 denselben Platz für zwei Themenshops."
    )
    await plan(service, "b", "2026-06-21", "2026-06-30", shops=[theme(CARNIVAL, position=1)])
    assert await found(service) == []
    await plan(service, "b", "2026-06-20", None, shops_off=[theme(XMAS)])
    [conflict] = await found(service)
    assert (conflict["code"], conflict["last_day"]) == ("shop-on-and-off", "2026-06-20")


async def test_what_is_over_is_no_conflict_any_more(service: Shops) -> None:
    """N-12"""
    await plan(service, "a", "2026-06-01", "2026-06-20", shops=[theme(XMAS, position=1)])
    await plan(service, "b", "2026-06-20", "2026-06-30", shops=[theme(CARNIVAL, position=1)])
    service.now = datetime(2026, 6, 21, 12, tzinfo=UTC)
    assert await found(service) == []


async def test_who_adopts_central_shops_shows_central_s_plan(service: Shops) -> None:
    """CS-12, N-12: own entries have no effect there, and that is told."""
    await service.save("theme", "ostern", dealer="central", name="Ostern")
    ref = {"dealer": "central", "shop": "ostern"}
    body = {"title": "Ostern", "first_day": "2027-03-01", "shops": [theme(ref)]}
    await service.must("central", "PUT", "/media-plan/entries/o", body, dealer="central")
    await plan(service, "karneval", "2027-01-01", None, shops=[theme(CARNIVAL)])
    at = "2027-03-02T12:00:00Z"
    shown = (await previewed(service, at))["theme_shops"]
    assert [one["shop"] for one in shown] == ["sale", "karneval"]
    await service.must(EDITOR, "PUT", "/theme-shop-placement/adoption")
    shown = (await previewed(service, at))["theme_shops"]
    assert [one["name"] for one in shown] == ["Ostern"]
    [conflict] = await found(service)
    assert (conflict["code"], conflict["kind"]) == ("central-shops-adopted", "theme")


async def test_an_entry_names_what_is_there(service: Shops) -> None:
    """CS-44"""
    body = {"title": "X", "first_day": "2026-06-01", "shops": [theme({**XMAS, "shop": "none"})]}
    answer = await service.ask(EDITOR, "PUT", "/media-plan/entries/x", body)
    assert problem_code(answer, 404) == "shop-not-found"
    body = {"title": "X", "first_day": "2026-06-01", "banners": ["none"]}
    answer = await service.ask(EDITOR, "PUT", "/media-plan/entries/x", body)
    assert problem_code(answer, 404) == "banner-not-found"
    body = {"title": "X", "first_day": "2026-01-01", "last_day": "2026-05-03"}
    answer = await service.ask(
        EDITOR, "PUT", "/media-plan/entries/x", {**body, "shops": [theme(XMAS)]}
    )
    assert problem_code(answer, 409) == "plan-entry-past"
    answer = await service.ask("dealer-staff", "GET", "/media-plan/entries/x")
    assert problem_code(answer, 404) == "plan-entry-not-found"
    assert not service.said(PlanEntrySet)


async def test_an_entry_is_shown_and_removed(service: Shops) -> None:
    """CS-44"""
    await christmas(service)
    shown = await service.must("dealer-staff", "GET", "/media-plan/entries/weihnachten")
    assert shown["entry"]["shops"][0]["position"] == 1
    await service.must(EDITOR, "DELETE", "/media-plan/entries/weihnachten")
    answer = await service.ask("dealer-staff", "GET", "/media-plan/entries/weihnachten")
    assert problem_code(answer, 404) == "plan-entry-not-found"
    year = await service.must("dealer-staff", "GET", "/media-plan/2026")
    assert [one["title"] for one in year["entries"]] == ["Karneval"]


async def test_a_plan_has_a_limited_number_of_entries(service: Shops) -> None:
    """X-18: all of them are read together."""
    await plan(service, "first", "2026-06-01", None, shops=[theme(XMAS)])
    [event] = service.said(PlanEntrySet)
    for at in range(1, MAX_ENTRIES):
        key = EntryKey("acme", f"e{at}")
        one = replace(event, entry_id=key.entry_id)
        await service.append(plan_entry_history(key).stream, [one])
    body = {"title": "X", "first_day": "2026-06-01", "shops": [theme(XMAS)]}
    answer = await service.ask(EDITOR, "PUT", "/media-plan/entries/more", body)
    assert problem_code(answer, 409) == "too-many-plan-entries"
    await service.must(EDITOR, "PUT", "/media-plan/entries/e7", body)


async def test_central_staff_do_not_plan_for_dealers(service: Shops) -> None:
    """X-16"""
    body = {"title": "X", "first_day": "2026-06-01", "shops": [theme(XMAS)]}
    answer = await service.ask("central", "PUT", "/media-plan/entries/x", body)
    assert problem_code(answer, 403) == "forbidden"
    assert problem_code(await service.ask("central", "DELETE", "/media-plan/entries/x"), 403)
    assert (await service.ask("central", "GET", "/media-plan/2026")).is_success
