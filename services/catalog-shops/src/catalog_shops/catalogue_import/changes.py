"""Changes by one article of a catalogue: a record and present states in, events out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from catalog_shops.article.decider import (
    ARTICLE_DECIDER,
    ArticleState,
    DelistArticle,
    PutArticle,
    SetPrices,
    decide,
)
from catalog_shops.catalogue_import.records import CatalogueArticle, GroupPath, RecordPrice
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleDelisted,
    ArticleEvent,
    ArticleImage,
    ArticleListed,
    ImportScope,
    Price,
)

type Effect = Literal["new", "changed", "unchanged", "delisted"]


@dataclass(frozen=True, slots=True)
class MasterData:
    """Ids of brands by their names, and of product groups by their paths; with the reasons why some
    names are those of no brand, and why some groups cannot be placed."""

    brands: dict[str, str] = field(default_factory=dict)
    unnamed: dict[str, str] = field(default_factory=dict)
    groups: dict[GroupPath, str] = field(default_factory=dict)
    refused: dict[GroupPath, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purpose:
    """The purpose of an import; without a `catalogue`, articles stay with the one they are of."""

    dealer: str
    scope: ImportScope
    catalogue: str


def changes_of(
    record: CatalogueArticle,
    purpose: Purpose,
    known: MasterData,
    state: ArticleState,
    central: ArticleState,
    at: datetime,
) -> Sequence[ArticleEvent]:
    """The events that make the article what the record says. Raises what the decider raises."""
    dealer, number = purpose.dealer, record.number
    if record.action == "delist-missing" and not is_of(purpose, state.article):
        return []
    if record.action in ("delist", "delist-missing"):
        return decide(DelistArticle(dealer, number, at), state, central)
    events: list[ArticleEvent] = []
    if record.action == "put":
        article = article_of(record, purpose, known, state.article)
        events += decide(PutArticle(dealer, number, article, at), state, central)
    if record.prices is not None:
        there = ARTICLE_DECIDER.fold(events, state)
        prices = tuple(price_of(price, there) for price in record.prices)
        events += decide(SetPrices(dealer, number, prices, at), there, central)
    return events


def is_of(purpose: Purpose, article: Article | None) -> bool:
    return article is not None and article.use == "sale" and article.catalogue == purpose.catalogue


def article_of(
    record: CatalogueArticle, purpose: Purpose, known: MasterData, present: Article | None
) -> Article:
    """The article with what the record says; what it does not say stays."""
    article = present if present is not None else Article(name="")
    said: dict[str, object] = {
        name: value for name in PLAIN_FIELDS if (value := getattr(record, name)) is not None
    }
    if record.brand is not None and record.brand not in known.unnamed:
        said["brand"] = known.brands[record.brand] if record.brand else ""
    if record.groups is not None:
        groups = (known.groups.get(path) for path in record.groups)
        said["groups"] = tuple(dict.fromkeys(filter(None, groups)))
    if record.images is not None:
        said["images"] = images_of(record.images, article)
    if purpose.scope == "gifts":
        said["use"] = "gift"
    return replace(article, **said, catalogue=purpose.catalogue or article.catalogue)


PLAIN_FIELDS = (
    "name",
    "text",
    "manufacturer",
    "manufacturer_number",
    "media",
    "gtin",
    "keywords",
    "order_unit",
    "tax",
    "availability",
    "use",
    "catalogue_flag",
)


def images_of(sources: Sequence[str], present: Article) -> tuple[ArticleImage, ...]:
    """An image whose graphic is stored already keeps it."""
    stored = {image.source: image for image in present.images}
    return tuple(stored.get(source) or ArticleImage("", source) for source in sources)


def price_of(price: RecordPrice, state: ArticleState) -> Price:
    """A price whose unit the file does not name keeps that of the present prices."""
    quantity = price.quantity
    if quantity is None:
        quantity = state.prices[0].quantity if state.prices else 1
    return Price(price.steps, quantity, price.valid_from, price.valid_until)


def notices_of(record: CatalogueArticle, known: MasterData) -> Sequence[str]:
    """Errors in the record that were left out, in German."""
    refused = (known.refused.get(path) for path in record.groups or ())
    unnamed = known.unnamed.get(record.brand or "")
    return [*record.notices, *filter(None, (unnamed, *refused))]


def effect_of(events: Sequence[object]) -> Effect:
    """The effect of one article's events on the assortment."""
    if any(isinstance(event, ArticleListed) for event in events):
        return "new"
    if any(isinstance(event, ArticleDelisted) for event in events):
        return "delisted"
    return "changed" if events else "unchanged"
