"""The part of every page about shops: the button „Shops“ and its flyout (CS-4, CS-8, CS-35)."""

from collections.abc import Sequence

from catalog_shops.front.links import Link, ShopLink
from catalog_shops.front.logo import Logo, logo_of
from catalog_shops.front.shops import ShownShop, first_shops, watch_shops
from catalog_shops.front.visit import Visit
from zugabe_events.domain.event import Fact

MAX_LOGOS = 60
MAX_BUTTONS = 30


class BrandEntry(Fact, frozen=True):
    """A brand shop: its logo, or its name if it has none."""

    shop: ShopLink
    logo: Logo | None


class Flyout(Fact, frozen=True):
    """Theme shops are buttons on the left, brand shops logos; both in their order, and as many as
    there is space for. The headings lead to all of them."""

    themes: tuple[ShopLink, ...]
    all_themes: Link
    brands: tuple[BrandEntry, ...]
    all_brands: Link


class Header(Fact, frozen=True):
    button: str
    flyout: Flyout


async def header(visit: Visit) -> Header:
    await watch_shops(visit)
    themes = await first_shops(visit, "theme", MAX_BUTTONS)
    brands = await first_shops(visit, "brand", MAX_LOGOS)
    flyout = Flyout(
        themes=tuple(shown.link for shown in themes),
        all_themes=visit.links.overview("theme"),
        brands=entries(brands),
        all_brands=visit.links.overview("brand"),
    )
    return Header("Shops", flyout)


def entries(shops: Sequence[ShownShop]) -> tuple[BrandEntry, ...]:
    return tuple(
        BrandEntry(shown.link, logo_of(shown.card.dealer, shown.card.graphic("logo")))
        for shown in shops
    )
