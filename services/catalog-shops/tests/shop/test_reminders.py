"""Reviews of brand shops that nobody has looked at for ninety days."""

from datetime import timedelta
from typing import Any

import pytest
from catalog_shops_tests.service import EDITOR, NOON
from catalog_shops_tests.shops import Shops
from catalog_shops_tests.timers import Timers

from catalog_shops.main import SERVICE, Settings
from catalog_shops.shop.reminders import NAME, reviews_after
from zugabe_events.contracts.catalog_shops import ShopReviewDue, ShopReviewed

DAY = timedelta(days=1)


@pytest.fixture
async def service() -> Shops:
    """The dealer has a brand shop and a theme shop, both active."""
    service = Shops()
    await service.allow_own("brand", "theme")
    await service.save("brand", "leitz", active=True)
    await service.save("theme", "sale", active=True)
    return service


@pytest.fixture
def timers(service: Shops) -> Timers:
    return Timers(service, [reviews_after(90)])


async def due(service: Shops) -> list[Any]:
    page = await service.must("dealer-staff", "GET", "/shop-reviews")
    return [row["shop"] for row in page["items"]]


async def test_a_brand_shop_is_due_after_ninety_days_and_a_theme_shop_never(
    service: Shops, timers: Timers
) -> None:
    """CS-45"""
    service.now = NOON + 90 * DAY - timedelta(seconds=1)
    await timers.fire()
    assert await due(service) == []
    service.now = NOON + 90 * DAY
    await timers.fire(times=2)
    assert await due(service) == ["leitz"]
    assert len(service.said(ShopReviewDue)) == 1


async def test_whoever_changes_a_shop_has_looked_at_it(service: Shops, timers: Timers) -> None:
    """CS-45"""
    service.now = NOON + 60 * DAY
    await service.save("brand", "leitz", name="Leitz neu")
    service.now = NOON + 100 * DAY
    await timers.fire()
    assert await due(service) == []
    service.now = NOON + 150 * DAY
    await timers.fire()
    assert await due(service) == ["leitz"]
    await service.save("brand", "leitz", name="Leitz alt")
    assert await due(service) == []


async def test_a_review_resets_the_time(service: Shops, timers: Timers) -> None:
    """CS-45"""
    service.now = NOON + 90 * DAY
    await timers.fire()
    await service.must(EDITOR, "POST", "/brand-shops/leitz/review")
    assert await due(service) == []
    assert service.said(ShopReviewed)[0].by == "anna"
    shop = await service.must("dealer-staff", "GET", "/brand-shops/leitz")
    assert (shop["review_due"], shop["reviewed_at"]) == (
        False,
        (NOON + 90 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    service.now = NOON + 179 * DAY
    await timers.fire()
    assert await due(service) == []
    service.now = NOON + 180 * DAY
    await timers.fire()
    assert await due(service) == ["leitz"]


async def test_a_shop_that_is_not_shown_is_not_due(service: Shops, timers: Timers) -> None:
    """CS-45: once it is shown again, its time begins anew."""
    await service.must(EDITOR, "DELETE", "/brand-shop-placement/active/acme/leitz")
    service.now = NOON + 95 * DAY
    await timers.fire()
    await service.must(EDITOR, "PUT", "/brand-shop-placement/active/acme/leitz")
    service.now = NOON + 100 * DAY
    await timers.fire()
    assert await due(service) == []
    service.now = NOON + 185 * DAY
    await timers.fire()
    assert await due(service) == ["leitz"]


async def test_shops_that_are_arranged_together_are_due_together(
    service: Shops, timers: Timers
) -> None:
    """CS-15, CS-45: own ones; central ones are reviewed by central."""
    await service.save("brand", "tesa")
    await service.save("brand", "central", dealer="central")
    service.now = NOON + 10 * DAY
    refs = [{"dealer": "acme", "shop": shop} for shop in ("leitz", "tesa")]
    active = [*refs, {"dealer": "central", "shop": "central"}]
    await service.must(EDITOR, "PUT", "/brand-shop-placement", {"based_on": 2, "active": active})
    service.now = NOON + 99 * DAY
    await timers.fire()
    assert await due(service) == ["leitz"]
    service.now = NOON + 100 * DAY
    await timers.fire()
    assert sorted(await due(service)) == ["leitz", "tesa"]


async def test_own_shops_behind_adopted_ones_are_due_once_they_are_shown_again(
    service: Shops, timers: Timers
) -> None:
    """CS-12, CS-45"""
    await service.must(EDITOR, "PUT", "/brand-shop-placement/adoption")
    service.now = NOON + 100 * DAY
    await timers.fire()
    assert await due(service) == []
    await service.must(EDITOR, "DELETE", "/brand-shop-placement/adoption")
    await timers.fire()
    assert await due(service) == ["leitz"]


async def test_a_deleted_shop_is_not_due(service: Shops, timers: Timers) -> None:
    service.now = NOON + 90 * DAY
    await timers.fire()
    await service.must(EDITOR, "DELETE", "/brand-shops/leitz")
    assert await due(service) == []
    service.now = NOON + 200 * DAY
    await timers.fire()
    assert len(service.said(ShopReviewDue)) == 1


async def test_central_reviews_its_own_shops() -> None:
    """CS-45"""
    service = Shops()
    timers = Timers(service, [reviews_after(30)])
    await service.save("brand", "leitz", dealer="central", active=True)
    service.now = NOON + 30 * DAY
    await timers.fire()
    page = await service.must("central", "GET", "/shop-reviews", dealer="central")
    assert [row["shop"] for row in page["items"]] == ["leitz"]
    await service.must("central", "POST", "/brand-shops/leitz/review", dealer="central")
    assert service.said(ShopReviewed)[0].dealer == "central"


def test_the_number_of_days_is_a_setting() -> None:
    """CS-45"""
    settings = Settings.model_construct(shop_review_days=7)
    configured = settings.configured(SERVICE)
    [rule] = [rule for rule in configured.timers if rule.name == NAME]
    assert rule.due.args == (7,)  # type: ignore[attr-defined]
    assert len(configured.timers) == len(SERVICE.timers)
