"""A shop, and its articles within the shop's own navigation (CS-11, CS-24, CS-37, CS-46)."""

from catalog_shops.front.assortment import Assortment
from catalog_shops.front.banners import ShownBannerLink, banners_of
from catalog_shops.front.goods import SHOWN_AT_ONCE, Goods, TopGoods, goods, top_goods
from catalog_shops.front.links import Link, Picture, ShopLink, picture
from catalog_shops.front.navigation import Area, areas_of, assortment_of, groups_of
from catalog_shops.front.shops import shop_named
from catalog_shops.front.visit import Visit
from catalog_shops.group.tree import GroupTree
from catalog_shops.texts import html_of
from zugabe_events.contracts.catalog_shops import ShopRef
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Fact


class AreaNotFoundError(NotFoundError):
    """The shop has no articles in this product group."""

    code = "area-not-found"

    def __init__(self) -> None:
        super().__init__("In dieser Warengruppe hat der Shop keine Artikel.")


class ShopPage(Fact, frozen=True):
    """`text` is safe HTML. Top articles are three or none. The product groups of `navigation`,
    left or below the content banner, lead to articles."""

    shop: ShopLink
    text: str
    logo: Picture | None
    header_banner: Picture | None
    content_banner: Picture | None
    banners: tuple[ShownBannerLink, ...]
    top_articles: tuple[TopGoods, ...]
    navigation: tuple[Area, ...]
    article_count: int
    all_articles: Link
    overview: Link


class ArticleList(Fact, frozen=True):
    """A page of a shop's articles, of one product group with those below or of all."""

    shop: ShopLink
    group: str | None
    navigation: tuple[Area, ...]
    articles: tuple[Goods, ...]
    article_count: int
    page: int
    pages: int
    next: str | None


async def shop_page(visit: Visit, url_name: str) -> ShopPage:
    """Raise ShopNotShownError."""
    shown = await shop_named(visit, url_name)
    card, ref = shown.card, ShopRef(shown.card.dealer, shown.card.shop)
    assortment, tree = await assortment_of(visit, card), await groups_of(visit)
    placed = visit.showcase.banners("shop", card.kind, ref)
    return ShopPage(
        shop=shown.link,
        text=html_of(card.text),
        logo=picture(card.dealer, card.graphic("logo")),
        header_banner=picture(card.dealer, card.graphic("header-banner")),
        content_banner=picture(card.dealer, card.graphic("content-banner")),
        banners=tuple(await banners_of(visit, placed)),
        top_articles=tuple(await top_goods(visit, visit.showcase.top_articles(card), url_name)),
        navigation=tuple(areas_of(visit, assortment, tree, url_name)),
        article_count=len(assortment.members),
        all_articles=Link("Alle Artikel", visit.links.to(f"/shops/{url_name}/articles")),
        overview=visit.links.overview(card.kind),
    )


async def article_list(visit: Visit, url_name: str, group: str | None, page: int) -> ArticleList:
    """Raise ShopNotShownError, AreaNotFoundError. A page behind the last one is empty."""
    shown = await shop_named(visit, url_name)
    assortment, tree = await assortment_of(visit, shown.card), await groups_of(visit)
    numbers = numbers_in(assortment, tree, group)
    first = (page - 1) * SHOWN_AT_ONCE
    pages = max(1, -(-len(numbers) // SHOWN_AT_ONCE))
    asked = {"group": group} if group else {}
    following = visit.links.to(f"/shops/{url_name}/articles", **asked, page=page + 1)
    return ArticleList(
        shop=shown.link,
        group=group,
        navigation=tuple(areas_of(visit, assortment, tree, url_name)),
        articles=tuple(await goods(visit, numbers[first : first + SHOWN_AT_ONCE], url_name)),
        article_count=len(numbers),
        page=page,
        pages=pages,
        next=following if page < pages else None,
    )


def numbers_in(assortment: Assortment, tree: GroupTree, group: str | None) -> list[str]:
    if group is None:
        return [member.number for member in assortment.members]
    found = [member.number for member in assortment.within(tree.with_below(group))]
    if not found:
        raise AreaNotFoundError
    return found
