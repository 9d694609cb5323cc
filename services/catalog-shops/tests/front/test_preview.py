"""Previews of another instant, and what the plan switches at midnight in Berlin (N-12)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from catalog_shops_tests.fronts import Fronts

from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerLink,
    PlanEntry,
    PlannedShop,
    PlannedStrike,
    ShopRef,
    TopArticle,
)
from zugabe_testing.callers import problem_code

XMAS = ShopRef("central", "weihnachten")
LINK = BannerLink("shop", "theme", XMAS)


def on(first: date, last: date | None, **more: object) -> PlanEntry:
    return PlanEntry("Weihnachten", first, last, (PlannedShop("theme", XMAS, 1),), **more)  # type: ignore[arg-type]


async def with_plan(first: date, last: date | None, **more: object) -> Fronts:
    fronts = Fronts()
    await fronts.shop("theme", "ostern")
    await fronts.save("theme", "weihnachten", dealer="central")
    await fronts.plan("w", on(first, last, **more), dealer="central")
    return fronts


async def themes(fronts: Fronts, at: datetime) -> list[str]:
    flyout = (await fronts.preview("/header", at))["flyout"]
    return [one["name"] for one in flyout["themes"]]


async def test_the_shop_on_christmas_can_be_looked_at_in_may() -> None:
    """N-12, CS-44: shops, banners and strike prices switch together."""
    strikes = (PlannedStrike("theme", ShopRef("central", "ostern"), "1", Decimal("9.99")),)
    fronts = await with_plan(
        date(2026, 12, 1), date(2026, 12, 25), banners=("b1",), strikes=strikes
    )
    for number in ("1", "2", "3"):
        await fronts.offer(number, "3.49")
    tops = tuple(TopArticle(number) for number in ("1", "2", "3"))
    await fronts.top(ShopKey("central", "theme", "ostern"), *tops)
    await fronts.banner("b1", Banner("start", "b" * 64, "Advent", LINK), dealer="central")

    christmas = datetime(2026, 12, 25, 12, tzinfo=UTC)
    assert await themes(fronts, christmas) == ["Weihnachten", "Ostern"]
    assert len((await fronts.preview("/start", christmas))["banners"]) == 1
    assert (await fronts.preview("/shops/weihnachten", christmas))["shop"]["name"] == "Weihnachten"
    [first, *_] = (await fronts.preview("/shops/ostern", christmas))["top_articles"]
    assert first["strike"]["price"]["amount"] == "9.99"

    assert [one["name"] for one in (await fronts.look("/header"))["flyout"]["themes"]] == ["Ostern"]
    assert (await fronts.look("/start"))["banners"] == []
    [first, *_] = (await fronts.look("/shops/ostern"))["top_articles"]
    assert first["strike"] is None
    assert problem_code(await fronts.visit("/shops/weihnachten"), 404)
    assert await themes(fronts, datetime(2026, 12, 26, 12, tzinfo=UTC)) == ["Ostern"]


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        # Clocks go forward, and back, in the night to these days.
        (
            date(2026, 3, 29),
            datetime(2026, 3, 28, 23, tzinfo=UTC),
            datetime(2026, 3, 29, 22, tzinfo=UTC),
        ),
        (
            date(2026, 10, 25),
            datetime(2026, 10, 24, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
        ),
        (
            date(2026, 12, 24),
            datetime(2026, 12, 23, 23, tzinfo=UTC),
            datetime(2026, 12, 24, 23, tzinfo=UTC),
        ),
    ],
)
async def test_a_day_begins_and_ends_in_berlin(day: date, begins: datetime, ends: datetime) -> None:
    """N-12, X-11: in previews, and by the clock although the page was kept the moment before."""
    fronts = await with_plan(day, day)
    moment = timedelta(milliseconds=1)
    for at, shown in (
        (begins - moment, ["Ostern"]),
        (begins, ["Weihnachten", "Ostern"]),
        (ends - moment, ["Weihnachten", "Ostern"]),
        (ends, ["Ostern"]),
    ):
        assert await themes(fronts, at) == shown, at
        fronts.now = at
        flyout = (await fronts.look("/header"))["flyout"]
        assert [one["name"] for one in flyout["themes"]] == shown, at


async def test_no_cache_keeps_a_page_beyond_midnight() -> None:
    """N-12"""
    fronts = await with_plan(date(2026, 12, 24), None)
    midnight = datetime(2026, 12, 23, 23, tzinfo=UTC)
    for before, control in (
        (timedelta(hours=1), "public, max-age=60, stale-while-revalidate=300"),
        (timedelta(seconds=100), "public, max-age=60, stale-while-revalidate=40"),
        (timedelta(seconds=20), "public, max-age=20, stale-while-revalidate=0"),
    ):
        fronts.now = midnight - before
        answer = await fronts.visit("/header")
        assert answer.headers["cache-control"] == control


async def test_a_preview_shows_the_prices_of_its_instant_and_leads_to_previews() -> None:
    """N-12, X-40"""
    fronts = Fronts()
    at = datetime(2026, 12, 25, 12, tzinfo=UTC)
    await fronts.offer("1", "3.49")
    await fronts.price("1", "2.99", at=at)
    await fronts.shop("theme", "ostern", numbers=("1",))
    [shown] = (await fronts.preview("/shops/ostern/articles", at))["articles"]
    assert shown["price"]["amount"] == "2.99"
    [before] = (await fronts.preview("/shops/ostern/articles", at - timedelta(seconds=1)))[
        "articles"
    ]
    assert before["price"]["amount"] == "3.49"
    answer = await fronts.http.get(shown["href"], headers={"Authorization": "Bearer dealer-staff"})
    assert answer.json()["goods"]["price"]["amount"] == "2.99"
    assert answer.headers["cache-control"] == "private, no-store"
    assert shown["href"].startswith("/dealers/acme/front-preview/shops/ostern/articles/1?at=2026")
    assert (await fronts.look("/articles/1"))["goods"]["price"]["amount"] == "3.49"


async def test_a_preview_needs_the_right_to_see_shops() -> None:
    """N-12, X-16"""
    fronts = Fronts()
    path = "/front-preview/header?at=2026-12-25T12:00:00Z"
    for who, status in (("user", 403), ("dealer-staff-elsewhere", 403), ("nobody", 401)):
        assert problem_code(await fronts.ask(who, "GET", path), status)
    assert (await fronts.ask("central", "GET", path)).status_code == 200
