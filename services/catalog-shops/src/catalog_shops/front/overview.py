"""The overview of all shops of a kind (CS-10, CS-33, CS-43, CS-48)."""

from catalog_shops.front.banners import ShownBannerLink, banners_of
from catalog_shops.front.goods import TopGoods, top_goods
from catalog_shops.front.links import Picture, ShopLink, picture
from catalog_shops.front.logo import Logo, logo_of
from catalog_shops.front.navigation import Area, areas_of, assortment_of, groups_of, main_areas
from catalog_shops.front.shops import ShownShop, first_shops, overview_card, shops_from, watch_shops
from catalog_shops.front.visit import Visit
from catalog_shops.group.tree import GroupTree
from catalog_shops.texts import html_of, plain
from zugabe_events.contracts.catalog_shops import BannerPage, ShopKind
from zugabe_events.domain.event import Fact

SHOPS_ON_PAGE = 24
MAX_NAVIGATION = 300
"""Shops in the left navigation. Who has more goes through pages."""

TEASER_LENGTH = 200


class OverviewEntry(Fact, frozen=True):
    """A shop with what leads into its details: logo or banner, first words, and its areas."""

    shop: ShopLink
    logo: Logo | None
    banner: Picture | None
    teaser: str
    areas: tuple[Area, ...]


class Overview(Fact, frozen=True):
    """`text` is safe HTML. Top articles are three or none. `page` counts from 1."""

    kind: ShopKind
    title: str
    text: str
    list_banner: Picture | None
    banners: tuple[ShownBannerLink, ...]
    top_articles: tuple[TopGoods, ...]
    navigation: tuple[ShopLink, ...]
    shops: tuple[OverviewEntry, ...]
    page: int
    pages: int
    next: str | None


async def overview(visit: Visit, kind: ShopKind, page: int) -> Overview:
    """A page behind the last one is empty."""
    await watch_shops(visit)
    showcase, links = visit.showcase, visit.links
    card = await overview_card(visit, kind)
    navigation = await first_shops(visit, kind, MAX_NAVIGATION)
    shops = await shops_from(visit, kind, (page - 1) * SHOPS_ON_PAGE, SHOPS_ON_PAGE)
    tree = await groups_of(visit)
    pages = max(1, -(-len(showcase.active(kind)) // SHOPS_ON_PAGE))
    of_page: BannerPage = "brand-overview" if kind == "brand" else "theme-overview"
    following = links.to(f"/{kind}-shops", page=page + 1)
    return Overview(
        kind=kind,
        title=links.overview(kind).title,
        text=html_of(card.text),
        list_banner=picture(card.dealer, card.graphic("list-banner")),
        banners=tuple(await banners_of(visit, showcase.banners(of_page))),
        top_articles=tuple(await top_goods(visit, showcase.top_articles(card))),
        navigation=tuple(shown.link for shown in navigation),
        shops=tuple([await entry_of(visit, shown, tree) for shown in shops]),
        page=page,
        pages=pages,
        next=following if page < pages else None,
    )


async def entry_of(visit: Visit, shown: ShownShop, tree: GroupTree) -> OverviewEntry:
    card = shown.card
    areas = areas_of(visit, await assortment_of(visit, card), tree, shown.link.url_name)
    return OverviewEntry(
        shop=shown.link,
        logo=logo_of(card.dealer, card.graphic("logo")),
        banner=picture(card.dealer, card.graphic("header-banner")),
        teaser=teaser_of(card.text),
        areas=tuple(main_areas(areas)),
    )


def teaser_of(text: str) -> str:
    """The first words of a text."""
    words = plain(text).strip()
    if len(words) <= TEASER_LENGTH:
        return words
    return words[:TEASER_LENGTH].rsplit(" ", 1)[0] + " …"
