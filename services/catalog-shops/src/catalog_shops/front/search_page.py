"""Search at a dealer, or inside a shop, which it then does not leave (CS-6, CS-46)."""

from collections.abc import Sequence

from catalog_shops.article.search import Wanted, search_articles
from catalog_shops.front.assortment import Assortment, Member, assortment_of_brand
from catalog_shops.front.goods import SHOWN_AT_ONCE, Goods, goods
from catalog_shops.front.links import ShopLink
from catalog_shops.front.navigation import assortment_of
from catalog_shops.front.reading import Reading
from catalog_shops.front.shops import ShownShop, shop_named
from catalog_shops.front.start import NoResult, no_result
from catalog_shops.front.visit import Visit
from zugabe_events.domain.event import Fact
from zugabe_events.domain.views import FilterValue, OneOf

MAX_SUGGESTIONS = 6


class SearchPage(Fact, frozen=True):
    """`after` of the next request is `next`. `suggestions` are further articles of the shop's
    brand, in `shop` itself or not; `no_result` is there when nothing was found."""

    q: str
    shop: ShopLink | None
    articles: tuple[Goods, ...]
    next: str | None
    suggestions: tuple[Goods, ...]
    no_result: NoResult | None


async def search_page(
    visit: Visit, sought: str, url_name: str | None, after: str | None
) -> SearchPage:
    """Raise ShopNotShownError, InvalidError for a cursor that no search made."""
    shown = await shop_named(visit, url_name) if url_name else None
    where: dict[str, FilterValue] = {"use": "sale"}
    assortment = await assortment_of(visit, shown.card) if shown else None
    if shown and shown.card.brand:
        where["brand"] = shown.card.brand
    elif assortment is not None:
        where["number"] = OneOf(tuple(sorted(assortment.numbers)))
    articles = visit.reading.views(visit.sources.articles)
    found = await search_articles(
        articles, visit.dealer, Wanted(sought, where), after=after, limit=SHOWN_AT_ONCE
    )
    numbers = [article.number for article in found.items]
    hits = await goods(visit, numbers, url_name or "")
    suggestions = await suggested(visit, shown, assortment, numbers) if shown else ()
    return SearchPage(
        q=sought,
        shop=shown.link if shown else None,
        articles=tuple(hits),
        next=found.next,
        suggestions=tuple(suggestions),
        no_result=None if hits or after or found.next else await no_result(visit, sought),
    )


async def suggested(
    visit: Visit, shown: ShownShop, assortment: Assortment | None, hits: Sequence[str]
) -> Sequence[Goods]:
    """Further articles of the shop's brand: those in the groups of the hits first.

    A brand shop with articles of a file has the brand that most of them have.
    """
    if shown.card.kind != "brand" or assortment is None:
        return ()
    brand = shown.card.brand or assortment.main_brand
    if not brand:
        return ()
    of_brand = assortment if shown.card.brand else await brand_assortment(visit, brand)
    found = set(hits)
    groups = {group for one in of_brand.members if one.number in found for group in one.groups}

    def rank(member: Member) -> bool:
        return groups.isdisjoint(member.groups)

    others = sorted((one for one in of_brand.members if one.number not in found), key=rank)
    inside = [one.number for one in others[:MAX_SUGGESTIONS]]
    own = [number for number in inside if number in assortment.numbers]
    further = [number for number in inside if number not in assortment.numbers]
    return [*await goods(visit, own, shown.link.url_name), *await goods(visit, further)]


async def brand_assortment(visit: Visit, brand: str) -> Assortment:
    async def make(reading: Reading) -> Assortment:
        return await assortment_of_brand(reading, visit.sources.articles, visit.dealer, brand)

    made = await visit.parts.process.assortments.get((visit.dealer, brand), visit.now, make)
    visit.reading.include(made.reading)
    return made.value
