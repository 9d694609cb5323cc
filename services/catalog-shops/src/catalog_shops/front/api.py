"""The pages of a dealer's front, ready to be rendered by any shop software."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import StringConstraints

from catalog_shops.article.requests import number_in
from catalog_shops.article_number import ArticleKey
from catalog_shops.front.article_page import ArticlePage, article_in_shop, article_page
from catalog_shops.front.header import Header, header
from catalog_shops.front.overview import Overview, overview
from catalog_shops.front.routes import FrontRoutes
from catalog_shops.front.search_page import SearchPage, search_page
from catalog_shops.front.shop_page import ArticleList, ShopPage, article_list, shop_page
from catalog_shops.front.sources import FrontParts
from catalog_shops.front.start import NoResult, Start, no_result, start
from catalog_shops.front.visit import Asked
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Cursor, Id, Text

UrlName = Annotated[
    str, StringConstraints(pattern=r"^(zentral\.)?[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


def front_api(parts: FrontParts, access: Access) -> APIRouter:
    routes = FrontRoutes(parts, access)
    add_pages_about_shops(routes)
    add_pages_of_a_shop(routes)
    add_search(routes)
    return routes.router


def add_pages_about_shops(routes: FrontRoutes) -> None:
    @routes.page("/header", Header)
    def get_header(dealer: Id) -> Asked:
        """The button „Shops“ of every page, with its flyout."""
        return Asked(dealer, "header", header)

    @routes.page("/start", Start)
    def get_start(dealer: Id) -> Asked:
        """The start page: header, carpet of brands, containers and the first theme shops (CS-6)."""
        return Asked(dealer, "start", start)

    @routes.page("/no-result", NoResult)
    def get_no_result(dealer: Id, q: Annotated[Text | None, Query()] = None) -> Asked:
        """The page for a search without results."""
        key = None if q else "no-result"
        return Asked(dealer, key, partial(no_result, sought=q or ""))

    @routes.page("/brand-shops", Overview)
    def get_brand_shops(dealer: Id, page: PageNumber = 1) -> Asked:
        """The overview of brand shops, page by page."""
        make = partial(overview, kind="brand", page=page)
        return Asked(dealer, ("brand", page), make, has_prices=True)

    @routes.page("/theme-shops", Overview)
    def get_theme_shops(dealer: Id, page: PageNumber = 1) -> Asked:
        """The overview of theme shops, page by page."""
        make = partial(overview, kind="theme", page=page)
        return Asked(dealer, ("theme", page), make, has_prices=True)


def add_pages_of_a_shop(routes: FrontRoutes) -> None:
    @routes.page("/shops/{url_name}", ShopPage)
    def get_shop(dealer: Id, url_name: Annotated[UrlName, Path()]) -> Asked:
        """A shop that is active. A central one whose name an own one has is `zentral.NAME`."""
        make = partial(shop_page, url_name=url_name)
        return Asked(dealer, ("shop", url_name), make, has_prices=True)

    @routes.page("/shops/{url_name}/articles", ArticleList)
    def get_shop_articles(
        dealer: Id,
        url_name: Annotated[UrlName, Path()],
        group: Annotated[Id | None, Query()] = None,
        page: PageNumber = 1,
    ) -> Asked:
        """Articles of a shop, in its order; those of a product group with all below it."""
        make = partial(article_list, url_name=url_name, group=group, page=page)
        return Asked(dealer, ("articles", url_name, group, page), make, has_prices=True)

    @routes.page("/shops/{url_name}/articles/{article}", ArticlePage)
    def get_article_in_shop(
        dealer: Id, url_name: Annotated[UrlName, Path()], article: Annotated[ArticleKey, Path()]
    ) -> Asked:
        """An article with the navigation of the shop in which it is looked at."""
        number = number_in(article)
        make = partial(article_in_shop, url_name=url_name, number=number)
        return Asked(dealer, ("article", url_name, number), make, has_prices=True)


def add_search(routes: FrontRoutes) -> None:
    @routes.page("/articles/{article}", ArticlePage)
    def get_front_article(dealer: Id, article: Annotated[ArticleKey, Path()]) -> Asked:
        """An article, whatever shop it is in."""
        number = number_in(article)
        make = partial(article_page, number=number)
        return Asked(dealer, ("article", number), make, has_prices=True)

    @routes.page("/search", SearchPage)
    def search_front(
        dealer: Id,
        q: Annotated[Text, Query()],
        shop: Annotated[UrlName | None, Query()] = None,
        after: Annotated[Cursor | None, Query()] = None,
    ) -> Asked:
        """Articles by number or words; within a shop only its own."""
        make = partial(search_page, sought=q, url_name=shop, after=after)
        return Asked(dealer, None, make, has_prices=True)
