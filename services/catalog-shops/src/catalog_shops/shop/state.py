"""The state of a shop, folded from its history."""

from dataclasses import dataclass, field
from datetime import datetime

from immutables import Map

from zugabe_events.contracts.catalog_shops import GraphicPlace, ShopHead, ShopKind, TopArticle

type Graphics = Map[GraphicPlace, str]
"""The file in each place that has one."""


@dataclass(frozen=True, slots=True)
class ShopKey:
    """A shop of a tenant; the overview of a kind has the id OVERVIEW."""

    dealer: str
    kind: ShopKind
    shop: str


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Shop:
    """`seen_at` is when somebody last changed or reviewed it; `review_due` since nobody did."""

    head: ShopHead
    seen_at: datetime
    top_articles: tuple[TopArticle, ...] = ()
    graphics: Graphics = field(default_factory=Map)
    review_due: bool = False


@dataclass(frozen=True, slots=True)
class Deleted:
    pass


type ShopState = Unknown | Shop | Deleted
