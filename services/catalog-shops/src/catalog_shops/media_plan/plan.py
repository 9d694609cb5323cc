"""A media plan with all that it refers to, and what can be wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from catalog_shops.media_plan.schedule import Planned
from catalog_shops.media_plan.spans import Span
from zugabe_events.contracts.catalog_shops import Banner, ShopKind, ShopRef, TopArticle
from zugabe_events.domain.calendar import german_date
from zugabe_events.domain.event import Fact

type ConflictCode = Literal[
    "banner-missing",
    "banner-shop-inactive",
    "central-shops-adopted",
    "place-taken",
    "shop-missing",
    "shop-on-and-off",
    "strike-article-missing",
]

type ShopId = tuple[ShopKind, ShopRef]

NOUNS: Mapping[ShopKind, str] = {"brand": "Markenshop", "theme": "Themenshop"}


class Conflict(Fact, frozen=True):
    """`detail` is a German sentence; the ids are those that it is about, "" if there are none."""

    code: ConflictCode
    detail: str
    first_day: date
    last_day: date | None
    entry_id: str = ""
    other_entry_id: str = ""
    banner_id: str = ""
    kind: ShopKind | None = None
    shop: ShopRef | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class KnownShop:
    """A shop that exists."""

    name: str
    top_articles: Sequence[TopArticle]


@dataclass(frozen=True, slots=True)
class PlacedBanner:
    banner_id: str
    banner: Banner


@dataclass(frozen=True, slots=True)
class Plan:
    """A tenant's plan with all that it refers to. `adopted` are kinds that central arranges;
    `entries` are those that count there, the tenant's own being `own`. `sold` are numbers."""

    own: Sequence[Planned]
    entries: Mapping[ShopKind, Sequence[Planned]]
    arranged: Mapping[ShopKind, frozenset[ShopRef]]
    adopted: frozenset[ShopKind]
    banners: Sequence[PlacedBanner]
    shops: Mapping[ShopId, KnownShop]
    sold: frozenset[str]

    def name_of(self, kind: ShopKind, shop: ShopRef) -> str:
        known = self.shops.get((kind, shop))
        return (
            f"{NOUNS[kind]} „{known.name}“" if known else f"{NOUNS[kind]}, den es nicht mehr gibt,"
        )


def during(span: Span) -> str:
    first = german_date(span.first)
    if span.last is None:
        return f"ab dem {first}"
    return f"am {first}" if span.last == span.first else f"vom {first} bis {german_date(span.last)}"
