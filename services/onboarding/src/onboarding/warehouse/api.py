"""HTTP for warehouses: kept by central, shown to a partner as far as disclosed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints

from onboarding.warehouse.decider import KeepWarehouse, UnknownWarehouseError, warehouse_history
from onboarding.warehouse.delivery import DeliveryView, key_of
from onboarding.warehouse.listing import TABLE, WarehouseQuery
from onboarding.warehouse.view import WarehouseView
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Body, Id, LongText, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext

Told = Annotated[LongText, StringConstraints(min_length=1)]


class WarehouseBody(Body):
    """Address and conditions are told to partners when logistics begins (ON-31)."""

    name: Text
    address: Told
    conditions: Told


def warehouse_api(
    store: EventStore, warehouses: Views[WarehouseView], access: Access, exports: Exports
) -> APIRouter:
    router = APIRouter(prefix="/warehouses", tags=["warehouse"])

    @router.put("/{warehouse}")
    async def keep_warehouse(
        warehouse: Id,
        body: WarehouseBody,
        request: Annotated[RequestContext, Depends(access.requires("keep-warehouses"))],
    ) -> WarehouseView:
        """Set up a warehouse, or change its address and conditions (ON-31)."""
        command = KeepWarehouse(warehouse, body.name, body.address, body.conditions)
        await request.handle(store, warehouse_history(warehouse), command)
        return WarehouseView(CENTRAL, warehouse, body.name, body.address, body.conditions)

    @router.get("/{warehouse}")
    async def get_warehouse(
        warehouse: Id,
        _: Annotated[
            RequestContext, Depends(reads(access.requires("keep-warehouses"), warehouses))
        ],
    ) -> WarehouseView:
        """A warehouse, with its address and conditions."""
        view = await warehouses.get(warehouse)
        if view is None:
            raise UnknownWarehouseError
        return view

    @list_routes(router, "", warehouses, TABLE, exports)
    async def list_warehouses(
        request: Annotated[RequestContext, Depends(access.requires("keep-warehouses"))],
        query: Annotated[WarehouseQuery, Query()],
    ) -> Selection[WarehouseView]:
        """All warehouses."""
        return Selection({**query.where(), "dealer": CENTRAL})

    return router


def delivery_api(deliveries: Views[DeliveryView], access: Access) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}/brands/{brand}", tags=["warehouse"])

    @router.get("/warehouse")
    async def get_delivery(
        partner: Id,
        brand: Id,
        _: Annotated[RequestContext, Depends(reads(access.requires("see-delivery"), deliveries))],
    ) -> DeliveryView:
        """Address and conditions are null until logistics begins (ON-31)."""
        view = await deliveries.get(key_of(partner, brand))
        if view is None:
            raise NotFoundError(
                "Für diese Marke ist noch kein Lager gewählt.", code="no-warehouse-chosen"
            )
        return view

    return router
