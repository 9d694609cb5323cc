"""The overview of all shops of a kind, maintained like a shop: banner, text, three top articles.

(CS-33, CS-43)
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from immutables import Map

from catalog_shops.shop.graphics import ChangeGraphics, graphic_events, with_graphic
from catalog_shops.shop.lane import shop_stream
from catalog_shops.shop.state import Graphics, ShopKey
from catalog_shops.shop.top_articles import ChangeTopArticles, top_article_events
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    OverviewTextSet,
    ShopGraphicSet,
    ShopKind,
    TopArticle,
    TopArticlesSet,
)
from zugabe_events.domain.decider import Decider, History

type OverviewEvent = OverviewTextSet | TopArticlesSet | ShopGraphicSet


@dataclass(frozen=True, slots=True)
class SetOverviewText:
    """`text` is canonical."""

    key: ShopKey
    text: str
    at: datetime


type Command = SetOverviewText | ChangeTopArticles | ChangeGraphics


@dataclass(frozen=True, slots=True)
class Overview:
    text: str = ""
    top_articles: tuple[TopArticle, ...] = ()
    graphics: Graphics = field(default_factory=Map)


def decide(command: Command, overview: Overview) -> Sequence[OverviewEvent]:
    match command:
        case SetOverviewText(key=key, text=text):
            if text == overview.text:
                return []
            return [OverviewTextSet(key.dealer, key.kind, text, command.at)]
        case ChangeTopArticles():
            return top_article_events(command, overview.top_articles)
        case ChangeGraphics():
            return graphic_events(command, overview.graphics)


def evolve(overview: Overview, event: OverviewEvent) -> Overview:
    match event:
        case OverviewTextSet():
            return replace(overview, text=event.text)
        case TopArticlesSet():
            return replace(overview, top_articles=event.articles)
        case ShopGraphicSet():
            return replace(overview, graphics=with_graphic(overview.graphics, event))


OVERVIEW_DECIDER: Decider[Command, Overview, OverviewEvent] = Decider(
    "shop-overview", Overview(), decide, evolve
)


def overview_key(dealer: str, kind: ShopKind) -> ShopKey:
    return ShopKey(dealer, kind, OVERVIEW)


def overview_history(dealer: str, kind: ShopKind) -> History[Overview, OverviewEvent]:
    stream = shop_stream(dealer, f"shop/{dealer}/{kind}/{OVERVIEW}")
    return History(stream, OVERVIEW_DECIDER)
