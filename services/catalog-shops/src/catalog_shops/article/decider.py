"""Articles: master data and prices of one number at one tenant, in one stream.

A dealer's stream holds an article of their own, or only prices for a central article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog_shops.article.master_data import checked_article
from catalog_shops.article.refusals import (
    ArticleNotFoundError,
    GiftNumberTakenError,
    NumberIsCentralError,
    OtherUseError,
)
from catalog_shops.article.schedule import checked_prices
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleChanged,
    ArticleDelisted,
    ArticleEvent,
    ArticleListed,
    Price,
    PriceSet,
)
from zugabe_events.domain.article_number import key_of
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream
from zugabe_events.domain.prices import PriceVersion, next_version, with_version
from zugabe_events.domain.versions import latest


@dataclass(frozen=True, slots=True)
class PutArticle:
    """List an article, list it again, or change its master data, whole."""

    dealer: str
    number: str
    article: Article
    at: datetime


@dataclass(frozen=True, slots=True)
class DelistArticle:
    dealer: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SetPrices:
    """Set all prices of an article at a tenant, whole; none withdraws them.

    `effective_at` is for history that is set up, in the past (X-40).
    """

    dealer: str
    number: str
    prices: tuple[Price, ...]
    at: datetime
    effective_at: datetime | None = None


type Command = PutArticle | DelistArticle | SetPrices


@dataclass(frozen=True, slots=True)
class ArticleState:
    """`article` is None while the tenant has no article of this number, but at most prices."""

    article: Article | None = None
    is_listed: bool = False
    versions: tuple[PriceVersion, ...] = ()

    @property
    def prices(self) -> tuple[Price, ...]:
        """The prices that are in force last."""
        last = latest(self.versions)
        return last.prices if last else ()


NO_ARTICLE = ArticleState()


def decide(
    command: Command, state: ArticleState, central: ArticleState = NO_ARTICLE
) -> Sequence[ArticleEvent]:
    """`central` is the central article of the same number, when `command` is about a dealer's."""
    match command:
        case PutArticle():
            return put(command, state, central)
        case DelistArticle():
            return delist(command, state)
        case SetPrices():
            return set_prices(command, state, central)


def put(
    command: PutArticle, state: ArticleState, central: ArticleState
) -> Sequence[ArticleListed | ArticleChanged]:
    article = checked_article(command.article)
    if state.article is not None and state.article.use != article.use:
        if article.use == "gift":
            raise GiftNumberTakenError(command.number)
        raise OtherUseError(command.number)
    if state.article is None and central.article is not None:
        if article.use == "gift":
            raise GiftNumberTakenError(command.number)
        raise NumberIsCentralError(command.number)
    if not state.is_listed:
        return [ArticleListed(command.dealer, command.number, article, command.at)]
    if state.article != article:
        return [ArticleChanged(command.dealer, command.number, article, command.at)]
    return []


def delist(command: DelistArticle, state: ArticleState) -> Sequence[ArticleDelisted]:
    if state.article is None:
        raise ArticleNotFoundError(command.number)
    if not state.is_listed:
        return []
    return [ArticleDelisted(command.dealer, command.number, command.at)]


def set_prices(
    command: SetPrices, state: ArticleState, central: ArticleState
) -> Sequence[PriceSet]:
    if state.article is None and central.article is None:
        raise ArticleNotFoundError(command.number)
    prices = checked_prices(command.prices)
    added = next_version(state.versions, prices, command.at, command.effective_at)
    if added is None:
        return []
    return [
        PriceSet(command.dealer, command.number, added.version, added.prices, added.effective_at)
    ]


def evolve(state: ArticleState, event: ArticleEvent) -> ArticleState:
    match event:
        case ArticleListed():
            return replace(state, article=event.article, is_listed=True)
        case ArticleChanged():
            return replace(state, article=event.article)
        case ArticleDelisted():
            return replace(state, is_listed=False)
        case PriceSet():
            added = PriceVersion(event.version, event.effective_at, event.prices)
            return replace(state, versions=with_version(state.versions, added))


ARTICLE_DECIDER: Decider[Command, ArticleState, ArticleEvent] = Decider(
    "article", NO_ARTICLE, decide, evolve
)


def article_history(dealer: str, number: str) -> History[ArticleState, ArticleEvent]:
    stream = f"article/{dealer}/{key_of(number)}"
    return History(Stream(stream, stream), ARTICLE_DECIDER)
