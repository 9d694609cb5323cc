"""A catalogue with shops, folded into the read models that fronts are made of."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import batched

import msgspec

from benchmarks.samples import NOON
from catalog_shops.article.view import ARTICLES
from catalog_shops.customer.view import AGREED_PRICES
from catalog_shops.front.view import FRONTS
from catalog_shops.shop.assortment_view import ASSORTMENTS
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleListed,
    CatalogShopsEvent,
    Price,
    PriceSet,
    PriceStep,
    ProductGroupPlaced,
    ShopActivated,
    ShopCreated,
    ShopGraphicSet,
    ShopHead,
    ShopKind,
    ShopRef,
    TopArticle,
    TopArticlesSet,
    UrlNameClaimed,
)
from zugabe_events.domain.event import Event, EventTypes
from zugabe_events.messaging.message import Lane, Message
from zugabe_events.mongo.client import Database
from zugabe_events.projections.mongo_views import DocumentFold, ProjectionEffect, deploy_views

MODELS = (AGREED_PRICES, ARTICLES, ASSORTMENTS, FRONTS)
TYPES = EventTypes.of(CatalogShopsEvent)
GROUP_COUNT = 20
KINDS = ("Ordner", "Locher", "Hefter", "Stift", "Block", "Mappe", "Schere", "Kleber")
COLOURS = ("rot", "blau", "grün", "schwarz", "weiß", "gelb", "grau")
BATCH = 5_000


def shops(brands: int, themes: int) -> Iterator[Event]:
    """Central shops with all that pages show of them."""
    counts: dict[ShopKind, int] = {"brand": brands, "theme": themes}
    for kind, count in counts.items():
        for number in range(count):
            shop = f"{kind}-{number}"
            brand = shop if kind == "brand" else ""
            head = ShopHead(f"Shop {shop}", shop, brand, "Alles für das Büro. [br]" * 10)
            yield ShopCreated("central", kind, shop, head, "staff", NOON)
            yield UrlNameClaimed("central", shop, kind, shop)
            for place in ("logo", "content-banner") if kind == "brand" else ("header-banner",):
                yield ShopGraphicSet("central", kind, shop, place, f"{number:064x}", 690, 200, NOON)
            tops = tuple(TopArticle(number_of(number * 1_000 + index)) for index in range(3))
            yield TopArticlesSet("central", kind, shop, tops, NOON)
            ref = ShopRef("central", shop)
            yield ShopActivated("central", kind, number + 1, ref, NOON, "anna")


def articles(first: int, count: int, brands: int) -> Iterator[Event]:
    """Central articles with prices, spread over brands and product groups."""
    for number in range(first, first + count):
        kind = KINDS[number % len(KINDS)]
        name = f"{kind} {COLOURS[number % len(COLOURS)]} Modell {number}"
        yield ArticleListed(
            "central",
            number_of(number),
            Article(
                name,
                text=f"{name}: für Büro und Schule, mit langer Haltbarkeit. " * 4,
                manufacturer=f"Hersteller {number % 50}",
                brand=f"brand-{number // 1_000 % brands}",
                groups=(f"g{number % GROUP_COUNT}",),
                keywords=(kind, f"M{number}"),
            ),
            NOON,
        )
        steps = (PriceStep(1, Decimal("3.49")), PriceStep(10, Decimal("3.29")))
        yield PriceSet("central", number_of(number), 1, (Price(steps),), NOON)


def groups() -> Iterator[Event]:
    for number in range(GROUP_COUNT):
        parent = f"g{number // 5}" if number >= GROUP_COUNT // 4 else ""
        yield ProductGroupPlaced("central", f"g{number}", f"Warengruppe {number}", parent)


def number_of(number: int) -> str:
    return f"N-{number:06}"


async def fold(db: Database, events: Iterable[Event]) -> None:
    """Write the documents of these events; the read models must be empty."""
    for model in MODELS:
        await deploy_views(db, model, 1)
    lane, pos = Lane("catalog-shops", "12345678", 0), 0
    for some in batched(events, BATCH):
        messages = [
            Message(lane, pos + at, pos + at, event.stored_as, msgspec.json.encode(event), [], 1)
            for at, event in enumerate(some, 1)
        ]
        pos += len(some)
        for model in MODELS:
            effect = ProjectionEffect(db, model, 1, TYPES)
            documents: dict[str, DocumentFold] = {}
            await effect.fold(messages, documents)
            await effect.save(documents)
