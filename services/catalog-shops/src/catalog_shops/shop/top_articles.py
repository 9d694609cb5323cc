"""Top articles of a shop: up to three, in their order, each with an optional strike price."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog_shops.article.schedule import checked_amount
from catalog_shops.shop.refusals import (
    AssortmentMissingError,
    NotInAssortmentError,
    TooManyTopArticlesError,
    TopArticleMissingError,
    TopArticlesChangedError,
)
from catalog_shops.shop.state import ShopKey
from zugabe_events.contracts.catalog_shops import TopArticle, TopArticlesSet
from zugabe_events.domain.errors import InvalidError

SHOWN = 3
"""Exactly so many are shown, or none (CS-24)."""

type TopArticles = tuple[TopArticle, ...]


@dataclass(frozen=True, slots=True)
class AddTopArticle:
    """`has_assortment` and `in_assortment` are what the shop's assortment says of the number."""

    number: str
    has_assortment: bool
    in_assortment: bool


@dataclass(frozen=True, slots=True)
class RemoveTopArticle:
    number: str


@dataclass(frozen=True, slots=True)
class OrderTopArticles:
    """All positions, saved together (CS-32)."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PriceTopArticles:
    """All strike prices, saved together (CS-32), in any order."""

    articles: TopArticles


@dataclass(frozen=True, slots=True)
class ReplaceTopArticles:
    """The top articles of an imported assortment."""

    articles: TopArticles


type TopArticleChange = (
    AddTopArticle | RemoveTopArticle | OrderTopArticles | PriceTopArticles | ReplaceTopArticles
)


@dataclass(frozen=True, slots=True)
class ChangeTopArticles:
    key: ShopKey
    change: TopArticleChange
    at: datetime


def top_article_events(command: ChangeTopArticles, before: TopArticles) -> list[TopArticlesSet]:
    """Raises RefusedError."""
    key, articles = command.key, changed(command.change, before)
    if articles == before:
        return []
    return [TopArticlesSet(key.dealer, key.kind, key.shop, articles, command.at)]


def changed(change: TopArticleChange, before: TopArticles) -> TopArticles:
    """The top articles after a change. Raises RefusedError."""
    numbers = [article.number for article in before]
    match change:
        case AddTopArticle():
            return before if change.number in numbers else added(change, before)
        case RemoveTopArticle(number=number):
            if number not in numbers:
                raise TopArticleMissingError
            return tuple(article for article in before if article.number != number)
        case OrderTopArticles():
            check_same(change.numbers, numbers)
            return tuple(before[numbers.index(number)] for number in change.numbers)
        case PriceTopArticles():
            for article in change.articles:
                check_period(article)
            priced = {article.number: with_strike_price(article) for article in change.articles}
            check_same([article.number for article in change.articles], numbers)
            return tuple(priced[number] for number in numbers)
        case ReplaceTopArticles():
            return tuple(map(with_strike_price, change.articles))


def added(change: AddTopArticle, before: TopArticles) -> TopArticles:
    if not change.has_assortment:
        raise AssortmentMissingError
    if not change.in_assortment:
        raise NotInAssortmentError(change.number)
    if len(before) >= SHOWN:
        raise TooManyTopArticlesError
    return (*before, TopArticle(change.number))


def check_period(article: TopArticle) -> None:
    """A price that is set by hand needs the first and the last day of its period (CS-32)."""
    if article.strike_price is not None and not (article.strike_from and article.strike_until):
        raise InvalidError(
            "Zu einem Streichpreis muss der ganze Aktionszeitraum angegeben werden.",
            code="strike-price-validity-missing",
        )


def check_same(named: Sequence[str], present: Sequence[str]) -> None:
    if sorted(named) != sorted(present):
        raise TopArticlesChangedError


def with_strike_price(article: TopArticle) -> TopArticle:
    """The top article with its price in the one form. Raises InvalidError (CS-25)."""
    price, first, last = article.strike_price, article.strike_from, article.strike_until
    if price is None:
        if first or last:
            raise InvalidError(
                "Die Gültigkeit gehört zu einem Streichpreis, der fehlt.",
                code="strike-price-missing",
            )
        return article
    if first is None and last is None:
        raise InvalidError(
            "Zu einem Streichpreis muss ein Gültigkeitsdatum angegeben werden.",
            code="strike-price-validity-missing",
        )
    if first is not None and last is not None and last < first:
        raise InvalidError("Die Gültigkeit endet, bevor sie beginnt.", code="validity-reversed")
    return TopArticle(article.number, checked_amount(price), first, last)
