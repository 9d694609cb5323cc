"""The routes of shops, of both kinds."""

from collections.abc import Iterator

from fastapi import APIRouter

from catalog_shops.placement.api import placement_api
from catalog_shops.placement.view import PlacementView
from catalog_shops.quotas import Quotas
from catalog_shops.shop.api import shop_api
from catalog_shops.shop.assortment_api import assortment_api
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.graphic_api import shop_graphic_api
from catalog_shops.shop.top_article_api import top_article_api
from catalog_shops.shop.upload import AssortmentImport
from catalog_shops.shop.view import ShopView
from zugabe_events.contracts.catalog_shops import ShopKind
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access

KINDS: tuple[ShopKind, ...] = ("brand", "theme")


def shop_routers(
    store: EventStore,
    catalogue: Catalogue,
    shops: Views[ShopView],
    placements: Views[PlacementView],
    access: Access,
    quotas: Quotas,
) -> Iterator[APIRouter]:
    for kind in KINDS:
        yield shop_api(kind, store, catalogue, shops, access, quotas)
        yield top_article_api(kind, store, catalogue, access, quotas)
        yield assortment_api(kind, AssortmentImport(store, catalogue), access, quotas)
        yield shop_graphic_api(kind, store, access, quotas)
        yield placement_api(kind, store, placements, access, quotas)
