"""The application of catalog-shops, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from fastapi import FastAPI

from catalog_shops.api_words import WORDS
from catalog_shops.article.api import article_api
from catalog_shops.article.view import ARTICLES, ArticleView
from catalog_shops.audience.api import audience_api
from catalog_shops.banner.api import banner_api
from catalog_shops.banner.view import BANNERS, BannerView
from catalog_shops.brand.api import brand_api
from catalog_shops.brand.view import BRANDS, BrandView
from catalog_shops.catalogue_import.api import UPLOAD as CATALOGUE_UPLOAD
from catalog_shops.catalogue_import.api import import_api
from catalog_shops.catalogue_import.ports import ImportParts, ImportStorage
from catalog_shops.catalogue_import.upload import MAX_BYTES as MAX_CATALOGUE_BYTES
from catalog_shops.catalogue_import.upload import is_import_file
from catalog_shops.catalogue_import.view import IMPORTS, ImportView
from catalog_shops.catalogue_import.worker import ImportWorker
from catalog_shops.customer.api import customer_api
from catalog_shops.customer.view import AGREED_PRICES, CUSTOMERS, AgreedPriceView, CustomerView
from catalog_shops.dealer.api import dealer_api
from catalog_shops.dealer.view import DEALERS, DealerView
from catalog_shops.front.api import front_api
from catalog_shops.front.sources import FrontParts, FrontProcess, FrontSources
from catalog_shops.front.view import FRONTS, FrontDocument
from catalog_shops.gift.api import gift_api
from catalog_shops.gift.offer import GiftOffers
from catalog_shops.gift.view import GIFTS, OWN_GIFTS, GiftsView, OwnGiftView
from catalog_shops.graphic.api import UPLOAD, graphic_api
from catalog_shops.graphic.rules import MAX_BYTES
from catalog_shops.graphic.storage import GraphicStorage, is_graphic
from catalog_shops.group.api import group_api
from catalog_shops.group.view import GROUPS, GroupsView
from catalog_shops.media_plan.api import media_plan_api
from catalog_shops.media_plan.reading import MediaPlans
from catalog_shops.media_plan.unlocking import UNLOCKINGS, UnlockingView
from catalog_shops.media_plan.view import MEDIA_PLAN, PlanEntryView
from catalog_shops.placement.view import PLACEMENTS, PlacementView
from catalog_shops.quotas import Quotas
from catalog_shops.shop.assortment_api import UPLOADS as ASSORTMENT_UPLOADS
from catalog_shops.shop.assortment_view import ASSORTMENTS, AssortmentView
from catalog_shops.shop.catalogue import Catalogue
from catalog_shops.shop.list_api import shop_lists
from catalog_shops.shop.routers import shop_routers
from catalog_shops.shop.view import SHOPS, ShopView
from catalog_shops.template.api import template_api
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import keep_swept
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access


@dataclass(frozen=True, slots=True)
class ReadModels:
    """The read models as queries see them."""

    agreed_prices: Views[AgreedPriceView]
    articles: Views[ArticleView]
    brands: Views[BrandView]
    customers: Views[CustomerView]
    dealers: Views[DealerView]
    fronts: Views[FrontDocument]
    gifts: Views[GiftsView]
    own_gifts: Views[OwnGiftView]
    groups: Views[GroupsView]
    imports: Views[ImportView]
    assortments: Views[AssortmentView]
    banners: Views[BannerView]
    media_plan: Views[PlanEntryView]
    placements: Views[PlacementView]
    shops: Views[ShopView]
    unlockings: Views[UnlockingView]


class ViewsOf(Protocol):
    """The documents of a read model."""

    def __call__[View](self, model: ReadModel[View]) -> Views[View]: ...


def read_models_of(views: ViewsOf) -> ReadModels:
    return ReadModels(
        agreed_prices=views(AGREED_PRICES),
        articles=views(ARTICLES),
        brands=views(BRANDS),
        customers=views(CUSTOMERS),
        dealers=views(DEALERS),
        fronts=views(FRONTS),
        gifts=views(GIFTS),
        own_gifts=views(OWN_GIFTS),
        groups=views(GROUPS),
        imports=views(IMPORTS),
        assortments=views(ASSORTMENTS),
        banners=views(BANNERS),
        media_plan=views(MEDIA_PLAN),
        placements=views(PLACEMENTS),
        shops=views(SHOPS),
        unlockings=views(UNLOCKINGS),
    )


def create_app(
    store: EventStore,
    views: ReadModels,
    access: Access,
    quotas: Quotas,
    graphics: Files,
    scanner: Scanner,
    imports: ImportStorage,
    front: FrontProcess,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    exports = Exports()
    parts = ImportParts(store, views.articles, imports, access.now)
    worker = ImportWorker(parts)
    sources = FrontSources.of(views.fronts, views.articles, views.assortments, views.agreed_prices)
    catalogue = Catalogue(store, views.articles)
    plans = MediaPlans(views.media_plan, views.banners, views.placements, views.shops, catalogue)
    offers = GiftOffers(views.dealers, views.gifts, views.articles)
    routers = [
        front_api(FrontParts(sources, front), access),
        article_api(store, views.articles, views.groups, access, quotas, exports),
        brand_api(store, views.brands, access, quotas, exports),
        customer_api(
            store, views.customers, views.agreed_prices, views.articles, access, quotas, exports
        ),
        audience_api(store, access, quotas),
        dealer_api(store, views.dealers, access, exports),
        gift_api(store, offers, views.own_gifts, views.customers, access, quotas, exports),
        group_api(store, views.groups, views.articles, access, quotas),
        template_api(),
        import_api(parts, views.imports, worker, access, quotas, exports),
        graphic_api(GraphicStorage(store, graphics, Inspection(), scanner), access, quotas),
        *shop_lists(views.shops, views.placements, access, exports),
        *shop_routers(store, catalogue, views.shops, views.placements, access, quotas),
        banner_api(store, catalogue, views.banners, access, quotas, exports),
        media_plan_api(store, plans, views.unlockings, access, quotas, exports),
    ]
    return http_app(
        "catalog-shops",
        routers,
        [
            worker.run,
            partial(keep_swept, graphics, is_graphic(store), access.now),
            partial(keep_swept, imports.files, is_import_file(store), access.now),
        ],
        ready=ready,
        streamed_bodies={CATALOGUE_UPLOAD: MAX_CATALOGUE_BYTES},
        larger_bodies={UPLOAD: MAX_BYTES, **ASSORTMENT_UPLOADS},
        words=WORDS,
    )
