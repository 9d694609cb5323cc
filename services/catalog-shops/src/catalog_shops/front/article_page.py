"""An article in detail, by itself or within a shop (CS-37, CS-48)."""

from catalog_shops.article.offer import EffectiveArticle, LowestPrice, Offer
from catalog_shops.front.goods import Goods, goods_of, images_of, offers
from catalog_shops.front.links import ShopLink
from catalog_shops.front.navigation import Area, areas_of, assortment_of, groups_of
from catalog_shops.front.shops import shop_named
from catalog_shops.front.visit import Visit
from catalog_shops.texts import html_of
from zugabe_events.contracts.catalog_shops import ArticleFlag, TaxClass
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Fact


class ArticleNotShownError(NotFoundError):
    """It is not listed for sale here, or the shop does not have it."""

    code = "article-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Artikel gibt es hier nicht.")


class ArticlePage(Fact, frozen=True):
    """`text` is safe HTML, `groups` are paths of names. `goods` has the price for the least
    quantity, with all steps, and what a cart needs. `shop` and `navigation` are those of the shop
    in which it is looked at."""

    goods: Goods
    text: str
    images: tuple[str, ...]
    brand: str
    manufacturer_number: str
    gtin: str
    tax: TaxClass
    flags: tuple[ArticleFlag, ...]
    groups: tuple[tuple[str, ...], ...]
    lowest: LowestPrice | None
    shop: ShopLink | None
    navigation: tuple[Area, ...]


async def article_page(visit: Visit, number: str) -> ArticlePage:
    """Raise ArticleNotShownError."""
    effective, offer = await the_offer(visit, number)
    return await page_of(visit, effective, offer, None, ())


async def article_in_shop(visit: Visit, url_name: str, number: str) -> ArticlePage:
    """Raise ShopNotShownError, ArticleNotShownError."""
    shown = await shop_named(visit, url_name)
    assortment = await assortment_of(visit, shown.card)
    if number not in assortment.numbers:
        raise ArticleNotShownError
    effective, offer = await the_offer(visit, number)
    areas = areas_of(visit, assortment, await groups_of(visit), url_name)
    return await page_of(visit, effective, offer, shown.link, tuple(areas))


async def the_offer(visit: Visit, number: str) -> tuple[EffectiveArticle, Offer]:
    found = await offers(visit, [number])
    if not found:
        raise ArticleNotShownError
    return found[0]


async def page_of(
    visit: Visit,
    effective: EffectiveArticle,
    offer: Offer,
    shop: ShopLink | None,
    navigation: tuple[Area, ...],
) -> ArticlePage:
    article, tree = offer.article, await groups_of(visit)
    return ArticlePage(
        goods=goods_of(visit, effective, offer, shop.url_name if shop else ""),
        text=html_of(article.text),
        images=tuple(images_of(article)),
        brand=article.brand,
        manufacturer_number=article.manufacturer_number,
        gtin=article.gtin,
        tax=article.tax,
        flags=article.flags,
        groups=tuple(tree.path(group) for group in article.groups if group in tree),
        lowest=None if visit.showcase.business_only else offer.lowest,
        shop=shop,
        navigation=navigation,
    )
