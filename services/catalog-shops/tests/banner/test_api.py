"""„Seitenpflege“ over HTTP: banners of pages, with what they refer to looked at."""

from typing import Any

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops

from catalog_shops.banner.decider import MAX_BANNERS, banner_history
from zugabe_events.contracts.catalog_shops import Banner, BannerLink, BannerSet
from zugabe_testing.callers import problem_code
from zugabe_testing.examples import bearer


@pytest.fixture
async def service() -> Shops:
    """A dealer of the standard package; central has a brand shop."""
    service = Shops()
    await service.save("brand", "leitz", dealer="central")
    await service.list_articles("4711")
    return service


async def body(service: Shops, **changes: Any) -> dict[str, Any]:
    return {"page": "start", "file": await service.upload(), "title": "Büro", "link": {}, **changes}


def to_shop(dealer: str, shop: str) -> dict[str, Any]:
    return {"to": "shop", "kind": "brand", "shop": {"dealer": dealer, "shop": shop}}


@pytest.mark.parametrize("page", ["start", "brand-overview", "theme-overview", "no-result", "all"])
async def test_a_banner_of_any_page_needs_no_module(service: Shops, page: str) -> None:
    """CS-2, CS-7, CS-30: it may advertise central shops."""
    banner = await body(service, page=page, link=to_shop("central", "leitz"))
    await service.must(EDITOR, "PUT", "/banners/b1", banner)
    view = await service.must("dealer-staff", "GET", "/banners/b1")
    assert (view["page"], view["title"], view["width"]) == (page, "Büro", 690)
    assert view["banner"]["link"]["shop"] == {"dealer": "central", "shop": "leitz"}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"link": to_shop("acme", "none")}, 404, "shop-not-found"),
        ({"link": to_shop("other", "leitz")}, 404, "shop-not-found"),
        ({"link": {"to": "article", "number": "4712"}}, 404, "article-not-found"),
        ({"link": {"to": "article"}}, 422, "banner-link-invalid"),
        ({"file": "0" * 64}, 404, "graphic-not-found"),
        ({"valid_from": "2026-06-02", "valid_until": "2026-06-01"}, 422, "validity-reversed"),
    ],
)
async def test_what_a_banner_refers_to_must_be_there(
    service: Shops, changes: dict[str, Any], status: int, code: str
) -> None:
    """CS-30"""
    answer = await service.ask(EDITOR, "PUT", "/banners/b1", await body(service, **changes))
    assert problem_code(answer, status) == code
    assert not service.said(BannerSet)


async def test_banners_are_exactly_690_pixels_wide(service: Shops) -> None:
    """CS-28, CS-41, Q23"""
    narrow = await service.upload(600, purpose="logo")
    answer = await service.ask(EDITOR, "PUT", "/banners/b1", await body(service, file=narrow))
    assert problem_code(answer, 422) == "graphic-width"


async def test_banners_are_listed_filtered_and_removed(service: Shops) -> None:
    """CS-30, X-18"""
    for name, page in (("b1", "start"), ("b2", "all"), ("b3", "start")):
        banner = await body(service, page=page, title=f"Titel {name}")
        await service.must(EDITOR, "PUT", f"/banners/{name}", banner)
    await service.must(EDITOR, "DELETE", "/banners/b3")
    page = await service.must("dealer-staff", "GET", "/banners?limit=1")
    assert [one["banner_id"] for one in page["items"]] == ["b1"]
    page = await service.must("dealer-staff", "GET", f"/banners?after={page['next']}")
    assert [one["banner_id"] for one in page["items"]] == ["b2"]
    page = await service.must("dealer-staff", "GET", "/banners?page=start")
    assert [one["banner_id"] for one in page["items"]] == ["b1"]
    answer = await service.http.get("/dealers/acme/banners.csv", headers=bearer("dealer-staff"))
    assert "Startseite" in answer.text
    answer = await service.ask("dealer-staff", "GET", "/banners/b3")
    assert problem_code(answer, 404) == "banner-not-found"


async def test_a_tenant_has_a_limited_number_of_banners(service: Shops) -> None:
    """X-18: all of them are read for each page."""
    banner = await body(service)
    placed = Banner("start", banner["file"], "Büro", BannerLink())
    for at in range(MAX_BANNERS):
        event = BannerSet("acme", f"b{at}", placed, 690, 2)
        await service.append(banner_history("acme", f"b{at}").stream, [event])
    answer = await service.ask(EDITOR, "PUT", "/banners/more", banner)
    assert problem_code(answer, 409) == "too-many-banners"
    await service.must(EDITOR, "PUT", "/banners/b7", {**banner, "title": "Anders"})


async def test_central_staff_place_no_banners_at_dealers(service: Shops) -> None:
    """X-16"""
    answer = await service.ask("central", "PUT", "/banners/b1", await body(service))
    assert problem_code(answer, 403) == "forbidden"
    answer = await service.ask("dealer-staff", "DELETE", "/banners/b1")
    assert problem_code(answer, 403) == "forbidden"
    file = await service.upload(dealer="central", who="central")
    banner = await body(service, file=file)
    await service.must("central", "PUT", "/banners/b1", banner, dealer="central")
