"""The read models that pages are made of, and what is kept of what was made."""

from dataclasses import dataclass

from catalog_shops.article.view import ARTICLES, ArticleView
from catalog_shops.customer.view import AGREED_PRICES, AgreedPriceView
from catalog_shops.front.assortment import Assortment
from catalog_shops.front.page import Page
from catalog_shops.front.page_cache import StampedCache
from catalog_shops.front.reading import Source
from catalog_shops.front.turns import Turns
from catalog_shops.front.view import FRONTS, FrontDocument
from catalog_shops.shop.assortment_view import ASSORTMENTS, AssortmentView
from zugabe_events.domain.views import Follower, StampReader, Views

MAX_PAGE_BYTES = 64 * 1_024 * 1_024
MAX_ASSORTED = 500_000
"""Articles in the assortments that are kept, as often as they occur."""

MAKING_AT_ONCE, MAX_QUEUE = 16, 200
"""Pages that are made at a time, and requests for which none is kept that wait for that."""

WAITING_AT_ONCE = 50
"""Requests without a right that wait for what their tokens stand for, at a time."""


@dataclass(frozen=True, slots=True)
class FrontSources:
    fronts: Source[FrontDocument]
    articles: Source[ArticleView]
    assortments: Source[AssortmentView]
    agreed_prices: Source[AgreedPriceView]

    @classmethod
    def of(
        cls,
        fronts: Views[FrontDocument],
        articles: Views[ArticleView],
        assortments: Views[AssortmentView],
        agreed_prices: Views[AgreedPriceView],
    ) -> "FrontSources":
        return cls(
            Source(FRONTS, fronts),
            Source(ARTICLES, articles),
            Source(ASSORTMENTS, assortments),
            Source(AGREED_PRICES, agreed_prices),
        )

    @property
    def followers(self) -> tuple[Follower, ...]:
        return (
            self.fronts.views,
            self.articles.views,
            self.assortments.views,
            self.agreed_prices.views,
        )


@dataclass(frozen=True, slots=True)
class FrontProcess:
    """Limits of a process: the pages that it keeps, and the work that it does at a time."""

    pages: StampedCache[Page]
    assortments: StampedCache[Assortment]
    making: Turns
    waiting: Turns


@dataclass(frozen=True, slots=True)
class FrontParts:
    sources: FrontSources
    process: FrontProcess


def front_process(stamps: StampReader) -> FrontProcess:
    return FrontProcess(
        StampedCache(stamps, lambda page: page.size, MAX_PAGE_BYTES),
        StampedCache(stamps, lambda found: found.size, MAX_ASSORTED),
        Turns(MAKING_AT_ONCE, MAX_QUEUE),
        Turns(WAITING_AT_ONCE),
    )
