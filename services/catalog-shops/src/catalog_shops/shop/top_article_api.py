"""HTTP for top articles that are maintained by hand (CS-31, CS-32), in shops and overviews."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from catalog_shops.article.requests import Amount
from catalog_shops.article_number import ArticleKey
from catalog_shops.placement.decider import Placement
from catalog_shops.quotas import Quotas
from catalog_shops.shop.assortment import Assortment, assortment_history
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.decider import shop_of
from catalog_shops.shop.history import history_of
from catalog_shops.shop.maintenance import Decided, maintain
from catalog_shops.shop.refusals import ArticleUnknownError
from catalog_shops.shop.state import Shop, ShopKey
from catalog_shops.shop.top_articles import (
    SHOWN,
    AddTopArticle,
    ChangeTopArticles,
    OrderTopArticles,
    PriceTopArticles,
    RemoveTopArticle,
    TopArticleChange,
)
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import OVERVIEW, Article, ShopKind, TopArticle
from zugabe_events.domain.article_number import number_of
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import ArticleNumber, Body, Day, Id, at_most
from zugabe_events.http.request_context import RequestContext

Numbers = Annotated[tuple[ArticleNumber, ...], at_most(SHOWN)]


class Positions(Body):
    """All top articles, in their new order."""

    numbers: Numbers


class StrikePrice(Body):
    """`strike_price` in euro net; a price needs its period, both days inclusive."""

    number: ArticleNumber
    strike_price: Amount | None = None
    strike_from: Day | None = None
    strike_until: Day | None = None


class Prices(Body):
    """All top articles with their strike prices."""

    prices: Annotated[tuple[StrikePrice, ...], at_most(SHOWN)]


def top_article_api(
    kind: ShopKind, store: EventStore, catalogue: Catalogue, access: Access, quotas: Quotas
) -> APIRouter:
    router = APIRouter(prefix=f"/dealers/{{dealer}}/{kind}-shops/{{shop}}", tags=["top article"])
    edits = Depends(access.requires("edit-shops"))

    async def change(
        dealer: str, shop: str, request: RequestContext, change: TopArticleChange
    ) -> None:
        edits_own(request)
        await quotas.count("shop-changes", request)
        key = ShopKey(dealer, kind, shop)
        history: History[Any, Any] = history_of(key)
        command = ChangeTopArticles(key, change, request.context.at)
        await maintain(
            store,
            request,
            key,
            [history],
            lambda _, states: ([], [history.decider.decide(command, states[0])]),
        )

    @router.put("/top-articles/{article}", status_code=204)
    async def add_top_article(
        dealer: Id, shop: Id, article: ArticleKey, request: Annotated[RequestContext, edits]
    ) -> None:
        """Add an article behind the other top articles; three are shown, or none."""
        edits_own(request)
        await quotas.count("shop-changes", request)
        key, number = ShopKey(dealer, kind, shop), number_in(article)
        known = await catalogue.article(dealer, number)
        if known is None:
            raise ArticleUnknownError(number)
        history: History[Any, Any] = history_of(key)

        def decide(_: Placement, states: Sequence[Any]) -> tuple[Sequence[Event], Decided]:
            of_shop, assortment = states
            added = addition(key, number, known, of_shop, assortment)
            command = ChangeTopArticles(key, added, request.context.at)
            return [], [history.decider.decide(command, of_shop), []]

        await maintain(store, request, key, [history, assortment_history(key)], decide)

    @router.delete("/top-articles/{article}", status_code=204)
    async def remove_top_article(
        dealer: Id, shop: Id, article: ArticleKey, request: Annotated[RequestContext, edits]
    ) -> None:
        """Take an article out of the top articles."""
        await change(dealer, shop, request, RemoveTopArticle(number_in(article)))

    @router.put("/top-article-positions", status_code=204)
    async def order_top_articles(
        dealer: Id, shop: Id, body: Positions, request: Annotated[RequestContext, edits]
    ) -> None:
        """Save all positions together."""
        await change(dealer, shop, request, OrderTopArticles(body.numbers))

    @router.put("/top-article-prices", status_code=204)
    async def price_top_articles(
        dealer: Id, shop: Id, body: Prices, request: Annotated[RequestContext, edits]
    ) -> None:
        """Save all strike prices together; an article without one has none any more."""
        articles = tuple(
            TopArticle(price.number, price.strike_price, price.strike_from, price.strike_until)
            for price in body.prices
        )
        await change(dealer, shop, request, PriceTopArticles(articles))

    return router


def number_in(article: str) -> str:
    """Raise ArticleUnknownError for a key of no number."""
    try:
        return number_of(article)
    except ValueError:
        raise ArticleUnknownError from None


def addition(
    key: ShopKey, number: str, known: Article, of_shop: Any, assortment: Assortment
) -> AddTopArticle:
    """The top articles of an overview may be any; those of a shop are of its assortment."""
    if key.shop == OVERVIEW:
        return AddTopArticle(number, has_assortment=True, in_assortment=True)
    shop: Shop = shop_of(of_shop, key.kind)
    if shop.head.brand:
        return AddTopArticle(
            number, has_assortment=True, in_assortment=known.brand == shop.head.brand
        )
    return AddTopArticle(
        number, has_assortment=assortment.is_there, in_assortment=number in assortment
    )
