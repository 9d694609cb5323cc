"""Routes of articles: list, change, delist and price them, and find them again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from catalog_shops.article.decider import DelistArticle, PutArticle, SetPrices
from catalog_shops.article.explanation import PriceAnswer, explained
from catalog_shops.article.listing import TABLE, ArticleQuery
from catalog_shops.article.maintenance import ArticleMaintenance
from catalog_shops.article.offer import EffectiveArticle, effective_article, offer_of
from catalog_shops.article.refusals import ArticleNotFoundError
from catalog_shops.article.requests import ArticleBody, PricesBody, Quantity, number_in
from catalog_shops.article.search import Wanted, search_articles
from catalog_shops.article.view import ArticleView
from catalog_shops.article_number import ArticleKey
from catalog_shops.group.tree import tree_of
from catalog_shops.group.view import GroupsView
from catalog_shops.quotas import Quotas
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import ArticleUse
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import FilterValue, OneOf, Page, Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.effective import past_of
from zugabe_events.http.fields import Cursor, Id, Instant, Limit, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """`key` is the number as it stands in URLs."""

    dealer: str
    number: str
    key: str


def article_api(
    store: EventStore,
    articles: Views[ArticleView],
    groups: Views[GroupsView],
    access: Access,
    quotas: Quotas,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["article"])
    maintenance = ArticleMaintenance(store)
    edits = Depends(access.requires("edit-articles"))
    prices = Depends(access.requires("edit-prices"))
    sees = Depends(reads(access.requires("see-articles"), articles, groups))
    lists = Depends(reads(access.requires("see-articles"), groups))

    @router.put("/articles/{key}")
    async def put_article(
        dealer: Id, key: ArticleKey, body: ArticleBody, request: Annotated[RequestContext, edits]
    ) -> StoredArticle:
        """List an article, list it again, or change its master data."""
        edits_own(request)
        await quotas.count("articles", request)
        command = PutArticle(dealer, number_in(key), body.article(), request.context.at)
        await maintenance.execute(command, request)
        return StoredArticle(dealer, command.number, key)

    @router.delete("/articles/{key}", status_code=204)
    async def delist_article(
        dealer: Id, key: ArticleKey, request: Annotated[RequestContext, edits]
    ) -> None:
        """Take an article out of the assortment. Its number stays its own."""
        edits_own(request)
        command = DelistArticle(dealer, number_in(key), request.context.at)
        await maintenance.execute(command, request)

    @router.put("/articles/{key}/prices", status_code=204)
    async def set_prices(
        dealer: Id, key: ArticleKey, body: PricesBody, request: Annotated[RequestContext, prices]
    ) -> None:
        """Set all prices of an article, or a dealer's own prices of a central article."""
        edits_own(request)
        await quotas.count("prices", request)
        past = past_of(request, body.effective_at)
        number = number_in(key)
        command = SetPrices(dealer, number, body.schedule(), request.context.at, past)
        await maintenance.execute(command, request)

    @router.get("/articles/{key}")
    async def get_article(
        dealer: Id, key: ArticleKey, _: Annotated[RequestContext, sees]
    ) -> EffectiveArticle:
        """The dealer's own article, else the central one, with all prices."""
        return await existing(articles, dealer, number_in(key))

    @router.get("/articles/{key}/price")
    async def get_price(
        dealer: Id,
        key: ArticleKey,
        request: Annotated[RequestContext, sees],
        quantity: Annotated[Quantity, Query(strict=False)] = 1,
        at: Annotated[Instant | None, Query()] = None,
    ) -> PriceAnswer:
        """The price for everybody, now or at another instant."""
        effective = await existing(articles, dealer, number_in(key))
        instant = at or request.context.at
        return explained(offer_of(effective, instant, quantity=quantity), effective, instant)

    @router.get("/article-search")
    async def search(
        dealer: Id,
        _: Annotated[RequestContext, sees],
        q: Annotated[Text, Query()],
        group: Annotated[Id | None, Query()] = None,
        brand: Annotated[Id | None, Query()] = None,
        use: Annotated[ArticleUse | None, Query()] = None,
        after: Annotated[Cursor | None, Query()] = None,
        limit: Annotated[Limit, Query()] = 50,
    ) -> Page[ArticleView]:
        """Own and central articles: numbers that begin with `q`, then articles with its words."""
        where: dict[str, FilterValue] = {}
        if group is not None:
            where["groups"] = OneOf((await tree_of(groups, dealer)).with_below(group))
        where |= {name: value for name, value in (("brand", brand), ("use", use)) if value}
        return await search_articles(articles, dealer, Wanted(q, where), after=after, limit=limit)

    @list_routes(router, "/articles", articles, TABLE, exports)
    async def list_articles(
        dealer: Id,
        request: Annotated[RequestContext, lists],
        query: Annotated[ArticleQuery, Query()],
    ) -> Selection[ArticleView]:
        """Articles that this tenant maintains, with their prices of central ones."""
        return Selection({**await condition(groups, dealer, query), "dealer": dealer})

    @list_routes(router, "/central-articles", articles, TABLE, exports)
    async def list_central_articles(
        dealer: Id,
        request: Annotated[RequestContext, lists],
        query: Annotated[ArticleQuery, Query()],
    ) -> Selection[ArticleView]:
        """Articles that are maintained centrally, and offered by all dealers."""
        return Selection({**await condition(groups, dealer, query), "dealer": CENTRAL})

    return router


async def existing(articles: Views[ArticleView], dealer: str, number: str) -> EffectiveArticle:
    """Raises ArticleNotFoundError."""
    found = await effective_article(articles, dealer, number)
    if found is None:
        raise ArticleNotFoundError(number)
    return found


async def condition(
    groups: Views[GroupsView], dealer: str, query: ArticleQuery
) -> Mapping[str, FilterValue]:
    if query.groups is None:
        return query.where()
    return {
        **query.where(),
        "groups": OneOf((await tree_of(groups, dealer)).with_below(query.groups)),
    }
