"""HTTP for the product types of a brand: needed, missing and reported ones."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from onboarding.board.overview import OverviewView
from onboarding.brand.data_models import (
    DAYS,
    MAX_TYPES,
    PRICE_CENTS,
    NeededProductType,
    NeedProductTypes,
    RequestDataModels,
)
from onboarding.brand.decider import with_partner
from onboarding.brand.state import BrandNotFoundError, Progress
from onboarding.partner.state import Open, manager_of
from onboarding.product_type.decider import Implemented, id_of, product_type_history
from zugabe_events.contracts.onboarding import DataModelsRequested
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, Text, at_most
from zugabe_events.http.request_context import RequestContext

type NeedStatus = Literal["available", "missing", "reported", "overdue"]


class Needs(Body):
    """As people call them; one written in several ways counts once."""

    product_types: Annotated[
        tuple[Text, ...], Field(min_length=1, max_length=MAX_TYPES), at_most(MAX_TYPES)
    ]


class MissingTypes(Body):
    """Those to report, by their ids; without any, all that are missing and not reported yet."""

    product_types: Annotated[tuple[Id, ...], Field(max_length=MAX_TYPES), at_most(MAX_TYPES)] = ()


@dataclass(frozen=True, slots=True)
class NeedView:
    """`due_on`: by the end of that day in Berlin the data model is there (ON-28)."""

    product_type: str
    label: str
    status: NeedStatus
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class NeedsView:
    """With the price of a new data model and the days it takes (ON-28)."""

    brand: str
    product_types: tuple[NeedView, ...]
    price_cents: int = PRICE_CENTS
    days: int = DAYS


@dataclass(frozen=True, slots=True)
class DataModelReport:
    request: str
    product_types: tuple[str, ...]
    labels: tuple[str, ...]
    due_on: date
    price_cents: int


def needs_api(store: EventStore, overview: Views[OverviewView], access: Access) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}/brands/{brand}", tags=["product-type"])
    names = Depends(access.requires("name-product-types"))

    @router.put("/product-types")
    async def need_product_types(
        partner: Id,
        brand: Id,
        body: Needs,
        request: Annotated[RequestContext, names],
    ) -> NeedsView:
        """Replace the brand's product types (ON-24)."""
        types = await with_data_models(store, body.product_types)
        command = NeedProductTypes(types, request.context.at)
        await request.handle_together(store, *with_partner(partner, brand, command))
        views = (
            NeedView(need.product_type, need.label, "available" if need.available else "missing")
            for need in types
        )
        return NeedsView(brand, tuple(views))

    @router.get("/product-types")
    async def get_needs(
        partner: Id,
        brand: Id,
        request: Annotated[
            RequestContext, Depends(reads(access.requires("see-catalogue"), overview))
        ],
    ) -> NeedsView:
        """Not found for a partner who is not welcomed yet (ON-2)."""
        view = await overview.get(partner)
        knows = view is not None and (view.welcomed or request.principal.role != "partner")
        if view is None or not knows or brand not in view.brands:
            raise BrandNotFoundError
        return NeedsView(brand, needs_of(view.brands[brand].progress))

    @router.post("/data-model-requests", status_code=201)
    async def report_missing(
        partner: Id,
        brand: Id,
        body: MissingTypes,
        request: Annotated[RequestContext, names],
    ) -> DataModelReport:
        """Request missing data models from Customer Success, free of charge (ON-27, ON-28)."""
        request_id = str(request.attempt())

        def command(onboarding: Open) -> RequestDataModels:
            manager, at = manager_of(onboarding), request.context.at
            return RequestDataModels(request_id, body.product_types, manager, at)

        handled = await request.handle_together(store, *with_partner(partner, brand, command))
        reported = handled.of(DataModelsRequested)
        assert reported is not None, "what is not reported is refused"
        return DataModelReport(
            reported.request,
            reported.product_types,
            reported.labels,
            reported.due_on,
            reported.price_cents,
        )

    return router


async def with_data_models(
    store: EventStore, labels: tuple[str, ...]
) -> tuple[NeededProductType, ...]:
    """Each once, in the first of its spellings or, if it is implemented, in central's."""
    by_id: dict[str, str] = {}
    for label in labels:
        by_id.setdefault(id_of(label), label)
    states = await states_of(store, [product_type_history(name) for name in by_id])
    return tuple(
        NeededProductType(name, state.label, available=True)
        if isinstance(state, Implemented)
        else NeededProductType(name, label, available=False)
        for (name, label), state in zip(by_id.items(), states, strict=True)
    )


def needs_of(progress: Progress) -> tuple[NeedView, ...]:
    """By label, as people look for them."""
    needs = (need_of(name, progress) for name in progress.product_types)
    return tuple(sorted(needs, key=lambda need: (need.label.casefold(), need.product_type)))


def need_of(product_type: str, progress: Progress) -> NeedView:
    label = progress.labels.get(product_type, product_type)
    if product_type in progress.available:
        return NeedView(product_type, label, "available")
    for request in progress.requests.values():
        if product_type in request.product_types:
            late = product_type in request.overdue
            return NeedView(product_type, label, "overdue" if late else "reported", request.due_on)
    return NeedView(product_type, label, "missing")
