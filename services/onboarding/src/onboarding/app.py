"""The application of onboarding, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from fastapi import FastAPI

from onboarding.api_words import WORDS
from onboarding.board.api import board_api
from onboarding.board.history_api import history_api
from onboarding.board.lead_times import LEAD_TIMES, LeadTimeView
from onboarding.board.overview import OVERVIEW, OverviewView
from onboarding.board.partner_api import overview_api
from onboarding.board.view import BOARD, BoardView
from onboarding.brand.api import Preconditions, brand_api, release_api
from onboarding.brand.article_api import article_api
from onboarding.document.api import UPLOAD, document_api
from onboarding.document.storage import DocumentStorage, is_document
from onboarding.document.view import DOCUMENTS, DocumentView
from onboarding.form.api import form_api, review_api
from onboarding.form.overview_api import definition_api, forms_overview_api
from onboarding.form.view import FORM_LISTS, FormsView
from onboarding.intake.api import intake_api
from onboarding.material.amazon import AmazonHint
from onboarding.material.api import material_api
from onboarding.material.catalogue import Item
from onboarding.material.files_api import MATERIAL_UPLOAD, material_files_api
from onboarding.material.files_view import MATERIAL_FILES, MaterialFileView
from onboarding.material.reach import REACH, ReachView
from onboarding.material.storage import MaterialStorage, is_material_or
from onboarding.partner.api import partner_api
from onboarding.partner.entrance import Entrance
from onboarding.partner.link import Links
from onboarding.partner.link_api import link_api
from onboarding.product_type.api import product_type_api
from onboarding.product_type.needs_api import needs_api
from onboarding.product_type.view import PRODUCT_TYPES, ProductTypeView
from onboarding.warehouse.api import delivery_api, warehouse_api
from onboarding.warehouse.delivery import DELIVERIES, DeliveryView
from onboarding.warehouse.view import WAREHOUSES, WarehouseView
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.projection import ReadModel
from zugabe_events.domain.views import Views
from zugabe_events.encryption.personal_data import People
from zugabe_events.export.response import Exports
from zugabe_events.files.inspection import Inspection
from zugabe_events.files.kinds import MAX_BYTES
from zugabe_events.files.scanner import Scanner
from zugabe_events.files.store import Files
from zugabe_events.files.sweeper import keep_swept
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.tables.reader import TableReader


@dataclass(frozen=True, slots=True)
class ReadModels:
    """The read models as queries see them."""

    board: Views[BoardView]
    deliveries: Views[DeliveryView]
    documents: Views[DocumentView]
    forms: Views[FormsView]
    lead_times: Views[LeadTimeView]
    material_files: Views[MaterialFileView]
    overview: Views[OverviewView]
    product_types: Views[ProductTypeView]
    reach: Views[ReachView]
    warehouses: Views[WarehouseView]


IMPORTS = ("POST /partner-imports", "POST /product-type-imports")
"""Routes that take a table as body, and so a larger one than others."""


class ViewsOf(Protocol):
    """The documents of a read model."""

    def __call__[View](self, model: ReadModel[View]) -> Views[View]: ...


def read_models_of(views: ViewsOf) -> ReadModels:
    return ReadModels(
        board=views(BOARD),
        deliveries=views(DELIVERIES),
        documents=views(DOCUMENTS),
        forms=views(FORM_LISTS),
        lead_times=views(LEAD_TIMES),
        material_files=views(MATERIAL_FILES),
        overview=views(OVERVIEW),
        product_types=views(PRODUCT_TYPES),
        reach=views(REACH),
        warehouses=views(WAREHOUSES),
    )


@dataclass(frozen=True, slots=True)
class Wishes:
    """Configured by operators: `usual_days` that a phase is expected to take, `preconditions` of
    platforms, and `material` for partners to read."""

    amazon: AmazonHint
    material: Sequence[Item]
    preconditions: Preconditions
    usual_days: Mapping[Phase, int]


def create_app(
    store: EventStore,
    views: ReadModels,
    access: Access,
    people: People,
    links: Links,
    entrance: Entrance,
    wishes: Wishes,
    files: Files,
    scanner: Scanner,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    exports = Exports()
    tables = TableReader()
    inspection = Inspection()
    storage = DocumentStorage(store, files, inspection, scanner, views.documents)
    material = MaterialStorage(store, files, inspection, scanner, views.material_files)
    is_wanted = is_material_or(store, is_document(store))
    routers = [
        article_api(store, access),
        board_api(views.board, views.lead_times, wishes.usual_days, access, exports),
        brand_api(store, access),
        definition_api(store, access),
        delivery_api(views.deliveries, access),
        document_api(storage, access, exports),
        form_api(store, people, access),
        forms_overview_api(store, views.forms, access, exports),
        history_api(store, people, access),
        intake_api(store, people, access, tables),
        link_api(store, people, links, entrance, access),
        material_api(wishes.material, wishes.amazon, views.reach, material, access),
        material_files_api(material, access, exports),
        needs_api(store, views.overview, access),
        overview_api(views.overview, access, people),
        partner_api(store, people, links, access),
        product_type_api(store, views.product_types, access, exports, tables),
        release_api(store, wishes.preconditions, access),
        review_api(store, people, access),
        warehouse_api(store, views.warehouses, access, exports),
    ]
    return http_app(
        "onboarding",
        routers,
        [partial(keep_swept, files, is_wanted, access.now)],
        ready=ready,
        larger_bodies={
            UPLOAD: MAX_BYTES,
            MATERIAL_UPLOAD: MAX_BYTES,
            **dict.fromkeys(IMPORTS, tables.limits.max_bytes),
        },
        words=WORDS,
    )
