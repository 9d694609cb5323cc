"""HTTP for the overview of product types: central implements them, everybody looks (ON-26)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from onboarding.file_import.once import once
from onboarding.partner.arrival import require_arrival
from onboarding.product_type.decider import ImplementDataModel, product_type_history
from onboarding.product_type.file_import import carried_out, prepared
from onboarding.product_type.listing import (
    CATALOGUE,
    GROUP,
    LABEL,
    TABLE,
    CatalogueQuery,
    ProductTypeQuery,
)
from onboarding.product_type.view import ProductTypeView
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Id, Text
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.table_body import TABLE_BODY, Sent, SheetName
from zugabe_events.tables.reader import TableReader
from zugabe_events.tables.report import ImportReport


class DataModel(Body):
    """The id in the path is the label in plain letters."""

    label: Text
    group: Text


def product_type_api(
    store: EventStore,
    product_types: Views[ProductTypeView],
    access: Access,
    exports: Exports,
    tables: TableReader,
) -> APIRouter:
    router = APIRouter(tags=["product-type"])
    implements = Depends(access.requires("implement-data-models"))

    @router.put("/product-types/{product_type}", status_code=status.HTTP_204_NO_CONTENT)
    async def implement(
        product_type: Id,
        body: DataModel,
        request: Annotated[RequestContext, implements],
    ) -> None:
        """Mark a data model as implemented and notify the waiting brands (ON-25)."""
        await request.handle(
            store,
            product_type_history(product_type),
            ImplementDataModel(product_type, body.label, body.group, request.context.at),
        )

    @router.post("/product-type-imports", openapi_extra=TABLE_BODY)
    async def import_file(
        content: Sent,
        request: Annotated[RequestContext, implements],
        sheet: SheetName = None,
        dry_run: bool = True,
    ) -> ImportReport:
        """CSV or workbook with the columns Produkttyp and Gruppe. Unless `dry_run` is false, the
        answer says what would happen, and nothing does."""
        table = await tables.read(content, (LABEL, GROUP), sheet=sheet)
        wanted = await prepared(store, table, request)
        report = wanted.report(dry_run=dry_run)
        if dry_run:
            return report

        async def carry_out() -> ImportReport:
            await carried_out(store, wanted, request)
            return report

        return await once(store, request, report, carry_out)

    @list_routes(router, "/product-types", product_types, TABLE, exports)
    async def list_product_types(
        request: Annotated[RequestContext, Depends(access.requires("see-product-types"))],
        query: Annotated[ProductTypeQuery, Query()],
    ) -> Selection[ProductTypeView]:
        """The product types, with those whose data model is still to come (ON-28)."""
        return Selection({**query.where(), "dealer": CENTRAL})

    @list_routes(router, "/partners/{partner}/product-types", product_types, CATALOGUE, exports)
    async def list_catalogue(
        partner: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-catalogue"))],
        query: Annotated[CatalogueQuery, Query()],
    ) -> Selection[ProductTypeView]:
        """List implemented product types, without the brands that wait for others. Not found for
        a partner who is not welcomed yet (ON-2)."""
        await require_arrival(store, partner, request)
        return Selection({**query.where(), "status": "implemented", "dealer": CENTRAL})

    return router
