"""Routes by which a dealer enables and disables customers, and sees them (BO-4, BO-28, BO-30)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from bonus.customer.decider import DisableCustomer, EnableCustomer, customer_history
from bonus.customer.view import CUSTOMERS, CustomerView, key_of
from bonus.programme.decider import programme_history
from bonus.programme.versions import Active
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event_store import EventStore, state_of
from zugabe_events.domain.marketing_module import ModuleView, check_module
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.export.table import Column, Table
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.fields import Id
from zugabe_events.http.list_query import ListQuery
from zugabe_events.http.list_routes import Selection, list_routes
from zugabe_events.http.request_context import RequestContext


class CustomerQuery(ListQuery):
    enabled: bool | None = None
    sort: Literal["customer", "-customer"] = "customer"


TABLE = Table(
    "bonuskunden",
    CUSTOMERS,
    (
        Column("Kunde", lambda view: view.customer),
        Column("Bonusprogramm", lambda view: "aktiv" if view.enabled else "beendet"),
        Column("Freigeschaltet am", lambda view: view.enabled_at, "instant"),
        Column("Beendet am", lambda view: view.disabled_at, "instant"),
        Column("Einlösbar bis", lambda view: view.run_off_until),
    ),
)


def customer_api(
    store: EventStore,
    customers: Views[CustomerView],
    dealers: Views[ModuleView],
    access: Access,
    exports: Exports,
) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}/customers", tags=["customer"])
    edits = Depends(reads(access.requires("edit-bonus-settings"), dealers))
    sees = access.requires("see-bonus-customers")

    @router.put("/{customer}/programme", status_code=204)
    async def enable(dealer: Id, customer: Id, request: Annotated[RequestContext, edits]) -> None:
        """Their users take part from now on. Refused while the programme does not run (BO-28)."""
        await check_module(dealers, dealer)
        programme = await state_of(store, programme_history(dealer))
        command = EnableCustomer(dealer, customer, request.context.at, programme)
        await request.handle(store, customer_history(dealer, customer), command)

    @router.delete("/{customer}/programme", status_code=204)
    async def disable(dealer: Id, customer: Id, request: Annotated[RequestContext, edits]) -> None:
        """Their orders earn nothing any more; points can be redeemed for the run-off (BO-12)."""
        command = DisableCustomer(dealer, customer, request.context.at)
        await request.handle(store, customer_history(dealer, customer), command)

    @router.get("/{customer}/programme")
    async def get_customer(
        dealer: Id,
        customer: Id,
        request: Annotated[RequestContext, Depends(reads(sees, customers))],
    ) -> CustomerView:
        """The state of the switch „Bonusprogramm", which there is once the programme runs (BO-30).

        A customer who had it on before keeps it until the programme is forgotten.
        """
        if view := await customers.get(key_of(dealer, customer)):
            return view
        programme = (await state_of(store, programme_history(dealer))).at(request.context.at)
        if isinstance(programme, Active):
            return CustomerView(dealer, customer, enabled=False)
        raise NotFoundError("Dieser Kunde nimmt nicht am Bonusprogramm teil.")

    @list_routes(router, "", customers, TABLE, exports)
    async def list_customers(
        dealer: Id,
        request: Annotated[RequestContext, Depends(sees)],
        query: Annotated[CustomerQuery, Query()],
    ) -> Selection[CustomerView]:
        """Customers of the dealer, and who takes part (BO-11)."""
        return Selection({**query.where(), "dealer": dealer})

    return router
