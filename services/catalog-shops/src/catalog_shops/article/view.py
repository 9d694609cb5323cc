"""Read model of articles: master data and prices by tenant and number, with full-text search."""

import re
from collections.abc import Sequence
from typing import Literal

from msgspec.structs import replace

from catalog_shops.texts import plain
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleFlag,
    ArticleImage,
    ArticleListed,
    ArticleUse,
    Availability,
    PriceSet,
    TaxClass,
)
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.prices import PriceVersion, with_version
from zugabe_events.domain.projection import ListOptions, ReadModel, Tallies, TextSearch

type ArticleStatus = Literal["listed", "delisted", "prices"]
"""`prices`: a dealer's prices for a central article, and nothing else."""


class ArticleView(Fact, frozen=True):
    """An article at one tenant. `plain` is `text` without codes, `sought` the number as people type
    it: without case and separators. Prices are the versions for everybody."""

    dealer: str
    number: str
    key: str
    sought: str
    status: ArticleStatus = "prices"
    name: str = ""
    text: str = ""
    plain: str = ""
    manufacturer: str = ""
    manufacturer_number: str = ""
    brand: str = ""
    groups: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    images: tuple[ArticleImage, ...] = ()
    gtin: str = ""
    keywords: tuple[str, ...] = ()
    order_unit: str = ""
    tax: TaxClass = "standard"
    availability: Availability = "available"
    use: ArticleUse = "sale"
    catalogue_flag: int = 0
    flags: tuple[ArticleFlag, ...] = ()
    catalogue: str = ""
    prices: tuple[PriceVersion, ...] = ()
    changed_at: Instant | None = None


def article_key(dealer: str, number: str) -> str:
    return f"{dealer}/{key_of(number)}"


def sought(number: str) -> str:
    return re.sub(r"[\W_]", "", number.casefold())


def keys(event: Event) -> Sequence[str]:
    match event:
        case ArticleListed() | ArticleChanged() | ArticleDelisted() | PriceSet():
            return [article_key(event.dealer, event.number)]
        case _:
            return []


def tallies(event: Event) -> Sequence[str]:
    """Of a tenant: which articles they have, and all but their prices."""
    match event:
        case ArticleListed() | ArticleChanged() | ArticleDelisted():
            return [event.dealer]
        case _:
            return []


def project(view: ArticleView | None, event: Event) -> ArticleView | None:
    match event:
        case ArticleListed():
            known = with_master_data(view or new(event.dealer, event.number), event.article)
            return replace(known, status="listed", changed_at=event.listed_at)
        case ArticleChanged():
            known = with_master_data(view or new(event.dealer, event.number), event.article)
            return replace(known, changed_at=event.changed_at)
        case ArticleDelisted():
            known = view or new(event.dealer, event.number)
            return replace(known, status="delisted", changed_at=event.delisted_at)
        case PriceSet():
            known = view or new(event.dealer, event.number)
            added = PriceVersion(event.version, event.effective_at, event.prices)
            return replace(known, prices=with_version(known.prices, added))
        case _:
            return view


def new(dealer: str, number: str) -> ArticleView:
    return ArticleView(dealer, number, key_of(number), sought(number))


def with_master_data(view: ArticleView, article: Article) -> ArticleView:
    return replace(
        view,
        name=article.name,
        text=article.text,
        plain=plain(article.text),
        manufacturer=article.manufacturer,
        manufacturer_number=article.manufacturer_number,
        brand=article.brand,
        groups=article.groups,
        media=article.media,
        images=article.images,
        gtin=article.gtin,
        keywords=article.keywords,
        order_unit=article.order_unit,
        tax=article.tax,
        availability=article.availability,
        use=article.use,
        catalogue_flag=article.catalogue_flag,
        flags=article.flags,
        catalogue=article.catalogue,
    )


ARTICLES = ReadModel(
    name="catalog-shops.articles",
    version=1,
    topics=("catalog-shops",),
    view=ArticleView,
    keys=keys,
    project=project,
    indexes=(("dealer", "sought", "_id"),),
    lists=ListOptions(
        ("status", "use", "brand", "groups", "catalogue"), ("number", "name", "changed_at")
    ),
    search=TextSearch(
        {
            "name": 10,
            "keywords": 6,
            "brand": 5,
            "manufacturer": 5,
            "gtin": 5,
            "manufacturer_number": 3,
            "plain": 1,
        }
    ),
    tallies=Tallies(tallies, by_part=True),
)
