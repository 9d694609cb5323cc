"""Graphics of shops: which places they have, and what fits there."""

import pytest
from catalog_shops_tests.service import EDITOR
from catalog_shops_tests.shops import Shops

from zugabe_events.contracts.catalog_shops import ShopGraphicSet, ShopKind
from zugabe_testing.callers import problem_code


@pytest.fixture
async def service() -> Shops:
    service = Shops()
    await service.allow_own("brand", "theme")
    await service.save("brand", "shop", url_name="b")
    await service.save("theme", "shop", url_name="t")
    return service


@pytest.mark.parametrize(
    ("kind", "places"),
    [("brand", ("logo", "content-banner")), ("theme", ("header-banner", "content-banner"))],
)
async def test_chosen_graphics_are_saved_together(
    service: Shops, kind: ShopKind, places: tuple[str, str]
) -> None:
    """CS-28, CS-41"""
    file = await service.upload()
    path = f"/{kind}-shops/shop/graphics"
    await service.must(EDITOR, "PUT", path, {"places": dict.fromkeys(places, file)})
    view = await service.must("dealer-staff", "GET", f"/{kind}-shops/shop")
    assert [(each["place"], each["width"]) for each in view["graphics"]] == [
        (place, 690) for place in places
    ]
    await service.must(EDITOR, "PUT", path, {"places": {places[0]: None}})
    view = await service.must("dealer-staff", "GET", f"/{kind}-shops/shop")
    assert [each["place"] for each in view["graphics"]] == [places[1]]


async def test_saving_the_same_graphics_again_changes_nothing(service: Shops) -> None:
    """X-12: a place that is empty and stays so is no change either."""
    file = await service.upload()
    body = {"places": {"content-banner": file, "logo": None}}
    for _ in range(2):
        await service.must(EDITOR, "PUT", "/brand-shops/shop/graphics", body)
    assert len(service.said(ShopGraphicSet)) == 1


@pytest.mark.parametrize(
    ("kind", "place"),
    [
        ("brand", "header-banner"),
        ("brand", "list-banner"),
        ("theme", "logo"),
        ("theme", "list-banner"),
    ],
)
async def test_a_shop_has_only_the_places_of_its_kind(
    service: Shops, kind: ShopKind, place: str
) -> None:
    """CS-28, CS-41"""
    file = await service.upload()
    body = {"places": {"content-banner": file, place: file}}
    answer = await service.ask(EDITOR, "PUT", f"/{kind}-shops/shop/graphics", body)
    assert problem_code(answer, 422) == "place-unknown"
    assert not service.said(ShopGraphicSet)


async def test_banners_are_exactly_690_pixels_wide_and_a_logo_may_be_narrower(
    service: Shops,
) -> None:
    """CS-28, CS-29, CS-41, Q23"""
    narrow = await service.upload(200, purpose="logo")
    path = "/brand-shops/shop/graphics"
    await service.must(EDITOR, "PUT", path, {"places": {"logo": narrow}})
    answer = await service.ask(EDITOR, "PUT", path, {"places": {"content-banner": narrow}})
    assert problem_code(answer, 422) == "graphic-width"
    wide = await service.upload(800, purpose="article")
    answer = await service.ask(EDITOR, "PUT", path, {"places": {"logo": wide}})
    assert problem_code(answer, 422) == "graphic-width"


async def test_a_graphic_is_uploaded_by_the_same_tenant_first(service: Shops) -> None:
    """CS-28, X-16"""
    foreign = await service.upload(600, purpose="logo", dealer="central", who="central")
    body = {"places": {"logo": foreign}}
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/shop/graphics", body)
    assert problem_code(answer, 404) == "graphic-not-found"


async def test_a_shop_that_is_not_there_has_no_graphics(service: Shops) -> None:
    file = await service.upload()
    body = {"places": {"content-banner": file}}
    answer = await service.ask(EDITOR, "PUT", "/brand-shops/none/graphics", body)
    assert problem_code(answer, 404) == "shop-not-found"
