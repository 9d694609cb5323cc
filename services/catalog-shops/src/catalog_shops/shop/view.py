"""Shops as the back office and the front of the shop show them; overviews are among them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    AssortmentImported,
    GraphicPlace,
    OverviewTextSet,
    ShopCreated,
    ShopDeleted,
    ShopGraphicSet,
    ShopHeadChanged,
    ShopKind,
    ShopReviewDue,
    ShopReviewed,
    TopArticle,
    TopArticlesSet,
)
from zugabe_events.domain.event import Event, Fact, Instant
from zugabe_events.domain.projection import ListOptions, ReadModel

type Origin = Literal["staff", "onboarding"]
type ShopStatus = Literal["existing", "deleted", "overview"]


class ShopGraphic(Fact, frozen=True):
    """A graphic in its place."""

    place: GraphicPlace
    file: str
    width: int
    height: int


class ShopView(Fact, frozen=True):
    """A shop, or the overview of its kind, which has only a text, top articles and a banner.

    With a `brand` the assortment is the brand's; else it is that of the file, `article_count`
    articles in all (CS-27). `text` is canonical. Whether the shop is active says its placement.
    """

    dealer: str
    kind: ShopKind
    shop: str
    status: ShopStatus
    name: str = ""
    url_name: str = ""
    brand: str = ""
    text: str = ""
    origin: Origin = "staff"
    file_name: str = ""
    article_count: int = 0
    imported_at: Instant | None = None
    top_articles: tuple[TopArticle, ...] = ()
    graphics: tuple[ShopGraphic, ...] = ()
    created_at: Instant | None = None
    changed_at: Instant | None = None
    reviewed_at: Instant | None = None
    review_due_at: Instant | None = None
    review_due: bool = False


def key_of(dealer: str, kind: ShopKind, shop: str) -> str:
    return f"{dealer}/{kind}/{shop}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case (
            ShopCreated()
            | ShopHeadChanged()
            | ShopDeleted()
            | AssortmentImported()
            | TopArticlesSet()
            | ShopGraphicSet()
            | ShopReviewDue()
            | ShopReviewed()
        ):
            return [key_of(event.dealer, event.kind, event.shop)]
        case OverviewTextSet():
            return [key_of(event.dealer, event.kind, OVERVIEW)]
        case _:
            return []


def project(view: ShopView | None, event: Event) -> ShopView | None:
    match event:
        case ShopCreated():
            return created(event)
        case OverviewTextSet():
            overview = view or overview_of(event.dealer, event.kind)
            return replace(changed(overview, event.changed_at), text=event.text)
        case TopArticlesSet() | ShopGraphicSet():
            shop = view or (
                overview_of(event.dealer, event.kind) if event.shop == OVERVIEW else None
            )
            return shop and with_content(changed(shop, event.changed_at), event)
        case _:
            return view and projected(view, event)


def projected(view: ShopView, event: Event) -> ShopView:
    match event:
        case ShopDeleted():
            return replace(view, status="deleted", review_due=False)
        case ShopReviewDue():
            return replace(view, review_due=True, review_due_at=event.due_at)
        case ShopReviewed():
            return replace(view, review_due=False, reviewed_at=event.reviewed_at)
        case AssortmentImported():
            return replace(
                changed(view, event.imported_at),
                file_name=event.file_name,
                article_count=len(event.articles),
                imported_at=event.imported_at,
            )
        case ShopHeadChanged():
            return with_head(changed(view, event.changed_at), event)
        case _:
            return view


def with_content(view: ShopView, event: TopArticlesSet | ShopGraphicSet) -> ShopView:
    if isinstance(event, TopArticlesSet):
        return replace(view, top_articles=event.articles)
    graphics = tuple(each for each in view.graphics if each.place != event.place)
    if event.file:
        graphics = (*graphics, ShopGraphic(event.place, event.file, event.width, event.height))
    return replace(view, graphics=graphics)


def created(event: ShopCreated) -> ShopView:
    head, at = event.head, event.created_at
    return ShopView(
        event.dealer,
        event.kind,
        event.shop,
        "existing",
        name=head.name,
        url_name=head.url_name,
        brand=head.brand,
        text=head.text,
        origin=event.origin,
        created_at=at,
        changed_at=at,
    )


def with_head(view: ShopView, event: ShopHeadChanged) -> ShopView:
    head = event.head
    return replace(view, name=head.name, url_name=head.url_name, brand=head.brand, text=head.text)


def changed(view: ShopView, at: datetime) -> ShopView:
    """Whoever changes a shop has looked at it."""
    return replace(view, changed_at=at, review_due=False)


def overview_of(dealer: str, kind: ShopKind) -> ShopView:
    return ShopView(dealer, kind, OVERVIEW, "overview")


SHOPS = ReadModel(
    name="catalog-shops.shops",
    version=1,
    topics=("catalog-shops",),
    view=ShopView,
    keys=keys,
    project=project,
    indexes=(
        ("dealer", "kind", "status", "name", "_id"),
        ("dealer", "kind", "status", "brand", "_id"),
        ("dealer", "kind", "status", "origin", "name", "_id"),
    ),
    lists=ListOptions(("review_due",), ("review_due_at",)),
)
