"""Onboarding, put together from its parts. Nothing here reads the environment."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI

from onboarding.board.api import board_api
from onboarding.board.lead_times import LeadTimeView
from onboarding.board.overview import OverviewView
from onboarding.board.partner_api import overview_api
from onboarding.board.view import BoardView
from onboarding.form.api import form_api
from onboarding.form.overview_api import definition_api, forms_overview_api
from onboarding.form.review_api import review_api
from onboarding.form.view import FormsView
from onboarding.warehouse.api import delivery_api, warehouse_api
from onboarding.warehouse.delivery import DeliveryView
from onboarding.warehouse.view import WarehouseView
from zugabe_events.contracts.onboarding import Phase
from zugabe_events.http import Access, http_app
from zugabe_events.lists.exporting import Exports
from zugabe_events.people.people import People
from zugabe_events.store import EventStore
from zugabe_events.views import Views


@dataclass(frozen=True, slots=True)
class Shown:
    """The read models as queries see them."""

    board: Views[BoardView]
    deliveries: Views[DeliveryView]
    forms: Views[FormsView]
    lead_times: Views[LeadTimeView]
    overview: Views[OverviewView]
    warehouses: Views[WarehouseView]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is configured. `usual_days` is what a phase is expected to take."""

    usual_days: Mapping[Phase, int]


def create_app(
    store: EventStore,
    shown: Shown,
    access: Access,
    people: People,
    wishes: Wishes,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    exports = Exports()
    routers = [
        board_api(shown.board, shown.lead_times, wishes.usual_days, access, exports),
        definition_api(store, access),
        delivery_api(shown.deliveries, access),
        form_api(store, people, access),
        forms_overview_api(store, shown.forms, access, exports),
        overview_api(shown.overview, access, people),
        review_api(store, people, access),
        warehouse_api(store, shown.warehouses, access, exports),
    ]
    return http_app("onboarding", routers, ready=ready)
