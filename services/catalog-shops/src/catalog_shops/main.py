"""Settings, real parts and process of catalog-shops."""

import os
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

from fastapi import FastAPI
from pydantic import DirectoryPath, Field

from catalog_shops.access import RIGHTS
from catalog_shops.app import create_app, read_models_of
from catalog_shops.article.decider import ARTICLE_DECIDER
from catalog_shops.audience.decider import AUDIENCE_DECIDER
from catalog_shops.banner.decider import BANNER_DECIDER
from catalog_shops.brand.decider import BRAND_DECIDER
from catalog_shops.catalogue_import.decider import IMPORT_DECIDER
from catalog_shops.catalogue_import.mongo_storage import DEPLOY_STEPS, mongo_import_storage
from catalog_shops.customer.agreed_price import AGREED_PRICE_DECIDER
from catalog_shops.customer.decider import CUSTOMER_DECIDER
from catalog_shops.dealer.decider import DEALER_DECIDER
from catalog_shops.front.sources import front_process
from catalog_shops.gift.decider import GIFTS_DECIDER
from catalog_shops.graphic.decider import GRAPHIC_DECIDER
from catalog_shops.graphic.storage import BUCKET
from catalog_shops.group.decider import GROUPS_DECIDER
from catalog_shops.media_plan.decider import PLAN_ENTRY_DECIDER
from catalog_shops.placement.decider import PLACEMENT_DECIDER
from catalog_shops.quotas import quotas_by
from catalog_shops.shop.assortment import ASSORTMENT_DECIDER
from catalog_shops.shop.decider import SHOP_DECIDER
from catalog_shops.shop.overview import OVERVIEW_DECIDER
from catalog_shops.shop.reminders import USUAL_DAYS, reviews_after
from catalog_shops.subscriptions import POLICIES, READ_MODELS, TIMERS
from catalog_shops.url_name.decider import URL_NAME_DECIDER
from zugabe_events.cli.service import run as run_service
from zugabe_events.contracts.catalog_shops import CatalogShopsEvent
from zugabe_events.contracts.onboarding import OnboardingEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.files.scanner import scanner_at
from zugabe_events.files.store import MongoFiles, deploy_files
from zugabe_events.http.throttling import MongoTally, deploy_failures
from zugabe_events.runtime.host import Host
from zugabe_events.runtime.service import Service, UploadSettings

SERVICE = Service(
    "catalog-shops",
    own=EventTypes.of(CatalogShopsEvent),
    event_types=EventTypes.of(CatalogShopsEvent, OnboardingEvent),
    deciders=(
        AGREED_PRICE_DECIDER,
        ARTICLE_DECIDER,
        AUDIENCE_DECIDER,
        BRAND_DECIDER,
        CUSTOMER_DECIDER,
        DEALER_DECIDER,
        GIFTS_DECIDER,
        GRAPHIC_DECIDER,
        GROUPS_DECIDER,
        IMPORT_DECIDER,
        ASSORTMENT_DECIDER,
        BANNER_DECIDER,
        OVERVIEW_DECIDER,
        PLACEMENT_DECIDER,
        PLAN_ENTRY_DECIDER,
        SHOP_DECIDER,
        URL_NAME_DECIDER,
    ),
    policies=POLICIES,
    read_models=READ_MODELS,
    timers=TIMERS,
    deploy_steps=(deploy_files(BUCKET), deploy_failures, *DEPLOY_STEPS),
)


class Settings(UploadSettings):
    """The settings of catalog-shops."""

    import_folder: DirectoryPath | None = None
    """folder on disk for catalogues while they are imported, up to 500 MB each; by default that of
    the system for temporary files"""

    shop_review_days: int = Field(USUAL_DAYS, ge=1, le=3_650)
    """days until a brand shop that nobody has changed, activated or reviewed is due for review"""

    def configured(self, service: Service) -> Service:
        reviews = reviews_after(self.shop_review_days)
        timers = [reviews if rule.name == reviews.name else rule for rule in service.timers]
        return replace(service, timers=timers)


def build(host: Host) -> FastAPI:
    settings = host.settings
    assert isinstance(settings, Settings)
    import_folder = settings.import_folder or Path(gettempdir())
    os.environ["SQLITE_TMPDIR"] = str(import_folder)
    return create_app(
        host.store,
        read_models_of(host.views),
        host.access(RIGHTS),
        quotas_by(MongoTally(host.db)),
        MongoFiles(host.db, BUCKET),
        scanner_at(settings.clamav),
        mongo_import_storage(
            host.db,
            f"{settings.instance}/{uuid4()}",
            import_folder,
        ),
        front_process(host.stamps),
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
