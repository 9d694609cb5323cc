"""The start page: brand carpet, containers, first theme shops, teasers (CS-5, CS-7, CS-9, CS-36);
and the page of a search without a hit (CS-6)."""

from catalog_shops.front.banners import ShownBannerLink, banners_of
from catalog_shops.front.header import MAX_BUTTONS, MAX_LOGOS, BrandEntry, entries
from catalog_shops.front.links import Link, ShopLink
from catalog_shops.front.shops import first_shops, watch_shops
from catalog_shops.front.visit import Visit
from zugabe_events.domain.event import Fact

IN_CONTAINER = 12
BESIDE_GUIDE = 3
"""Theme shops at the bottom of the start page, next to the „Ratgeber“ (CS-36)."""


class BrandContainer(Fact, frozen=True):
    title: str
    shops: tuple[BrandEntry, ...]
    all_shops: Link


class ThemeContainer(Fact, frozen=True):
    title: str
    shops: tuple[ShopLink, ...]
    all_shops: Link


class Containers(Fact, frozen=True):
    """„Marken- und Themenshops“."""

    title: str
    brands: BrandContainer
    themes: ThemeContainer


class Start(Fact, frozen=True):
    banners: tuple[ShownBannerLink, ...]
    carpet: tuple[BrandEntry, ...]
    containers: Containers
    beside_guide: ThemeContainer


class NoResult(Fact, frozen=True):
    """All shops that there is space for, offered instead of results."""

    notice: str
    banners: tuple[ShownBannerLink, ...]
    brands: BrandContainer
    themes: ThemeContainer


async def start(visit: Visit) -> Start:
    await watch_shops(visit)
    brands = entries(await first_shops(visit, "brand", MAX_LOGOS))
    themes = [shown.link for shown in await first_shops(visit, "theme", IN_CONTAINER)]
    return Start(
        banners=tuple(await banners_of(visit, visit.showcase.banners("start"))),
        carpet=brands,
        containers=Containers(
            "Marken- und Themenshops",
            brand_container(visit, brands[:IN_CONTAINER]),
            theme_container(visit, themes),
        ),
        beside_guide=theme_container(visit, themes[:BESIDE_GUIDE]),
    )


async def no_result(visit: Visit, sought: str = "") -> NoResult:
    await watch_shops(visit)
    brands = entries(await first_shops(visit, "brand", MAX_LOGOS))
    themes = [shown.link for shown in await first_shops(visit, "theme", MAX_BUTTONS)]
    what = f"Zu „{sought}“ wurde" if sought else "Zu Ihrer Suche wurde"
    return NoResult(
        notice=f"{what} leider nichts gefunden. Vielleicht werden Sie in unseren Shops fündig.",
        banners=tuple(await banners_of(visit, visit.showcase.banners("no-result"))),
        brands=brand_container(visit, brands),
        themes=theme_container(visit, themes),
    )


def brand_container(visit: Visit, shops: tuple[BrandEntry, ...]) -> BrandContainer:
    return BrandContainer("Markenshops", shops, visit.links.overview("brand"))


def theme_container(visit: Visit, shops: list[ShopLink]) -> ThemeContainer:
    return ThemeContainer("Themenshops", tuple(shops), visit.links.overview("theme"))
