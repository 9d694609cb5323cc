"""Whatever happens in whatever order: a page that is kept is the page that would be made now."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.service import EDITOR
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_shops.article.offer import effective_articles
from catalog_shops.article.view import ARTICLES
from catalog_shops.front.assortment import assortment_of_brand, assortment_of_file
from catalog_shops.front.card import ShopCard
from catalog_shops.front.reading import Reading, Source
from catalog_shops.shop.assortment_view import ASSORTMENTS
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import (
    Banner,
    BannerLink,
    PlanEntry,
    PlannedShop,
    ShopRef,
    TopArticle,
)

PAGES = (
    "/header",
    "/start",
    "/no-result",
    "/brand-shops",
    "/theme-shops",
    "/shops/leitz",
    "/shops/leitz/articles",
    "/shops/zentral.leitz",
    "/shops/ostern",
    "/shops/ostern/articles?group=g1",
    "/shops/ostern/articles/1",
    "/articles/1",
)
TOPS = tuple(
    TopArticle(number, Decimal("9.99"), date(2026, 5, 4), date(2026, 5, 5))
    for number in ("1", "2", "3")
)
LEITZ, OSTERN = ShopKey("central", "brand", "leitz"), ShopKey("central", "theme", "ostern")

type Step = Callable[[Fronts], Awaitable[object]]


def save(kind: str, shop: str, dealer: str, **changes: object) -> Step:
    return lambda fronts: fronts.save(kind, shop, dealer=dealer, **changes)  # type: ignore[arg-type]


def put(path: str, body: object = None, method: str = "PUT") -> Step:
    return lambda fronts: fronts.ask(EDITOR, method, path, body)


async def later(fronts: Fronts, by: timedelta) -> None:
    fronts.now += by


def plan(shop: str, first: int, last: int) -> Step:
    planned = PlannedShop("theme", ShopRef("central", shop), 1)
    entry = PlanEntry("Aktion", date(2026, 5, first), date(2026, 5, last), (planned,))
    return lambda fronts: fronts.plan("e1", entry, dealer="central")


def banner(page: str, shop: str) -> Step:
    link = BannerLink("shop", "theme", ShopRef("central", shop))
    shown = Banner(page, "b" * 64, "Banner", link)  # type: ignore[arg-type]
    return lambda fronts: fronts.banner("b1", shown)


STEPS: tuple[Step, ...] = (
    save("brand", "leitz", "central", name="Leitz 1", brand="leitz"),
    save("brand", "leitz", "central", name="Leitz 2", brand=None, active=False),
    save("brand", "leitz", "central", name="Leitz 3", brand="leitz", active=True),
    save("theme", "sommer", "central", active=True),
    save("theme", "ostern", "central", url_name="anders"),
    put("/theme-shop-placement/adoption"),
    put("/theme-shop-placement/adoption", method="DELETE"),
    put("/theme-shop-placement/active/central/ostern"),
    put("/theme-shops/leitz", {"name": "Eigen", "url_name": "leitz", "active": True}),
    put("/theme-shops/leitz", method="DELETE"),
    put("/front-visibility", {"visibility": "customers"}),
    put("/front-visibility", {"visibility": "public"}),
    put("/business-only", {"business_only": True}),
    lambda fronts: fronts.graphic(LEITZ, "logo", 300, 100),
    lambda fronts: fronts.graphic(OSTERN, "header-banner", 690, 100),
    lambda fronts: fronts.import_file(OSTERN, "2", "1"),
    lambda fronts: fronts.import_file(OSTERN, "1", "2", "3", "A"),
    lambda fronts: fronts.top(OSTERN, *TOPS),
    lambda fronts: fronts.top(OSTERN, *TOPS[:2]),
    lambda fronts: fronts.price("1", "7.77"),
    lambda fronts: fronts.price("1", "6.66", dealer="acme"),
    lambda fronts: fronts.price("2", "5.55", at=fronts.now + timedelta(seconds=5)),
    lambda fronts: fronts.offer("1", brand="leitz", name="Neu", groups=("g2",)),
    lambda fronts: fronts.offer("2", brand="tesa"),
    lambda fronts: fronts.offer("A", dealer="acme", brand="leitz", groups=("g1",)),
    lambda fronts: fronts.delist("3"),
    lambda fronts: fronts.place_groups(("g1", "Gruppe neu", "g2")),
    plan("sommer", 4, 4),
    plan("ostern", 5, 6),
    banner("start", "sommer"),
    banner("all", "ostern"),
    lambda fronts: later(fronts, timedelta(seconds=5)),
    lambda fronts: later(fronts, timedelta(hours=13)),
)


async def story() -> Fronts:
    fronts = Fronts()
    await fronts.allow_own()
    await fronts.name_brand("leitz", "Leitz")
    await fronts.place_groups(("g1", "Gruppe 1", ""), ("g2", "Gruppe 2", ""))
    for number in ("1", "2", "3"):
        await fronts.offer(number, "3.49", brand="leitz", groups=("g1",))
    await fronts.shop("brand", "leitz", brand="leitz", logo=(200, 100))
    await fronts.shop("theme", "ostern", numbers=("1", "2", "3"), tops=TOPS)
    await fronts.save("theme", "sommer", dealer="central")
    return fronts


def anew(fronts: Fronts) -> Fronts:
    """The same log and clock, and nothing kept."""
    fresh = Fronts()
    fresh.store, fresh.now = fronts.store, fronts.now
    return fresh


@pytest.mark.parametrize("who", [None, "user"])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=6))
async def test_what_is_kept_is_what_would_be_made_now(who: str | None, steps: list[Step]) -> None:
    """N-12, CS-14"""
    fronts = await story()
    for path in PAGES:
        await fronts.visit(path, who)
    for step in steps:
        await step(fronts)
        fresh = anew(fronts)
        for path in PAGES:
            kept, made = await fronts.visit(path, who), await fresh.visit(path, who)
            assert kept.status_code == made.status_code, path
            if kept.status_code == 200:
                assert kept.json() == made.json(), path
                assert kept.headers["etag"] == made.headers["etag"]
                assert kept.headers["cache-control"] == made.headers["cache-control"]


listed = st.tuples(
    st.sampled_from(["1", "2", "3", "4"]),
    st.sampled_from(["acme", "central"]),
    st.sampled_from(["offer", "delist", "price"]),
    st.sampled_from(["leitz", "tesa"]),
)


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(listed, max_size=12))
async def test_an_assortment_has_what_counts_at_the_dealer(
    changes: list[tuple[str, str, str, str]],
) -> None:
    """CS-46, GA-7: the same articles as when each is looked up by itself."""
    fronts = Fronts()
    for number, dealer, what, brand in changes:
        known = await fronts.shown.articles.get(f"{dealer}/{number}")
        central = await fronts.shown.articles.get(f"central/{number}")
        is_theirs = known is not None and known.status != "prices"
        if what == "offer" and (dealer == "central" or is_theirs or not central):
            await fronts.offer(number, dealer=dealer, brand=brand)
        elif what == "delist" and is_theirs:
            await fronts.delist(number, dealer=dealer)
        elif what == "price" and (known or central):
            await fronts.price(number, "1.99", dealer=dealer)
    numbers = ("3", "1", "4", "2")
    shop = ShopCard("central", "theme", "ostern")
    await fronts.import_file(OSTERN, *numbers)
    articles = Source(ARTICLES, fronts.shown.articles)
    files = Source(ASSORTMENTS, fronts.shown.assortments)
    effective = await effective_articles(fronts.shown.articles, "acme", numbers)
    sold = [
        number
        for number in numbers
        if number in effective and effective[number].article.status == "listed"
    ]
    reading = Reading.as_of(fronts.now)
    of_file = await assortment_of_file(reading, articles, files, "acme", shop)
    assert [one.number for one in of_file.members] == sold
    for brand in ("leitz", "tesa"):
        of_brand = await assortment_of_brand(reading, articles, "acme", brand)
        wanted = [number for number in sold if effective[number].article.brand == brand]
        assert sorted(one.number for one in of_brand.members) == sorted(wanted)
