"""Articles as pages show them: with images, and the price that counts for the buyer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from catalog_shops.article.offer import (
    EffectiveArticle,
    LowestPrice,
    Offer,
    OfferedPrice,
    StrikePrice,
    effective_articles,
    first_quantity,
    offer_of,
)
from catalog_shops.article.view import ArticleView
from catalog_shops.customer.view import agreed_price_key
from catalog_shops.front.links import graphic_url
from catalog_shops.front.visit import Visit
from zugabe_events.contracts.catalog_shops import Availability, TopArticle
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Fact
from zugabe_events.domain.prices import COMPARED, PriceVersion

SHOWN_AT_ONCE = 24

PRICE_MOMENTS = (timedelta(0), timedelta(milliseconds=1), COMPARED)
"""After a price began: it counts; it is one of those that are compared; the earlier ones are not
any more."""


class Goods(Fact, frozen=True):
    """An article in a list. `key` is its number in addresses, `image` the first one that is stored.

    `order_unit`, `minimum_quantity` and `number` are what a cart needs (CS-48). Without a `price`
    it cannot be ordered.
    """

    number: str
    key: str
    name: str
    manufacturer: str
    image: str | None
    availability: Availability
    order_unit: str
    minimum_quantity: int
    is_orderable: bool
    price: OfferedPrice | None
    href: str


class Strike(Fact, frozen=True):
    """`lowest` is the price of the last 30 days; who sells to businesses only need not show it."""

    price: StrikePrice
    lowest: LowestPrice | None


class TopGoods(Fact, frozen=True):
    """A top article, and the price to cross out beside the one that counts."""

    article: Goods
    strike: Strike | None


async def articles_for_sale(
    visit: Visit, numbers: Collection[str]
) -> Mapping[str, EffectiveArticle]:
    """Those of the numbers that are listed for sale at the dealer."""
    views = visit.reading.views(visit.sources.articles)
    found = await effective_articles(views, visit.dealer, numbers)
    for effective in found.values():
        for version in (*effective.central, *effective.own):
            for later in PRICE_MOMENTS:
                visit.reading.changes_at(version.effective_at + later)
    return {number: one for number, one in found.items() if is_sold(one.article)}


def is_sold(article: ArticleView) -> bool:
    return article.status == "listed" and article.use == "sale"


async def offers(
    visit: Visit, numbers: Sequence[str], strikes: Mapping[str, TopArticle] | None = None
) -> Sequence[tuple[EffectiveArticle, Offer]]:
    """In the order of the numbers, without those that are not for sale; for the least quantity."""
    found = await articles_for_sale(visit, numbers)
    agreed = await agreed_prices(visit, found)
    return [
        (
            effective,
            offer_of(
                effective,
                visit.at,
                quantity=first_quantity(effective, visit.at),
                agreed=agreed.get(number, ()),
                strike=(strikes or {}).get(number),
            ),
        )
        for number in numbers
        if (effective := found.get(number)) is not None
    ]


async def agreed_prices(
    visit: Visit, numbers: Collection[str]
) -> Mapping[str, Sequence[PriceVersion]]:
    if not visit.customer:
        return {}
    keys = {agreed_price_key(visit.dealer, visit.customer, number) for number in numbers}
    found = await visit.reading.get_many(visit.sources.agreed_prices, keys)
    for agreed in found.values():
        for version in agreed.prices:
            visit.reading.changes_at(version.effective_at)
    return {agreed.number: agreed.prices for agreed in found.values()}


async def goods(visit: Visit, numbers: Sequence[str], url_name: str = "") -> Sequence[Goods]:
    """Articles of a list, which leads to them within a shop if it has a name (CS-37)."""
    return [goods_of(visit, one, offer, url_name) for one, offer in await offers(visit, numbers)]


async def top_goods(
    visit: Visit, tops: Sequence[TopArticle], url_name: str = ""
) -> Sequence[TopGoods]:
    """All three, or none if there are more, or fewer, or one is not for sale (CS-24)."""
    if len(tops) != 3:
        return ()
    shown = await offers(visit, [top.number for top in tops], {top.number: top for top in tops})
    if len(shown) != 3:
        return ()
    return [
        TopGoods(goods_of(visit, effective, offer, url_name), strike_of(visit, offer))
        for effective, offer in shown
    ]


def strike_of(visit: Visit, offer: Offer) -> Strike | None:
    if offer.strike is None:
        return None
    return Strike(offer.strike, None if visit.showcase.business_only else offer.lowest)


def goods_of(visit: Visit, effective: EffectiveArticle, offer: Offer, url_name: str = "") -> Goods:
    article = offer.article
    return Goods(
        number=article.number,
        key=key_of(article.number),
        name=article.name,
        manufacturer=article.manufacturer,
        image=next(iter(images_of(article)), None),
        availability=article.availability,
        order_unit=article.order_unit,
        minimum_quantity=offer.quantity,
        is_orderable=effective.is_orderable and offer.price is not None,
        price=offer.price,
        href=visit.links.article(article.number, url_name),
    )


def images_of(article: ArticleView) -> Sequence[str]:
    """Addresses of the images that are stored, which change with their content."""
    return [graphic_url(article.dealer, image.file) for image in article.images if image.file]
