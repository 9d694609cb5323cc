"""Lists of shops in the back office: in their order, own and central, proposals."""

from typing import Any

import pytest
from catalog_shops_tests.service import EDITOR, NOON
from catalog_shops_tests.shops import Shops

from zugabe_events.contracts.catalog_shops import ShopCreated, UrlNameClaimed
from zugabe_events.contracts.onboarding import BrandWentLive, Contact
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer

LIST = "/theme-shops"


async def listed(service: Shops, query: str = "", dealer: str = "acme") -> list[Any]:
    """All pages of three."""
    who = "central" if dealer == "central" else "dealer-staff"
    rows: list[Any] = []
    after = ""
    while True:
        path = f"{LIST}?limit=3&{query}{after}"
        page = await service.must(who, "GET", path, dealer=dealer)
        assert len(page["items"]) <= 3
        rows += page["items"]
        if page["next"] is None:
            return rows
        after = f"&after={page['next']}"


def places(rows: list[Any]) -> list[tuple[Any, ...]]:
    return [(row["position"], row["owner"], row["shop"]) for row in rows]


@pytest.fixture
async def service() -> Shops:
    """Central shows b, then a, and has a draft c; the dealer has x, y and z of their own."""
    service = Shops()
    for shop in "abc":
        await service.save("theme", shop, dealer="central", active=shop != "c")
    order = [{"dealer": "central", "shop": shop} for shop in "ba"]
    body = {"based_on": 2, "active": order}
    await service.must("central", "PUT", "/theme-shop-placement", body, dealer="central")
    await service.allow_own("theme")
    for shop in "zyx":
        await service.save("theme", shop)
    return service


async def test_adopted_central_shops_are_active_in_central_s_order() -> None:
    """CS-2, CS-12"""
    service = Shops()
    for shop in "ab":
        await service.save("theme", shop, dealer="central", active=True)
    assert places(await listed(service)) == [(1, "central", "a"), (2, "central", "b")]
    await service.save("theme", "c", dealer="central")
    assert places(await listed(service))[2:] == [(None, "central", "c")]


async def test_all_central_shops_are_listed_as_inactive_after_leaving(service: Shops) -> None:
    """CS-14, CS-38, Q24: own ones come first."""
    assert places(await listed(service)) == [
        (None, "own", "x"),
        (None, "own", "y"),
        (None, "own", "z"),
        (None, "central", "a"),
        (None, "central", "b"),
        (None, "central", "c"),
    ]


async def test_active_shops_come_in_their_order(service: Shops) -> None:
    """CS-14, CS-15"""
    order = [("central", "c"), ("acme", "z"), ("central", "a"), ("acme", "x")]
    body = {"based_on": 1, "active": [{"dealer": owner, "shop": shop} for owner, shop in order]}
    await service.must(EDITOR, "PUT", "/theme-shop-placement", body)
    rows = await listed(service)
    assert places(rows) == [
        (1, "central", "c"),
        (2, "own", "z"),
        (3, "central", "a"),
        (4, "own", "x"),
        (None, "own", "y"),
        (None, "central", "b"),
    ]
    assert [row["active"] for row in rows] == [True] * 4 + [False] * 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("active=true&", ["a", "x"]),
        ("active=false&", ["y", "z", "b", "c"]),
        ("owner=own&", ["x", "y", "z"]),
        ("owner=central&active=false&", ["b", "c"]),
    ],
)
async def test_the_list_is_filtered(service: Shops, query: str, expected: list[str]) -> None:
    """X-18"""
    order = [{"dealer": "central", "shop": "a"}, {"dealer": "acme", "shop": "x"}]
    await service.must(EDITOR, "PUT", "/theme-shop-placement", {"based_on": 1, "active": order})
    assert [row["shop"] for row in await listed(service, query)] == expected


async def test_what_central_changes_is_seen_by_the_dealer_who_shows_it(service: Shops) -> None:
    """CS-14: central shops are referred to, never copied."""
    await service.must(EDITOR, "PUT", "/theme-shop-placement/active/central/a")
    await service.save("theme", "a", dealer="central", name="Sommer", url_name="sommer")
    [row] = await listed(service, "active=true&")
    assert (row["name"], row["url_name"], row["maintained_by"]) == ("Sommer", "sommer", "central")
    await service.must("central", "DELETE", "/theme-shops/a", dealer="central")
    assert await listed(service, "active=true&") == []


async def test_central_lists_its_own_shops_only(service: Shops) -> None:
    assert places(await listed(service, dealer="central")) == [
        (1, "own", "b"),
        (2, "own", "a"),
        (None, "own", "c"),
    ]


async def test_the_list_is_a_file_as_well(service: Shops) -> None:
    """X-18"""
    await service.must(EDITOR, "PUT", "/theme-shop-placement/active/central/a")
    headers = bearer("dealer-staff")
    answer = await service.http.get("/dealers/acme/theme-shops.csv", headers=headers)
    lines = [line.split(";") for line in answer.text.splitlines()]
    assert [line[1].strip('"') for line in lines[1:]] == ["A", "X", "Y", "Z", "B", "C"]
    assert [line[4].strip('"') for line in lines[1:3]] == ["zentral", "eigener"]
    answer = await service.http.get("/dealers/acme/theme-shops.xlsx", headers=headers)
    assert answer.content.startswith(b"PK")


@pytest.mark.parametrize("after", ["YWN0aXZl", "WyJhY3RpdmUiLCJ4IiwicG9zaXRpb24iXQ"])
async def test_a_cursor_of_nothing_is_refused(service: Shops, after: str) -> None:
    """X-18: the second one is the part `active`, behind the place `x`."""
    answer = await service.ask("dealer-staff", "GET", f"{LIST}?after={after}")
    assert problem_code(answer, 422) == "cursor-invalid"


def live(name: str, partner: str = "nordwind") -> BrandWentLive:
    contact = Contact("c1", "sealed", "sealed")
    return BrandWentLive(partner, "b1", name, contact, ("own-shop",), 3, NOON)


async def hear(service: Shops, *brands: BrandWentLive) -> None:
    for at, event in enumerate(brands):
        await service.deliver("onboarding", event, f"{event.partner}.{event.name}.{at}")


async def proposals(service: Shops, dealer: str = "acme") -> list[str]:
    who = "central" if dealer == "central" else "dealer-staff"
    page = await service.must(who, "GET", "/brand-shop-proposals?limit=1", dealer=dealer)
    names = [row["name"] for row in page["items"]]
    while page["next"]:
        path = f"/brand-shop-proposals?limit=1&after={page['next']}"
        page = await service.must(who, "GET", path, dealer=dealer)
        names += [row["name"] for row in page["items"]]
    return names


async def test_a_brand_that_went_live_proposes_a_central_brand_shop() -> None:
    """CS-2, CS-17: a draft, with the brand's assortment and a URL name of its own."""
    service = Shops()
    await hear(service, live("Café Büro"))
    [created] = service.said(ShopCreated)
    assert (created.dealer, created.kind, created.origin) == ("central", "brand", "onboarding")
    assert (created.head.name, created.head.url_name) == ("Café Büro", "cafe-buero")
    assert created.head.brand == created.shop == "cafe-buero"
    [claimed] = service.said(UrlNameClaimed)
    assert (claimed.url_name, claimed.shop) == ("cafe-buero", "cafe-buero")
    assert await proposals(service) == await proposals(service, "central") == ["Café Büro"]
    assert await service.must("dealer-staff", "GET", "/brand-shops?active=true") == {
        "items": [],
        "next": None,
    }


async def test_the_same_brand_of_another_partner_is_proposed_once() -> None:
    service = Shops()
    await hear(service, live("Leitz"), live("LEITZ", "other"), live("Leitz"))
    assert len(service.said(ShopCreated)) == len(service.said(UrlNameClaimed)) == 1


async def test_a_url_name_that_is_taken_gets_a_number() -> None:
    """CS-19"""
    service = Shops()
    await service.save("theme", "x", dealer="central", url_name="leitz")
    await service.save("theme", "y", dealer="central", url_name="leitz-2")
    await hear(service, live("Leitz"))
    assert service.said(ShopCreated)[-1].head.url_name == "leitz-3"
    assert len(service.said(UrlNameClaimed)) == 3


async def test_the_first_number_of_a_url_name_is_two_and_the_last_is_nine() -> None:
    """CS-19: after that, central gives the shop a URL name of its own."""
    service = Shops()
    await service.save("theme", "x", dealer="central", url_name="leitz")
    await hear(service, live("Leitz"))
    assert [created.head.url_name for created in service.said(ShopCreated)][1:] == ["leitz-2"]
    for name in ("tesa", *(f"tesa-{number}" for number in range(2, 9))):
        await service.save("theme", name, dealer="central", url_name=name)
    await hear(service, live("Tesa"))
    assert service.said(ShopCreated)[-1].head.url_name == "tesa-9"
    for name in ("edding", *(f"edding-{number}" for number in range(2, 10))):
        await service.save("theme", name, dealer="central", url_name=name)
    await hear(service, live("Edding"))
    assert await proposals(service, "central") == ["Leitz", "Tesa"]


@pytest.mark.parametrize("name", ["Overview", "漢字", "x" * 200, "!!!"])
async def test_a_brand_with_an_odd_name_never_stops_the_others(name: str) -> None:
    """CS-19, CS-33"""
    service = Shops()
    await hear(service, live(name), live("Leitz"))
    assert service.said(ShopCreated)[-1].shop == "leitz"
    assert all(created.shop != "overview" for created in service.said(ShopCreated))
    assert all(1 <= len(claimed.url_name) <= 64 for claimed in service.said(UrlNameClaimed))
    assert len(service.said(ShopCreated)) == len(service.said(UrlNameClaimed))


async def test_a_proposal_is_none_any_more_for_who_has_an_own_shop_or_shows_it() -> None:
    """CS-14, CS-16"""
    service = Shops()
    await hear(service, live("Leitz"), live("Durable"), live("Tesa"), live("Edding"))
    await service.allow_own("brand")
    await service.name_brand("leitz", "Leitz")
    await service.save("brand", "own", brand="leitz")
    assert await proposals(service) == ["Durable", "Edding", "Tesa"]
    await service.must(EDITOR, "PUT", "/brand-shop-placement/active/central/durable")
    assert await proposals(service) == ["Edding", "Tesa"]
    await service.must(
        "central", "PUT", "/brand-shop-placement/active/central/tesa", dealer="central"
    )
    await service.must("central", "DELETE", "/brand-shops/edding", dealer="central")
    assert await proposals(service) == []
    assert await proposals(service, "central") == ["Durable", "Leitz"]
