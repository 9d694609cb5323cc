"""A brand or theme shop: its main data, top articles, graphics and reviews.

Its URL name, its assortment and its place among the others have histories of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog_shops.shop.graphics import ChangeGraphics, graphic_events, with_graphic
from catalog_shops.shop.lane import shop_stream
from catalog_shops.shop.refusals import OverviewIdError, ShopDeletedError, ShopNotFoundError
from catalog_shops.shop.review import FlagReview, ReviewShop, flag, review
from catalog_shops.shop.state import Deleted, Shop, ShopKey, ShopState, Unknown
from catalog_shops.shop.top_articles import ChangeTopArticles, top_article_events
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    ReviewEvent,
    ShopCreated,
    ShopDeleted,
    ShopEvent,
    ShopGraphicSet,
    ShopHead,
    ShopHeadChanged,
    ShopKind,
    ShopReviewDue,
    ShopReviewed,
    TopArticlesSet,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError


@dataclass(frozen=True, slots=True)
class SaveHead:
    """Create a shop, or change its main data. `head` has its URL name and text normalised."""

    key: ShopKey
    head: ShopHead
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposeShop:
    """Create a shop that nobody asked for; nothing happens if its id is known."""

    key: ShopKey
    head: ShopHead | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DeleteShop:
    key: ShopKey
    at: datetime


type Command = (
    SaveHead
    | ProposeShop
    | DeleteShop
    | ChangeTopArticles
    | ChangeGraphics
    | FlagReview
    | ReviewShop
)
type ShopStreamEvent = ShopEvent | ReviewEvent


def decide(command: Command, state: ShopState) -> Sequence[ShopStreamEvent]:
    match command:
        case SaveHead():
            return save(command, state)
        case ProposeShop():
            return propose(command, state)
        case DeleteShop():
            return delete(command, state)
        case ChangeTopArticles():
            return top_article_events(command, shop_of(state, command.key.kind).top_articles)
        case ChangeGraphics():
            return graphic_events(command, shop_of(state, command.key.kind).graphics)
        case FlagReview():
            return flag(command, state)
        case ReviewShop():
            return review(command, shop_of(state, command.key.kind))


def save(command: SaveHead, state: ShopState) -> Sequence[ShopEvent]:
    key, head = command.key, command.head
    if key.shop == OVERVIEW:
        raise OverviewIdError
    if key.kind == "theme" and head.brand:
        raise InvalidError("Ein Themenshop hat keine Marke.", code="brand-not-wanted")
    match state:
        case Unknown():
            return [ShopCreated(key.dealer, key.kind, key.shop, head, "staff", command.at)]
        case Shop(head=before) if before == head:
            return []
        case Shop():
            return [ShopHeadChanged(key.dealer, key.kind, key.shop, head, command.at)]
        case Deleted():
            raise ShopDeletedError(key.kind)


def propose(command: ProposeShop, state: ShopState) -> Sequence[ShopEvent]:
    key, head = command.key, command.head
    if head is None or not isinstance(state, Unknown):
        return []
    return [ShopCreated(key.dealer, key.kind, key.shop, head, "onboarding", command.at)]


def delete(command: DeleteShop, state: ShopState) -> Sequence[ShopEvent]:
    key = command.key
    if isinstance(state, Deleted):
        return []
    shop_of(state, key.kind)
    return [ShopDeleted(key.dealer, key.kind, key.shop, command.at)]


def shop_of(state: ShopState, kind: ShopKind) -> Shop:
    """The shop, if there is one. Raises ShopNotFoundError."""
    if not isinstance(state, Shop):
        raise ShopNotFoundError(kind)
    return state


def evolve(state: ShopState, event: ShopStreamEvent) -> ShopState:
    if isinstance(event, ShopCreated):
        return Shop(event.head, event.created_at)
    if not isinstance(state, Shop):
        return state
    match event:
        case ShopDeleted():
            return Deleted()
        case ShopHeadChanged():
            return seen(replace(state, head=event.head), event.changed_at)
        case TopArticlesSet():
            return seen(replace(state, top_articles=event.articles), event.changed_at)
        case ShopGraphicSet():
            graphics = with_graphic(state.graphics, event)
            return seen(replace(state, graphics=graphics), event.changed_at)
        case ShopReviewDue():
            return replace(state, review_due=True)
        case ShopReviewed():
            return seen(state, event.reviewed_at)


def seen(shop: Shop, at: datetime) -> Shop:
    return replace(shop, seen_at=at, review_due=False)


SHOP_DECIDER: Decider[Command, ShopState, ShopStreamEvent] = Decider(
    "shop", Unknown(), decide, evolve
)


def shop_history(key: ShopKey) -> History[ShopState, ShopStreamEvent]:
    return History(
        shop_stream(key.dealer, f"shop/{key.dealer}/{key.kind}/{key.shop}"), SHOP_DECIDER
    )
